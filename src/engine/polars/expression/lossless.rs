//! Comparisons between types of which neither holds the values of both: value by value, without rounding.

use std::cmp::Ordering;

use polars::prelude::{
    BooleanChunked, ChunkAgg as _, ChunkCompareEq as _, ChunkCompareIneq as _, Column, DataType as PlType,
    Expr, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn as _, IntoSeries as _, NewChunkedArray as _,
    PlSmallStr, PolarsResult, Series, TimeUnit as PlUnit, polars_bail,
};
use polars_core::prelude::{Int128Chunked, arity::unary_elementwise_values};

use super::computed::{computed, computed_of};
use super::terms::polars_type;
use crate::data::{DataType, Decimal, EXACT_IN_DOUBLE, Number, common_number};
use crate::predicate::Comparison;

const NANOSECONDS_A_DAY: i128 = 86_400_000_000_000;
/// Doubles hold every integer of at most this magnitude.
const MOST_IN_DOUBLE: u128 = 1 << (EXACT_IN_DOUBLE - 1);

impl Comparison {
    /// Returns whether the comparison holds for two values in this order.
    #[must_use]
    pub(crate) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// Compares two columns of one type row by row, as Polars does.
    fn of_columns(self, left: &Column, right: &Column) -> PolarsResult<BooleanChunked> {
        match self {
            Self::Equal => left.equal(right),
            Self::NotEqual => left.not_equal(right),
            Self::Less => left.lt(right),
            Self::LessOrEqual => left.lt_eq(right),
            Self::Greater => left.gt(right),
            Self::GreaterOrEqual => left.gt_eq(right),
        }
    }
}

/// Returns the comparison of two expressions, exact whatever their types are.
pub(super) fn compared(how: Comparison, left: Expr, right: Expr) -> Expr {
    judged(left, right, move |left, right| match as_doubles(left, right)? {
        Some([left, right]) => how.of_columns(&left, &right),
        None => each(left, right, |left, right| how.holds(left.compare(right))),
    })
}

/// Returns an expression that is true if two numbers are at most `distance` apart, and null if one of them is
/// null.
pub(crate) fn within(distance: f64, left: Expr, right: Expr) -> Expr {
    judged(left, right, move |left, right| each(left, right, |left, right| left.is_within(distance, right)))
}

fn judged(
    left: Expr,
    right: Expr,
    judge: impl Fn(&Column, &Column) -> PolarsResult<BooleanChunked> + Send + Sync + 'static,
) -> Expr {
    computed_of(vec![left, right], PlType::Boolean, move |columns| {
        let [left, right] = columns else { polars_bail!(ComputeError: "two columns are compared") };
        Ok(judge(left, right)?.into_column())
    })
}

/// Compares value by value, exactly for all types.
fn each(
    left: &Column,
    right: &Column,
    holds: impl Fn(Number, Number) -> bool,
) -> PolarsResult<BooleanChunked> {
    let (left, right) = (Numbers::of(left)?, Numbers::of(right)?);
    let rows = if left.len() == 1 { right.len() } else { left.len() };
    let judged = (0..rows).map(|row| Some(holds(left.get(row)?, right.get(row)?)));
    Ok(BooleanChunked::from_iter_options(PlSmallStr::EMPTY, judged))
}

/// Casts a float column and an integer column to doubles, if doubles hold all the integers: Polars compares
/// columns of doubles faster than karat compares single values.
fn as_doubles(left: &Column, right: &Column) -> PolarsResult<Option<[Column; 2]>> {
    let (integers, floats) = match (left.dtype(), right.dtype()) {
        (float, integer) if float.is_float() && integer.is_integer() => (right, left),
        (integer, float) if float.is_float() && integer.is_integer() => (left, right),
        _ => return Ok(None),
    };
    let whole = integers.cast(&PlType::Int128)?;
    let whole = whole.i128()?;
    let is_exact = |bound: Option<i128>| bound.is_none_or(|bound| bound.unsigned_abs() <= MOST_IN_DOUBLE);
    if !is_exact(whole.min()) || !is_exact(whole.max()) {
        return Ok(None);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "none is above 2^53")]
    let doubles: Float64Chunked = unary_elementwise_values(whole, |whole| whole as i64 as f64);
    let (integers, floats) = (doubles.into_column(), floats.cast(&PlType::Float64)?);
    Ok(Some(if left.dtype().is_float() { [floats, integers] } else { [integers, floats] }))
}

/// Casts values to another type; a value without an equal in that type becomes null. Durations become
/// nanoseconds.
pub(crate) fn equal_in(of: Expr, from: &DataType, to: &DataType) -> Expr {
    match (from, to) {
        (DataType::Duration, DataType::Duration) | (_, DataType::Null) => {}
        (from, to) if from == to => return of,
        // The engine's cast between integers gives null for values that do not fit.
        (DataType::Integer { .. }, DataType::Integer { .. }) => return of.cast(polars_type(to)),
        (DataType::Null, _) => return of.cast(key_type(to)),
        _ => {}
    }
    let (target, to) = (key_type(to), to.clone());
    computed(of, target.clone(), move |column| {
        let equal = match to {
            DataType::Null => Series::full_null(PlSmallStr::EMPTY, column.len(), &target),
            _ => Numbers::of(column)?.equal_in(&to, &target)?,
        };
        Ok(equal.into_column())
    })
}

