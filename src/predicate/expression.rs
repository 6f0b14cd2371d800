//! Expressions over one row, as they are parsed, and their canonical SQL text.

use std::fmt;

use serde::Serialize;

use super::calendar::Unit;
use super::{Function, parse};
use crate::data::{ColumnPath, Literal, TypeName};
use crate::document::Span;

/// An expression and its position in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The kind of the expression.
    pub kind: Kind,
    /// Position in the predicate's text, in bytes.
    pub span: Span,
}

/// The kinds of expressions. `NOT IN`, `BETWEEN` and `IS NOT NULL` are composed of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The value of a column.
    Column(ColumnPath),
    /// A literal.
    Literal(Literal),
    /// A comparison of two values; null if either is null.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// A computation with two numbers; null if either is null.
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    /// A negated number.
    Negate(Box<Expression>),
    /// True if all conditions hold.
    And(Vec<Expression>),
    /// True if at least one condition holds.
    Or(Vec<Expression>),
    /// True if the condition does not hold.
    Not(Box<Expression>),
    /// True if the value is null; never null itself.
    IsNull(Box<Expression>),
    /// True if the condition is true; never null itself.
    IsTrue(Box<Expression>),
    /// True if the value is one of the literals.
    InSet(Box<Expression>, Vec<Literal>),
    /// True if a regular expression is found in the text.
    Matches(Box<Expression>, String),
    /// True if the text matches a `LIKE` pattern: `%` is any text, `_` one character, `\` escapes.
    Like(Box<Expression>, String),
    /// A cast of the value to a type; null where the cast fails.
    Cast(Box<Expression>, TypeName),
    /// A call of a function of the published list.
    Call(Function, Vec<Expression>),
    /// `CASE`: the value of the first branch whose condition is true; else the last value, or null without
    /// one.
    Case(Vec<Branch>, Option<Box<Expression>>),
}

/// A branch of a `CASE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The condition.
    pub when: Expression,
    /// The value.
    pub then: Expression,
}

/// A comparison operator.
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
    /// All operators.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual];

    /// Returns the SQL operator.
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

    /// Returns the operator that gives the same result with the sides exchanged.
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

/// An arithmetic operator.
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
    /// Returns the SQL operator.
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
    /// Returns an expression that has no position in a text.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, span: Span::default() }
    }

    /// Returns an expression that reads a column.
    #[must_use]
    pub fn column(path: &ColumnPath) -> Self {
        Self::new(Kind::Column(path.clone()))
    }

    /// Returns the columns that the expression reads, each once, in the order of their first use.
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

    /// Returns the number of expressions in the tree.
    pub(super) fn size(&self) -> usize {
        let mut size = 0;
        self.visit(&mut |_| size += 1);
        size
    }

    /// Returns the shift, if the expression is a date moved by a literal number of units.
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

    /// Returns the expressions directly below this one.
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

    /// Returns the expressions directly below this one, mutably.
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

    /// Returns the depth of nested operations. The engine nests each branch of a CASE in the one before,
    /// which takes less stack than other operations, so that a branch counts half.
    pub(super) fn depth(&self) -> usize {
        let deepest = self.children().into_iter().map(Self::depth).max().unwrap_or(0);
        let branches = if let Kind::Case(branches, _) = &self.kind { branches.len() / 2 } else { 0 };
        deepest + 1 + branches
    }

    /// Applies `change` to every part of the expression, inner parts before outer ones.
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

    /// Returns the same expression without positions in a text.
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

/// Writes canonical SQL: every operation but the outermost is in parentheses, so that parsing the text and
/// writing it again gives the same text.
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

/// A date moved by a literal number of units.
pub(super) struct Shift<'a> {
    pub(super) of: &'a Expression,
    pub(super) sign: char,
    pub(super) count: &'a str,
    pub(super) unit: Unit,
}

/// An operand, in parentheses unless it cannot be misread.
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

/// Writes a path, in which every name that is no plain word, or that SQL reads as something else, is in
/// backticks.
fn quoted_path(path: &ColumnPath) -> String {
    let parts: Vec<_> = path
        .parts()
        .iter()
        .map(|part| if is_plain(part) { part.clone() } else { format!("`{}`", part.replace('`', "``")) })
        .collect();
    parts.join(".")
}

/// Returns whether a name without backticks is parsed as the column of that name. Most of SQL's many keywords
/// (`status`, `name`, `type`) are, and only parsing tells which.
fn is_plain(name: &str) -> bool {
    let word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let column = ColumnPath::column(name);
    // Keywords that open a construct or bind to one show only in parentheses and beside operators.
    let everywhere = format!(
        "({name} IN (1)) AND (1 = {name}) AND ({name}) IS NULL AND NOT {name} = 1 + {name} \
         AND CASE WHEN {name} THEN {name} ELSE {name} END = {name} - INTERVAL '1' DAY \
         AND greatest({name}, {name}) = 1"
    );
    word && parse(name).is_ok_and(|bare| bare.kind == Kind::Column(column.clone()))
        && parse(&everywhere).is_ok_and(|read| read.columns() == [&column])
}
