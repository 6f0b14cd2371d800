//! Parses SQL text into expressions, with `sqlparser`. Syntax that the language does not have is refused at
//! its position.

mod calls;
mod moments;
mod suggestions;
mod tokens;

use std::cell::Cell;

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, DataType as SqlType, Expr, Spanned, UnaryOperator, Value as SqlValue,
};
use sqlparser::dialect::DatabricksDialect;
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::{Location, Span as SqlSpan, Token};

pub(super) use tokens::{MAX_DEPTH, parser};

use super::{Arithmetic, Branch, Comparison, Expression, Function, Kind, check_regex};
use crate::data::{ColumnPath, Literal, Moment, TypeName};
use crate::document::{Diagnostic, Span};

/// Maximum length of a predicate, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

/// Maximum depth of nested operations: walking them takes stack, and much of it in builds without
/// optimization.
pub(super) const MAX_NESTED: usize = 100;

pub(super) const TOO_DEEP: &str = "more than 100 operations within each other";

/// Maximum number of copied expressions. `BETWEEN` and `CASE a WHEN …` compare their operand several times,
/// so that nesting them in each other would multiply the copies without limit.
const MAX_COPIED: usize = 10_000;

/// Parses a predicate; positions are in bytes of `text`.
///
/// # Errors
/// The first place that is not SQL, or not of this language.
pub fn parse(text: &str) -> Result<Expression, Diagnostic> {
    Reader::new(text).whole(&parsed(text)?)
}

/// Parses a text that is one expression.
pub(super) fn parsed(text: &str) -> Result<Expr, Diagnostic> {
    if text.len() > MAX_BYTES {
        return Err(Diagnostic::new(Span::default(), format!("a predicate of more than {MAX_BYTES} bytes")));
    }
    let syntax = |error| syntax_error(error, text);
    let mut parser = parser(&DatabricksDialect {}, text).map_err(syntax)?;
    let expression = parser.parse_expr().map_err(syntax)?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        let start = byte_at(text, rest.span.start);
        let message = format!("unexpected {:?} after the end of the predicate", rest.token.to_string());
        let help = suggestions::of_rest(&rest.token.to_string(), text);
        return Err(Diagnostic::new(Span::new(start, text.len()), message).maybe_help(help));
    }
    Ok(expression)
}

