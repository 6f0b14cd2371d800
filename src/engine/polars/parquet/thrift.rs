//! Validates the Thrift bytes of a footer before a parser sees them. The engine's parser allocates what a
//! list header claims, recurses as deep as the schema nests, and does not detect encryption. This is a
//! validator, not a parser: it accepts a footer that is safe to parse, and records the parts that the engine
//! does not know.

use std::ops::Range;

/// The kind of value that the engine's parser expects.
enum Shape {
    /// A boolean, which the type of its field encodes.
    Bool,
    /// A byte.
    Byte,
    /// An integer of 16, 32 or 64 bits.
    Int,
    /// A byte string or a text.
    Binary,
    /// A list with elements of one shape.
    List(&'static Shape),
    /// A struct, with the fields that the engine knows.
    Struct(&'static [(i16, Shape)]),
    /// A union: a struct of one field, with the fields that the engine knows.
    Union(&'static [(i16, Shape)]),
    /// A schema element, which describes a column or a group of columns.
    Element(&'static [(i16, Shape)]),
    /// The number of children of a group in the schema.
    Children,
    /// The encoding of pages.
    Encoding,
    /// The codec that compresses pages.
    Codec,
    /// The path of another file that holds the data.
    ExternalFile,
    /// A struct that only a file with encrypted columns has.
    Encrypted,
    /// A value that the engine does not know, and skips.
    Unknown,
}

use Shape::{
    Binary, Bool, Byte, Children, Codec, Element, Encoding, Encrypted, ExternalFile, Int, List, Struct,
    Union, Unknown,
};

/// The codec LZO in zigzag encoding. No decoder here reads it, so it stands for codecs that are not known.
const LZO: u8 = 3 << 1;
/// The last codec and the last encoding that are known, in zigzag encoding.
const LAST_CODEC: u64 = 7 << 1;
const LAST_ENCODING: u64 = 9 << 1;

const STATISTICS: Shape =
    Struct(&[(1, Binary), (2, Binary), (3, Int), (4, Int), (5, Binary), (6, Binary), (7, Bool), (8, Bool)]);

const UNIT: Shape = Struct(&[(1, Struct(&[])), (2, Struct(&[])), (3, Struct(&[]))]);

const LOGICAL_TYPE: Shape = Union(&[
    (1, Struct(&[])),
    (2, Struct(&[])),
    (3, Struct(&[])),
    (4, Struct(&[])),
    (5, Struct(&[(1, Int), (2, Int)])),
    (6, Struct(&[])),
    (7, Struct(&[(1, Bool), (2, UNIT)])),
    (8, Struct(&[(1, Bool), (2, UNIT)])),
    (10, Struct(&[(1, Byte), (2, Bool)])),
    (11, Struct(&[])),
    (12, Struct(&[])),
    (13, Struct(&[])),
    (14, Struct(&[])),
    (15, Struct(&[])),
]);

const SCHEMA_ELEMENT: Shape = Element(&[
    (1, Int),
    (2, Int),
    (3, Int),
    (4, Binary),
    (5, Children),
    (6, Int),
    (7, Int),
    (8, Int),
    (9, Int),
    (10, LOGICAL_TYPE),
]);

const COLUMN_METADATA: Shape = Struct(&[
    (1, Int),
    (2, List(&Encoding)),
    (3, List(&Binary)),
    (4, Codec),
    (5, Int),
    (6, Int),
    (7, Int),
    (9, Int),
    (10, Int),
    (11, Int),
    (12, STATISTICS),
    (14, Int),
    (15, Int),
]);

const COLUMN_CHUNK: Shape = Struct(&[
    (1, ExternalFile),
    (2, Int),
    (3, COLUMN_METADATA),
    (4, Int),
    (5, Int),
    (6, Int),
    (7, Int),
    (8, Encrypted),
]);

const ROW_GROUP: Shape = Struct(&[
    (1, List(&COLUMN_CHUNK)),
    (2, Int),
    (3, Int),
    (4, List(&Struct(&[(1, Int), (2, Bool), (3, Bool)]))),
    (5, Int),
    (6, Int),
    (7, Int),
]);

const FILE_METADATA: Shape = Struct(&[
    (1, Int),
    (2, List(&SCHEMA_ELEMENT)),
    (3, Int),
    (4, List(&ROW_GROUP)),
    (5, List(&Struct(&[(1, Binary), (2, Binary)]))),
    (6, Binary),
    (7, List(&Struct(&[(1, Struct(&[])), (2, Struct(&[]))]))),
    (8, Encrypted),
]);

/// The maximum depth of nesting, because the engine recurses into nested columns.
const DEEPEST: usize = 100;

/// Validates a footer. Returns the parts that the engine refuses and can do without: logical types that are
/// younger than the engine, such as the type of variants (their columns are read by their physical types),
/// and codecs and encodings that the engine does not know.
///
/// # Errors
/// Why the engine must not see it.
pub(super) fn validate(footer: &[u8]) -> Result<Validated, String> {
    let mut validator = Validator { whole: footer.len(), ..Validator::of(footer) };
    validator.value(12, &FILE_METADATA, 0)?;
    validator.depth()?;
    Ok(validator.found)
}

/// The parts of a footer that the engine refuses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Validated {
    /// The byte ranges to remove: fields that the engine does not know, and the rest of a number that one
    /// byte replaces.
    pub(super) removed: Vec<Range<usize>>,
    /// The bytes to replace, so that a column counts as not readable: the engine would refuse the whole file
    /// for the column's codec or encoding.
    pub(super) replaced: Vec<Replaced>,
    /// True if some columns are encrypted.
    pub(super) is_encrypted: bool,
}

/// A byte that replaces another byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) at: usize,
    pub(super) by: u8,
}

struct Validator<'a> {
    /// Number of bytes in the footer.
    whole: usize,
    rest: &'a [u8],
    found: Validated,
    /// Number of children of each schema element, in the order of the schema; 0 for a column.
    children: Vec<u64>,
    /// True if an encoding that is not known was seen since the last codec.
    is_coded_oddly: bool,
}

/// Returns whether a zigzag number is not one of the known ones. An odd number is negative, and never known.
fn is_unknown(number: u64, last: u64) -> bool {
    number > last || number % 2 == 1
}

fn nonsense() -> String {
    "its footer makes no sense".to_owned()
}

impl<'a> Validator<'a> {
    fn of(rest: &'a [u8]) -> Self {
        Self {
            whole: rest.len(),
            rest,
            found: Validated::default(),
            children: Vec::new(),
            is_coded_oddly: false,
        }
    }

