//! An expression over one row, as it was written, and its canonical SQL text.

use std::fmt;

use serde::Serialize;

use super::calendar::Unit;
use super::{Function, parse};
use crate::data::{ColumnPath, Literal, TypeName};
use crate::document::Span;

/// An expression and where in its text it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: Kind,
    /// Where it stands, in bytes of the predicate's text.
    pub span: Span,
}

/// The forms of an expression. `<>`, `NOT IN`, `BETWEEN`, `IS NOT NULL` are made of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The value of a column.
    Column(ColumnPath),
    /// A value.
    Literal(Literal),
    /// A comparison of two values; null if one is.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// A computation with two numbers; null if one is.
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    /// The number with the other sign.
    Negate(Box<Expression>),
    /// All hold.
    And(Vec<Expression>),
    /// At least one holds.
    Or(Vec<Expression>),
    /// Does not hold.
    Not(Box<Expression>),
    /// Is null; never null itself.
    IsNull(Box<Expression>),
    /// Is true; never null itself.
    IsTrue(Box<Expression>),
    /// Is one of these.
    InSet(Box<Expression>, Vec<Literal>),
    /// A regular expression is found in it.
    Matches(Box<Expression>, String),
    /// `LIKE`: `%` any text, `_` one character, `\` escapes.
    Like(Box<Expression>, String),
    /// The value as another type; null where it cannot be.
    Cast(Box<Expression>, TypeName),
    /// A function of the published list.
    Call(Function, Vec<Expression>),
    /// `CASE`: what the first branch gives whose condition is true; else this, or null.
    Case(Vec<Branch>, Option<Box<Expression>>),
}

/// A branch of a `CASE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Its condition.
    pub when: Expression,
    /// What it gives.
    pub then: Expression,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];

    /// The SQL operator.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// The comparison that holds with its sides exchanged.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }
}

/// How two numbers are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, always in double precision; null for a zero divisor
    Divide,
    /// `%`, of integers, with the sign of the dividend; null for a zero divisor
    Remainder,
}

impl Arithmetic {
    /// The SQL operator.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl Expression {
    /// An expression that stands in no text.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, span: Span::default() }
    }

    /// The value of a column.
    #[must_use]
    pub fn column(path: &ColumnPath) -> Self {
        Self::new(Kind::Column(path.clone()))
    }

    /// The columns it reads, each once, in the order of their first use.
    #[must_use]
    pub fn columns(&self) -> Vec<&ColumnPath> {
        let mut found = Vec::new();
        self.visit(&mut |expression| {
            if let Kind::Column(path) = &expression.kind
                && !found.contains(&path)
            {
                found.push(path);
            }
        });
        found
    }

    /// Returns how many expressions it is made of.
    pub(super) fn size(&self) -> usize {
        let mut size = 0;
        self.visit(&mut |_| size += 1);
        size
    }

    /// If it is a date moved by a written number of units: by how many.
    pub(super) fn shift(&self) -> Option<Shift<'_>> {
        let Kind::Call(Function::DateAdd, arguments) = &self.kind else { return None };
        let [unit, count, of] = arguments.as_slice() else { return None };
        match (&unit.kind, &count.kind) {
            (Kind::Literal(Literal::Text(unit)), Kind::Literal(Literal::Number(count))) => {
                let (sign, count) =
                    count.strip_prefix('-').map_or(('+', count.as_str()), |count| ('-', count));
                Some(Shift { of, sign, count, unit: Unit::parse(unit)? })
            }
            _ => None,
        }
    }

    /// The expressions directly below this one.
    fn children(&self) -> Vec<&Expression> {
        match &self.kind {
            Kind::Column(_) | Kind::Literal(_) => Vec::new(),
            Kind::Compare(_, left, right) | Kind::Arithmetic(_, left, right) => vec![left, right],
            Kind::And(all) | Kind::Or(all) | Kind::Call(_, all) => all.iter().collect(),
            Kind::Case(branches, otherwise) => {
                let branches = branches.iter().flat_map(|branch| [&branch.when, &branch.then]);
                branches.chain(otherwise.as_deref()).collect()
            }
            Kind::Negate(of)
            | Kind::Not(of)
            | Kind::IsNull(of)
            | Kind::IsTrue(of)
            | Kind::InSet(of, _)
            | Kind::Matches(of, _)
            | Kind::Like(of, _)
            | Kind::Cast(of, _) => vec![of],
        }
    }

    /// The same, to be changed.
    pub(super) fn children_mut(&mut self) -> Vec<&mut Expression> {
        match &mut self.kind {
            Kind::Column(_) | Kind::Literal(_) => Vec::new(),
            Kind::Compare(_, left, right) | Kind::Arithmetic(_, left, right) => vec![left, right],
            Kind::And(all) | Kind::Or(all) | Kind::Call(_, all) => all.iter_mut().collect(),
            Kind::Case(branches, otherwise) => {
                let branches = branches.iter_mut().flat_map(|branch| [&mut branch.when, &mut branch.then]);
                branches.chain(otherwise.as_deref_mut()).collect()
            }
            Kind::Negate(of)
            | Kind::Not(of)
            | Kind::IsNull(of)
            | Kind::IsTrue(of)
            | Kind::InSet(of, _)
            | Kind::Matches(of, _)
            | Kind::Like(of, _)
            | Kind::Cast(of, _) => vec![of],
        }
    }

    /// Returns how many operations stand within each other. Of the branches of a CASE each stands in the one before
    /// it, as the engine has it, which takes less stack.
    pub(super) fn depth(&self) -> usize {
        let deepest = self.children().into_iter().map(Self::depth).max().unwrap_or(0);
        let branches = if let Kind::Case(branches, _) = &self.kind { branches.len() / 2 } else { 0 };
        deepest + 1 + branches
    }

    /// Changes every part of it, the inner ones before what they are in.
    ///
    /// # Errors
    /// The first that `change` gives.
    pub(super) fn rewrite<E>(
        &mut self,
        change: &mut impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        for child in self.children_mut() {
            child.rewrite(change)?;
        }
        change(self)
    }

    /// The same expression as if it stood in no text.
    #[must_use]
    pub(super) fn without_places(mut self) -> Self {
        self.span = Span::default();
        for child in self.children_mut() {
            let bare = std::mem::replace(child, Self::new(Kind::Literal(Literal::Null))).without_places();
            *child = bare;
        }
        self
    }

    /// Calls `see` with this expression and all below it.
    pub(super) fn visit<'a>(&'a self, see: &mut impl FnMut(&'a Self)) {
        see(self);
        for child in self.children() {
            child.visit(see);
        }
    }
}

