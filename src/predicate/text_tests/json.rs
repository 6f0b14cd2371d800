//! JSON documents, and their validation by a JSON schema.

use jsonschema::Validator;
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use super::compiled::Compiled;

/// Returns whether a text is a JSON document.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// A compiled JSON schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct JsonSchema(Compiled<Validator>);

/// The reason why a document is no JSON schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct WrongSchema {
    /// The error message.
    pub reason: String,
    /// Position of the error, as a JSON pointer.
    pub pointer: String,
}

impl JsonSchema {
    /// Compiles a schema, which may refer to no other documents than those that it contains.
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

    /// Returns the schema as JSON text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Returns whether a text is a JSON document that the schema allows.
    pub(super) fn allows(&self, text: &str) -> bool {
        serde_json::from_str(text).is_ok_and(|value| self.0.get().is_valid(&value))
    }
}
