//! Parses JSON into raw values. Numbers keep their own digits, and duplicate keys are refused.
//!
//! `serde_json` first checks the syntax, so that this reader sees only well-formed JSON. Numbers never pass
//! through a double, as they would in `serde_json`.

use std::collections::HashSet;

use serde::de::IgnoredAny;

use super::raw::Raw;

/// The greatest depth of nested objects and lists.
const DEEPEST: usize = 32;

/// Parses a JSON text.
pub(crate) fn read(text: &str) -> Result<Raw, String> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| refused(&error, 0))?;
    Reader { text, at: 0 }.value(0)
}

/// Returns what is wrong, at a column counted from the beginning of the line.
fn refused(error: &serde_json::Error, before: usize) -> String {
    let whole = error.to_string();
    // The parser counts lines within this one, which is of no use to the user.
    let what = whole.split(" at line ").next().unwrap_or_default();
    format!("no JSON: {what}, at column {}", before + error.column())
}

/// A reader of well-formed JSON.
struct Reader<'a> {
    text: &'a str,
    /// The position of the next byte.
    at: usize,
}

impl Reader<'_> {
    /// Skips blanks and returns the next byte without consuming it.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.text.as_bytes().get(self.at).copied()
    }

    /// Consumes the next byte that is no blank if it equals `byte`, and returns whether it does.
    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Consumes and returns the text up to the first byte that does not belong to it.
    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> &str {
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        self.at += rest.iter().take_while(|byte| belongs(**byte)).count();
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self, depth: usize) -> Result<Raw, String> {
        if depth > DEEPEST {
            return Err(format!("nested more than {DEEPEST} deep"));
        }
        match self.peek() {
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.list(depth + 1),
            Some(b'"') => self.string().map(Raw::Text),
            _ => {
                let word = self.run(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
                Ok(match word {
                    "null" => Raw::Null,
                    "true" => Raw::Boolean(true),
                    "false" => Raw::Boolean(false),
                    "" => return Err(self.unread()),
                    number => Raw::Number(number.to_owned()),
                })
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Raw, String> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.take(b']') {
            items.push(self.value(depth)?);
            if !self.take(b',') && self.peek() != Some(b']') {
                return Err(self.unread());
            }
        }
        within(depth)?;
        Ok(Raw::List(items))
    }

    fn object(&mut self, depth: usize) -> Result<Raw, String> {
        let mut fields: Vec<(String, Raw)> = Vec::new();
        self.at += 1;
        while !self.take(b'}') {
            self.peek();
            let name = self.string()?;
            if !self.take(b':') {
                return Err(self.unread());
            }
            fields.push((name, self.value(depth)?));
            if !self.take(b',') && self.peek() != Some(b'}') {
                return Err(self.unread());
            }
        }
        within(depth)?;
        let mut names = HashSet::with_capacity(fields.len());
        if fields.iter().any(|(name, _)| !names.insert(name)) {
            return Err(format!("no JSON: an object with one key twice, at column {}", self.at));
        }
        Ok(Raw::Struct(fields))
    }

    /// Reads a string that starts at the reader's position with its opening quote.
    fn string(&mut self) -> Result<String, String> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let (mut end, mut escaped) = (start + 1, false);
        while bytes.get(end).is_some_and(|byte| *byte != b'"') {
            let escape = bytes[end] == b'\\';
            escaped |= escape;
            end += 1 + usize::from(escape);
        }
        let Some(quoted) = self.text.get(start..=end) else { return Err(self.unread()) };
        self.at = end + 1;
        if escaped {
            return serde_json::from_str(quoted).map_err(|error| refused(&error, start));
        }
        Ok(quoted[1..quoted.len() - 1].to_owned())
    }

    fn unread(&self) -> String {
        format!("no JSON that is understood, at column {}", self.at + 1)
    }
}

fn within(depth: usize) -> Result<(), String> {
    if depth > DEEPEST { Err(format!("nested more than {DEEPEST} deep")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_with_their_own_digits() {
        let text = |text: &str| read(text).map(Raw::into_text);
        for (json, wanted) in [
            ("  12345678901234567890.10 ", "12345678901234567890.10"),
            ("-0", "-0"),
            ("1E+400", "1E+400"),
            (r#"{ "a" : [ 1 , null , { } , "x" ] , "b\n" : true }"#, r#"{"a":[1,null,{},"x"],"b\n":true}"#),
            (r#""a\u00e9\"\\""#, "aé\"\\"),
            ("[[], {}]", "[[],{}]"),
        ] {
            assert_eq!(text(json).as_deref(), Ok(wanted), "{json}");
        }
        assert_eq!(read(r#""\ud800""#).unwrap_err().split(':').next(), Some("no JSON"));
        for bad in
            ["", "01", ".5", "5.", "+5", "NaN", "1,", "{1:2}", "[1,]", "{\"a\":1,}", "\"a", "[1 2]", "tru"]
        {
            assert!(read(bad).unwrap_err().starts_with("no JSON: "), "{bad}");
        }
    }
}
