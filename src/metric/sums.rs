//! Exact sums of numbers, of their squares and of their products: whatever the order and the parts in
//! which the numbers come, they are the same.

use num_bigint::{BigInt, Sign};

use super::Misshapen;
use crate::data::{DataType, Decimal, Exact, Value, power_of_ten};

/// Doubles are multiples of two to the power of this negated.
const FINEST: u32 = 1074;
/// The digits of a decimal are fewer than this.
const MOST: u128 = 10_u128.pow(38);

/// What sums are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// In ones: integers.
    One,
    /// In the last of so many digits behind the point: decimals.
    Digit(u8),
    /// In two to the power of -1074, of which every double is a multiple.
    Finest,
}

impl Unit {
    /// That of the numbers of a type.
    #[must_use]
    pub fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Decimal { scale, .. } => Self::Digit(*scale),
            DataType::Float { .. } => Self::Finest,
            _ => Self::One,
        }
    }

    /// Returns how many of it make 1.
    fn per_one(self) -> BigInt {
        match self {
            Self::One => BigInt::from(1),
            Self::Digit(scale) => power_of_ten(u32::from(scale)),
            Self::Finest => BigInt::from(1) << FINEST,
        }
    }
}

/// Which of some numbers are not finite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Special {
    nan: bool,
    positive: bool,
    negative: bool,
}

impl Special {
    /// Takes a number in.
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

    /// The sum, if it is not finite.
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
    /// Of the finite ones, in the unit.
    pub(crate) total: BigInt,
    pub(crate) special: Special,
}

impl Sum {
    /// That of no numbers.
    #[must_use]
    pub fn new(unit: Unit) -> Self {
        Self::of_units(unit, BigInt::default())
    }

    /// That of numbers which come to so many units.
    #[must_use]
    pub fn of_units(unit: Unit, total: BigInt) -> Self {
        Self { unit, total, special: Special::default() }
    }

    /// Adds the numbers that another one is the sum of.
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

    /// What it is: of decimals, with as many digits behind the point as they have, where 38 digits hold it.
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

/// The sums of some numbers of one type and of their squares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments {
    pub(crate) count: u64,
    pub(crate) sum: Sum,
    /// In the square of the unit.
    pub(crate) squares: BigInt,
}

impl Moments {
    /// Those of no numbers.
    #[must_use]
    pub fn new(unit: Unit) -> Self {
        Self { count: 0, sum: Sum::new(unit), squares: BigInt::default() }
    }

    /// Adds the numbers that others are the sums of.
    ///
    /// # Errors
    /// They are numbers of another type.
    pub fn merge(&mut self, other: &Self) -> Result<(), Misshapen> {
        self.sum.merge(&other.sum)?;
        self.count += other.count;
        self.squares += &other.squares;
        Ok(())
    }

    /// The sum of the numbers.
    #[must_use]
    pub fn sum(&self) -> &Sum {
        &self.sum
    }

    /// The sample standard deviation; null of fewer than two numbers.
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

    /// The count times the sum of the squares, less the square of the sum.
    fn spread(&self) -> BigInt {
        &self.squares * self.count - &self.sum.total * &self.sum.total
    }
}

/// The sums of pairs of numbers, of their squares and of their products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comoments {
    pub(crate) left: Moments,
    pub(crate) right: Moments,
    /// In the product of the two units.
    pub(crate) products: BigInt,
}

impl Comoments {
    /// Those of no pairs.
    #[must_use]
    pub fn new(left: Unit, right: Unit) -> Self {
        Self { left: Moments::new(left), right: Moments::new(right), products: BigInt::default() }
    }

    /// Adds the pairs that others are the sums of.
    ///
    /// # Errors
    /// They are numbers of other types.
    pub fn merge(&mut self, other: &Self) -> Result<(), Misshapen> {
        self.left.merge(&other.left)?;
        self.right.merge(&other.right)?;
        self.products += &other.products;
        Ok(())
    }

    /// Pearson's correlation; null where one side does not vary.
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
