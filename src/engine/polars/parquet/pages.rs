//! Verifies the pages of a column chunk before the engine reads them. The engine allocates what a page header
//! claims, and compares no checksums.
//!
//! The page reader of the `parquet` crate (59.3, with `crc`) compares checksums as well, but does not limit
//! the size that a page claims, and checks neither levels nor encodings, which the engine trusts. With that
//! reader, all of [`encodings`] would still be needed, and so would decompression, which takes most of the
//! time spent here.

use std::io::{BufRead as _, BufReader, Read, Seek};
use std::ops::Range;

use flate2::read::MultiGzDecoder;
use polars_parquet::parquet::compression::{Compression, DecompressionContext, decompress};
use polars_parquet::parquet::page::{DataPageHeader, PageType, ParquetPageHeader};
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet::read::ColumnChunkMetadata;
use polars_parquet_format::Encoding;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use super::encodings;
use super::encodings::{CheckedPage, Column};
use super::range_reader::RangeReader;

/// Number of decompressed bytes that any page may claim, whatever its size in the file.
const MAX_PAGE_BYTES: u64 = 256 << 20;
/// Number of decoded bytes that any column chunk may claim, whatever its size in the file.
const MAX_CHUNK_BYTES: u64 = 1 << 30;
/// Number of decoded bytes or rows that each byte in the file may claim beyond: more than real data need.
pub(super) const MAX_EXPANSION: u64 = 1_100;

/// Verifies the pages of a column chunk in a row group of `rows` rows. Returns whether the engine does not
/// read some of them, or reads them wrong.
///
/// # Errors
/// What is wrong with them.
pub(super) fn verify(
    file: &mut impl RangeReader,
    chunk: &ColumnChunkMetadata,
    rows: usize,
) -> Result<bool, String> {
    let place = chunk.byte_range();
    let descriptor = &chunk.descriptor().descriptor;
    let level = |level: i16| u16::try_from(level).map_err(|_| "its schema makes no sense".to_owned());
    let column = Column {
        physical: descriptor.primitive_type.physical_type,
        max_repetition: level(descriptor.max_rep_level)?,
        max_definition: level(descriptor.max_def_level)?,
        dictionary: None,
    };
    let mut pages = Pages::open(file, &place, chunk.compression(), column)?;
    let (mut values, mut found) = (0_i64, 0_usize);
    let mut number = 0;
    while values < chunk.num_values() {
        let read = pages.next(number == 0).map_err(|reason| format!("its page {number}: {reason}"))?;
        if let Some((count, held)) = read {
            values = values.saturating_add(i64::from(count));
            found = found.saturating_add(held.rows);
            check_size(pages.decoded, place.end - place.start, MAX_CHUNK_BYTES)?;
        }
        number += 1;
    }
    // A repeated value begins no row, so rows are counted apart from values.
    if values != chunk.num_values() || found != rows {
        return Err(format!("its pages hold {values} values of {found} rows instead of {rows}"));
    }
    Ok(pages.is_misread)
}

/// A column chunk that may be dictionary-encoded.
pub(in crate::engine::polars) struct DictionaryChunk {
    /// The byte range of its pages, the dictionary page first.
    pub(in crate::engine::polars) place: Range<u64>,
    /// The codec that compresses its pages.
    pub(in crate::engine::polars) compression: Compression,
    /// The physical type of its values.
    pub(in crate::engine::polars) physical: PhysicalType,
    /// Number of its values, including nulls.
    pub(in crate::engine::polars) values: i64,
    /// True if the footer states that all data pages are dictionary-encoded; `None` if it says nothing.
    pub(in crate::engine::polars) is_all_encoded: Option<bool>,
}

/// The values of a dictionary page.
pub(in crate::engine::polars) struct DictionaryPage {
    /// The values in PLAIN encoding.
    pub(in crate::engine::polars) values: Vec<u8>,
    /// Number of values.
    pub(in crate::engine::polars) count: usize,
}

