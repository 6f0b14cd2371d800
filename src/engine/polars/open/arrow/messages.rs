//! Reads the messages of an Arrow file or stream, in their order.
//!
//! A file is a stream between two marks, with a footer that repeats where its batches are. It is read as a
//! stream, so that only one batch is held in memory.
//!
//! Arrow's own readers (59.3) were tried instead: they accept a stream that is cut behind a batch, and a
//! footer that lists one batch of three, and allocate 4 GiB for a body or a compressed buffer that only
//! claims them (`StreamReader`; `StreamDecoder` for the buffer). None shows a message before its body is
//! decoded, which is where [`checked`](super::checked) must stand.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use arrow::ipc::{MessageHeader, root_as_footer, root_as_message};
use sha2::{Digest as _, Sha256};

use super::checked::check;

/// The bytes with which every file begins and ends.
const MARK: &[u8] = b"ARROW1";
/// The maximum number of unused bytes between two parts.
const MOST_ROOM: usize = 64;
const CONTINUES: [u8; 4] = [0xff; 4];

/// A message as it is stored: its length, its metadata and its body.
pub(super) struct Message {
    pub(super) kind: MessageHeader,
    pub(super) bytes: Vec<u8>,
    /// The offset of the body in `bytes`.
    body: usize,
}

impl Message {
    /// Returns the metadata of the message, which was validated before.
    pub(super) fn metadata(&self) -> Result<arrow::ipc::Message<'_>, Failure> {
        root_as_message(&self.bytes[8..self.body]).map_err(|_| malformed("a message makes no sense"))
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.bytes[self.body..]
    }
}

/// The reason why messages cannot be read.
pub(super) enum Failure {
    Io(io::Error),
    Malformed(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            malformed("it is cut short")
        } else {
            Self::Io(error)
        }
    }
}

pub(super) fn malformed(reason: impl Into<String>) -> Failure {
    Failure::Malformed(reason.into())
}

/// A reader of the messages of a file.
pub(super) struct Messages {
    input: BufReader<File>,
    /// Number of bytes that are left.
    left: u64,
    digest: Sha256,
    /// True for a file with a footer, false for a stream.
    is_file: bool,
    /// True once the first message was read.
    begun: bool,
    batches: usize,
}

impl Messages {
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path).map_err(Failure::Io)?;
        let left = file.metadata().map_err(Failure::Io)?.len();
        let input = BufReader::with_capacity(1 << 16, file);
        let mut messages =
            Self { input, left, digest: Sha256::new(), is_file: false, begun: false, batches: 0 };
        if left == 0 {
            return Err(malformed("it is empty"));
        }
        let start: [u8; 4] = messages.exactly()?;
        if start == *b"FEA1" {
            return Err(malformed("it is of Feather's first version, which is not Arrow IPC"));
        }
        if start == MARK[..4] {
            let rest: [u8; 4] = messages.exactly()?;
            messages.is_file = rest[..2] == MARK[4..];
        }
        if !messages.is_file && start != CONTINUES {
            return Err(malformed("it is neither an Arrow IPC file nor a stream"));
        }
        if !messages.is_file {
            messages.rewind(path)?;
        }
        Ok(messages)
    }

    fn rewind(&mut self, path: &Path) -> Result<(), Failure> {
        let file = File::open(path).map_err(Failure::Io)?;
        self.left = file.metadata().map_err(Failure::Io)?.len();
        (self.input, self.digest) = (BufReader::with_capacity(1 << 16, file), Sha256::new());
        Ok(())
    }

    /// Returns the next message after a check, or `None` behind the last one.
    pub(super) fn next(&mut self) -> Result<Option<Message>, Failure> {
        if self.left == 0 {
            return Err(malformed("it has no end; cut short?"));
        }
        let mut mark: [u8; 4] = self.exactly()?;
        // Some writers leave room behind the mark of a file.
        let mut room = if self.is_file && !self.begun { MOST_ROOM } else { 0 };
        while mark == [0; 4] && room > 0 {
            (mark, room) = (self.exactly()?, room - mark.len());
        }
        self.begun = true;
        if mark != CONTINUES {
            return Err(malformed("a message is not where it should be"));
        }
        let length: [u8; 4] = self.exactly()?;
        let length = u64::try_from(i32::from_le_bytes(length)).map_err(|_| malformed("a negative length"))?;
        if length == 0 {
            self.finish()?;
            return Ok(None);
        }
        let mut bytes = [mark, i32::try_from(length).unwrap_or_default().to_le_bytes()].concat();
        self.some(length, &mut bytes)?;
        let metadata = bytes[8..].to_vec();
        let message = root_as_message(&metadata).map_err(|_| malformed("a message makes no sense"))?;
        let body = u64::try_from(message.bodyLength()).map_err(|_| malformed("a negative length"))?;
        let start = bytes.len();
        self.some(body, &mut bytes)?;
        let kind = message.header_type();
        check(&message, &bytes[start..]).map_err(malformed)?;
        self.batches += usize::from(kind == MessageHeader::RecordBatch);
        Ok(Some(Message { kind, bytes, body: start }))
    }

    /// Returns the digest of all bytes that were read.
    pub(super) fn digest(self) -> Sha256 {
        self.digest
    }

    /// Checks what follows the stream: nothing, or the footer of a file with the same number of batches.
    fn finish(&mut self) -> Result<(), Failure> {
        let mut rest = Vec::new();
        self.some(self.left, &mut rest)?;
        if !self.is_file {
            return if rest.is_empty() { Ok(()) } else { Err(malformed("something follows its end")) };
        }
        let footer = || {
            let rest = rest.strip_suffix(MARK)?;
            let (rest, length) = rest.split_last_chunk::<4>()?;
            let length = usize::try_from(i32::from_le_bytes(*length)).ok()?;
            let unused = rest.len().checked_sub(length).filter(|unused| *unused < MOST_ROOM)?;
            let footer = root_as_footer(rest.get(unused..)?).ok()?;
            Some(footer.recordBatches().map_or(0, |batches| batches.len()))
        };
        match footer() {
            Some(batches) if batches == self.batches => Ok(()),
            Some(_) => Err(malformed("its footer speaks of other batches")),
            None => Err(malformed("its footer makes no sense; cut short?")),
        }
    }

    fn exactly<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let mut bytes = Vec::with_capacity(N);
        self.some(u64::try_from(N).unwrap_or(u64::MAX), &mut bytes)?;
        bytes.try_into().map_err(|_| malformed("it is cut short"))
    }

    /// Reads `length` bytes, if that many are left, so that a false length allocates no memory.
    fn some(&mut self, length: u64, bytes: &mut Vec<u8>) -> Result<(), Failure> {
        if length > self.left {
            return Err(malformed("it is cut short"));
        }
        let start = bytes.len();
        (&mut self.input).take(length).read_to_end(bytes)?;
        let read = &bytes[start..];
        self.digest.update(read);
        self.left -= length;
        if u64::try_from(read.len()) == Ok(length) { Ok(()) } else { Err(malformed("it is cut short")) }
    }
}
