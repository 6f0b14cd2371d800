//! Random tables of two columns of numbers with groups of rows, generated from the number of a case.

use karat::data::{DataType, Decimal, TimeUnit, Value};
use polars::prelude::{Column, DataFrame};

use super::super::super::fuzz::Random;
use super::super::table::series;
use super::number::Number;

/// A table with the numbers `x` and `y`, the group key `g`, and the filter `f`.
pub struct Case {
    pub types: [DataType; 3],
    /// The values of `x`, `y` and `g` in each row.
    pub rows: Vec<[Value; 3]>,
    pub passes: Vec<Option<bool>>,
}

fn integers() -> Vec<DataType> {
    let all = [8, 16, 32, 64].into_iter().flat_map(|bits| [true, false].map(|signed| (bits, signed)));
    all.map(|(bits, signed)| DataType::Integer { bits, signed }).collect()
}

/// Returns a random type of numbers.
fn numeric(random: &mut Random) -> DataType {
    match random.below(10) {
        0..3 => random.of(&integers()).clone(),
        3 => DataType::INT64,
        4..7 => {
            let precision = [random.below(38) + 1, 38, 18, 19][random.below(4)];
            let scale = random.below(precision + 1);
            let digits = |count: usize| u8::try_from(count).unwrap();
            DataType::Decimal { precision: digits(precision), scale: digits(scale) }
        }
        7 => DataType::Float { bits: 32 },
        8 => DataType::FLOAT64,
        _ => DataType::Boolean,
    }
}

/// Returns a random type of keys.
fn keys(random: &mut Random) -> DataType {
    let some = [
        DataType::INT64,
        DataType::String,
        DataType::Boolean,
        DataType::Date,
        DataType::Decimal { precision: 10, scale: 2 },
        DataType::Decimal { precision: 38, scale: 5 },
        DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None },
        DataType::Integer { bits: 8, signed: false },
    ];
    random.of(&some).clone()
}

fn key(data_type: &DataType, number: i128) -> Value {
    let small = i32::try_from(number).unwrap();
    match data_type {
        DataType::String => Value::String(format!("k{number}")),
        DataType::Boolean => Value::Boolean(number % 2 == 1),
        DataType::Date => Value::Date(small),
        DataType::Decimal { precision: 38, scale } => {
            Value::Decimal(Decimal { unscaled: (number << 70) + 1, scale: *scale })
        }
        DataType::Decimal { scale, .. } => Value::Decimal(Decimal { unscaled: number, scale: *scale }),
        DataType::Timestamp { .. } => Value::Timestamp { nanoseconds: number * 1_000, instant: false },
        _ => Value::Integer(number),
    }
}

/// Returns the least and the greatest unscaled number of a type.
fn range(data_type: &DataType) -> (i128, i128) {
    match data_type {
        DataType::Integer { bits, signed: true } => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        DataType::Integer { bits, .. } => (0, (1 << bits) - 1),
        DataType::Decimal { precision, .. } => {
            let most = 10_i128.pow(u32::from(*precision)) - 1;
            (-most, most)
        }
        _ => (0, 1),
    }
}

/// Returns a random number within a range.
fn within(random: &mut Random, (least, most): (i128, i128)) -> i128 {
    let bits = (u128::from(random.next()) << 64) | u128::from(random.next());
    let size = most.abs_diff(least).saturating_add(1);
    least.wrapping_add_unsigned(bits % size)
}

/// The region in which the numbers of a column lie.
struct ValueRegion {
    kind: usize,
    base: i128,
    double: f64,
}

impl ValueRegion {
    fn new(data_type: &DataType, random: &mut Random) -> Self {
        let ends = range(data_type);
        let bases = [
            within(random, ends),
            ends.1.saturating_sub(3),
            ends.0,
            1 << 53,
            10_i128.pow(15) + 3,
            0,
            7,
            1 << 31,
        ];
        let doubles = [
            0.1,
            0.3,
            19.99,
            1e15 + 0.3,
            -2.5e-7,
            1.0 / 3.0,
            1e300,
            1.7e308,
            5e-324,
            9_007_199_254_740_992.0,
            -0.07,
            f64::from_bits(random.next() >> 2),
        ];
        let base = bases[random.below(bases.len())].clamp(ends.0, ends.1);
        Self { kind: random.below(7), base, double: doubles[random.below(doubles.len())] }
    }

    fn digits(&self, data_type: &DataType, random: &mut Random) -> i128 {
        let ends = range(data_type);
        let number = match self.kind {
            0 => self.base,
            1 => self.base.saturating_add(within(random, (-2, 2))),
            2 => [ends.0, ends.1, self.base, 0][random.below(4)],
            3 => within(random, ends),
            4 => within(random, (-5, 8)),
            5 => within(random, (-1_000, 100_000)),
            _ => within(random, (0, 1)) * self.base,
        };
        number.clamp(ends.0, ends.1)
    }