    /// Replaces the number that was read last, and that begins at `at`, by a number of one byte.
    fn replace_number(&mut self, at: usize, by: u8) {
        self.found.replaced.push(Replaced { at, by });
        let rest = at + 1..self.whole - self.rest.len();
        if !rest.is_empty() {
            self.found.removed.push(rest);
        }
    }

    /// Validates a value of the type `kind`, which its field or list states, against the expected shape.
    fn value(&mut self, kind: u8, shape: &Shape, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(nonsense());
        }
        match (shape, kind) {
            (Bool | Unknown, 1 | 2) => Ok(()),
            (Int | Unknown, 4..=6) => self.number().map(drop),
            (Encoding, 4..=6) => {
                let at = self.whole - self.rest.len();
                if is_unknown(self.number()?, LAST_ENCODING) {
                    self.is_coded_oddly = true;
                    self.replace_number(at, 0);
                }
                Ok(())
            }
            (Codec, 4..=6) => {
                let at = self.whole - self.rest.len();
                let is_odd = std::mem::take(&mut self.is_coded_oddly);
                if is_unknown(self.number()?, LAST_CODEC) || is_odd {
                    self.replace_number(at, LZO);
                }
                Ok(())
            }
            (Children, 4..=6) => {
                let number = self.number()?;
                if let Some(last) = self.children.last_mut() {
                    // Numbers are in zigzag encoding: an odd one is negative, and means no children.
                    *last = if number % 2 == 0 { number / 2 } else { 0 };
                }
                Ok(())
            }
            (Byte | Unknown, 3) => self.bytes(1).map(drop),
            (Unknown, 7) => self.bytes(8).map(drop),
            (Binary | Unknown, 8) => self.text().map(drop),
            (ExternalFile, 8) => match self.text()? {
                b"" => Ok(()),
                _ => Err("its data lies in another file, which is not read".to_owned()),
            },
            (List(of), 9) => self.list(of, depth),
            (Unknown, 9 | 10) => self.list(&Unknown, depth),
            (Struct(fields) | Union(fields), 12) => self.fields(fields, depth),
            (Element(fields), 12) => {
                self.children.push(0);
                self.fields(fields, depth)
            }
            (Unknown, 12) => self.fields(&[], depth),
            (Encrypted, 12) => {
                self.found.is_encrypted = true;
                self.fields(&[], depth)
            }
            _ => Err(nonsense()),
        }
    }

