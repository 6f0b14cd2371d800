//! Translates conditions of `DataFrame.query` to predicates.

use chrono::{NaiveDate, NaiveTime};

use super::condition::{SIGNS, all, any, column, compare, has_value, is_in, is_null, literal, not};
use super::tokens::{Token, tokens};
use crate::data::{DataType, Literal, TypeName};
use crate::predicate::{Arithmetic, Comparison, Expression, Function, Kind};

/// Maximum depth of a condition.
const MAX_DEPTH: usize = 50;

/// Translates a condition.
///
/// # Errors
/// What is not understood, as a lower-case fragment.
pub(super) fn translate(text: &str) -> Result<Expression, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0 };
    let condition = parser.either()?;
    match parser.tokens.get(parser.at) {
        None => Ok(condition),
        Some(rest) => Err(format!("{} is not understood there", shown(rest))),
    }
}

/// An operand of a condition.
enum Operand {
    One(Expression),
    List(Vec<Literal>),
    /// A time on a day: `datetime.datetime(2026, 1, 31, 10)`.
    Moment(String),
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn sign(&mut self, wanted: &[&'static str]) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) if wanted.contains(sign) => {
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    fn keyword(&mut self, wanted: &str) -> bool {
        let found =
            matches!(self.tokens.get(self.at), Some(Token::Name { text, quoted: false }) if text == wanted);
        self.at += usize::from(found);
        found
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err("the condition nests too deep".to_owned()) } else { Ok(()) }
    }

    /// Parses `or` and `|`, which are the same to pandas.
    fn either(&mut self) -> Result<Expression, String> {
        self.deeper()?;
        let mut conditions = vec![self.both()?];
        while self.keyword("or") || self.sign(&["|"]).is_some() {
            conditions.push(self.both()?);
        }
        self.depth -= 1;
        Ok(any(conditions))
    }

    fn both(&mut self) -> Result<Expression, String> {
        let mut conditions = vec![self.negation()?];
        while self.keyword("and") || self.sign(&["&"]).is_some() {
            conditions.push(self.negation()?);
        }
        Ok(all(conditions))
    }

    fn negation(&mut self) -> Result<Expression, String> {
        let mut negative = false;
        while self.keyword("not") {
            negative = !negative;
        }
        let condition = self.comparison()?;
        Ok(if negative { not(condition) } else { condition })
    }

    /// Parses a chain of comparisons, all of which must hold.
    fn comparison(&mut self) -> Result<Expression, String> {
        let mut left = self.sum()?;
        let mut conditions = Vec::new();
        while let Some(how) = self.relation()? {
            let right = self.sum()?;
            let condition = match (how, &left, &right) {
                (Relation::In(is), Operand::One(of), Operand::List(values)) => {
                    let found = is_in(of.clone(), values.clone());
                    if is { found } else { not(found) }
                }
                (Relation::Compare(how), left, right)
                    if !matches!((left, right), (Operand::List(_), _) | (_, Operand::List(_))) =>
                {
                    compared(how, left, right)?
                }
                _ => return Err("a list is understood only behind in, not in, == and !=".to_owned()),
            };
            conditions.push(condition);
            left = right;
        }
        match (conditions.is_empty(), left) {
            (false, _) => Ok(all(conditions)),
            (true, Operand::One(condition)) => Ok(condition),
            (true, Operand::List(_)) => Err("a list is no condition".to_owned()),
            (true, Operand::Moment(text)) => Err(format!("{text} is no condition")),
        }
    }

    fn relation(&mut self) -> Result<Option<Relation>, String> {
        if let Some(sign) = self.sign(&SIGNS.map(|(sign, _)| sign)) {
            let how = SIGNS.iter().find(|(known, _)| *known == sign).map(|(_, how)| *how);
            // Before a list, `==` means to be one of its values.
            let listed = self.tokens.get(self.at) == Some(&Token::Sign("["));
            return Ok(match how {
                Some(Comparison::Equal) if listed => Some(Relation::In(true)),
                Some(Comparison::NotEqual) if listed => Some(Relation::In(false)),
                how => how.map(Relation::Compare),
            });
        }
        if self.keyword("in") {
            return Ok(Some(Relation::In(true)));
        }
        if self.keyword("not") {
            return if self.keyword("in") {
                Ok(Some(Relation::In(false)))
            } else {
                Err("not is understood there only before in".to_owned())
            };
        }
        Ok(None)
    }

    fn sum(&mut self) -> Result<Operand, String> {
        let before = self.depth;
        let mut left = self.product()?;
        while let Some(sign) = self.sign(&["+", "-"]) {
            let how = if sign == "+" { Arithmetic::Add } else { Arithmetic::Subtract };
            self.deeper()?;
            left = combine(how, left, self.product()?)?;
        }
        self.depth = before;
        Ok(left)
    }

    fn product(&mut self) -> Result<Operand, String> {
        let before = self.depth;
        let mut left = self.signed()?;
        while let Some(sign) = self.sign(&["*", "/"]) {
            let how = if sign == "*" { Arithmetic::Multiply } else { Arithmetic::Divide };
            self.deeper()?;
            left = combine(how, left, self.signed()?)?;
        }
        self.depth = before;
        Ok(left)
    }

    fn signed(&mut self) -> Result<Operand, String> {
        let Some(sign) = self.sign(&["-", "+", "~"]) else { return self.called() };
        self.deeper()?;
        let operand = self.signed()?;
        self.depth -= 1;
        Ok(match (sign, operand) {
            ("-", Operand::One(of)) => Operand::One(negative(of)),
            ("~", Operand::One(of)) => Operand::One(not(of)),
            (_, operand) => operand,
        })
    }

    /// Parses an operand with the methods that are called on it.
    fn called(&mut self) -> Result<Operand, String> {
        let mut operand = self.operand()?;
        while self.sign(&["."]).is_some() {
            let Operand::One(of) = operand else { return Err("only columns have methods".to_owned()) };
            operand = Operand::One(self.method(&of)?);
        }
        Ok(operand)
    }

    fn method(&mut self, of: &Expression) -> Result<Expression, String> {
        let mut name = self.name()?;
        if name == "str" && self.sign(&["."]).is_some() {
            name = format!("str.{}", self.name()?);
        }
        let arguments = self.arguments()?;
        let text = |argument: &Operand| match argument {
            Operand::One(Expression { kind: Kind::Literal(Literal::Text(text)), .. }) => Some(text.clone()),
            _ => None,
        };
        let with_text = |function| {
            let [argument] = arguments.as_slice() else { return None };
            let argument = literal(Literal::Text(text(argument)?));
            Some(Expression::new(Kind::Call(function, vec![of.clone(), argument])))
        };
        let found = match (name.as_str(), arguments.as_slice()) {
            ("isnull" | "isna", []) => Some(is_null(of.clone())),
            ("notnull" | "notna", []) => Some(has_value(of.clone())),
            ("isin", [Operand::List(values)]) => Some(is_in(of.clone(), values.clone())),
            ("between", [low, high]) => {
                let of = Operand::One(of.clone());
                let above = compared(Comparison::GreaterOrEqual, &of, low)?;
                Some(all(vec![above, compared(Comparison::LessOrEqual, &of, high)?]))
            }
            ("str.contains", [argument]) => {
                text(argument).map(|regex| Expression::new(Kind::Matches(Box::new(of.clone()), regex)))
            }
            ("str.startswith", _) => with_text(Function::StartsWith),
            ("str.endswith", _) => with_text(Function::EndsWith),
            ("str.lower", []) => Some(Expression::new(Kind::Call(Function::Lower, vec![of.clone()]))),
            ("str.upper", []) => Some(Expression::new(Kind::Call(Function::Upper, vec![of.clone()]))),
            ("str.strip", []) => Some(Expression::new(Kind::Call(Function::Trim, vec![of.clone()]))),
            ("str.len", []) => Some(Expression::new(Kind::Call(Function::Length, vec![of.clone()]))),
            ("abs", []) => Some(Expression::new(Kind::Call(Function::Abs, vec![of.clone()]))),
            _ => None,
        };
        found.ok_or_else(|| format!(".{name}() with these arguments is not understood"))
    }

    fn name(&mut self) -> Result<String, String> {
        match self.tokens.get(self.at) {
            Some(Token::Name { text, .. }) => {
                self.at += 1;
                Ok(text.clone())
            }
            other => Err(format!("a name is wanted where {} stands", other.map_or("the end".into(), shown))),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Operand>, String> {
        self.sign(&["("]).ok_or("only methods that are called are understood")?;
        self.deeper()?;
        let mut arguments = Vec::new();
        while self.sign(&[")"]).is_none() {
            arguments.push(self.sum()?);
            if self.sign(&[","]).is_none() {
                self.sign(&[")"]).ok_or("\")\" is missing")?;
                break;
            }
        }
        self.depth -= 1;
        Ok(arguments)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        self.deeper()?;
        let operand = match token {
            Some(Token::Number(number)) => Operand::One(literal(Literal::Number(number))),
            Some(Token::Text(text)) => Operand::One(literal(Literal::Text(text))),
            Some(Token::Name { text, quoted: false }) if text == "True" || text == "False" => {
                Operand::One(literal(Literal::Boolean(text == "True")))
            }
            Some(Token::Name { text, quoted: false })
                if matches!(text.as_str(), "and" | "or" | "not" | "in" | "is" | "None" | "if" | "lambda") =>
            {
                return Err(format!("{text:?} is not understood there"));
            }
            Some(Token::Name { text, quoted: false })
                if text == "datetime" && self.tokens.get(self.at) == Some(&Token::Sign(".")) =>
            {
                self.moment()?
            }
            Some(Token::Name { text, .. }) => Operand::One(column(&text)),
            Some(Token::Sign("[")) => Operand::List(self.list(Vec::new(), "]")?),
            Some(Token::Sign("(")) => {
                let inner = self.either()?;
                match (self.sign(&[")", ","]), inner.kind) {
                    (Some(")"), kind) => Operand::One(Expression::new(kind)),
                    // A comma after a literal begins a tuple.
                    (Some(_), Kind::Literal(first)) => Operand::List(self.list(vec![first], ")")?),
                    (Some(_), _) => return Err("a list holds values only".to_owned()),
                    (None, _) => return Err("\")\" is missing".to_owned()),
                }
            }
            Some(other) => return Err(format!("{} is not understood there", shown(&other))),
            None => return Err("the condition ends too soon".to_owned()),
        };
        self.depth -= 1;
        Ok(operand)
    }

    /// Parses the call behind `datetime`: `.date(2026, 1, 31)` or `.datetime(2026, 1, 31, 10, 30)`.
    fn moment(&mut self) -> Result<Operand, String> {
        const FORM: &str =
            "the forms are datetime.date(2026, 1, 31) and datetime.datetime(2026, 1, 31, 10, 30)";
        self.at += 1;
        let name = self.name()?;
        let arguments = self.arguments()?;
        let parts = arguments.iter().map(|argument| match argument {
            Operand::One(Expression { kind: Kind::Literal(Literal::Number(digits)), .. }) => {
                digits.parse().ok()
            }
            _ => None,
        });
        let parts: Vec<u32> = parts.collect::<Option<_>>().ok_or(FORM)?;
        let [year, month, day, clock @ ..] = parts.as_slice() else { return Err(FORM.to_owned()) };
        let date = i32::try_from(*year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, *month, *day));
        let date = date.ok_or_else(|| format!("there is no day {year}-{month}-{day}"))?;
        match (name.as_str(), clock) {
            ("date", []) => {
                let text = Expression::new(Kind::Literal(Literal::Text(date.to_string())));
                let to = TypeName::Exact(DataType::Date);
                Ok(Operand::One(Expression::new(Kind::Cast(Box::new(text), to))))
            }
            ("datetime", clock) if clock.len() <= 4 => {
                let part = |place: usize| clock.get(place).copied().unwrap_or(0);
                let time = NaiveTime::from_hms_micro_opt(part(0), part(1), part(2), part(3));
                let time = time.ok_or_else(|| "there is no such time of day".to_owned())?;
                Ok(Operand::Moment(date.and_time(time).format("%Y-%m-%dT%H:%M:%S%.f").to_string()))
            }
            _ => Err(FORM.to_owned()),
        }
    }

    /// Parses the values up to the end of a list and appends them to the first ones.
    fn list(&mut self, mut values: Vec<Literal>, end: &'static str) -> Result<Vec<Literal>, String> {
        while self.sign(&[end]).is_none() {
            let Operand::One(Expression { kind: Kind::Literal(value), .. }) = self.signed()? else {
                return Err("a list holds values only".to_owned());
            };
            values.push(value);
            if self.sign(&[","]).is_none() {
                self.sign(&[end]).ok_or_else(|| format!("{end:?} is missing"))?;
                break;
            }
        }
        Ok(values)
    }
}

enum Relation {
    Compare(Comparison),
    In(bool),
}

/// Returns a comparison. A moment must be compared with a date or a timestamp, not with a text that could be
/// compared with the moment's text: only dates and timestamps have a year.
fn compared(how: Comparison, left: &Operand, right: &Operand) -> Result<Expression, String> {
    let beside = |how, of: &Expression, moment: &str| {
        let year = Expression::new(Kind::Call(Function::Year, vec![of.clone()]));
        let dated = any(vec![is_null(of.clone()), has_value(year)]);
        all(vec![compare(how, of.clone(), literal(Literal::Text(moment.to_owned()))), dated])
    };
    match (left, right) {
        (Operand::One(left), Operand::One(right)) => Ok(compare(how, left.clone(), right.clone())),
        (Operand::One(of), Operand::Moment(moment)) => Ok(beside(how, of, moment)),
        (Operand::Moment(moment), Operand::One(of)) => Ok(beside(how.flipped(), of, moment)),
        _ => Err("a column is wanted beside a moment".to_owned()),
    }
}

fn combine(how: Arithmetic, left: Operand, right: Operand) -> Result<Operand, String> {
    match (left, right) {
        (Operand::One(left), Operand::One(right)) => {
            Ok(Operand::One(Expression::new(Kind::Arithmetic(how, Box::new(left), Box::new(right)))))
        }
        _ => Err("a list or a moment cannot be computed with".to_owned()),
    }
}

fn negative(of: Expression) -> Expression {
    match of.kind {
        Kind::Literal(Literal::Number(digits)) if !digits.starts_with('-') => {
            literal(Literal::Number(format!("-{digits}")))
        }
        _ => Expression::new(Kind::Negate(Box::new(of))),
    }
}

fn shown(token: &Token) -> String {
    match token {
        Token::Name { text, .. } | Token::Number(text) | Token::Text(text) => format!("{text:?}"),
        Token::Sign(sign) => format!("{sign:?}"),
    }
}
