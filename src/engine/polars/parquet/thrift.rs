//! Walks the bytes of a footer before a parser sees them. The engine's parser allocates what a list header
//! claims, recurses as deep as the schema nests, and does not detect encryption. This is a validator, not a parser:
//! it accepts what is safe to parse, and notes what the engine does not know.

use std::ops::Range;

/// What stands in a place, as far as the engine's parser takes it for granted.
enum Shape {
    /// A truth, which lies in the type of its field.
    Truth,
    /// A byte.
    Byte,
    /// A wider number.
    Whole,
    /// Bytes.
    Text,
    /// A list.
    List(&'static Shape),
    /// A struct, with the fields that the engine knows.
    Struct(&'static [(i16, Shape)]),
    /// A struct with one field, of which the engine must know one.
    Union(&'static [(i16, Shape)]),
    /// The struct that describes a column or a group of them.
    Element(&'static [(i16, Shape)]),
    /// The number of columns in the group.
    Children,
    /// How pages are encoded.
    Encoding,
    /// How they are compressed.
    Codec,
    /// The path of another file that holds the data.
    Elsewhere,
    /// What only a file with encrypted columns has.
    Encrypted,
    /// What the engine does not know, and skips.
    Other,
}

use Shape::{
    Byte, Children, Codec, Element, Elsewhere, Encoding, Encrypted, List, Other, Struct, Text, Truth, Union,
    Whole,
};

/// The codec that nobody reads, zigzag: it stands for those that are not known.
const LZO: u8 = 3 << 1;
/// The last codec and the last encoding that are known, zigzag.
const LAST_CODEC: u64 = 7 << 1;
const LAST_ENCODING: u64 = 9 << 1;

const STATISTICS: Shape =
    Struct(&[(1, Text), (2, Text), (3, Whole), (4, Whole), (5, Text), (6, Text), (7, Truth), (8, Truth)]);

const UNIT: Shape = Struct(&[(1, Struct(&[])), (2, Struct(&[])), (3, Struct(&[]))]);

const LOGICAL_TYPE: Shape = Union(&[
    (1, Struct(&[])),
    (2, Struct(&[])),
    (3, Struct(&[])),
    (4, Struct(&[])),
    (5, Struct(&[(1, Whole), (2, Whole)])),
    (6, Struct(&[])),
    (7, Struct(&[(1, Truth), (2, UNIT)])),
    (8, Struct(&[(1, Truth), (2, UNIT)])),
    (10, Struct(&[(1, Byte), (2, Truth)])),
    (11, Struct(&[])),
    (12, Struct(&[])),
    (13, Struct(&[])),
    (14, Struct(&[])),
    (15, Struct(&[])),
]);

const SCHEMA_ELEMENT: Shape = Element(&[
    (1, Whole),
    (2, Whole),
    (3, Whole),
    (4, Text),
    (5, Children),
    (6, Whole),
    (7, Whole),
    (8, Whole),
    (9, Whole),
    (10, LOGICAL_TYPE),
]);

const COLUMN_METADATA: Shape = Struct(&[
    (1, Whole),
    (2, List(&Encoding)),
    (3, List(&Text)),
    (4, Codec),
    (5, Whole),
    (6, Whole),
    (7, Whole),
    (9, Whole),
    (10, Whole),
    (11, Whole),
    (12, STATISTICS),
    (14, Whole),
    (15, Whole),
]);

const COLUMN_CHUNK: Shape = Struct(&[
    (1, Elsewhere),
    (2, Whole),
    (3, COLUMN_METADATA),
    (4, Whole),
    (5, Whole),
    (6, Whole),
    (7, Whole),
    (8, Encrypted),
]);

const ROW_GROUP: Shape = Struct(&[
    (1, List(&COLUMN_CHUNK)),
    (2, Whole),
    (3, Whole),
    (4, List(&Struct(&[(1, Whole), (2, Truth), (3, Truth)]))),
    (5, Whole),
    (6, Whole),
    (7, Whole),
]);

const FILE_METADATA: Shape = Struct(&[
    (1, Whole),
    (2, List(&SCHEMA_ELEMENT)),
    (3, Whole),
    (4, List(&ROW_GROUP)),
    (5, List(&Struct(&[(1, Text), (2, Text)]))),
    (6, Text),
    (7, List(&Struct(&[(1, Struct(&[])), (2, Struct(&[]))]))),
    (8, Encrypted),
]);

/// How deep columns may be nested: the engine recurses into them.
const DEEPEST: usize = 100;

/// Walks a footer. Gives the places of what the engine stumbles over and can do without: logical types
/// that are younger than it, such as that of variants, whose columns are read by their physical types.
///
/// # Errors
/// Why the engine must not see it.
pub(super) fn walk(footer: &[u8]) -> Result<Walked, String> {
    let mut walk = Walk { whole: footer.len(), ..Walk::of(footer) };
    walk.value(12, &FILE_METADATA, 0)?;
    walk.depth()?;
    Ok(walk.found)
}

/// What the engine stumbles over.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Walked {
    /// What goes away: the fields that it does not know, and what is left of a number for which one byte
    /// stands.
    pub(super) unknown: Vec<Range<usize>>,
    /// Where a byte must be another one, so that a column is one that is not read: the engine would refuse
    /// the whole file for its codec or its encoding.
    pub(super) replaced: Vec<Replaced>,
    /// Whether some columns are encrypted.
    pub(super) is_encrypted: bool,
}

/// A byte in place of another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) at: usize,
    pub(super) by: u8,
}

struct Walk<'a> {
    /// How many bytes there are.
    whole: usize,
    rest: &'a [u8],
    found: Walked,
    /// How many columns each group has; none has a column itself.
    children: Vec<u64>,
    /// Whether a column was last seen to have an encoding that is not known.
    is_coded_oddly: bool,
}

/// Returns whether a zigzag number is none of those that are known; negative ones are odd.
fn is_unknown(number: u64, last: u64) -> bool {
    number > last || number % 2 == 1
}

fn nonsense() -> String {
    "its footer makes no sense".to_owned()
}

impl<'a> Walk<'a> {
    fn of(rest: &'a [u8]) -> Self {
        Self {
            whole: rest.len(),
            rest,
            found: Walked::default(),
            children: Vec::new(),
            is_coded_oddly: false,
        }
    }

