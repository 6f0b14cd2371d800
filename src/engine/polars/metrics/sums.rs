//! Exact sums of numbers, of their squares and of their products: whatever the order and the parts in
//! which the numbers come, they are the same.
//!
//! Integers, and decimals by all their digits, are added in 128 bits, and where those do not do, in as
//! many as it takes. Doubles are integers times powers of two: those of one power are added in a place
//! of their own, so that no addition rounds.

use std::ops::Range;

use num_bigint::{BigInt, BigUint, Sign};
use polars::prelude::{DataType as PlType, PolarsResult};
use polars_core::prelude::Series;

use crate::data::{DataType, Exact, Value};

/// The powers of two of doubles.
const POWERS: usize = 2048;
/// How many squares of mantissas, of 106 bits, 128 bits hold the sum of.
const MOST_AT_ONCE: usize = 1 << 20;
const STORED: u32 = 52;
/// Doubles are multiples of two to the power of this negated.
const FINEST: u32 = 1074;

/// The sums of some numbers of one type.
#[derive(Clone, Debug, Default)]
pub(in crate::engine::polars) struct Sums {
    count: u64,
    /// In units of the last digit of a decimal, or of 2⁻¹⁰⁷⁴ for floats.
    sum: BigInt,
    /// In units of the square of that.
    squares: BigInt,
    /// What is no number, or infinite.
    special: Special,
}

/// Which of the values are not finite.
#[derive(Clone, Copy, Debug, Default)]
struct Special {
    nan: bool,
    positive: bool,
    negative: bool,
}