    fn fields(&mut self, known: &[(i16, Shape)], depth: usize) -> Result<(), String> {
        let mut last = 0_i16;
        let mut left_out = false;
        loop {
            let start = self.whole - self.rest.len();
            let head = self.byte()?;
            let (delta, kind) = (i16::from(head >> 4), head & 0x0f);
            if kind == 0 {
                return Ok(());
            }
            let id = match delta {
                0 => {
                    let number = self.number()?;
                    let id = i64::try_from(number >> 1).map_err(|_| nonsense())?;
                    i16::try_from(if number & 1 == 0 { id } else { !id }).map_err(|_| nonsense())?
                }
                _ => last.checked_add(delta).ok_or_else(nonsense)?,
            };
            last = id;
            // A field's number is a delta to the field before: no field may follow one that is left out.
            if left_out {
                return Err(nonsense());
            }
            let shape = known.iter().find(|(known, _)| *known == id).map_or(&Unknown, |(_, shape)| shape);
            if let Union(known) = shape {
                left_out = !known.iter().any(|(known, _)| self.begins_with(*known));
            }
            self.value(kind, shape, depth + 1)?;
            if left_out {
                self.found.removed.push(start..self.whole - self.rest.len());
            }
        }
    }

    /// Returns whether the next struct begins with the field of this number.
    fn begins_with(&self, id: i16) -> bool {
        self.rest.first().is_some_and(|head| i16::from(head >> 4) == id)
    }

    fn list(&mut self, of: &Shape, depth: usize) -> Result<(), String> {
        let head = self.byte()?;
        let kind = head & 0x0f;
        let count = match head >> 4 {
            15 => self.number()?,
            count => u64::from(count),
        };
        // Every element takes at least one byte, except booleans, which no list of the format holds.
        if count > u64::try_from(self.rest.len()).unwrap_or(u64::MAX) || (count > 0 && kind < 3) {
            return Err(nonsense());
        }
        for _ in 0..count {
            self.value(kind, of, depth + 1)?;
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, String> {
        self.bytes(1).map(|bytes| bytes[0])
    }

    fn bytes(&mut self, count: u64) -> Result<&'a [u8], String> {
        let count = usize::try_from(count).map_err(|_| nonsense())?;
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or_else(nonsense)?;
        self.rest = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a [u8], String> {
        let count = self.number()?;
        self.bytes(count)
    }

    fn number(&mut self) -> Result<u64, String> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(nonsense())
    }

    /// Checks that groups are not nested too deep.
    fn depth(&self) -> Result<(), String> {
        let mut open: Vec<u64> = Vec::new();
        for children in &self.children {
            if let Some(missing) = open.last_mut() {
                *missing -= 1;
            }
            open.push(*children);
            if open.len() > DEEPEST {
                return Err(format!("its columns are nested more than {DEEPEST} levels deep"));
            }
            while open.last() == Some(&0) {
                open.pop();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds a footer with a schema of `depth` groups, each within the one before.
    fn nested(depth: u8) -> Vec<u8> {
        // A list of structs; each has only the number of its children, which is one.
        [&[0x29, 0xfc, depth][..], &[0x55, 0x02, 0x00].repeat(usize::from(depth)), &[0x00]].concat()
    }

    #[test]
    fn what_claims_more_than_it_holds_is_refused() {
        assert_eq!(validate(&[0x00]), Ok(Validated::default()));
        assert_eq!(validate(&[0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00]), Err(nonsense()));
        assert_eq!(validate(&[0x29, 0x2c, 0x00]), Err(nonsense()));
        assert_eq!(validate(&[0x28, 0x05]), Err(nonsense()));
        assert_eq!(validate(&[]), Err(nonsense()));
    }

    #[test]
    fn a_codec_that_is_not_known_stands_for_one_that_is_not_read() {
        for (codec, replaced) in [(0x0e, None), (0x10, Some(0x06)), (0x01, Some(0x06))] {
            // A row group with one column, of which only the codec is stated.
            let footer = [0x49, 0x1c, 0x19, 0x1c, 0x3c, 0x45, codec, 0x00, 0x00, 0x00, 0x00];
            let replaced: Vec<_> = replaced.map(|by| Replaced { at: 6, by }).into_iter().collect();
            assert_eq!(validate(&footer), Ok(Validated { replaced, ..Validated::default() }));
        }
        // A codec of three bytes.
        let footer = [0x49, 0x1c, 0x19, 0x1c, 0x3c, 0x45, 0x80, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00];
        let found = validate(&footer).unwrap();
        assert_eq!(found.replaced, [Replaced { at: 6, by: LZO }]);
        assert_eq!(found.removed.into_iter().flatten().collect::<Vec<_>>(), [7, 8]);
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        assert_eq!(validate(&nested(90)), Ok(Validated::default()));
        let deep = "its columns are nested more than 100 levels deep";
        assert_eq!(validate(&nested(120)), Err(deep.to_owned()));
    }
}