    fn double(&self, random: &mut Random) -> f64 {
        let step = i32::try_from(within(random, (-3, 3))).unwrap();
        match self.kind {
            0 => self.double,
            1 => f64::from_bits(self.double.to_bits().saturating_add_signed(i64::from(step))),
            2 => f64::from(step) / 2.0,
            3 => loop {
                let double = f64::from_bits(random.next());
                if double.is_finite() {
                    break double;
                }
            },
            4 => i32::try_from(within(random, (-500, 5_000))).map(|cents| f64::from(cents) / 100.0).unwrap(),
            5 => {
                let some = [
                    0.0,
                    -0.0,
                    f64::MAX,
                    f64::MIN,
                    f64::MIN_POSITIVE,
                    5e-324,
                    -5e-324,
                    1.0,
                    f64::NAN,
                    f64::INFINITY,
                ];
                let all = [f64::NEG_INFINITY, 1e16, -1e16, 0.1, f64::INFINITY];
                if random.below(3) == 0 {
                    all[random.below(all.len())]
                } else {
                    some[random.below(some.len())]
                }
            }
            _ => self.double * f64::from(step),
        }
    }
}

fn number(data_type: &DataType, region: &ValueRegion, random: &mut Random) -> Value {
    match data_type {
        DataType::Boolean => Value::Boolean(random.below(2) == 0),
        DataType::Decimal { scale, .. } => {
            Value::Decimal(Decimal { unscaled: region.digits(data_type, random), scale: *scale })
        }
        DataType::Float { bits: 32 } => Value::float(f64::from(region.double(random) as f32)),
        DataType::Float { .. } => Value::float(region.double(random)),
        _ => Value::Integer(region.digits(data_type, random)),
    }
}

impl Case {
    pub fn new(random: &mut Random) -> Self {
        let types = [numeric(random), numeric(random), keys(random)];
        let regions = [ValueRegion::new(&types[0], random), ValueRegion::new(&types[1], random)];
        let count = match random.below(8) {
            0 => random.below(3),
            1 => random.below(200),
            _ => random.below(24),
        };
        let nulls = [0, 0, 6][random.below(3)];
        let groups = 1 + random.below(4);
        let mut rows = Vec::with_capacity(count);
        let mut passes = Vec::with_capacity(count);
        for _ in 0..count {
            let mut one = |column: usize| {
                if nulls > 0 && random.below(nulls) == 0 {
                    return Value::Null;
                }
                match regions.get(column) {
                    Some(region) => number(&types[column], region, random),
                    None => key(&types[column], i128::try_from(random.below(groups)).unwrap()),
                }
            };
            rows.push([one(0), one(1), one(2)]);
            passes.push([Some(true), Some(true), Some(false), None][random.below(4)]);
        }
        Self { types, rows, passes }
    }

    /// Returns the numbers of a column in some rows, without nulls.
    pub fn numbers(&self, column: usize, rows: &[usize]) -> Vec<Number> {
        rows.iter().filter_map(|row| Number::of(&self.rows[*row][column])).collect()
    }

    /// Returns the rows that the filter lets through, or all rows.
    pub fn passing(&self, filtered: bool) -> Vec<usize> {
        (0..self.rows.len()).filter(|row| !filtered || self.passes[*row] == Some(true)).collect()
    }

    /// Groups rows by their key.
    pub fn groups(&self, rows: &[usize]) -> Vec<Vec<usize>> {
        let mut groups: Vec<(&Value, Vec<usize>)> = Vec::new();
        for row in rows {
            let key = &self.rows[*row][2];
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, rows)) => rows.push(*row),
                None => groups.push((key, vec![*row])),
            }
        }
        groups.into_iter().map(|(_, rows)| rows).collect()
    }

    /// Returns a frame of some rows, in their order.
    pub fn frame(&self, rows: &[usize]) -> DataFrame {
        let column = |index: usize, name: &str| {
            let values: Vec<_> = rows.iter().map(|row| self.rows[*row][index].clone()).collect();
            Column::from(series(name, &self.types[index], &values))
        };
        let passes = |row: &usize| self.passes[*row].map_or(Value::Null, Value::Boolean);
        let passes: Vec<_> = rows.iter().map(passes).collect();
        let columns = vec![
            column(0, "x"),
            column(1, "y"),
            column(2, "g"),
            Column::from(series("f", &DataType::Boolean, &passes)),
        ];
        DataFrame::new(rows.len(), columns).unwrap()
    }
}

/// Formats the table in a few lines.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "x {}, y {}, g {}", self.types[0], self.types[1], self.types[2])?;
        self.rows.iter().zip(&self.passes).try_for_each(|(row, passes)| writeln!(f, "{row:?} {passes:?}"))
    }
}
