//! Converts the columns of a file, and its batches, to the form that is handed to the engine.
//!
//! Buffers are decompressed here. A column of a type that the engine does not read becomes a boolean column
//! that tells which rows have a value, so that the other columns are still read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read as _;
use std::ops::Range;

use arrow::datatypes::{DataType, Field, Schema};
use arrow::ipc::convert::{IpcSchemaEncoder, fb_to_schema};
use arrow::ipc::writer::DictionaryTracker;
use arrow::ipc::{
    Buffer, CompressionType, DictionaryBatchBuilder, FieldNode, Message, MessageBuilder, MessageHeader,
    MetadataVersion, RecordBatch, RecordBatchBuilder,
};
use flatbuffers::{FlatBufferBuilder, UnionWIPOffset, WIPOffset};

use super::types::{Cursor, has_validity, name, readable_field};

/// The alignment of buffers in a body, in bytes.
const ALIGNED: usize = 64;

/// The columns of a file and their form for the engine.
pub(super) struct EngineSchema {
    /// The fields as the file stores them.
    fields: Vec<Field>,
    /// For each field, whether it is not read.
    odd: Vec<bool>,
    /// The schema message for the engine, with its dictionary ids by those of the file. `None` if the file's
    /// own is used.
    schema: Option<(Vec<u8>, HashMap<i64, i64>)>,
}

/// A column that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unread {
    pub(super) column: String,
    /// The name of its type.
    pub(super) of: String,
    /// True if it is known which rows have a value.
    pub(super) has_validity: bool,
}

impl EngineSchema {
    /// Reads the columns from a schema message.
    pub(super) fn of(message: &Message<'_>) -> Option<Self> {
        let schema = message.header_as_schema()?;
        let stored = fb_to_schema(schema);
        let fields: Vec<Field> = stored.fields().iter().map(|field| field.as_ref().clone()).collect();
        let readable: Vec<Option<Field>> = fields.iter().map(readable_field).collect();
        let odd: Vec<bool> = readable.iter().map(Option::is_none).collect();
        let is_other = readable.iter().zip(&fields).any(|(readable, field)| readable.as_ref() != Some(field));
        if !is_other {
            return Some(Self { fields, odd, schema: None });
        }
        let mut numbers = Vec::new();
        for (field, odd) in schema.fields()?.iter().zip(&odd) {
            if !odd {
                dictionaries(field, &mut numbers);
            }
        }
        let presence = |field: &Field| Field::new(field.name(), DataType::Boolean, true);
        let columns = readable
            .into_iter()
            .zip(&fields)
            .map(|(readable, field)| readable.unwrap_or_else(|| presence(field)));
        let whole = Schema::new_with_metadata(columns.collect::<Vec<_>>(), stored.metadata().clone());
        let mut tracker = DictionaryTracker::new(false);
        let mut builder = FlatBufferBuilder::new();
        let header = IpcSchemaEncoder::new()
            .with_dictionary_tracker(&mut tracker)
            .schema_to_fb_offset(&mut builder, &whole)
            .as_union_value();
        let bytes = message_of(builder, MessageHeader::Schema, header, &[]);
        let numbers = numbers.into_iter().zip(0..).collect();
        Some(Self { fields, odd, schema: Some((bytes, numbers)) })
    }

    /// Returns the schema message for the engine, or `None` if the file's own is used.
    pub(super) fn schema(&self) -> Option<&[u8]> {
        self.schema.as_ref().map(|(schema, _)| schema.as_slice())
    }

    /// Returns whether the file has no columns.
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Returns the columns that are not read.
    pub(super) fn unread(&self) -> Vec<Unread> {
        let odd = self.fields.iter().zip(&self.odd).filter(|(_, odd)| **odd);
        odd.map(|(field, _)| Unread {
            column: field.name().clone(),
            of: name(field.data_type()),
            has_validity: has_validity(field.data_type()),
        })
        .collect()
    }

    /// Returns the message of a batch for the engine, or `None` if the file's own is used.
    pub(super) fn batch(&self, message: &Message<'_>, body: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let batch = message.header_as_record_batch().ok_or(NO_SENSE)?;
        if self.schema.is_none() && batch.compression().is_none() {
            return Ok(None);
        }
        let stored = StoredBatch::of(&batch, body)?;
        let old = message.version() < MetadataVersion::V5;
        let (mut built, mut passed) = (BatchBuilder::default(), Cursor::default());
        for (field, odd) in self.fields.iter().zip(&self.odd) {
            let start = passed;
            let wide = passed.pass(field.data_type(), &stored.views, old).ok_or(NO_SENSE)?;
            if *odd {
                built.add_presence(&stored, start, has_validity(field.data_type()), batch.length())?;
            } else {
                built.add_column(&stored, &start, &passed, &wide)?;
            }
        }
        let mut builder = FlatBufferBuilder::new();
        let header = built.header(&mut builder, batch.length()).as_union_value();
        Ok(Some(message_of(builder, MessageHeader::RecordBatch, header, &built.body)))
    }

