//! Lines of a file, as many of them at once as a row takes.

use std::io::{BufRead as _, BufReader, Read};

/// How long a row may be: what is longer is none, and is not held in memory.
pub(crate) const LONGEST: usize = 16 << 20;

/// A few lines of a file: the first of them is where the next row begins.
pub(crate) struct Window {
    input: BufReader<Box<dyn Read>>,
    buffer: Vec<u8>,
    start: usize,
    /// The number of the first line, from 1.
    line: u64,
    /// Whether the last line is longer than may be, and its end is not here.
    cut: bool,
}

impl Window {
    pub(crate) fn new(input: Box<dyn Read>) -> std::io::Result<Self> {
        let input = BufReader::with_capacity(1 << 16, input);
        let mut window = Self { input, buffer: Vec::new(), start: 0, line: 1, cut: false };
        window.more()?;
        // A byte order mark is no part of the text.
        if window.bytes().starts_with(b"\xef\xbb\xbf") {
            window.start = 3;
        }
        Ok(window)
    }

    /// What has been read and not yet been consumed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The number of the first line.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Returns whether the last line has no end here because it is too long.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns whether there is a first line; reads it if need be.
    pub(crate) fn has_line(&mut self) -> std::io::Result<bool> {
        Ok(!self.bytes().is_empty() || self.more()?)
    }

    /// Reads one more line; tells whether there was one. Of one that is too long only the beginning
    /// is kept.
    pub(crate) fn more(&mut self) -> std::io::Result<bool> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        let length = self.input.by_ref().take(most).read_until(b'\n', &mut self.buffer)?;
        if length == LONGEST && self.buffer.last() != Some(&b'\n') {
            self.cut = true;
            self.skip_line()?;
        }
        Ok(length > 0)
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let rest = self.input.fill_buf()?;
            let (length, found) = match rest.iter().position(|byte| *byte == b'\n') {
                Some(end) => (end + 1, true),
                None => (rest.len(), rest.is_empty()),
            };
            self.input.consume(length);
            if found {
                return Ok(());
            }
        }
    }

    /// Leaves so many bytes behind, in which so many lines end.
    pub(crate) fn consume(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.line += lines;
        if self.start == self.buffer.len() {
            self.cut = false;
        }
    }

    /// Leaves the first line behind.
    pub(crate) fn consume_line(&mut self) {
        let end = self.bytes().iter().position(|byte| *byte == b'\n');
        self.consume(end.map_or(self.bytes().len(), |end| end + 1), 1);
    }
}