/// Reads the dictionary of a column chunk. Returns `None` if not all values of the chunk are in the
/// dictionary, or if the dictionary has more than `most` values.
///
/// # Errors
/// What is wrong with its page.
pub(in crate::engine::polars) fn dictionary(
    file: &mut impl RangeReader,
    chunk: &DictionaryChunk,
    most: usize,
) -> Result<Option<DictionaryPage>, String> {
    if chunk.is_all_encoded == Some(false) {
        return Ok(None);
    }
    let column = Column { physical: chunk.physical, max_repetition: 0, max_definition: 1, dictionary: None };
    let mut pages = Pages::open(file, &chunk.place, chunk.compression, column)?;
    let header = pages.header()?;
    let Some(dictionary) = &header.dictionary_page_header else { return Ok(None) };
    let plain = [Encoding::PLAIN, Encoding::PLAIN_DICTIONARY].contains(&dictionary.encoding);
    let count = usize::try_from(dictionary.num_values).unwrap_or(usize::MAX);
    if !plain || count > most || !matches!(PageType::try_from(header.type_), Ok(PageType::DictionaryPage)) {
        return Ok(None);
    }
    pages.read(&header)?;
    pages.decompress(&header, None)?;
    encodings::dictionary_page(chunk.physical, count, &pages.page)?;
    let values = std::mem::take(&mut pages.page);
    let is_all_encoded = match chunk.is_all_encoded {
        Some(is_all_encoded) => is_all_encoded,
        None => pages.are_all_encoded(chunk.values)?,
    };
    Ok(is_all_encoded.then_some(DictionaryPage { values, count }))
}

struct Pages<R> {
    bytes: BufReader<R>,
    compression: Compression,
    compressed: Vec<u8>,
    page: Vec<u8>,
    /// Number of bytes of all pages so far, decoded.
    decoded: u64,
    context: DecompressionContext,
    column: Column,
    /// True if the engine does not read one of the pages so far, or reads it wrong.
    is_misread: bool,
}

impl<R: Read + Seek> Pages<R> {
    /// Opens the pages in a byte range of a file.
    fn open<'a>(
        file: &'a mut impl RangeReader<Bytes<'a> = R>,
        place: &Range<u64>,
        compression: Compression,
        column: Column,
    ) -> Result<Self, String> {
        Ok(Self {
            bytes: BufReader::new(file.range(place.clone()).map_err(|error| error.to_string())?),
            compression,
            compressed: Vec::new(),
            page: Vec::new(),
            decoded: 0,
            context: DecompressionContext::Unset,
            column,
            is_misread: false,
        })
    }

    /// Returns whether all following pages are dictionary-encoded. Their content is skipped.
    fn are_all_encoded(&mut self, values: i64) -> Result<bool, String> {
        let mut found = 0_i64;
        while found < values {
            let header = self.header()?;
            let (count, encoding) = match (&header.data_page_header, &header.data_page_header_v2) {
                (Some(data), None) => (data.num_values, data.encoding),
                (None, Some(data)) => (data.num_values, data.encoding),
                _ => return Ok(false),
            };
            if ![Encoding::PLAIN_DICTIONARY, Encoding::RLE_DICTIONARY].contains(&encoding) {
                return Ok(false);
            }
            let size = u32::try_from(header.compressed_page_size).map_err(|_| "its size is negative")?;
            self.bytes.seek_relative(i64::from(size)).map_err(|error| error.to_string())?;
            found = found.saturating_add(i64::from(count.max(0)));
        }
        Ok(found == values)
    }
}

impl<R: Read> Pages<R> {
    /// Verifies the next page. Returns the number of values and the content of a data page, and `None` for a
    /// dictionary page.
    fn next(&mut self, first: bool) -> Result<Option<(i32, CheckedPage)>, String> {
        let header = self.header()?;
        self.read(&header)?;
        let missing = || "its header makes no sense".to_owned();
        match PageType::try_from(header.type_) {
            Ok(PageType::DataPage) => {
                let data = header.data_page_header.clone().ok_or_else(missing)?;
                self.data(&header, data.num_values, &DataPageHeader::V1(data)).map(Some)
            }
            Ok(PageType::DataPageV2) => {
                let data = header.data_page_header_v2.clone().ok_or_else(missing)?;
                self.data(&header, data.num_values, &DataPageHeader::V2(data)).map(Some)
            }
            Ok(PageType::DictionaryPage) if first => {
                let count = header.dictionary_page_header.as_ref().ok_or_else(missing)?.num_values;
                let count = usize::try_from(count).map_err(|_| missing())?;
                self.decompress(&header, None)?;
                encodings::dictionary_page(self.column.physical, count, &self.page)?;
                self.column.dictionary = Some(count);
                Ok(None)
            }
            _ => Err("it is of a kind that is not read there".to_owned()),
        }
    }