/// Converts an error of the parser to a diagnostic at the error's position.
pub(super) fn syntax_error(error: ParserError, text: &str) -> Diagnostic {
    let whole = Span::new(0, text.len());
    let message = match error {
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
        ParserError::RecursionLimitExceeded => format!("nested more than {MAX_DEPTH} deep"),
    };
    let help = suggestions::of_message(&message, text);
    match message.strip_suffix(", found: EOF") {
        Some(expected) => {
            let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
            let message = format!("{}, found the end", lower_first(expected));
            Diagnostic::new(Span::new(last, text.len()), message).maybe_help(help)
        }
        None => {
            Diagnostic::new(place_in(&message, text).unwrap_or(whole), lower_first(&message)).maybe_help(help)
        }
    }
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    copied: Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, copied: Cell::new(0) }
    }

    /// Reads an expression that is not part of another one.
    pub(super) fn whole(&self, sql: &Expr) -> Result<Expression, Diagnostic> {
        let whole = self.expression(sql, 0)?;
        if whole.depth() > MAX_NESTED { Err(Diagnostic::new(whole.span, TOO_DEEP)) } else { Ok(whole) }
    }

    pub(super) fn expression(&self, sql: &Expr, depth: usize) -> Result<Expression, Diagnostic> {
        let span = self.span(sql);
        // Parentheses add to the depth.
        if depth > MAX_NESTED + MAX_DEPTH {
            return Err(Diagnostic::new(span, TOO_DEEP));
        }
        let inner = |of: &Expr| self.expression(of, depth + 1).map(Box::new);
        let not = |negated: bool, kind: Kind| {
            let plain = Expression { kind, span };
            if negated { Kind::Not(Box::new(plain)) } else { plain.kind }
        };
        let kind = match sql {
            Expr::Nested(of) => return self.expression(of, depth + 1),
            Expr::Identifier(name) => Kind::Column(path(std::slice::from_ref(name), span)?),
            Expr::CompoundIdentifier(names) => Kind::Column(path(names, span)?),
            Expr::Value(value) => Kind::Literal(literal(&value.value, span)?),
            Expr::TypedString(typed) => {
                let text = typed.value.value.clone().into_string().unwrap_or_default();
                match typed.data_type {
                    SqlType::Date => Kind::Literal(Literal::Moment(Moment::Date, text)),
                    SqlType::Time(..) => Kind::Literal(Literal::Moment(Moment::Time, text)),
                    SqlType::Timestamp(..) => Kind::Literal(Literal::Moment(Moment::Timestamp, text)),
                    _ => return Err(self.unsupported(sql)),
                }
            }
            Expr::IsNull(of) => Kind::IsNull(inner(of)?),
            Expr::IsNotNull(of) => not(true, Kind::IsNull(inner(of)?)),
            Expr::IsTrue(of) => Kind::IsTrue(inner(of)?),
            Expr::IsNotTrue(of) => not(true, Kind::IsTrue(inner(of)?)),
            Expr::IsFalse(of) => Kind::IsTrue(Box::new(Expression { kind: Kind::Not(inner(of)?), span })),
            Expr::IsNotFalse(of) => {
                not(true, Kind::IsTrue(Box::new(Expression { kind: Kind::Not(inner(of)?), span })))
            }
            Expr::InList { expr, list, negated } => {
                let values = list.iter().map(|item| self.literal_of(item)).collect::<Result<_, _>>()?;
                not(*negated, Kind::InSet(inner(expr)?, values))
            }
            Expr::Between { expr, negated, low, high } => {
                let of = inner(expr)?;
                self.copy(&of, 1, span)?;
                let bound = |how, bound: &Expr| -> Result<Expression, Diagnostic> {
                    Ok(Expression { kind: Kind::Compare(how, of.clone(), inner(bound)?), span })
                };
                let both =
                    vec![bound(Comparison::GreaterOrEqual, low)?, bound(Comparison::LessOrEqual, high)?];
                not(*negated, Kind::And(both))
            }
            Expr::BinaryOp { left, op, right } => return self.binary(left, op, right, span, depth),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Kind::Not(inner(expr)?),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => return self.expression(expr, depth + 1),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match inner(expr)?.kind {
                Kind::Literal(Literal::Number(digits)) if !digits.starts_with('-') => {
                    Kind::Literal(Literal::Number(format!("-{digits}")))
                }
                kind => Kind::Negate(Box::new(Expression { kind, span })),
            },
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                not(*negated, Kind::Like(inner(expr)?, self.text_of(pattern)?))
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                let lower = Kind::Call(Function::Lower, vec![*inner(expr)?]);
                let lower = Box::new(Expression { kind: lower, span });
                not(*negated, Kind::Like(lower, self.text_of(pattern)?.to_lowercase()))
            }
            Expr::IsDistinctFrom(left, right) => not(true, self.same(left, right, span, depth)?),
            Expr::IsNotDistinctFrom(left, right) => self.same(left, right, span, depth)?,
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), depth)?
            }
            Expr::RLike { negated, expr, pattern, .. } => {
                let regex = self.text_of(pattern)?;
                check_regex(&regex).map_err(|error| Diagnostic { span: self.span(pattern), ..error })?;
                not(*negated, Kind::Matches(inner(expr)?, regex))
            }
            Expr::Cast {
                kind: CastKind::Cast | CastKind::TryCast | CastKind::DoubleColon,
                expr,
                data_type,
                ..
            } => {
                let name = data_type.to_string();
                let to = TypeName::parse(&name).map_err(|near| {
                    Diagnostic::new(span, format!("no type {name:?}"))
                        .maybe_help(near.map(|near| format!("did you mean {near:?}?")))
                })?;
                Kind::Cast(inner(expr)?, to)
            }
            Expr::Function(function) => self.call(function, span, depth)?,
            other => match self.special_syntax(other, depth)? {
                Some(kind) => kind,
                None => return Err(self.unsupported(sql)),
            },
        };
        Ok(Expression { kind, span })
    }

    fn case(
        &self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Result<Kind, Diagnostic> {
        let operand = operand.map(|operand| self.expression(operand, depth + 1)).transpose()?;
        let mut branches = Vec::with_capacity(conditions.len());
        for CaseWhen { condition, result } in conditions {
            let depth = depth + 1;
            let condition = self.expression(condition, depth)?;
            let when = match &operand {
                None => condition,
                Some(operand) => {
                    let span = condition.span;
                    self.copy(operand, 1, span)?;
                    let sides = [Box::new(operand.clone()), Box::new(condition)];
                    let [left, right] = sides;
                    Expression { kind: Kind::Compare(Comparison::Equal, left, right), span }
                }
            };
            branches.push(Branch { when, then: self.expression(result, depth)? });
        }
        let otherwise = otherwise.map(|of| self.expression(of, depth + 1).map(Box::new)).transpose()?;
        Ok(Kind::Case(branches, otherwise))
    }

    /// Returns a condition that is true if two values are equal or both null; never null.
    fn same(&self, left: &Expr, right: &Expr, span: Span, depth: usize) -> Result<Kind, Diagnostic> {
        // The parser reads `a IS DISTINCT FROM b AND c` as `a IS DISTINCT FROM (b AND c)`.
        if !is_operand(right) {
            let message = "IS DISTINCT FROM would take all that follows for its right side";
            return Err(Diagnostic::new(self.span(right), message)
                .help("put the comparison in parentheses: (a IS DISTINCT FROM b)"));
        }
        let sides = [self.expression(left, depth + 1)?, self.expression(right, depth + 1)?];
        let new = |kind| Expression { kind, span };
        let is_null = |of: &Expression| new(Kind::IsNull(Box::new(of.clone())));
        let null = Kind::Literal(Literal::Null);
        match &sides {
            [one, other] if other.kind == null => Ok(is_null(one).kind),
            [one, other] if one.kind == null => Ok(is_null(other).kind),
            [one, other] => {
                self.copy(one, 1, span)?;
                self.copy(other, 1, span)?;
                let equal =
                    new(Kind::Compare(Comparison::Equal, Box::new(one.clone()), Box::new(other.clone())));
                let both_null = new(Kind::And(vec![is_null(one), is_null(other)]));
                Ok(Kind::Or(vec![new(Kind::IsTrue(Box::new(equal))), both_null]))
            }
        }
    }

    /// Counts copied expressions, up to a limit.
    fn copy(&self, of: &Expression, times: usize, span: Span) -> Result<(), Diagnostic> {
        let copied = self.copied.get().saturating_add(of.size().saturating_mul(times));
        self.copied.set(copied);
        if copied > MAX_COPIED { Err(Diagnostic::new(span, TOO_DEEP)) } else { Ok(()) }
    }

    fn binary(
        &self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        span: Span,
        depth: usize,
    ) -> Result<Expression, Diagnostic> {
        if matches!(op, BinaryOperator::And | BinaryOperator::Or) {
            let all = self.chained(left, op, right, depth)?;
            let kind = if *op == BinaryOperator::And { Kind::And(all) } else { Kind::Or(all) };
            return Ok(Expression { kind, span });
        }
        if let Some(kind) = self.shifted(left, op, right, depth)? {
            return Ok(Expression { kind, span });
        }
        if *op == BinaryOperator::Spaceship {
            return Ok(Expression { kind: self.same(left, right, span, depth)?, span });
        }
        let (left, right) = (self.expression(left, depth + 1)?, self.expression(right, depth + 1)?);
        let compare = |how| Kind::Compare(how, Box::new(left.clone()), Box::new(right.clone()));
        let compute = |how| Kind::Arithmetic(how, Box::new(left.clone()), Box::new(right.clone()));
        let kind = match op {
            BinaryOperator::Eq => compare(Comparison::Equal),
            BinaryOperator::NotEq => compare(Comparison::NotEqual),
            BinaryOperator::Lt => compare(Comparison::Less),
            BinaryOperator::LtEq => compare(Comparison::LessOrEqual),
            BinaryOperator::Gt => compare(Comparison::Greater),
            BinaryOperator::GtEq => compare(Comparison::GreaterOrEqual),
            BinaryOperator::Plus => compute(Arithmetic::Add),
            BinaryOperator::Minus => compute(Arithmetic::Subtract),
            BinaryOperator::Multiply => compute(Arithmetic::Multiply),
            BinaryOperator::Divide => compute(Arithmetic::Divide),
            BinaryOperator::Modulo => compute(Arithmetic::Remainder),
            BinaryOperator::StringConcat => Kind::Call(Function::Concat, vec![left, right]),
            other => {
                let help = suggestions::of_operator(&other.to_string()).map(str::to_owned);
                let message = format!("the operator {other} is not of this language");
                return Err(Diagnostic::new(span, message).maybe_help(help));
            }
        };
        Ok(Expression { kind, span })
    }

    /// Flattens `a AND b AND c`, which the parser nests to the left, into a list of its parts.
    fn chained(
        &self,
        mut left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Result<Vec<Expression>, Diagnostic> {
        let mut parts = vec![right];
        while let Expr::BinaryOp { left: first, op: same, right } = left
            && same == op
        {
            parts.push(right);
            left = first;
        }
        parts.push(left);
        parts.into_iter().rev().map(|part| self.expression(part, depth + 1)).collect()
    }

    fn literal_of(&self, sql: &Expr) -> Result<Literal, Diagnostic> {
        match self.expression(sql, 0)?.kind {
            Kind::Literal(literal) => Ok(literal),
            _ => Err(Diagnostic::new(self.span(sql), "a literal is wanted here")),
        }
    }

    fn text_of(&self, sql: &Expr) -> Result<String, Diagnostic> {
        match self.literal_of(sql)? {
            Literal::Text(text) => Ok(text),
            _ => Err(Diagnostic::new(self.span(sql), "a text in quotes is wanted here")),
        }
    }

    fn unsupported(&self, sql: &Expr) -> Diagnostic {
        let message = format!("{} is not of the predicate language", brief(&sql.to_string()));
        Diagnostic::new(self.span(sql), message).help("`karat explain predicates` lists what is")
    }

    pub(super) fn span(&self, sql: &Expr) -> Span {
        let span = extent(sql);
        if span.start.line == 0 {
            return Span::new(0, self.text.len());
        }
        Span::new(byte_at(self.text, span.start), byte_at(self.text, span.end))
    }
}

/// Returns the span from the first to the last part of a chain. Recursion would take as much stack as the
/// chain is long.
fn extent(sql: &Expr) -> SqlSpan {
    let Expr::BinaryOp { left, right, .. } = sql else { return sql.span() };
    let mut first = left;
    while let Expr::BinaryOp { left, .. } = first.as_ref() {
        first = left;
    }
    first.span().union(&right.span())
}

/// Returns whether an expression binds closer than any comparison.
fn is_operand(sql: &Expr) -> bool {
    match sql {
        Expr::BinaryOp { op, .. } => matches!(
            op,
            BinaryOperator::Plus
                | BinaryOperator::Minus
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Modulo
                | BinaryOperator::StringConcat
        ),
        Expr::UnaryOp { op, .. } => *op != UnaryOperator::Not,
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Value(_)
        | Expr::TypedString(_)
        | Expr::Nested(_)
        | Expr::Function(_)
        | Expr::Cast { .. }
        | Expr::Case { .. }
        | Expr::Trim { .. }
        | Expr::Substring { .. }
        | Expr::Extract { .. }
        | Expr::Ceil { .. }
        | Expr::Floor { .. } => true,
        _ => false,
    }
}

fn path(names: &[sqlparser::ast::Ident], span: Span) -> Result<ColumnPath, Diagnostic> {
    if names.iter().any(|name| name.quote_style == Some('"')) {
        return Err(double_quotes(span));
    }
    let parts = names.iter().map(|name| name.value.clone()).collect();
    ColumnPath::new(parts).ok_or_else(|| Diagnostic::new(span, "a name is missing"))
}

fn literal(value: &SqlValue, span: Span) -> Result<Literal, Diagnostic> {
    Ok(match value {
        SqlValue::Null => Literal::Null,
        SqlValue::Boolean(value) => Literal::Boolean(*value),
        SqlValue::Number(digits, _) => Literal::Number(digits.clone()),
        SqlValue::SingleQuotedString(text) => Literal::Text(text.clone()),
        SqlValue::DoubleQuotedString(_) => return Err(double_quotes(span)),
        other => return Err(Diagnostic::new(span, format!("the literal {other} is not of this language"))),
    })
}

fn double_quotes(span: Span) -> Diagnostic {
    Diagnostic::new(span, "double quotes mean a column to some engines and a text to others")
        .help("write 'text' or `column`")
}

/// Returns the position at the end of sqlparser's message: `… at Line: 1, Column: 9`.
fn place_in(message: &str, text: &str) -> Option<Span> {
    let (_, place) = message.rsplit_once("Line: ")?;
    let (line, column) = place.split_once(", Column: ")?;
    let location = Location { line: line.parse().ok()?, column: column.parse().ok()? };
    let start = byte_at(text, location);
    let blamed = text.get(start..)?.chars().next();
    Some(Span::new(start, start + blamed.map_or(0, char::len_utf8)))
}

pub(super) fn byte_at(text: &str, location: Location) -> usize {
    let line = usize::try_from(location.line).unwrap_or(1).max(1);
    let column = usize::try_from(location.column).unwrap_or(1).max(1);
    let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    if rest.is_ascii() {
        return start + (column - 1).min(rest.len());
    }
    start + rest.char_indices().nth(column - 1).map_or(rest.len(), |(at, _)| at)
}

fn lower_first(message: &str) -> String {
    let message = message.split(" at Line:").next().unwrap_or(message);
    let message = message.replacen("Expected: ", "expected ", 1).replacen("found: ", "found ", 1);
    let mut characters = message.chars();
    characters.next().map_or_else(String::new, |first| {
        // A word in capitals is a keyword.
        let is_keyword = characters.clone().next().is_some_and(char::is_uppercase);
        if is_keyword { message.clone() } else { first.to_lowercase().chain(characters).collect() }
    })
}

fn brief(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_is_a_fixed_point() {
        for (text, canonical) in [
            ("status <> 'P'", "status <> 'P'"),
            ("`null` <> 'P'", "`null` <> 'P'"),
            ("a + b*2 > -1 and not c is null", "((a + (b * 2)) > (-1)) AND (NOT (c IS NULL))"),
            ("x between 1 and 2", "(x >= 1) AND (x <= 2)"),
            ("`a.b`.c in (1, 'it''s', null)", "`a.b`.c IN (1, 'it''s', NULL)"),
            ("lower(trim(`select`)) like 'a\\_%'", "lower(trim(`select`)) LIKE 'a\\_%'"),
            ("d >= DATE '2020-01-01'", "d >= DATE '2020-01-01'"),
            ("cast(x as bigint) is not null", "NOT (CAST(x AS int64) IS NULL)"),
            ("n RLIKE '^a'", "n RLIKE '^a'"),
            ("n REGEXP '^a'", "n RLIKE '^a'"),
            ("b is not false and a::int <> 1", "(NOT ((NOT b) IS TRUE)) AND (CAST(a AS int32) <> 1)"),
        ] {
            let parsed = parse(text).unwrap().to_string();
            assert_eq!(parsed, canonical);
            assert_eq!(parse(&parsed).unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn what_is_not_of_the_language_is_refused_in_its_place() {
        let refused = |text: &str| {
            let error = parse(text).unwrap_err();
            (error.message, text.get(error.span.start..error.span.end).unwrap_or("?").to_owned())
        };
        assert_eq!(refused("a = \"x\"").1, "\"x\"");
        assert!(refused("a = 1 and lenght(b) > 2").0.contains("no function"));
        assert!(refused("a in (select 1)").0.contains("not of the predicate language"));
        assert!(refused("a = ").0.contains("expected"));
        assert!(refused("a = 1 b").0.contains("after the end"));
        assert!(parse("a = 1; drop table b").is_err());
        assert!(parse(&"(".repeat(100_000)).is_err());
        assert!(parse(&format!("{}a", "not ".repeat(10_000))).is_err());
    }
}
