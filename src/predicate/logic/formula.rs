//! Conditions of two values.

use std::sync::{Arc, OnceLock};

use super::Point;
use crate::data::{ColumnPath, Literal};
use crate::predicate::{Comparison, Expression, TextTest};

/// What holds on a row, or does not.
#[derive(Clone, Debug)]
pub enum Formula {
    /// One condition.
    Atom(Atom),
    /// All of these hold; of none, it holds always.
    All(Vec<Formula>),
    /// One of these holds; of none, it holds never.
    Any(Vec<Formula>),
}

/// A value of a row: a column, or what is computed of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it is, as canonical SQL.
    pub text: String,
    /// What is null wherever it is, and nowhere else.
    pub nulls: String,
}

/// A condition that is not made of others.
#[derive(Clone, Debug)]
pub enum Atom {
    /// A value meets a condition.
    Value {
        /// The value.
        of: Subject,
        /// What it meets, where it is not null.
        meets: Condition,
        /// Whether a null will do, too.
        or_null: bool,
    },
    /// Two values stand to each other in one of these ways.
    Pair {
        /// The one, which comes first in the order of their texts.
        left: Subject,
        /// The other.
        right: Subject,
        /// The ways.
        stand: Sides,
        /// Whether it will do, too, that one of them is null.
        or_null: bool,
    },
    /// A condition that is only known by its text is one of these.
    Opaque {
        /// The text.
        text: String,
        /// True will do.
        yes: bool,
        /// False will do.
        no: bool,
        /// Null will do.
        null: bool,
    },
}

/// What a value meets that is not null.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Nothing.
    Never,
    /// Whatever it is.
    Always,
    /// It stands so to a literal.
    Compare(Comparison, Point),
    /// It is one of these.
    In(Vec<Point>),
    /// It is none of these.
    NotIn(Vec<Point>),
    /// A text passes a test, or does not.
    Test(Test, bool),
}

/// A test of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A regular expression of the engines' dialect is found in it.
    Regex(Regex),
    /// It passes this one.
    Text(TextTest),
}

/// A regular expression, which is compiled once for all its copies, when a text is first held against one of them. Two
/// are equal if their texts are.
#[derive(Clone, Debug)]
pub struct Regex {
    text: String,
    compiled: Arc<OnceLock<Option<regex::Regex>>>,
}

/// How two values may stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// The left one may be less.
    pub less: bool,
    /// They may be equal.
    pub equal: bool,
    /// The left one may be greater.
    pub greater: bool,
}

impl Subject {
    /// A value that is null where none other is.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { nulls: text.clone(), text }
    }

    /// The value of a column.
    #[must_use]
    pub fn column(path: &ColumnPath) -> Self {
        Self::new(Expression::column(path).to_string())
    }

    /// The length of a text.
    #[must_use]
    pub fn length(path: &ColumnPath) -> Self {
        let nulls = Expression::column(path).to_string();
        Self { text: format!("length({nulls})"), nulls }
    }
}

impl From<Comparison> for Sides {
    fn from(how: Comparison) -> Self {
        let sides = |less, equal, greater| Self { less, equal, greater };
        match how {
            Comparison::Equal => sides(false, true, false),
            Comparison::NotEqual => sides(true, false, true),
            Comparison::Less => sides(true, false, false),
            Comparison::LessOrEqual => sides(true, true, false),
            Comparison::Greater => sides(false, false, true),
            Comparison::GreaterOrEqual => sides(false, true, true),
        }
    }
}

impl Sides {
    /// Both at once.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            less: self.less && other.less,
            equal: self.equal && other.equal,
            greater: self.greater && other.greater,
        }
    }

    /// Returns whether two values can stand so.
    #[must_use]
    pub const fn is_possible(self) -> bool {
        self.less || self.equal || self.greater
    }

    const fn not(self) -> Self {
        Self { less: !self.less, equal: !self.equal, greater: !self.greater }
    }
}

impl Comparison {
    /// The comparison that holds of two values where this one does not.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }
}

impl Regex {
    /// A regular expression of the engines' dialect.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), compiled: Arc::default() }
    }

    fn is_found_in(&self, text: &str) -> Option<bool> {
        let compiled = self.compiled.get_or_init(|| regex::Regex::new(&self.text).ok());
        compiled.as_ref().map(|regex| regex.is_match(text))
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Regex {}

impl Test {
    /// Returns whether a text passes, where that can be told.
    #[must_use]
    pub fn holds(&self, text: &str) -> Option<bool> {
        match self {
            Self::Regex(regex) => regex.is_found_in(text),
            Self::Text(test) => Some(test.holds(text)),
        }
    }
}

impl Formula {
    /// Holds on every row.
    #[must_use]
    pub const fn always() -> Self {
        Self::All(Vec::new())
    }

    /// Holds on no row.
    #[must_use]
    pub const fn never() -> Self {
        Self::Any(Vec::new())
    }

    /// A value meets a condition, and is not null.
    #[must_use]
    pub fn value(of: &Subject, meets: Condition) -> Self {
        Self::Atom(Atom::Value { of: of.clone(), meets, or_null: false })
    }

    /// A value is there.
    #[must_use]
    pub fn present(of: &Subject) -> Self {
        Self::value(of, Condition::Always)
    }

    /// A value stands so to a literal.
    #[must_use]
    pub fn compared(of: &Subject, how: Comparison, literal: &Literal) -> Self {
        Self::value(of, Condition::Compare(how, Point::new(literal)))
    }

    /// A value is one of a set.
    #[must_use]
    pub fn among(of: &Subject, literals: &[Literal]) -> Self {
        Self::value(of, Condition::In(literals.iter().map(Point::new).collect()))
    }

    /// Two values stand so to each other.
    #[must_use]
    pub fn pair(left: &Subject, how: Comparison, right: &Subject) -> Self {
        let in_order = left.text <= right.text;
        let (first, second) = if in_order { (left, right) } else { (right, left) };
        let stand = Sides::from(if in_order { how } else { how.flipped() });
        Self::Atom(Atom::Pair { left: first.clone(), right: second.clone(), stand, or_null: false })
    }

    /// A condition that is only known by its text is true.
    pub fn opaque(text: impl Into<String>) -> Self {
        Self::Atom(Atom::Opaque { text: text.into(), yes: true, no: false, null: false })
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Self::All(all) => Self::Any(all.iter().map(Self::negated).collect()),
            Self::Any(any) => Self::All(any.iter().map(Self::negated).collect()),
            Self::Atom(atom) => Self::Atom(atom.negated()),
        }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }
}

impl Atom {
    fn negated(&self) -> Self {
        match self {
            Self::Value { of, meets, or_null } => {
                Self::Value { of: of.clone(), meets: meets.negated(), or_null: !or_null }
            }
            Self::Pair { left, right, stand, or_null } => {
                let (left, right) = (left.clone(), right.clone());
                Self::Pair { left, right, stand: stand.not(), or_null: !or_null }
            }
            Self::Opaque { text, yes, no, null } => {
                Self::Opaque { text: text.clone(), yes: !yes, no: !no, null: !null }
            }
        }
    }
}

impl Condition {
    fn negated(&self) -> Self {
        match self {
            Self::Never => Self::Always,
            Self::Always => Self::Never,
            Self::Compare(how, point) => Self::Compare(how.opposite(), point.clone()),
            Self::In(points) => Self::NotIn(points.clone()),
            Self::NotIn(points) => Self::In(points.clone()),
            Self::Test(test, passes) => Self::Test(test.clone(), !passes),
        }
    }
}
