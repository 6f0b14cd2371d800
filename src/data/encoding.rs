//! Character encodings of text files.

use std::fmt;

/// A character encoding, by its names in the WHATWG Encoding Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(encoding_rs::UTF_8);

    /// The names to suggest for an unknown name.
    pub(crate) const COMMON: [&'static str; 4] = ["utf-8", "utf-16", "windows-1252", "latin-1"];

    /// Returns the encoding with this name: `utf-16`, `cp1252`, or any other name of the standard.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_lowercase().replace('_', "-");
        let known = match name.as_str() {
            "latin-1" => "latin1",
            "utf8" => "utf-8",
            "utf-16-le" | "utf16" | "utf16le" | "utf-16" => "utf-16le",
            "utf-16-be" | "utf16be" => "utf-16be",
            other => other,
        };
        // `REPLACEMENT` stands for all encodings that must not be decoded.
        encoding_rs::Encoding::for_label(known.as_bytes())
            .filter(|found| *found != encoding_rs::REPLACEMENT)
            .map(Self)
    }

    /// Returns a decoder. A byte order mark is not part of the text, and decides the byte order of UTF-16.
    pub(crate) fn decoder(self) -> encoding_rs::Decoder {
        match self.0.name() {
            "UTF-16LE" | "UTF-16BE" => self.0.new_decoder(),
            _ => self.0.new_decoder_with_bom_removal(),
        }
    }
}

impl Default for Encoding {
    fn default() -> Self {
        Self::UTF_8
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0.name() {
            "UTF-16LE" => "UTF-16",
            other => other,
        })
    }
}
