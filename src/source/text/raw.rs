//! A value of a text file before conversion to a type.

/// A field of CSV, or a value of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    Null,
    Boolean(bool),
    /// A JSON number, with all its digits.
    Number(String),
    /// A JSON string, or a CSV field, which may be of any type.
    Text(String),
    List(Vec<Raw>),
    Struct(Vec<(String, Raw)>),
}

impl Raw {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the text of a value: the characters of a string, the digits of a number, and compact JSON for
    /// lists and structs.
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
