//! A window over the lines of a file that holds as many lines as a row takes.

use std::io::{BufRead as _, BufReader, Read};

/// The most bytes of a row; a longer row is malformed and not held in memory.
pub(crate) const LONGEST: usize = 16 << 20;

/// A few lines of a file; the next row begins with the first of them.
pub(crate) struct Window {
    input: BufReader<Box<dyn Read>>,
    buffer: Vec<u8>,
    start: usize,
    /// The number of the first line, from 1.
    line: u64,
    /// True if the last line is too long and its end was skipped.
    cut: bool,
}

impl Window {
    pub(crate) fn new(input: Box<dyn Read>) -> std::io::Result<Self> {
        let input = BufReader::with_capacity(1 << 16, input);
        let mut window = Self { input, buffer: Vec::new(), start: 0, line: 1, cut: false };
        window.more()?;
        // A byte order mark is not part of the text.
        if window.bytes().starts_with(b"\xef\xbb\xbf") {
            window.start = 3;
        }
        Ok(window)
    }

    /// Returns the bytes that were read but not yet consumed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Returns the number of the first line, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Returns whether the last line is too long, so that its end is missing.
    pub(crate) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Returns whether there is a first line; reads a line if the window is empty.
    pub(crate) fn has_line(&mut self) -> std::io::Result<bool> {
        Ok(!self.bytes().is_empty() || self.more()?)
    }

    /// Reads one more line, and returns whether there was one. Only the beginning of a line that is too long
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

    /// Consumes `bytes` bytes with `lines` line ends.
    pub(crate) fn consume(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.line += lines;
        if self.start == self.buffer.len() {
            self.cut = false;
        }
    }

    /// Consumes the first line.
    pub(crate) fn consume_line(&mut self) {
        let end = self.bytes().iter().position(|byte| *byte == b'\n');
        self.consume(end.map_or(self.bytes().len(), |end| end + 1), 1);
    }
}