    /// Puts a number of one byte in the place of the one that was read last, which begins there.
    fn replace_number(&mut self, at: usize, by: u8) {
        self.found.replaced.push(Replaced { at, by });
        let rest = at + 1..self.whole - self.rest.len();
        if !rest.is_empty() {
            self.found.unknown.push(rest);
        }
    }

    /// A value of the type that its field or list names.
    fn value(&mut self, kind: u8, shape: &Shape, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(nonsense());
        }
        match (shape, kind) {
            (Truth | Other, 1 | 2) => Ok(()),
            (Whole | Other, 4..=6) => self.number().map(drop),
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
                    // Numbers are written zigzag; a negative one is odd, and stands for no group.
                    *last = if number % 2 == 0 { number / 2 } else { 0 };
                }
                Ok(())
            }
            (Byte | Other, 3) => self.bytes(1).map(drop),
            (Other, 7) => self.bytes(8).map(drop),
            (Text | Other, 8) => self.text().map(drop),
            (Elsewhere, 8) => match self.text()? {
                b"" => Ok(()),
                _ => Err("its data lies in another file, which is not read".to_owned()),
            },
            (List(of), 9) => self.list(of, depth),
            (Other, 9 | 10) => self.list(&Other, depth),
            (Struct(fields) | Union(fields), 12) => self.fields(fields, depth),
            (Element(fields), 12) => {
                self.children.push(0);
                self.fields(fields, depth)
            }
            (Other, 12) => self.fields(&[], depth),
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
            // Fields are numbered by their distance: behind what is left out none may follow.
            if left_out {
                return Err(nonsense());
            }
            let shape = known.iter().find(|(known, _)| *known == id).map_or(&Other, |(_, shape)| shape);
            if let Union(known) = shape {
                left_out = !known.iter().any(|(known, _)| self.begins_with(*known));
            }
            self.value(kind, shape, depth + 1)?;
            if left_out {
                self.found.unknown.push(start..self.whole - self.rest.len());
            }
        }
    }

    /// Returns whether the first field of a struct that comes next has this number.
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
        // Every element takes a byte at least. Truths may take none: no list of the format holds any.
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

    /// The groups form one tree that is not too deep.
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

    /// A footer with a schema of so many groups, each in the one before it.
    fn nested(depth: u8) -> Vec<u8> {
        // A list of structs; in each the number of children, which is one.
        [&[0x29, 0xfc, depth][..], &[0x55, 0x02, 0x00].repeat(usize::from(depth)), &[0x00]].concat()
    }

    #[test]
    fn what_claims_more_than_it_holds_is_refused() {
        assert_eq!(walk(&[0x00]), Ok(Walked::default()));
        assert_eq!(walk(&[0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00]), Err(nonsense()));
        assert_eq!(walk(&[0x29, 0x2c, 0x00]), Err(nonsense()));
        assert_eq!(walk(&[0x28, 0x05]), Err(nonsense()));
        assert_eq!(walk(&[]), Err(nonsense()));
    }

    #[test]
    fn a_codec_that_is_not_known_stands_for_one_that_is_not_read() {
        for (codec, replaced) in [(0x0e, None), (0x10, Some(0x06)), (0x01, Some(0x06))] {
            // A row group of a column of which the codec alone is told.
            let footer = [0x49, 0x1c, 0x19, 0x1c, 0x3c, 0x45, codec, 0x00, 0x00, 0x00, 0x00];
            let replaced: Vec<_> = replaced.map(|by| Replaced { at: 6, by }).into_iter().collect();
            assert_eq!(walk(&footer), Ok(Walked { replaced, ..Walked::default() }));
        }
        // A number of three bytes.
        let footer = [0x49, 0x1c, 0x19, 0x1c, 0x3c, 0x45, 0x80, 0x80, 0x01, 0x00, 0x00, 0x00, 0x00];
        let found = walk(&footer).unwrap();
        assert_eq!(found.replaced, [Replaced { at: 6, by: LZO }]);
        assert_eq!(found.unknown.into_iter().flatten().collect::<Vec<_>>(), [7, 8]);
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        assert_eq!(walk(&nested(90)), Ok(Walked::default()));
        let deep = "its columns are nested more than 100 levels deep";
        assert_eq!(walk(&nested(120)), Err(deep.to_owned()));
    }
}
