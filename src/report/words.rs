//! Reads and writes the words of the report that belong to a fixed set. Sets that may grow (formats, trusts,
//! what was read) are text in the report, so that a report of a later karat can still be read.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::evaluate::Verdict;
use crate::suite::Severity;

/// Implements writing, reading and the JSON Schema of an enum by the names of its variants.
macro_rules! words {
    ($kind:ident: $($variant:ident)|+) => {
        const _: () = {
            const NAMES: &[&str] = &[$($kind::$variant.name()),+];
            // A variant that is not listed does not compile.
            const _: fn($kind) = |kind| match kind {
                $($kind::$variant)|+ => (),
            };

            impl Serialize for $kind {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.name())
                }
            }

            impl<'de> Deserialize<'de> for $kind {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let word = String::deserialize(deserializer)?;
                    let found = [$(Self::$variant),+].into_iter().find(|kind| kind.name() == word);
                    found.ok_or_else(|| D::Error::unknown_variant(&word, NAMES))
                }
            }

            impl JsonSchema for $kind {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($kind).into()
                }

                fn inline_schema() -> bool {
                    true
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!({ "type": "string", "enum": NAMES })
                }
            }
        };
    };
}

words!(Verdict: Pass | Warn | Fail | Error | Skip);
words!(Severity: Critical | Warning | Info);
