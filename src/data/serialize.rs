//! Serialization of values in a plan: equal values have the same text, and different values have different
//! texts.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{ColumnPath, Exact, Float};

/// Serializes a whole number as text, since most readers of JSON keep no more digits than a double has.
pub(super) fn as_text<S: Serializer>(of: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(of)
}

/// Serializes numbers that may be infinite.
pub(crate) fn as_floats<S: Serializer>(of: &[f64], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(of.iter().copied().map(Float))
}

/// The two zeros are written as one number, and NaN and the infinities, for which JSON has no number, as
/// text.
impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            number if number.is_nan() => serializer.serialize_str("NaN"),
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            number => serializer.serialize_f64(number + 0.0),
        }
    }
}

/// Writes all digits, as a fraction or the root of one.
impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.as_fraction())
    }
}

/// Writes the path as suites do.
impl Serialize for ColumnPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Decimal, Value};
    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let float = prop_oneof![
            any::<f64>(),
            Just(f64::NAN),
            Just(-f64::NAN),
            Just(0.0),
            Just(-0.0),
            Just(1.0),
            Just(f64::INFINITY),
            Just(f64::NEG_INFINITY)
        ];
        let number = prop_oneof![-2_i128..3, any::<i128>()];
        let text = prop_oneof![Just("NaN".to_owned()), Just("1".to_owned()), "[a-c\"\\\\]{0,3}"];
        let exact = (-9_i64..9, 1_i64..9, any::<bool>()).prop_filter_map("a root", |(one, other, root)| {
            let fraction = Exact::fraction(one, other)?;
            if root { Exact::root(&fraction) } else { Some(fraction) }
        });
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Boolean),
            number.clone().prop_map(Value::Integer),
            (number.clone(), 0_u8..3)
                .prop_map(|(unscaled, scale)| Value::Decimal(Decimal { unscaled, scale })),
            float.prop_map(Value::float),
            exact.prop_map(Value::Exact),
            text.prop_map(Value::String),
            proptest::collection::vec(any::<u8>(), 0..2).prop_map(Value::Binary),
            (-1_i32..2).prop_map(Value::Date),
            (0_i64..3).prop_map(Value::Time),
            number.clone().prop_map(Value::Duration),
            (number, any::<bool>())
                .prop_map(|(nanoseconds, instant)| Value::Timestamp { nanoseconds, instant }),
        ];
        leaf.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
                proptest::collection::vec(("[ab]", inner), 0..3).prop_map(Value::Struct),
            ]
        })
    }

    proptest! {
        #[test]
        fn values_are_written_the_same_if_and_only_if_they_are_equal(
            values in proptest::collection::vec(value(), 2..40)
        ) {
            let written: Vec<String> =
                values.iter().map(|value| serde_json::to_string(value).unwrap()).collect();
            for (left, one) in values.iter().zip(&written) {
                for (right, other) in values.iter().zip(&written) {
                    prop_assert_eq!(left == right, one == other, "{} {}", one, other);
                }
            }
        }
    }

    #[test]
    fn values_are_written_so() {
        let written = |value: &Value| serde_json::to_string(value).unwrap();
        assert_eq!(written(&Value::Integer(i128::MIN)), format!("{{\"integer\":\"{}\"}}", i128::MIN));
        assert_eq!(written(&Value::float(-0.0)), r#"{"float":0.0}"#);
        assert_eq!(written(&Value::float(f64::NAN)), r#"{"float":"NaN"}"#);
        assert_eq!(written(&Value::float(f64::NEG_INFINITY)), r#"{"float":"-Infinity"}"#);
        let third = Exact::fraction(1, 3).unwrap();
        assert_eq!(written(&Value::Exact(third.clone())), r#"{"exact":"1/3"}"#);
        let root = Exact::root(&third).unwrap().negated();
        assert_eq!(written(&Value::Exact(root)), r#"{"exact":"-√1/3"}"#);
        let time = Value::Timestamp { nanoseconds: 1, instant: true };
        assert_eq!(written(&time), r#"{"timestamp":{"nanoseconds":"1","instant":true}}"#);
        assert_eq!(
            written(&Value::Decimal(Decimal { unscaled: 10, scale: 1 })),
            r#"{"decimal":{"unscaled":"10","scale":1}}"#
        );
    }
}