    /// Returns the message of a dictionary in the same way; an empty one if no column that is read has it.
    pub(super) fn dictionary(&self, message: &Message<'_>, body: &[u8]) -> Result<Option<Vec<u8>>, String> {
        let dictionary = message.header_as_dictionary_batch().ok_or(NO_SENSE)?;
        let batch = dictionary.data().ok_or(NO_SENSE)?;
        let number = match &self.schema {
            Some((_, numbers)) => match numbers.get(&dictionary.id()) {
                Some(number) => *number,
                None => return Ok(Some(Vec::new())),
            },
            None if batch.compression().is_none() => return Ok(None),
            None => dictionary.id(),
        };
        let stored = StoredBatch::of(&batch, body)?;
        let end =
            Cursor { nodes: stored.nodes.len(), buffers: stored.buffers.len(), views: stored.views.len() };
        let mut built = BatchBuilder::default();
        built.add_column(&stored, &Cursor::default(), &end, &[])?;
        let mut builder = FlatBufferBuilder::new();
        let data = built.header(&mut builder, batch.length());
        let mut header = DictionaryBatchBuilder::new(&mut builder);
        header.add_id(number);
        header.add_data(data);
        header.add_isDelta(dictionary.isDelta());
        let header = header.finish().as_union_value();
        Ok(Some(message_of(builder, MessageHeader::DictionaryBatch, header, &built.body)))
    }
}

const NO_SENSE: &str = "a batch makes no sense";

/// Collects the ids of a column's dictionaries, in the order in which they are written.
fn dictionaries(field: arrow::ipc::Field<'_>, numbers: &mut Vec<i64>) {
    for child in field.children().into_iter().flatten() {
        dictionaries(child, numbers);
    }
    numbers.extend(field.dictionary().map(|dictionary| dictionary.id()));
}

/// A batch as the file stores it.
struct StoredBatch<'a> {
    nodes: Vec<FieldNode>,
    buffers: Vec<&'a [u8]>,
    views: Vec<i64>,
    codec: Option<CompressionType>,
}

impl<'a> StoredBatch<'a> {
    fn of(batch: &RecordBatch<'_>, body: &'a [u8]) -> Result<Self, String> {
        let bytes = |buffer: &Buffer| {
            let start = usize::try_from(buffer.offset()).ok()?;
            body.get(start..start.checked_add(usize::try_from(buffer.length()).ok()?)?)
        };
        let buffers = batch.buffers().into_iter().flatten().map(bytes);
        Ok(Self {
            nodes: batch.nodes().into_iter().flatten().copied().collect(),
            buffers: buffers.collect::<Option<_>>().ok_or("a buffer lies outside of its batch")?,
            views: batch.variadicBufferCounts().into_iter().flatten().collect(),
            codec: batch.compression().map(|compression| compression.codec()),
        })
    }

    /// Returns the bytes of a buffer, decompressed.
    fn buffer(&self, index: usize) -> Result<Cow<'a, [u8]>, String> {
        let bytes = self.buffers.get(index).copied().ok_or(NO_SENSE)?;
        let Some(codec) = self.codec.filter(|_| !bytes.is_empty()) else { return Ok(bytes.into()) };
        let (length, packed) = bytes.split_first_chunk::<8>().ok_or("a packed buffer without its length")?;
        // A length of -1 means that the buffer is not compressed.
        let length = match i64::from_le_bytes(*length) {
            -1 => return Ok(packed.into()),
            length => u64::try_from(length).map_err(|_| "a negative length")?,
        };
        let mut unpacked = Vec::new();
        let read = match codec {
            CompressionType::LZ4_FRAME => lz4::Decoder::new(packed)
                .and_then(|packed| packed.take(length + 1).read_to_end(&mut unpacked)),
            CompressionType::ZSTD => zstd::Decoder::with_buffer(packed)
                .and_then(|packed| packed.take(length + 1).read_to_end(&mut unpacked)),
            _ => return Err("a batch packed in an unknown way".to_owned()),
        };
        match read {
            Ok(read) if u64::try_from(read) == Ok(length) => Ok(unpacked.into()),
            _ => Err("a packed buffer makes no sense".to_owned()),
        }
    }
}

