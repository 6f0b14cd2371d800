//! Exact sums of numbers, of their squares and of their products, which depend neither on the order of the
//! numbers nor on how these are split into parts. A total is an integer count of a `Unit` that divides
//! every number of the column's type.

use num_bigint::{BigInt, Sign};

use super::Misshapen;
use crate::data::{DataType, Decimal, Exact, Value, power_of_ten};

/// The exponent of the finest double: every finite double is a multiple of 2^-1074.
const FINEST: u32 = 1074;
/// The first integer of more than 38 digits, the limit of a decimal.
const MOST: u128 = 10_u128.pow(38);

/// The unit in which sums are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Ones, for integers.
    One,
    /// The last digit at this scale, for decimals.
    Digit(u8),
    /// 2^-1074, of which every finite double is a multiple.
    Finest,
}

impl Unit {
    /// Returns the unit of the numbers of a type.
    #[must_use]
    pub fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Decimal { scale, .. } => Self::Digit(*scale),
            DataType::Float { .. } => Self::Finest,
            _ => Self::One,
        }
    }

    /// Returns the number of units in 1.
    fn per_one(self) -> BigInt {
        match self {
            Self::One => BigInt::from(1),
            Self::Digit(scale) => power_of_ten(u32::from(scale)),
            Self::Finest => BigInt::from(1) << FINEST,
        }
    }
}

/// The values among some numbers that are not finite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Special {
    nan: bool,
    positive: bool,
    negative: bool,
}

impl Special {
    /// Takes in a number.
    pub(crate) fn see(&mut self, number: f64) {
        self.nan |= number.is_nan();
        self.positive |= number == f64::INFINITY;
        self.negative |= number == f64::NEG_INFINITY;
    }

    fn merge(&mut self, other: Self) {
        self.nan |= other.nan;
        self.positive |= other.positive;
        self.negative |= other.negative;
    }

    /// Returns the sum, if a value that is not finite determines it.
    fn sum(self) -> Option<f64> {
        match self {
            Self { nan: true, .. } | Self { positive: true, negative: true, .. } => Some(f64::NAN),
            Self { positive: true, .. } => Some(f64::INFINITY),
            Self { negative: true, .. } => Some(f64::NEG_INFINITY),
            _ => None,
        }
    }
}

/// The sum of some numbers of one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    unit: Unit,
    /// The sum of the finite numbers, in units.
    pub(crate) total: BigInt,
    pub(crate) special: Special,
}

impl Sum {
    /// Returns the sum of no numbers.
    #[must_use]
    pub fn new(unit: Unit) -> Self {
        Self::of_units(unit, BigInt::default())
    }

    /// Returns the sum of finite numbers with this total in units.
    #[must_use]
    pub fn of_units(unit: Unit, total: BigInt) -> Self {
        Self { unit, total, special: Special::default() }
    }

    /// Adds the numbers of another sum.
    ///
    /// # Errors
    /// They are numbers of another type.
    pub fn merge(&mut self, other: &Self) -> Result<(), Misshapen> {
        if self.unit != other.unit {
            return Err(Misshapen::new("a sum", "one of numbers of the same type"));
        }
        self.total += &other.total;
        self.special.merge(other.special);
        Ok(())
    }

    /// Returns the sum as a value. A sum of decimals keeps their scale where 38 digits hold it.
    #[must_use]
    pub fn value(&self) -> Value {
        if let Some(infinite) = self.special.sum() {
            return Value::float(infinite);
        }
        if let (Unit::Digit(scale), Ok(unscaled)) = (self.unit, i128::try_from(&self.total))
            && unscaled.unsigned_abs() < MOST
        {
            return Value::Decimal(Decimal { unscaled, scale });
        }
        Exact::fraction(self.total.clone(), self.unit.per_one()).map_or(Value::Null, Exact::value)
    }
}

/// The count of some numbers of one type, and the sums of the numbers and of their squares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments {
    pub(crate) count: u64,
    pub(crate) sum: Sum,
    /// In squares of the unit.
    pub(crate) squares: BigInt,
}

impl Moments {
    /// Returns the moments of no numbers.
    #[must_use]
    pub fn new(unit: Unit) -> Self {
        Self { count: 0, sum: Sum::new(unit), squares: BigInt::default() }
    }

    /// Adds the numbers of other moments.
    ///
    /// # Errors
    /// They are numbers of another type.
    pub fn merge(&mut self, other: &Self) -> Result<(), Misshapen> {
        self.sum.merge(&other.sum)?;
        self.count += other.count;
        self.squares += &other.squares;
        Ok(())
    }

    /// Returns the sum of the numbers.
    #[must_use]
    pub fn sum(&self) -> &Sum {
        &self.sum
    }

    /// Returns the sample standard deviation; null for fewer than two numbers.
    #[must_use]
    pub fn deviation(&self) -> Value {
        if self.count < 2 {
            return Value::Null;
        }
        if self.sum.special.sum().is_some() {
            return Value::float(f64::NAN);
        }
        let (count, unit) = (BigInt::from(self.count), self.sum.unit.per_one());
        let variance = Exact::fraction(self.spread(), &count * (&count - 1_i32) * &unit * &unit);
        variance.and_then(|variance| Exact::root(&variance)).map_or(Value::Null, Exact::value)
    }

    /// Returns the count times the sum of squares, less the square of the sum: n² times the population
    /// variance.
    fn spread(&self) -> BigInt {
        &self.squares * self.count - &self.sum.total * &self.sum.total
    }
}

/// The moments of both sides of some pairs of numbers, and the sum of the products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comoments {
    pub(crate) left: Moments,
    pub(crate) right: Moments,
    /// In products of the two units.
    pub(crate) products: BigInt,
}

impl Comoments {
    /// Returns the comoments of no pairs.
    #[must_use]
    pub fn new(left: Unit, right: Unit) -> Self {
        Self { left: Moments::new(left), right: Moments::new(right), products: BigInt::default() }
    }

    /// Adds the pairs of other comoments.
    ///
    /// # Errors
    /// They are numbers of other types.
    pub fn merge(&mut self, other: &Self) -> Result<(), Misshapen> {
        self.left.merge(&other.left)?;
        self.right.merge(&other.right)?;
        self.products += &other.products;
        Ok(())
    }

    /// Returns Pearson's correlation; null where one side does not vary.
    #[must_use]
    pub fn correlation(&self) -> Value {
        if [&self.left, &self.right].iter().any(|side| side.sum.special.sum().is_some()) {
            return Value::float(f64::NAN);
        }
        let together = &self.products * self.left.count - &self.left.sum.total * &self.right.sum.total;
        let alone = self.left.spread() * self.right.spread();
        let square = Exact::fraction(&together * &together, alone);
        let Some(root) = square.and_then(|square| Exact::root(&square)) else { return Value::Null };
        if together.sign() == Sign::Minus { root.negated().value() } else { root.value() }
    }
}
