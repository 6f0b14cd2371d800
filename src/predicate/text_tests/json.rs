//! JSON documents, and those that a schema allows.

use jsonschema::Validator;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::compiled::Compiled;

/// Returns whether a text is a JSON document.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// A JSON schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct JsonSchema(Compiled<Validator>);

/// Why a document is no JSON schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct WrongSchema {
    /// What is wrong.
    pub reason: String,
    /// Where, as a JSON pointer.
    pub pointer: String,
}

impl JsonSchema {
    /// Compiles a schema. It refers to no other documents than those it holds.
    ///
    /// # Errors
    /// It is none.
    pub fn compile(schema: &Json) -> Result<Self, WrongSchema> {
        let options = jsonschema::options().offline().should_validate_formats(false);
        let validator = options.build(schema).map_err(|error| WrongSchema {
            reason: error.to_string(),
            pointer: error.instance_path().as_str().to_owned(),
        })?;
        Ok(Self(Compiled::new(&schema.to_string(), validator)))
    }

    /// As JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Returns whether a text is a document that it allows.
    pub(super) fn allows(&self, text: &str) -> bool {
        serde_json::from_str(text).is_ok_and(|value| self.0.get().is_valid(&value))
    }
}
