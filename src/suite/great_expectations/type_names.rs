//! The names of types in pandas, NumPy, Python, Spark and SQL databases, and karat's names for them.

use crate::data::TypeName;

/// Names that must match exactly, with karat's names.
const EXACT: &[(&str, &[&str])] = &[
    // Python and NumPy: a type without a width has NumPy's default width.
    ("int", &["int64"]),
    ("long", &["int64"]),
    ("int_", &["int64"]),
    ("float", &["float64"]),
    ("float_", &["float64"]),
    ("double", &["float64"]),
    ("single", &["float32"]),
    ("str", &["string"]),
    ("str_", &["string"]),
    ("string_types", &["string"]),
    ("bool_", &["boolean"]),
    ("bytes", &["binary"]),
    ("bytes_", &["binary"]),
    ("dict", &["struct"]),
    ("none", &["null"]),
    ("datetime64", &["timestamp_ntz"]),
    ("timedelta64", &["duration"]),
    // Types that pandas holds as Python objects.
    ("object", OBJECTS),
    ("object_", OBJECTS),
    ("O", OBJECTS),
    // Classes of pandas.
    ("Timestamp", &["timestamp"]),
    ("DatetimeTZDtype", &["timestamp"]),
    ("Timedelta", &["duration"]),
    ("StringDtype", &["string"]),
    ("BooleanDtype", &["boolean"]),
    // Classes of Spark.
    ("StringType", &["string"]),
    ("VarcharType", &["string"]),
    ("CharType", &["string"]),
    ("BinaryType", &["binary"]),
    ("BooleanType", &["boolean"]),
    ("DateType", &["date"]),
    ("TimestampType", &["timestamp"]),
    ("TimestampNTZType", &["timestamp_ntz"]),
    ("DecimalType", &["decimal"]),
    ("DoubleType", &["float64"]),
    ("FloatType", &["float32"]),
    ("ByteType", &["int8"]),
    ("ShortType", &["int16"]),
    ("IntegerType", &["int32"]),
    ("LongType", &["int64"]),
    ("IntegralType", &["integer"]),
    ("FractionalType", &["float", "decimal"]),
    ("NumericType", &["number"]),
    ("ArrayType", &["list"]),
    ("StructType", &["struct"]),
    ("NullType", &["null"]),
];

const OBJECTS: &[&str] = &["string", "binary", "decimal", "date", "time", "list", "struct"];

/// Names in SQL databases, which match in any case and without the part in parentheses.
const SQL: &[(&str, &[&str])] = &[
    ("BOOL", &["boolean"]),
    ("TINYINT", &["int8"]),
    ("SMALLINT", &["int16"]),
    ("INT", &["integer"]),
    ("INTEGER", &["integer"]),
    ("MEDIUMINT", &["integer"]),
    ("BIGINT", &["int64"]),
    ("NUMBER", &["integer", "decimal"]),
    ("NUMERIC", &["decimal"]),
    ("DECIMAL", &["decimal"]),
    ("BIGNUMERIC", &["decimal"]),
    ("FLOAT", &["float"]),
    ("REAL", &["float"]),
    ("DOUBLE", &["float64"]),
    ("DOUBLE_PRECISION", &["float64"]),
    ("DOUBLE PRECISION", &["float64"]),
    ("CHAR", &["string"]),
    ("NCHAR", &["string"]),
    ("VARCHAR", &["string"]),
    ("NVARCHAR", &["string"]),
    ("TEXT", &["string"]),
    ("CLOB", &["string"]),
    ("BLOB", &["binary"]),
    ("BYTES", &["binary"]),
    ("BYTEA", &["binary"]),
    ("VARBINARY", &["binary"]),
    ("DATETIME", &["timestamp", "timestamp_ntz"]),
    ("TIMESTAMP", &["timestamp", "timestamp_ntz"]),
    ("TIMESTAMPTZ", &["timestamp"]),
    ("TIMESTAMP_TZ", &["timestamp"]),
    ("TIMESTAMP_LTZ", &["timestamp"]),
    ("INTERVAL", &["duration"]),
    ("ARRAY", &["list"]),
    ("RECORD", &["struct"]),
];

/// Returns karat's names of a type; none for a type that no engine knows.
pub(super) fn type_names(name: &str) -> Vec<String> {
    let find = |table: &[(&str, &'static [&'static str])], name: &str| {
        table.iter().find(|(gx_type, _)| *gx_type == name).map(|(_, ours)| *ours)
    };
    let known = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    if let Some(names) = find(EXACT, name) {
        return known(names);
    }
    // `datetime64[ns]`, `datetime64[us, UTC]`, `timedelta64[ns]`, `Int64Dtype`, `Int64`
    if let Some((family, unit)) = name.split_once('[') {
        return match family {
            "datetime64" if unit.contains(',') => known(&["timestamp"]),
            "datetime64" | "M8" | "<M8" => known(&["timestamp_ntz"]),
            "timedelta64" | "m8" | "<m8" => known(&["duration"]),
            _ => Vec::new(),
        };
    }
    let sized = name.strip_suffix("Dtype").unwrap_or(name).to_lowercase();
    let upper = name.to_uppercase();
    let bare = upper.split('(').next().unwrap_or_default().trim();
    if TypeName::parse(name).is_ok() && name.contains('(') {
        vec![name.to_owned()]
    } else if let Some(names) = find(SQL, bare) {
        known(names)
    } else if TypeName::parse(&sized).is_ok() {
        vec![sized]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_ours() {
        for (gx_type, ours) in EXACT.iter().chain(SQL) {
            for name in *ours {
                assert!(TypeName::parse(name).is_ok(), "{gx_type}: {name}");
            }
        }
    }

    #[test]
    fn names_of_all_engines() {
        for (gx_type, ours) in [
            ("int", "int64"),
            ("INT", "integer"),
            ("Int64", "int64"),
            ("Int32Dtype", "int32"),
            ("uint8", "uint8"),
            ("datetime64[ns]", "timestamp_ntz"),
            ("datetime64[ns, UTC]", "timestamp"),
            ("VARCHAR(20)", "string"),
            ("decimal(10,2)", "decimal(10,2)"),
            ("NUMERIC(10, 2)", "decimal"),
            ("string", "string"),
            ("LongType", "int64"),
            ("quack", ""),
            ("complex128", ""),
        ] {
            assert_eq!(type_names(gx_type).join(" "), ours, "{gx_type}");
        }
    }
}