    /// Reads the header of the next page.
    fn header(&mut self) -> Result<ParquetPageHeader, String> {
        const LONGEST_HEADER: usize = 16 << 20;
        if self.bytes.fill_buf().map_err(|error| error.to_string())?.is_empty() {
            return Err("it is missing".to_owned());
        }
        let mut protocol = TCompactInputProtocol::new(&mut self.bytes, LONGEST_HEADER);
        ParquetPageHeader::read_from_in_protocol(&mut protocol)
            .map_err(|_| "its header makes no sense".to_owned())
    }

    /// Reads the bytes of a page, and compares their checksum if the header has one.
    fn read(&mut self, header: &ParquetPageHeader) -> Result<(), String> {
        let size =
            u64::try_from(header.compressed_page_size).map_err(|_| "its size is negative".to_owned())?;
        self.compressed.clear();
        let read = self.bytes.by_ref().take(size).read_to_end(&mut self.compressed);
        if u64::try_from(read.map_err(|error| error.to_string())?) != Ok(size) {
            return Err("it is cut short".to_owned());
        }
        match header.crc {
            Some(crc) if crc32fast::hash(&self.compressed) != crc.cast_unsigned() => {
                Err("its bytes are not those that were written: their checksum differs".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn data(
        &mut self,
        header: &ParquetPageHeader,
        count: i32,
        data: &DataPageHeader,
    ) -> Result<(i32, CheckedPage), String> {
        // In data pages of version 2, the levels are not compressed.
        let (levels, compressed) = match data {
            DataPageHeader::V1(_) => (None, true),
            DataPageHeader::V2(header) => {
                let levels = [header.repetition_levels_byte_length, header.definition_levels_byte_length];
                let levels = levels.map(usize::try_from).into_iter().sum::<Result<usize, _>>();
                let levels = levels.map_err(|_| "its levels make no sense".to_owned())?;
                (Some(levels), header.is_compressed.unwrap_or(true))
            }
        };
        if compressed {
            self.decompress(header, levels)?;
        } else {
            std::mem::swap(&mut self.page, &mut self.compressed);
        }
        let held = encodings::data_page(&self.column, data, &self.page)?;
        self.is_misread |= held.is_misread;
        // Nulls take memory, too: at least 8 bytes are counted for each value and its levels.
        let values = u64::try_from(count).unwrap_or_default().saturating_mul(8);
        self.decoded = self.decoded.saturating_add(held.bytes.max(values));
        Ok((count, held))
    }

    /// Decompresses the page that was read, except for `levels` bytes at its start, which are not compressed.
    /// Nothing needs to follow these if their length is given.
    fn decompress(&mut self, header: &ParquetPageHeader, levels: Option<usize>) -> Result<(), String> {
        if self.compression == Compression::Uncompressed {
            std::mem::swap(&mut self.page, &mut self.compressed);
            return Ok(());
        }
        let size = header.uncompressed_page_size;
        let size = usize::try_from(size).map_err(|_| "its size is negative".to_owned())?;
        check_size(size as u64, self.compressed.len() as u64, MAX_PAGE_BYTES)?;
        let start = levels.unwrap_or(0);
        if size < start || self.compressed.len() < start {
            return Err("it is cut short".to_owned());
        }
        self.page.clear();
        self.page.extend_from_slice(&self.compressed[..start]);
        self.page.resize(size, 0);
        if levels.is_some() && self.compressed.len() == start {
            return Ok(());
        }
        let (packed, page) = (&self.compressed[start..], &mut self.page[start..]);
        match decompress(self.compression, packed, page, &mut self.context) {
            Ok(()) => Ok(()),
            // A gzip page may consist of several members, of which the engine reads only the first.
            Err(_) if self.compression == Compression::Gzip && unpacked(packed, page) => {
                self.is_misread = true;
                Ok(())
            }
            Err(error) => Err(format!("it cannot be decompressed: {error}")),
        }
    }
}

/// Decompresses gzip members one after another. Returns whether they fill the page exactly.
fn unpacked(packed: &[u8], page: &mut [u8]) -> bool {
    let mut parts = MultiGzDecoder::new(packed);
    parts.read_exact(page).is_ok() && matches!(parts.read(&mut [0]), Ok(0))
}

/// Checks that `bytes` bytes in the file may claim `claimed` bytes, of which `free` are always allowed.
fn check_size(claimed: u64, bytes: u64, free: u64) -> Result<(), String> {
    if claimed > free.max(MAX_EXPANSION.saturating_mul(bytes)) {
        return Err(format!("{bytes} bytes claim to hold {claimed}"));
    }
    Ok(())
}
