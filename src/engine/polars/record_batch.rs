//! Converts frames to record batches, without unsafe code: numbers lie in both in the same form, so that a batch shares those of
//! the engine; texts are written one behind the other; everything else goes through an IPC stream.

use std::sync::Arc;

use arrow::array::{ArrayData, ArrayRef, BinaryArray, BooleanArray, StringArray, make_array};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::cast;
use arrow::datatypes::{DataType as ArrowType, FieldRef, Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::reader::StreamDecoder;
use arrow::record_batch::RecordBatch;
use bytes::Bytes;
use polars::prelude::{
    ChunkedArray, Column, CompatLevel, DataFrame, DataType as PlType, IpcStreamWriter, PolarsNumericType,
    PolarsResult, SerWriter as _, Series, polars_bail, polars_err,
};

use super::recycled::Recycled;

/// Returns the columns of batches with the columns of a frame, in the types that most others have: the engine counts in 64 bits
/// where a batch needs 32.
pub(super) fn schema_of(frame: &DataFrame) -> PolarsResult<SchemaRef> {
    Ok(through_stream(&mut frame.clear(), &Recycled::default())?.schema())
}

/// Returns the rows of a frame as a batch with the columns that [`schema_of`] gives.
pub(super) fn batch_of(
    frame: &mut DataFrame,
    schema: &SchemaRef,
    memory: &Recycled,
) -> PolarsResult<RecordBatch> {
    frame.rechunk_mut();
    let mut columns: Vec<Option<ArrayRef>> = Vec::with_capacity(frame.width());
    let mut others: Vec<Column> = Vec::new();
    for (column, field) in frame.columns().iter().zip(schema.fields()) {
        let shared = shared(column.as_materialized_series(), field.data_type(), memory)?;
        if shared.is_none() {
            others.push(column.clone());
        }
        columns.push(shared);
    }
    let mut streamed = Vec::new();
    if !others.is_empty() {
        let batch = through_stream(&mut DataFrame::new(frame.height(), others)?, memory)?;
        streamed = batch.columns().to_vec();
    }
    let mut streamed = streamed.into_iter();
    let columns = columns.into_iter().map(|shared| shared.or_else(|| streamed.next()));
    let columns = columns.collect::<Option<Vec<_>>>();
    let columns = columns.ok_or_else(|| polars_err!(ComputeError: "a column was left out of a stream"))?;
    RecordBatch::try_new(Arc::clone(schema), columns).map_err(|error| foreign(&error))
}

fn foreign(error: &ArrowError) -> polars::error::PolarsError {
    polars_err!(ComputeError: "{error}")
}

/// Returns a column of one chunk that needs no stream; `None` for other types.
fn shared(values: &Series, of: &ArrowType, memory: &Recycled) -> PolarsResult<Option<ArrayRef>> {
    let nulls = nulls(values);
    let array = match (values.dtype(), of) {
        (PlType::Boolean, ArrowType::Boolean) => {
            let part = values.bool()?.downcast_iter().next();
            let Some((bytes, from, length)) = part.map(|part| part.values().as_slice()) else {
                return Ok(None);
            };
            let bits = BooleanBuffer::new(Buffer::from(bytes), from, length);
            Arc::new(BooleanArray::new(bits, nulls)) as ArrayRef
        }
        (PlType::String, ArrowType::Utf8) => {
            let part = values.str()?.downcast_iter().next();
            let Some((offsets, bytes)) = part.and_then(|part| joined(part.len(), part.values_iter(), memory))
            else {
                return Ok(None);
            };
            Arc::new(StringArray::try_new(offsets, bytes, nulls).map_err(|error| foreign(&error))?)
        }
        (PlType::Binary, ArrowType::Binary) => {
            let part = values.binary()?.downcast_iter().next();
            let Some((offsets, bytes)) = part.and_then(|part| joined(part.len(), part.values_iter(), memory))
            else {
                return Ok(None);
            };
            Arc::new(BinaryArray::try_new(offsets, bytes, nulls).map_err(|error| foreign(&error))?)
        }
        _ => {
            let Some(bytes) = numbers(values)? else { return Ok(None) };
            let data = ArrayData::builder(of.clone()).len(values.len()).add_buffer(bytes).nulls(nulls);
            // It is an error if the type is none of such numbers.
            make_array(data.build().map_err(|error| foreign(&error))?)
        }
    };
    Ok(Some(array))
}

/// Returns the memory of a column of numbers, dates or times.
fn numbers(values: &Series) -> PolarsResult<Option<Buffer>> {
    let numbers = values.to_physical_repr();
    Ok(match (values.dtype(), numbers.dtype()) {
        (PlType::Decimal(..) | PlType::Categorical(..) | PlType::Enum(..), _) => None,
        (_, PlType::Int8) => memory_of(numbers.i8()?),
        (_, PlType::Int16) => memory_of(numbers.i16()?),
        (_, PlType::Int32) => memory_of(numbers.i32()?),
        (_, PlType::Int64) => memory_of(numbers.i64()?),
        (_, PlType::UInt8) => memory_of(numbers.u8()?),
        (_, PlType::UInt16) => memory_of(numbers.u16()?),
        (_, PlType::UInt32) => memory_of(numbers.u32()?),
        (_, PlType::UInt64) => memory_of(numbers.u64()?),
        (_, PlType::Float32) => memory_of(numbers.f32()?),
        (_, PlType::Float64) => memory_of(numbers.f64()?),
        _ => None,
    })
}

/// Numbers of the engine, as bytes.
struct Numbers<T: PolarsNumericType>(ChunkedArray<T>);

impl<T: PolarsNumericType> AsRef<[u8]> for Numbers<T> {
    fn as_ref(&self) -> &[u8] {
        let part = self.0.downcast_iter().next();
        part.map_or(&[], |part| bytemuck::cast_slice(part.values().as_slice()))
    }
}

fn memory_of<T: PolarsNumericType>(numbers: &ChunkedArray<T>) -> Option<Buffer> {
    (numbers.chunks().len() == 1).then(|| Bytes::from_owner(Numbers(numbers.clone())).into())
}

fn nulls(values: &Series) -> Option<NullBuffer> {
    if values.null_count() == 0 {
        return None;
    }
    let (bytes, from, length) = values.chunks().first()?.validity()?.as_slice();
    Some(NullBuffer::new(BooleanBuffer::new(Buffer::from(bytes), from, length)))
}

/// Writes texts one behind the other; `None` if they are too long together.
fn joined<'a, T: AsRef<[u8]> + ?Sized + 'a>(
    rows: usize,
    values: impl Iterator<Item = &'a T>,
    memory: &Recycled,
) -> Option<(OffsetBuffer<i32>, Buffer)> {
    let mut bytes = memory.take();
    let mut offsets = Vec::with_capacity(rows + 1);
    offsets.push(0);
    for value in values {
        bytes.extend_from_slice(value.as_ref());
        offsets.push(i32::try_from(bytes.len()).ok()?);
    }
    Some((OffsetBuffer::new(ScalarBuffer::from(offsets)), memory.share(bytes)))
}

/// Converts a frame through an IPC stream, in whose bytes the columns of the batch lie.
fn through_stream(frame: &mut DataFrame, memory: &Recycled) -> PolarsResult<RecordBatch> {
    let mut bytes = memory.take();
    bytes.reserve(frame.estimated_size());
    IpcStreamWriter::new(&mut bytes).with_compat_level(CompatLevel::oldest()).finish(frame)?;
    let (mut rest, mut decoder) = (memory.share(bytes), StreamDecoder::new());
    let mut batch = None;
    while batch.is_none() && !rest.is_empty() {
        batch = decoder.decode(&mut rest).map_err(|error| foreign(&error))?;
    }
    let batch = match (batch, decoder.schema()) {
        (Some(batch), _) => batch,
        (None, Some(schema)) => RecordBatch::new_empty(schema),
        (None, None) => polars_bail!(ComputeError: "rows without columns"),
    };
    with_short_offsets(&batch).map_err(|error| foreign(&error))
}

fn with_short_offsets(batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let fields = batch.schema().fields().iter().map(short).collect::<Vec<_>>();
    let columns = batch.columns().iter().zip(&fields);
    let columns = columns.map(|(column, field)| cast(column, field.data_type()));
    RecordBatch::try_new(Arc::new(Schema::new(fields.clone())), columns.collect::<Result<_, _>>()?)
}

fn short(field: &FieldRef) -> FieldRef {
    let data_type = match field.data_type() {
        ArrowType::LargeUtf8 => ArrowType::Utf8,
        ArrowType::LargeBinary => ArrowType::Binary,
        ArrowType::LargeList(item) => ArrowType::List(short(item)),
        ArrowType::FixedSizeList(item, size) => ArrowType::FixedSizeList(short(item), *size),
        ArrowType::Struct(fields) => ArrowType::Struct(fields.iter().map(short).collect()),
        _ => return Arc::clone(field),
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}
