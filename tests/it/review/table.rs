//! Small tables whose values often meet.

use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn as _, NamedFrom as _, PlSmallStr, Series, TimeUnit, df,
};

use crate::fuzz::Random;

/// What the columns `x` and `y` are of.
pub(super) const KINDS: [Kind; 8] = [
    Kind::Long,
    Kind::Tiny,
    Kind::Double,
    Kind::Single,
    Kind::Decimal,
    Kind::Text,
    Kind::Date,
    Kind::Timestamp,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Long,
    Tiny,
    Double,
    Single,
    Decimal,
    Text,
    Date,
    Timestamp,
}

impl Kind {
    fn column(self, name: &str, rows: usize, random: &mut Random) -> Column {
        let name = PlSmallStr::from_str(name);
        let few_nulls = random.below(4);
        let is_null = |random: &mut Random| few_nulls > 0 && random.below(3 * few_nulls) == 0;
        match self {
            Self::Text => {
                const TEXTS: [&str; 10] = ["a", "b", "ab", "abc", "1", "9", "10", "", "SE", "127.0.0.1"];
                let texts: Vec<Option<&str>> =
                    (0..rows).map(|_| (!is_null(random)).then(|| *random.of(&TEXTS))).collect();
                Series::new(name, texts).into_column()
            }
            Self::Double | Self::Single => {
                const NUMBERS: [f64; 9] = [0.0, 1.0, 2.0, 3.0, -1.0, 2.5, 0.1, f64::NAN, 16_777_217.0];
                let numbers: Vec<Option<f64>> =
                    (0..rows).map(|_| (!is_null(random)).then(|| *random.of(&NUMBERS))).collect();
                let of = if self == Self::Single { DataType::Float32 } else { DataType::Float64 };
                Series::new(name, numbers).cast(&of).unwrap().into_column()
            }
            _ => {
                let numbers: Vec<Option<i64>> =
                    (0..rows).map(|_| (!is_null(random)).then(|| random.below(5) as i64 - 1)).collect();
                let numbers = Series::new(name, numbers);
                match self {
                    Self::Tiny => numbers.cast(&DataType::Int8),
                    Self::Decimal => numbers.cast(&DataType::Decimal(6, 2)),
                    Self::Date => {
                        (numbers + 20_454).cast(&DataType::Int32).and_then(|days| days.cast(&DataType::Date))
                    }
                    Self::Timestamp => {
                        let micros = (numbers + 20_454) * 86_400_000_000_i64;
                        micros.cast(&DataType::Datetime(TimeUnit::Microseconds, None))
                    }
                    _ => Ok(numbers),
                }
                .unwrap()
                .into_column()
            }
        }
    }
}

/// The columns `x` and `y` of a kind, `s` of texts and `n` of numbers.
pub(super) fn table(kind: Kind, random: &mut Random) -> DataFrame {
    let rows = match random.below(8) {
        0 => 0,
        1 => 1,
        _ => random.below(12),
    };
    let columns = vec![
        kind.column("x", rows, random),
        kind.column("y", rows, random),
        Kind::Text.column("s", rows, random),
        Kind::Long.column("n", rows, random),
    ];
    DataFrame::new(rows, columns).unwrap()
}

/// Another dataset.
pub(super) fn other() -> DataFrame {
    df!("s" => ["a", "b", "1"], "n" => [0_i64, 1, 2]).unwrap()
}
