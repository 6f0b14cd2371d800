//! The bytes of a text file, unpacked where it is packed.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::super::SourceError;
use super::super::store::Here;

/// The digest of the bytes that a file gave.
pub(super) type FileDigest = Rc<RefCell<Sha256>>;

/// Opens a file that is read to its end; a digest, if there is one, takes in all of its bytes.
pub(super) fn open(
    (file, name): (&Here, &str),
    digest: Option<&FileDigest>,
) -> Result<Box<dyn Read>, SourceError> {
    let io = |source| SourceError::Io { path: file.shown.clone(), source };
    let file = Digested { file: File::open(&file.path).map_err(io)?, digest: digest.cloned() };
    let packed = Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    Ok(if packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
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