/// Returns the type in which values of a type are looked up.
fn key_type(of: &DataType) -> PlType {
    match of {
        DataType::Duration => PlType::Int128,
        DataType::Null => PlType::Boolean,
        other => polars_type(other),
    }
}

/// The values of a column as numbers; dates and times are nanoseconds since 1970.
enum Numbers {
    Exact(Vec<Option<i128>>, u8),
    Floats(Vec<Option<f64>>),
}

impl Numbers {
    fn of(column: &Column) -> PolarsResult<Self> {
        let series = column.as_materialized_series();
        let physical = |factor: i128| -> PolarsResult<Self> {
            let whole = series.to_physical_repr().cast(&PlType::Int128)?;
            Ok(Self::Exact(whole.i128()?.iter().map(|value| Some(value? * factor)).collect(), 0))
        };
        match series.dtype() {
            PlType::Float32 | PlType::Float64 => {
                let floats = series.cast(&PlType::Float64)?;
                Ok(Self::Floats(floats.f64()?.iter().collect()))
            }
            PlType::Decimal(_, scale) => match u8::try_from(*scale) {
                Ok(scale) => {
                    let unscaled = series.to_physical_repr().into_owned();
                    Ok(Self::Exact(unscaled.i128()?.iter().collect(), scale))
                }
                Err(_) => polars_bail!(ComputeError: "a decimal of {scale} digits behind the point"),
            },
            PlType::Date => physical(NANOSECONDS_A_DAY),
            PlType::Datetime(unit, _) | PlType::Duration(unit) => physical(nanoseconds(*unit)),
            PlType::Null => Ok(Self::Exact(vec![None; series.len()], 0)),
            of if of.is_integer() => physical(1),
            other => polars_bail!(ComputeError: "{other} is no type of numbers or times"),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Exact(values, _) => values.len(),
            Self::Floats(values) => values.len(),
        }
    }

    /// Returns the value of a row. A column of a single value has this value in every row.
    fn get(&self, row: usize) -> Option<Number> {
        let row = if self.len() == 1 { 0 } else { row };
        match self {
            Self::Exact(values, scale) => {
                Some(Number::Exact(Decimal { unscaled: (*values.get(row)?)?, scale: *scale }))
            }
            Self::Floats(values) => Some(Number::Float((*values.get(row)?)?)),
        }
    }

    fn equal_in(&self, to: &DataType, target: &PlType) -> PolarsResult<Series> {
        let all = || (0..self.len()).map(|row| self.get(row));
        let name = PlSmallStr::EMPTY;
        let multiples = |unit: i128| {
            all().map(move |number| {
                number?.rescaled(0).filter(|whole| whole % unit == 0).map(|whole| whole / unit)
            })
        };
        match to {
            DataType::Integer { .. } => {
                let whole = all().map(|number| number?.rescaled(0));
                Int128Chunked::from_iter_options(name, whole).into_series().cast(target)
            }
            DataType::Duration => Ok(Int128Chunked::from_iter_options(name, multiples(1)).into_series()),
            DataType::Decimal { precision, scale } => {
                let most = 10_u128.pow(u32::from(*precision).min(38));
                let unscaled = all()
                    .map(|number| number?.rescaled(*scale).filter(|unscaled| unscaled.unsigned_abs() < most));
                let unscaled = Int128Chunked::from_iter_options(name, unscaled);
                Ok(unscaled
                    .into_decimal_unchecked(usize::from(*precision), usize::from(*scale))
                    .into_series())
            }
            DataType::Float { bits } => {
                let doubles = all().map(|number| float_equal(number?, *bits));
                Float64Chunked::from_iter_options(name, doubles).into_series().cast(target)
            }
            DataType::Date => {
                let days = multiples(NANOSECONDS_A_DAY).map(|days| i32::try_from(days?).ok());
                Int32Chunked::from_iter_options(name, days).into_series().cast(target)
            }
            DataType::Timestamp { unit, .. } => {
                let counts = multiples(unit.nanoseconds()).map(|count| i64::try_from(count?).ok());
                Int64Chunked::from_iter_options(name, counts).into_series().cast(target)
            }
            other => polars_bail!(ComputeError: "{other} is no type of numbers or times"),
        }
    }
}

/// Returns the float of a width that equals a number, if there is one.
#[expect(clippy::cast_possible_truncation, reason = "it is compared with the number that it is made of")]
fn float_equal(number: Number, bits: u8) -> Option<f64> {
    let double = number.to_f64();
    let float = if bits == 32 { f64::from(double as f32) } else { double };
    number.compare(Number::Float(float)).is_eq().then_some(float)
}

/// Returns the type in which Polars compares values of two types without loss, if there is one; dates and
/// times become nanoseconds since 1970. All other types are compared value by value.
pub(super) fn in_engine(left: &DataType, right: &DataType) -> Option<DataType> {
    use DataType::{Date, Duration, Timestamp};
    match (left, right) {
        // The unit of a duration is not part of its type.
        (Duration, Duration) => None,
        (left, right) if left == right => Some(left.clone()),
        (Date | Timestamp { .. }, Date | Timestamp { .. }) => Some(DataType::INT128),
        (left, right) => common_number(left, right),
    }
}

fn nanoseconds(unit: PlUnit) -> i128 {
    match unit {
        PlUnit::Milliseconds => 1_000_000,
        PlUnit::Microseconds => 1_000,
        PlUnit::Nanoseconds => 1,
    }
}
