//! A value as a text file writes it, before a type has said what it is.

/// A field of CSV, or a value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    Null,
    Boolean(bool),
    /// A number of JSON, with all its digits.
    Number(String),
    /// A string of JSON, or a field of CSV, which may be anything.
    Text(String),
    List(Vec<Raw>),
    Struct(Vec<(String, Raw)>),
}

impl Raw {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a value that is wanted as text: a string is its characters, a number its own
    /// digits, and what is made of several values is JSON without blanks.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            other => {
                let mut json = String::new();
                other.write(&mut json);
                json
            }
        }
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::Boolean(value) => json.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => json.push_str(digits),
            Self::Text(text) => quote(text, json),
            Self::List(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    item.write(json);
                }
                json.push(']');
            }
            Self::Struct(fields) => {
                json.push('{');
                for (index, (name, value)) in fields.iter().enumerate() {
                    json.push_str(if index == 0 { "" } else { "," });
                    quote(name, json);
                    json.push(':');
                    value.write(json);
                }
                json.push('}');
            }
        }
    }
}

fn quote(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}