impl Special {
    fn see(&mut self, number: f64) {
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

/// Room to add doubles in, which is used again.
pub(in crate::engine::polars) struct Room {
    /// By the power of two: sums of mantissas, and of their squares.
    sums: Vec<i128>,
    squares: Vec<u128>,
    /// Sums of products of two numbers, by the sum of their powers.
    products: Vec<i128>,
}

impl Room {
    pub(in crate::engine::polars) fn new() -> Self {
        Self { sums: vec![0; POWERS], squares: vec![0; POWERS], products: Vec::new() }
    }
}

impl Sums {
    /// Adds numbers; nulls are passed over. Squares are added only if they are wanted.
    pub(in crate::engine::polars) fn add(
        &mut self,
        values: &Series,
        squares: bool,
        room: &mut Room,
    ) -> PolarsResult<()> {
        let values = values.drop_nulls();
        self.count += values.len() as u64;
        match digits(&values)? {
            Digits::Small(integers) => {
                for part in integers.i64()?.downcast_iter() {
                    self.add_integers(part.values().iter().map(|number| i128::from(*number)));
                }
            }
            Digits::Wide(integers) => {
                for part in integers.i128()?.downcast_iter() {
                    self.add_integers(part.values().iter().copied());
                }
            }
            Digits::Double(doubles) => {
                for part in doubles.f64()?.downcast_iter() {
                    for part in part.values().chunks(MOST_AT_ONCE) {
                        if squares {
                            self.add_doubles::<true>(part, room);
                        } else {
                            self.add_doubles::<false>(part, room);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn add_integers(&mut self, integers: impl Iterator<Item = i128>) {
        let (mut sum, mut squares, mut carries) = (0_i128, 0_u128, 0_u64);
        for integer in integers {
            // Of such, no computer holds so many that their sum overflows.
            if let Ok(magnitude) = u64::try_from(integer.unsigned_abs()) {
                sum += integer;
                let (more, carry) = squares.overflowing_add(u128::from(magnitude) * u128::from(magnitude));
                squares = more;
                carries += u64::from(carry);
            } else {
                let integer = BigInt::from(integer);
                self.squares += &integer * &integer;
                self.sum += integer;
            }
        }
        self.sum += sum;
        self.squares += BigInt::from(squares) + (BigInt::from(carries) << 128);
    }

    fn add_doubles<const SQUARES: bool>(&mut self, doubles: &[f64], room: &mut Room) {
        let mut finite = true;
        for double in doubles {
            let (power, mantissa, negative) = parts(*double);
            finite &= power != POWERS - 1;
            let signed = i128::from(mantissa);
            room.sums[power] += if negative { -signed } else { signed };
            if SQUARES {
                room.squares[power] += u128::from(mantissa) * u128::from(mantissa);
            }
        }
        if !finite {
            for double in doubles {
                self.special.see(*double);
            }
        }
        // Numbers of the least power have the exponent of those of the next one, but not its leading bit.
        room.sums[1] += std::mem::take(&mut room.sums[0]);
        room.squares[1] += std::mem::take(&mut room.squares[0]);
        // These are no numbers.
        (room.sums[POWERS - 1], room.squares[POWERS - 1]) = (0, 0);
        let used = powers(doubles);
        let start = used.start - 1;
        self.sum += drained(&mut room.sums[used.clone()], 1) << start;
        if SQUARES {
            self.squares += drained(&mut room.squares[used], 2) << (2 * start);
        }
    }

    /// Adds the numbers that others are the sums of.
    pub(in crate::engine::polars) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += &other.sum;
        self.squares += &other.squares;
        self.special.merge(other.special);
    }

    /// The sum.
    pub(in crate::engine::polars) fn sum(&self, of: &DataType) -> Value {
        match self.special.sum() {
            Some(infinite) => Value::float(infinite),
            None => Exact::fraction(self.sum.clone(), unit(of)).map_or(Value::Null, Exact::value),
        }
    }

    /// The sample standard deviation; null of fewer than two numbers.
    pub(in crate::engine::polars) fn deviation(&self, of: &DataType) -> Value {
        if self.count < 2 {
            return Value::Null;
        }
        if self.special.sum().is_some() {
            return Value::float(f64::NAN);
        }
        let (count, unit) = (BigInt::from(self.count), unit(of));
        let variance = Exact::fraction(self.spread(), &count * (&count - 1_i32) * &unit * &unit);
        variance.and_then(|variance| Exact::root(&variance)).map_or(Value::Null, Exact::value)
    }

    /// The count times the sum of the squares, less the square of the sum.
    fn spread(&self) -> BigInt {
        &self.squares * self.count - &self.sum * &self.sum
    }
}

/// The sums of pairs of numbers.
#[derive(Clone, Debug, Default)]
pub(in crate::engine::polars) struct Pairs {
    left: Sums,
    right: Sums,
    products: BigInt,
}

impl Pairs {
    /// Adds the numbers that stand side by side. Neither is ever null.
    pub(in crate::engine::polars) fn add(
        &mut self,
        left: &Series,
        right: &Series,
        room: &mut Room,
    ) -> PolarsResult<()> {
        self.left.add(left, true, room)?;
        self.right.add(right, true, room)?;
        let (left, right) = (scaled(left)?, scaled(right)?);
        room.products.resize(2 * POWERS, 0);
        let (mut first, mut end) = (2 * POWERS, 0);
        for ((left, left_power), (right, right_power)) in left.iter().zip(&right) {
            let power = usize::from(left_power + right_power);
            let place = &mut room.products[power];
            let product = left.checked_mul(*right);
            match product.and_then(|product| place.checked_add(product)) {
                Some(sum) => *place = sum,
                None => self.products += (BigInt::from(*left) * BigInt::from(*right)) << power,
            }
            (first, end) = (first.min(power), end.max(power + 1));
        }
        if first < end {
            self.products += drained(&mut room.products[first..end], 1) << first;
        }
        Ok(())
    }

    /// Adds the pairs that others are the sums of.
    pub(in crate::engine::polars) fn merge(&mut self, other: &Self) {
        self.left.merge(&other.left);
        self.right.merge(&other.right);
        self.products += &other.products;
    }

    /// Pearson's correlation; null where one side does not vary.
    pub(in crate::engine::polars) fn correlation(&self) -> Value {
        if [self.left.special, self.right.special].iter().any(|special| special.sum().is_some()) {
            return Value::float(f64::NAN);
        }
        let together = &self.products * self.left.count - &self.left.sum * &self.right.sum;
        let alone = self.left.spread() * self.right.spread();
        let square = Exact::fraction(&together * &together, alone);
        let Some(root) = square.and_then(|square| Exact::root(&square)) else { return Value::Null };
        if together.sign() == Sign::Minus { root.negated().value() } else { root.value() }
    }
}

/// Numbers in the type in which they are added.
pub(in crate::engine::polars) enum Digits {
    Small(Series),
    Wide(Series),
    Double(Series),
}

pub(in crate::engine::polars) fn digits(values: &Series) -> PolarsResult<Digits> {
    Ok(match values.dtype() {
        PlType::Int64 => Digits::Small(values.clone()),
        PlType::Int128 => Digits::Wide(values.clone()),
        PlType::Decimal(..) => Digits::Wide(values.to_physical_repr().into_owned()),
        PlType::UInt64 => Digits::Wide(values.cast(&PlType::Int128)?),
        PlType::Float64 => Digits::Double(values.clone()),
        data_type if data_type.is_integer() => Digits::Small(values.cast(&PlType::Int64)?),
        _ => Digits::Double(values.cast(&PlType::Float64)?),
    })
}

/// Numbers as integers times powers of two, in the unit of [`unit`].
fn scaled(values: &Series) -> PolarsResult<Vec<(i128, u16)>> {
    let whole = |number: i128| (number, 0);
    Ok(match digits(values)? {
        Digits::Small(integers) => {
            integers.i64()?.iter().flatten().map(|number| whole(number.into())).collect()
        }
        Digits::Wide(integers) => integers.i128()?.iter().flatten().map(whole).collect(),
        Digits::Double(doubles) => {
            let scaled = |double: f64| {
                let (power, mantissa, negative) = parts(double);
                let mantissa = if power == POWERS - 1 { 0 } else { i128::from(mantissa) };
                let power = u16::try_from(power.max(1) - 1).unwrap_or_default();
                (if negative { -mantissa } else { mantissa }, power)
            };
            doubles.f64()?.iter().flatten().map(scaled).collect()
        }
    })
}

/// The power of a double, its mantissa, and whether it is negative.
#[inline]
fn parts(double: f64) -> (usize, u64, bool) {
    let bits = double.to_bits();
    let power = (bits >> STORED) & (POWERS as u64 - 1);
    let hidden = u64::from(power != 0) << STORED;
    // Eleven bits fit.
    let power = usize::try_from(power).unwrap_or_default() & (POWERS - 1);
    (power, bits & ((1 << STORED) - 1) | hidden, double.is_sign_negative())
}

/// The powers among which those of finite doubles are; all of them, where to look would take longer
/// than to go through all.
fn powers(doubles: &[f64]) -> Range<usize> {
    const FEW: usize = 512;
    if doubles.len() > FEW {
        return 1..POWERS - 1;
    }
    let powers = || doubles.iter().map(|double| parts(*double).0.clamp(1, POWERS - 2));
    powers().min().unwrap_or(1)..powers().max().unwrap_or(1) + 1
}

/// The sum of all places, each times two to the power of so many times its index; they are 0 then.
fn drained<T>(places: &mut [T], step: usize) -> BigInt
where
    T: Copy + Default + PartialEq,
    BigInt: From<T>,
{
    let used = |place: &T| *place != T::default();
    let (Some(first), Some(last)) = (places.iter().position(used), places.iter().rposition(used)) else {
        return BigInt::default();
    };
    let mut sum = BigInt::default();
    for (index, place) in places[first..=last].iter_mut().enumerate() {
        sum += BigInt::from(std::mem::take(place)) << (index * step);
    }
    sum << (first * step)
}

/// How many units, in which the sums are, make 1.
fn unit(of: &DataType) -> BigInt {
    match of {
        DataType::Decimal { scale, .. } => BigUint::from(10_u32).pow(u32::from(*scale)).into(),
        DataType::Float { .. } => BigInt::from(1) << FINEST,
        _ => BigInt::from(1),
    }
}