/// A batch that is being built.
#[derive(Default)]
struct BatchBuilder {
    nodes: Vec<FieldNode>,
    buffers: Vec<Buffer>,
    views: Vec<i64>,
    body: Vec<u8>,
}

impl BatchBuilder {
    fn add(&mut self, bytes: &[u8]) {
        let size = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        self.buffers.push(Buffer::new(size(self.body.len()), size(bytes.len())));
        self.body.extend_from_slice(bytes);
        self.body.resize(self.body.len().next_multiple_of(ALIGNED), 0);
    }

    /// Adds a column as it is, but narrows the `wide` buffers of 256-bit decimals to 128 bits.
    fn add_column(
        &mut self,
        stored: &StoredBatch<'_>,
        start: &Cursor,
        end: &Cursor,
        wide: &[usize],
    ) -> Result<(), String> {
        fn of<T: Copy>(all: &[T], range: Range<usize>) -> Result<&[T], String> {
            all.get(range).ok_or_else(|| NO_SENSE.to_owned())
        }
        self.nodes.extend_from_slice(of(&stored.nodes, start.nodes..end.nodes)?);
        self.views.extend_from_slice(of(&stored.views, start.views..end.views)?);
        for buffer in start.buffers..end.buffers {
            let bytes = stored.buffer(buffer)?;
            if wide.contains(&buffer) {
                self.add(&narrowed(&bytes, &stored.buffer(buffer - 1)?)?);
            } else {
                self.add(&bytes);
            }
        }
        Ok(())
    }

    /// Adds a boolean column that is true where a column has a value, and null elsewhere.
    fn add_presence(
        &mut self,
        stored: &StoredBatch<'_>,
        start: Cursor,
        has_validity: bool,
        rows: i64,
    ) -> Result<(), String> {
        let node = stored.nodes.get(start.nodes).ok_or(NO_SENSE)?;
        let nulls = if has_validity { node.null_count() } else { 0 };
        self.nodes.push(FieldNode::new(rows, nulls));
        let validity = if has_validity { stored.buffer(start.buffers)? } else { Cow::default() };
        self.add(&validity);
        let bytes = usize::try_from(rows).map_err(|_| NO_SENSE)?.div_ceil(8);
        self.add(&vec![0xff; bytes]);
        Ok(())
    }

    fn header<'b>(&self, builder: &mut FlatBufferBuilder<'b>, rows: i64) -> WIPOffset<RecordBatch<'b>> {
        let nodes = builder.create_vector(&self.nodes);
        let buffers = builder.create_vector(&self.buffers);
        let views = builder.create_vector(&self.views);
        let mut batch = RecordBatchBuilder::new(builder);
        batch.add_length(rows);
        batch.add_nodes(nodes);
        batch.add_buffers(buffers);
        batch.add_variadicBufferCounts(views);
        batch.finish()
    }
}

/// Narrows decimals from 256 to 128 bits. `validity` marks those that are not null: only these are checked.
fn narrowed(bytes: &[u8], validity: &[u8]) -> Result<Vec<u8>, String> {
    const WIDE: usize = 32;
    let is_there = |row: usize| validity.get(row / 8).is_none_or(|bits| bits >> (row % 8) & 1 == 1);
    let mut narrow = Vec::with_capacity(bytes.len() / 2);
    for (row, value) in bytes.chunks_exact(WIDE).enumerate() {
        let (low, high) = value.split_at(WIDE / 2);
        let sign = if low.last().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
        if is_there(row) && high.iter().any(|byte| *byte != sign) {
            return Err("a decimal has more digits than its type".to_owned());
        }
        narrow.extend_from_slice(low);
    }
    Ok(narrow)
}

/// Encodes a message as it is in a stream.
fn message_of(
    mut builder: FlatBufferBuilder<'_>,
    kind: MessageHeader,
    header: WIPOffset<UnionWIPOffset>,
    body: &[u8],
) -> Vec<u8> {
    let mut message = MessageBuilder::new(&mut builder);
    message.add_version(MetadataVersion::V5);
    message.add_header_type(kind);
    message.add_header(header);
    message.add_bodyLength(i64::try_from(body.len()).unwrap_or(i64::MAX));
    let message = message.finish();
    builder.finish(message, None);
    let metadata = builder.finished_data();
    let length = metadata.len().next_multiple_of(8);
    let mut bytes = vec![0xff; 4];
    bytes.extend(i32::try_from(length).unwrap_or(i32::MAX).to_le_bytes());
    bytes.extend(metadata);
    bytes.resize(8 + length, 0);
    bytes.extend(body);
    bytes
}
