//! How two literals stand to each other whatever type gives them their meaning.

use std::cmp::Ordering;

use crate::data::{DataType, Exact, Literal, TimeUnit, Value};

/// A literal with what it is to each kind of type that takes it.
#[derive(Clone, Debug)]
pub struct Point {
    literal: Literal,
    meanings: Vec<Meaning>,
}

/// What a literal is to a kind of type.
#[derive(Clone, Debug)]
struct Meaning {
    kind: Kind,
    /// Nothing where it lies beyond the type, or cannot be told apart from its neighbours.
    value: Option<Value>,
    /// The same in single precision, of a number: floats have no more digits than that.
    single: Option<f64>,
}

/// Types that give a literal one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Boolean,
    Text,
    Date,
    Time,
    Instant,
    WallClock,
}

/// How one literal stands to another under every type that takes both. What is not certain is false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// It lies below the other.
    pub below: bool,
    /// It lies below the other, or is the same.
    pub at_most: bool,
    /// They are one value.
    pub same: bool,
    /// They are two values.
    pub apart: bool,
}

impl Point {
    /// What a literal is to each type.
    #[must_use]
    pub fn new(literal: &Literal) -> Self {
        let timestamp = |zone: Option<&str>| DataType::Timestamp {
            unit: TimeUnit::Nanoseconds,
            zone: zone.map(str::to_owned),
        };
        let of_type = |kind, data_type: &DataType| {
            let bound = literal.bind_below(data_type).ok()?;
            // Between two values of its type, only a timestamp is told exactly.
            let is_timestamp = matches!(data_type, DataType::Timestamp { .. });
            let value = match literal {
                _ if bound.exact => Some(bound.value),
                Literal::Text(_) | Literal::Plain(_) if is_timestamp => literal.beside(data_type).ok(),
                _ => None,
            };
            Some(Meaning { kind, value: value.filter(|value| !value.is_null()), single: None })
        };
        let others = [
            (Kind::Boolean, DataType::Boolean),
            (Kind::Text, DataType::String),
            (Kind::Date, DataType::Date),
            (Kind::Time, DataType::Time),
            (Kind::Instant, timestamp(Some("UTC"))),
            (Kind::WallClock, timestamp(None)),
        ];
        let others = others.iter().filter_map(|(kind, data_type)| of_type(*kind, data_type));
        Self { literal: literal.clone(), meanings: number(literal).into_iter().chain(others).collect() }
    }

    /// The literal.
    #[must_use]
    pub fn literal(&self) -> &Literal {
        &self.literal
    }

    /// The text that it is among texts, if it can stand there.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.literal {
            Literal::Text(text) | Literal::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// How it stands to another one.
    #[must_use]
    pub fn beside(&self, other: &Self) -> Standing {
        if self.literal == other.literal {
            return Standing { at_most: true, same: true, ..Standing::default() };
        }
        let common = self.meanings.iter().filter_map(|meaning| {
            let same_kind = |other: &&Meaning| other.kind == meaning.kind;
            Some(meaning.beside(other.meanings.iter().find(same_kind)?))
        });
        common
            .reduce(|all, one| Standing {
                below: all.below && one.below,
                at_most: all.at_most && one.at_most,
                same: all.same && one.same,
                apart: all.apart && one.apart,
            })
            .unwrap_or_default()
    }
}

impl Meaning {
    fn beside(&self, other: &Self) -> Standing {
        let order = match (&self.value, &other.value) {
            (Some(left), Some(right)) => left.compare(right),
            _ => None,
        };
        // Two numbers may be one float.
        let distinct = self.kind != Kind::Number || self.single != other.single;
        match order {
            None => Standing::default(),
            Some(Ordering::Less) => {
                Standing { below: distinct, at_most: true, apart: distinct, ..Standing::default() }
            }
            Some(Ordering::Equal) => Standing { at_most: true, same: true, ..Standing::default() },
            Some(Ordering::Greater) => Standing { apart: distinct, ..Standing::default() },
        }
    }
}

/// What a literal is beside numbers.
fn number(literal: &Literal) -> Option<Meaning> {
    let (Literal::Plain(text) | Literal::Number(text) | Literal::Text(text)) = literal else { return None };
    let among_decimals = literal.bind_below(&DataType::Decimal { precision: 38, scale: 0 }).is_ok();
    if !among_decimals && literal.bind_below(&DataType::FLOAT64).is_err() {
        return None;
    }
    let single = literal.bind_below(&DataType::Float { bits: 32 }).ok();
    let single = single.filter(|bound| bound.exact).and_then(|bound| bound.value.as_f64());
    // The infinities and NaN are numbers of floats alone.
    let exact = Exact::parse(text).map(Value::Exact);
    let whole = || literal.bind(&DataType::INT128).ok().and_then(|value| Exact::of(&value)).map(Value::Exact);
    Some(Meaning { kind: Kind::Number, value: exact.or_else(whole), single })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(left: &Literal, right: &Literal) -> Standing {
        Point::new(left).beside(&Point::new(right))
    }

    fn plain(text: &str) -> Literal {
        Literal::Plain(text.to_owned())
    }

    fn text(text: &str) -> Literal {
        Literal::Text(text.to_owned())
    }

    fn number(text: &str) -> Literal {
        Literal::Number(text.to_owned())
    }

    #[test]
    fn numbers_stand_as_numbers_do() {
        let below = Standing { below: true, at_most: true, apart: true, same: false };
        assert_eq!(beside(&number("9"), &number("10")), below);
        assert_eq!(beside(&number("-0.5"), &number("1e2")), below);
        assert!(beside(&number("1.0"), &number("1")).same);
        assert!(beside(&number("10"), &number("9")).apart);
        assert!(!beside(&number("10"), &number("9")).at_most);
        // Plain, they may be texts.
        assert!(!beside(&plain("9"), &plain("10")).at_most && beside(&plain("9"), &plain("10")).apart);
        assert!(!beside(&plain("1.0"), &plain("1")).same);
        // One float, two decimals.
        let near = beside(&number("0.1"), &number("0.10000000001"));
        assert_eq!(near, Standing { at_most: true, ..Standing::default() });
    }

    #[test]
    fn texts_stand_as_texts_and_as_what_they_may_be_read_as() {
        assert!(beside(&text("a"), &text("b")).below);
        assert!(!beside(&text("9"), &text("10")).at_most && !beside(&text("10"), &text("9")).at_most);
        assert!(beside(&text("2026-01-31"), &text("2026-02-01")).below);
        assert!(beside(&plain("2026-01-31"), &plain("2026-01-31")).same);
        assert!(beside(&text("a"), &plain("a")).same);
    }

    #[test]
    fn what_no_type_takes_both_of_stands_nowhere() {
        assert_eq!(beside(&number("1"), &text("a")), Standing::default());
        assert_eq!(beside(&Literal::Boolean(true), &number("1")), Standing::default());
    }
}
