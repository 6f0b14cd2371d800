//! The types of columns, and the names by which suites refer to them.

use std::fmt;

use serde::Serialize;

use super::Field;

/// The unit in which a timestamp or a duration is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// 10⁻³ s.
    Milliseconds,
    /// 10⁻⁶ s, the unit of Delta Lake.
    Microseconds,
    /// 10⁻⁹ s.
    Nanoseconds,
}

impl TimeUnit {
    /// Returns the number of nanoseconds in one unit.
    #[must_use]
    pub fn nanoseconds(self) -> i128 {
        match self {
            Self::Milliseconds => 1_000_000,
            Self::Microseconds => 1_000,
            Self::Nanoseconds => 1,
        }
    }

    /// Returns its symbol: `ms`, `us` or `ns`.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }
}

/// The type of a column or of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataType {
    /// The type of a column that holds only nulls.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number of 8, 16, 32 or 64 bits; a computed one has any width up to 128 bits.
    Integer {
        /// The width in bits.
        bits: u8,
        /// True if the integer can be negative.
        signed: bool,
    },
    /// An IEEE 754 number of 32 or 64 bits.
    Float {
        /// The width in bits.
        bits: u8,
    },
    /// An exact number of at most 38 digits; computed ones may have more.
    Decimal {
        /// Maximum number of digits.
        precision: u8,
        /// Number of digits after the point.
        scale: u8,
    },
    /// Unicode text.
    String,
    /// A sequence of bytes.
    Binary,
    /// A day of the proleptic Gregorian calendar.
    Date,
    /// A time of day.
    Time,
    /// A span of time.
    Duration,
    /// An instant (with a zone) or a wall-clock time (without).
    Timestamp {
        /// The unit in which the timestamp is stored.
        unit: TimeUnit,
        /// The zone in which the timestamp is displayed; `None` for wall-clock time.
        zone: Option<String>,
    },
    /// A list of values of one type.
    List(Box<DataType>),
    /// A struct of named fields.
    Struct(Vec<Field>),
    /// A type on which only null checks are defined, by its name.
    Other(String),
    /// A type whose values are not read at all.
    Unread {
        /// The name of the type.
        name: String,
        /// The reason why the values are not read.
        reason: String,
    },
}

impl DataType {
    /// The signed integer of 64 bits.
    pub const INT64: Self = Self::Integer { bits: 64, signed: true };
    /// The widest integer, in which sums are computed.
    pub const INT128: Self = Self::Integer { bits: 128, signed: true };
    /// The float of double precision.
    pub const FLOAT64: Self = Self::Float { bits: 64 };

    /// Returns whether the type is an integer, a float or a decimal.
    #[must_use]
    pub fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer { .. } | Self::Float { .. } | Self::Decimal { .. })
    }

    /// Returns whether values of the type are read, down to their innermost parts.
    #[must_use]
    pub fn is_read(&self) -> bool {
        match self {
            Self::Other(_) | Self::Unread { .. } => false,
            Self::List(of) => of.is_read(),
            Self::Struct(fields) => fields.iter().all(|field| field.data_type.is_read()),
            _ => true,
        }
    }

    /// Returns whether values of the type have an order, so that bounds apply to them.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.is_numeric()
            || matches!(
                self,
                Self::String | Self::Date | Self::Time | Self::Duration | Self::Timestamp { .. }
            )
    }

    /// Returns whether values of the type can be compared for equality and grouped by.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        self.is_ordered() || matches!(self, Self::Boolean | Self::Binary | Self::Null)
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean => f.write_str("boolean"),
            // The width of a computed integer bounds its values, and is no width of a column.
            Self::Integer { bits, .. } if ![8, 16, 32, 64, 128].contains(bits) => f.write_str("integer"),
            Self::Integer { bits, signed } => write!(f, "{}int{bits}", if *signed { "" } else { "u" }),
            Self::Float { bits } => write!(f, "float{bits}"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::String => f.write_str("string"),
            Self::Binary => f.write_str("binary"),
            Self::Date => f.write_str("date"),
            Self::Time => f.write_str("time"),
            Self::Duration => f.write_str("duration"),
            Self::Timestamp { zone: Some(_), .. } => f.write_str("timestamp"),
            Self::Timestamp { zone: None, .. } => f.write_str("timestamp_ntz"),
            Self::List(of) => write!(f, "list<{of}>"),
            Self::Struct(fields) => {
                f.write_str("struct<")?;
                for (index, field) in fields.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{}:{}", field.name, field.data_type)?;
                }
                f.write_str(">")
            }
            Self::Other(name) | Self::Unread { name, .. } => f.write_str(name),
        }
    }
}

