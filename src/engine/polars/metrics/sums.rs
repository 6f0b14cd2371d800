//! Adds columns to exact sums of numbers, of their squares and of their products.
//!
//! Integers, and decimals by all their digits, are added in 128 bits, and in big integers where these do not
//! suffice. Doubles are integers times powers of two: those of one power are added in a place of their own,
//! so that no addition rounds.

use std::ops::Range;

use num_bigint::BigInt;
use polars::prelude::{DataType as PlType, PolarsResult};
use polars_core::prelude::Series;

use crate::metric::{Comoments, Moments};

/// Number of powers of two of doubles.
const POWERS: usize = 2048;
/// Number of squares of mantissas, of 106 bits each, whose sum 128 bits hold.
const MOST_AT_ONCE: usize = 1 << 20;
const STORED: u32 = 52;

/// Buffers to add doubles in, which are reused.
pub(in crate::engine::polars) struct Room {
    /// Sums of mantissas and of their squares, by the power of two.
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

impl Moments {
    /// Adds numbers, ignoring nulls. Squares are added only if `squares` is set.
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
            // No computer holds enough integers of 64 bits for their sum to overflow.
            if let Ok(magnitude) = u64::try_from(integer.unsigned_abs()) {
                sum += integer;
                let (more, carry) = squares.overflowing_add(u128::from(magnitude) * u128::from(magnitude));
                squares = more;
                carries += u64::from(carry);
            } else {
                let integer = BigInt::from(integer);
                self.squares += &integer * &integer;
                self.sum.total += integer;
            }
        }
        self.sum.total += sum;
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
                self.sum.special.see(*double);
            }
        }
        // Numbers of the least power (subnormal ones) have the exponent of those of the next one, but not its
        // leading bit.
        room.sums[1] += std::mem::take(&mut room.sums[0]);
        room.squares[1] += std::mem::take(&mut room.squares[0]);
        // These are NaN and the infinities.
        (room.sums[POWERS - 1], room.squares[POWERS - 1]) = (0, 0);
        let used = powers(doubles);
        let start = used.start - 1;
        self.sum.total += drained(&mut room.sums[used.clone()], 1) << start;
        if SQUARES {
            self.squares += drained(&mut room.squares[used], 2) << (2 * start);
        }
    }
}

impl Comoments {
    /// Adds pairs of numbers, neither of which is ever null.
    pub(super) fn add(&mut self, left: &Series, right: &Series, room: &mut Room) -> PolarsResult<()> {
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
}

/// Numbers in the type in which they are added.
pub(super) enum Digits {
    Small(Series),
    Wide(Series),
    Double(Series),
}

pub(super) fn digits(values: &Series) -> PolarsResult<Digits> {
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

/// Converts numbers to integers times powers of two, in the units of the sums.
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

/// Returns the power of a double, its mantissa, and whether it is negative.
#[inline]
fn parts(double: f64) -> (usize, u64, bool) {
    let bits = double.to_bits();
    let power = (bits >> STORED) & (POWERS as u64 - 1);
    let hidden = u64::from(power != 0) << STORED;
    // The power has eleven bits, which fit.
    let power = usize::try_from(power).unwrap_or_default() & (POWERS - 1);
    (power, bits & ((1 << STORED) - 1) | hidden, double.is_sign_negative())
}

/// Returns the range of the powers of finite doubles; all powers, where searching for the range would take
/// longer than visiting all.
fn powers(doubles: &[f64]) -> Range<usize> {
    const FEW: usize = 512;
    if doubles.len() > FEW {
        return 1..POWERS - 1;
    }
    let powers = || doubles.iter().map(|double| parts(*double).0.clamp(1, POWERS - 2));
    powers().min().unwrap_or(1)..powers().max().unwrap_or(1) + 1
}

/// Returns the sum of all places, each times two to the power of `step` times its index, and resets the
/// places to 0.
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
