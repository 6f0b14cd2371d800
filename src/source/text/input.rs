//! Opens a text file, decompresses it, and decodes it to UTF-8.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use encoding_rs::{Decoder, DecoderResult};
use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use crate::data::Encoding;
use crate::source::SourceError;
use crate::source::local_file::LocalFile;

/// The digest of the bytes read from a file.
pub(crate) type FileDigest = Rc<RefCell<Sha256>>;

/// A file of text.
#[derive(Clone, Copy)]
pub(crate) struct TextFile<'a> {
    /// The file on this machine.
    pub(crate) file: &'a LocalFile,
    /// The name within the dataset, whose extension says whether the file is compressed.
    pub(crate) name: &'a str,
}

/// Opens a file as a stream of UTF-8. The digest, if given, takes in all bytes before they are decompressed.
pub(crate) fn open(
    TextFile { file, name }: TextFile<'_>,
    encoding: Encoding,
    digest: Option<&FileDigest>,
) -> Result<Box<dyn Read>, SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let file = Digested { file: File::open(&file.path).map_err(io)?, digest: digest.cloned() };
    let packed = Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let bytes: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    Ok(if encoding == Encoding::UTF_8 { bytes } else { Box::new(Decoded::new(bytes, encoding)) })
}

/// A stream that decodes text of another encoding to UTF-8.
struct Decoded {
    bytes: Box<dyn Read>,
    decoder: Decoder,
    /// The decoded text, and the number of its bytes that were returned.
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

/// The replacement for bytes that are invalid in their encoding. It is no valid UTF-8, so that the row is
/// malformed.
const NO_TEXT: u8 = 0xff;

impl Decoded {
    fn new(bytes: Box<dyn Read>, encoding: Encoding) -> Self {
        Self { bytes, decoder: encoding.decoder(), text: Vec::new(), given: 0, ended: false }
    }

    /// Reads and decodes the next bytes.
    fn more(&mut self) -> io::Result<()> {
        let mut bytes = [0; 1 << 14];
        let length = self.bytes.read(&mut bytes)?;
        self.ended = length == 0;
        (self.given, self.text) = (0, Vec::new());
        let mut rest = &bytes[..length];
        let mut part = [0; 1 << 12];
        loop {
            let (found, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut part, self.ended);
            self.text.extend_from_slice(&part[..written]);
            rest = &rest[read..];
            match found {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.text.push(NO_TEXT),
            }
        }
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.more()?;
        }
        let length = (&self.text[self.given..]).read(buffer)?;
        self.given += length;
        Ok(length)
    }
}

struct Digested {
    file: File,
    digest: Option<FileDigest>,
}

impl Read for Digested {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(buffer)?;
        if let Some(digest) = &self.digest {
            digest.borrow_mut().update(&buffer[..length]);
        }
        Ok(length)
    }
}