/// The name of a type in a suite: one type, or a family of types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeName {
    /// Exactly this type; zones and time units are not compared.
    Exact(DataType),
    /// Any integer.
    Integer,
    /// Any float.
    Float,
    /// Any decimal.
    Decimal,
    /// Any number.
    Number,
    /// Any list.
    List,
    /// Any struct.
    Struct,
}

/// All names without parameters, the canonical ones first, then those of Spark.
const NAMES: &[&str] = &[
    "boolean",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float32",
    "float64",
    "string",
    "binary",
    "date",
    "time",
    "duration",
    "timestamp",
    "timestamp_ntz",
    "null",
    "integer",
    "float",
    "decimal",
    "number",
    "list",
    "struct",
    "byte",
    "short",
    "int",
    "long",
    "bigint",
    "real",
    "double",
    "varchar",
];

impl TypeName {
    /// Parses a name: `int64`, `decimal`, `decimal(15,2)`, …
    ///
    /// # Errors
    /// The nearest right word, where there is one.
    pub fn parse(text: &str) -> Result<Self, Option<&'static str>> {
        let name = text.trim().to_lowercase();
        if let Some(inner) = name.strip_prefix("decimal(").and_then(|rest| rest.strip_suffix(')')) {
            let (precision, scale) = inner.split_once(',').ok_or(Some("decimal(15,2)"))?;
            let read = |part: &str| part.trim().parse::<u8>().map_err(|_| Some("decimal(15,2)"));
            let (precision, scale) = (read(precision)?, read(scale)?);
            if precision == 0 || precision > 38 || scale > precision {
                return Err(Some("decimal(38,18)"));
            }
            return Ok(Self::Exact(DataType::Decimal { precision, scale }));
        }
        let integer = |bits, signed| Self::Exact(DataType::Integer { bits, signed });
        Ok(match name.as_str() {
            "boolean" => Self::Exact(DataType::Boolean),
            "int8" | "byte" => integer(8, true),
            "int16" | "short" => integer(16, true),
            "int32" | "int" => integer(32, true),
            "int64" | "long" | "bigint" => integer(64, true),
            "uint8" => integer(8, false),
            "uint16" => integer(16, false),
            "uint32" => integer(32, false),
            "uint64" => integer(64, false),
            "float32" | "real" => Self::Exact(DataType::Float { bits: 32 }),
            "float64" | "double" => Self::Exact(DataType::FLOAT64),
            "string" | "varchar" => Self::Exact(DataType::String),
            "binary" => Self::Exact(DataType::Binary),
            "date" => Self::Exact(DataType::Date),
            "time" => Self::Exact(DataType::Time),
            "duration" => Self::Exact(DataType::Duration),
            "timestamp" => Self::Exact(timestamp(Some("UTC"))),
            "timestamp_ntz" => Self::Exact(timestamp(None)),
            "null" => Self::Exact(DataType::Null),
            "integer" => Self::Integer,
            "float" => Self::Float,
            "decimal" => Self::Decimal,
            "number" => Self::Number,
            "list" => Self::List,
            "struct" => Self::Struct,
            other => return Err(crate::document::nearest(other, NAMES.iter().copied())),
        })
    }

    /// Returns whether the name denotes a type.
    #[must_use]
    pub fn matches(&self, data_type: &DataType) -> bool {
        match (self, data_type) {
            (
                Self::Exact(DataType::Timestamp { zone: left, .. }),
                DataType::Timestamp { zone: right, .. },
            ) => left.is_some() == right.is_some(),
            (Self::Exact(exact), _) => exact == data_type,
            (Self::Integer | Self::Number, DataType::Integer { .. })
            | (Self::Float | Self::Number, DataType::Float { .. })
            | (Self::Decimal | Self::Number, DataType::Decimal { .. })
            | (Self::List, DataType::List(_))
            | (Self::Struct, DataType::Struct(_)) => true,
            _ => false,
        }
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(exact) => exact.fmt(f),
            Self::Integer => f.write_str("integer"),
            Self::Float => f.write_str("float"),
            Self::Decimal => f.write_str("decimal"),
            Self::Number => f.write_str("number"),
            Self::List => f.write_str("list"),
            Self::Struct => f.write_str("struct"),
        }
    }
}

fn timestamp(zone: Option<&str>) -> DataType {
    DataType::Timestamp { unit: TimeUnit::Microseconds, zone: zone.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_parses_and_prints_a_name_that_parses() {
        for name in NAMES {
            let parsed = TypeName::parse(name).unwrap();
            assert_eq!(TypeName::parse(&parsed.to_string()).unwrap(), parsed, "{name}");
        }
        assert_eq!(TypeName::parse("strng"), Err(Some("string")));
        assert!(TypeName::parse("decimal(99,2)").is_err());
    }
}