/// Canonical SQL: every operation in parentheses but the outermost, so that the text of a parsed
/// text is a fixed point.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Column(path) => f.write_str(&quoted_path(path)),
            Kind::Literal(literal) => literal.fmt(f),
            Kind::Compare(how, left, right) => write!(f, "{} {} {}", Inner(left), how.symbol(), Inner(right)),
            Kind::Arithmetic(how, left, right) => {
                write!(f, "{} {} {}", Inner(left), how.symbol(), Inner(right))
            }
            Kind::Negate(of) => write!(f, "-{}", Inner(of)),
            Kind::And(all) => joined(f, all, " AND "),
            Kind::Or(all) => joined(f, all, " OR "),
            Kind::Not(of) => write!(f, "NOT {}", Inner(of)),
            Kind::IsNull(of) => write!(f, "{} IS NULL", Inner(of)),
            Kind::IsTrue(of) => write!(f, "{} IS TRUE", Inner(of)),
            Kind::InSet(of, values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                write!(f, "{} IN ({})", Inner(of), values.join(", "))
            }
            Kind::Matches(of, regex) => write!(f, "{} RLIKE {}", Inner(of), Literal::Text(regex.clone())),
            Kind::Like(of, pattern) => write!(f, "{} LIKE {}", Inner(of), Literal::Text(pattern.clone())),
            Kind::Cast(of, to) => write!(f, "CAST({of} AS {to})"),
            Kind::Call(function, arguments) => {
                if let Some(Shift { of, sign, count, unit }) = self.shift() {
                    let unit = unit.name().to_uppercase();
                    return write!(f, "{} {sign} INTERVAL '{count}' {unit}", Inner(of));
                }
                let arguments: Vec<_> = arguments.iter().map(ToString::to_string).collect();
                write!(f, "{}({})", function.name(), arguments.join(", "))
            }
            Kind::Case(branches, otherwise) => {
                f.write_str("CASE")?;
                for Branch { when, then } in branches {
                    write!(f, " WHEN {when} THEN {then}")?;
                }
                if let Some(otherwise) = otherwise {
                    write!(f, " ELSE {otherwise}")?;
                }
                f.write_str(" END")
            }
        }
    }
}

/// A date moved by a written number of units.
pub(super) struct Shift<'a> {
    pub(super) of: &'a Expression,
    pub(super) sign: char,
    pub(super) count: &'a str,
    pub(super) unit: Unit,
}

/// An operand: in parentheses unless it cannot be misread.
struct Inner<'a>(&'a Expression);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Literal(Literal::Number(text)) if text.starts_with('-') => write!(f, "({})", self.0),
            Kind::Call(..) if self.0.shift().is_some() => write!(f, "({})", self.0),
            Kind::Column(_) | Kind::Literal(_) | Kind::Cast(..) | Kind::Call(..) => self.0.fmt(f),
            _ => write!(f, "({})", self.0),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, all: &[Expression], with: &str) -> fmt::Result {
    for (index, one) in all.iter().enumerate() {
        write!(f, "{}{}", if index == 0 { "" } else { with }, Inner(one))?;
    }
    Ok(())
}

/// A path with every name in backticks that is not a plain word, or that SQL takes for something else.
fn quoted_path(path: &ColumnPath) -> String {
    let parts: Vec<_> = path
        .parts()
        .iter()
        .map(|part| if is_plain(part) { part.clone() } else { format!("`{}`", part.replace('`', "``")) })
        .collect();
    parts.join(".")
}

/// Returns whether a name, written bare, is read as the column of that name: most of SQL's many keywords (`status`,
/// `name`, `type`) are, and only asking tells which.
fn is_plain(name: &str) -> bool {
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let column = ColumnPath::column(name);
    // What a keyword opens or binds to shows only in parentheses and beside operators.
    let everywhere = format!(
        "({name} IN (1)) AND (1 = {name}) AND ({name}) IS NULL AND NOT {name} = 1 + {name} \
         AND CASE WHEN {name} THEN {name} ELSE {name} END = {name} - INTERVAL '1' DAY \
         AND greatest({name}, {name}) = 1"
    );
    word && parse(name).is_ok_and(|bare| bare.kind == Kind::Column(column.clone()))
        && parse(&everywhere).is_ok_and(|read| read.columns() == [&column])
}
