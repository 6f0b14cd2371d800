//! What stands for personal values: nothing, or a keyed hash.

use std::fmt;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::data::{Float, Value};

/// What stands for a personal value in failing rows and among frequent values. It stands for it nowhere else: in measured
/// values and in messages, personal data is always withheld.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mask {
    /// Nothing: the value is left out.
    #[default]
    Withhold,
    /// A hash that only who has the key can make: equal values have equal hashes, in whichever column, table and run.
    Hash(MaskKey),
}

/// A way to mask, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Masking {
    /// See [`Mask::Withhold`].
    Withhold,
    /// See [`Mask::Hash`].
    Hash,
}

impl Masking {
    /// Reads a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "withhold" => Some(Self::Withhold),
            "hash" => Some(Self::Hash),
            _ => None,
        }
    }
}

/// The key of hashes, which is never shown.
#[derive(Clone)]
pub struct MaskKey {
    begun: Hmac<Sha256>,
}

/// A key that is too short to keep a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key has {found} characters, and needs {} at least", MaskKey::LEAST)]
pub struct ShortKey {
    /// Number of its characters.
    pub found: usize,
}

/// What a hash begins with, so that it is not taken for data.
const PREFIX: &str = "hash:";

/// How many bytes of a hash are shown, two digits each: few enough to read, and enough that two of a million values seldom
/// have the same.
const SHOWN: usize = 8;

impl MaskKey {
    /// Number of characters that a key has at least.
    pub const LEAST: usize = 32;

    /// Returns the key of a text.
    ///
    /// # Errors
    /// The text is too short.
    pub fn new(text: &str) -> Result<Self, ShortKey> {
        let short = ShortKey { found: text.chars().count() };
        if short.found < Self::LEAST {
            return Err(short);
        }
        // A key of any length will do.
        Hmac::new_from_slice(text.as_bytes()).map(|begun| Self { begun }).map_err(|_| short)
    }

    /// Returns what stands for a value; a null stays one.
    pub(super) fn hash(&self, value: &Value) -> Value {
        if value.is_null() { Value::Null } else { Value::String(self.hash_of(&canonical(value))) }
    }

    fn hash_of(&self, text: &str) -> String {
        let mac = self.begun.clone().chain_update(text.as_bytes()).finalize().into_bytes();
        mac.iter().take(SHOWN).fold(PREFIX.to_owned(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        })
    }
}

impl fmt::Debug for MaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskKey")
    }
}

impl PartialEq for MaskKey {
    fn eq(&self, other: &Self) -> bool {
        self.hash_of("") == other.hash_of("")
    }
}

impl Eq for MaskKey {}

/// Returns the text of a value with its type: `string:jane@example.org`. Equal values have the same one; whole and decimal
/// numbers are of one type.
fn canonical(value: &Value) -> String {
    let parts = |parts: Vec<String>| serde_json::Value::from(parts).to_string();
    match value {
        Value::Null => "null:".to_owned(),
        Value::Boolean(value) => format!("boolean:{value}"),
        Value::Integer(value) => format!("number:{value}"),
        Value::Decimal(value) => format!("number:{}", value.normalised()),
        Value::Exact(value) => format!("number:{value}"),
        // The two zeros are equal.
        Value::Float(Float(value)) => format!("double:{}", Value::float(value + 0.0)),
        Value::String(value) => format!("string:{value}"),
        Value::Binary(_) => format!("binary:{value}"),
        Value::Date(_) => format!("date:{value}"),
        Value::Time(_) => format!("time:{value}"),
        Value::Duration(_) => format!("duration:{value}"),
        Value::Timestamp { instant: true, .. } => format!("timestamp:{value}"),
        Value::Timestamp { instant: false, .. } => format!("timestamp_ntz:{value}"),
        Value::List(items) => format!("list:{}", parts(items.iter().map(canonical).collect())),
        Value::Struct(fields) => {
            let fields = fields.iter().flat_map(|(name, value)| [name.clone(), canonical(value)]);
            format!("struct:{}", parts(fields.collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Decimal;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn hash(value: &Value) -> Value {
        MaskKey::new(KEY).unwrap().hash(value)
    }

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    /// `printf string:jane@example.org | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef`
    #[test]
    fn others_can_make_the_same_hash() {
        assert_eq!(hash(&text("jane@example.org")), text("hash:fcb7062884f4c4a4"));
        assert_eq!(hash(&Value::Null), Value::Null);
    }

    #[test]
    fn equal_values_and_no_others_have_equal_hashes() {
        let decimal = |unscaled, scale| Value::Decimal(Decimal { unscaled, scale });
        assert_eq!(hash(&Value::Integer(5)), hash(&decimal(500, 2)));
        assert_eq!(hash(&Value::float(0.0)), hash(&Value::float(-0.0)));
        assert_eq!(hash(&Value::float(f64::NAN)), hash(&Value::float(-f64::NAN)));
        let list = |items: &[&str]| Value::List(items.iter().map(|item| text(item)).collect());
        let pair = |name: &str, value: &str| Value::Struct(vec![(name.to_owned(), text(value))]);
        let different = [
            text("5"),
            text("number:5"),
            Value::Integer(5),
            Value::float(5.0),
            Value::Boolean(true),
            text("true"),
            Value::Date(5),
            Value::Timestamp { nanoseconds: 5, instant: true },
            Value::Timestamp { nanoseconds: 5, instant: false },
            list(&["a", "b"]),
            list(&["a\",\"string:b"]),
            list(&["ab"]),
            pair("a", "b"),
            pair("ab", ""),
            Value::List(vec![Value::Null]),
            Value::List(vec![]),
        ];
        for (index, one) in different.iter().enumerate() {
            for other in &different[..index] {
                assert_ne!(hash(one), hash(other), "{one} and {other}");
            }
        }
    }

    #[test]
    fn a_key_is_long_enough_and_not_shown() {
        let short = MaskKey::new(&KEY[1..]).unwrap_err();
        assert_eq!(short.to_string(), "the key has 31 characters, and needs 32 at least");
        let mask = Mask::Hash(MaskKey::new(KEY).unwrap());
        assert_eq!(format!("{mask:?}"), "Hash(MaskKey)");
        assert_ne!(mask, Mask::Hash(MaskKey::new(&KEY.replace('0', "1")).unwrap()));
    }
}
