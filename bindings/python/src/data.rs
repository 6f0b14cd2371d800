//! What is to be judged: a URI, or the rows of an Arrow stream, which become a frame of the engine without being copied.

use karat::{At, Data};
use polars::prelude::{PolarsResult, polars_err};
use polars_arrow::array::{Array, StructArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::ffi::{ArrowArrayStream, ArrowArrayStreamReader};
use pyo3::exceptions::{PyException, PyImportError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyString};

use crate::errors::unreadable;
use crate::frame::Frame;
use crate::waiting::Hooks;

/// Data as it was given.
pub(crate) enum Given {
    Uri(String),
    Stream(Stream),
}

/// Data that can be judged again.
#[derive(Clone)]
pub(crate) enum Held {
    Uri { uri: String, at: At },
    Frame(Frame),
}

impl Held {
    /// Returns where the data lies; nothing of rows in memory.
    pub(crate) fn uri(&self) -> Option<&str> {
        match self {
            Self::Uri { uri, .. } => Some(uri),
            Self::Frame(_) => None,
        }
    }

    /// Returns the data for a run.
    pub(crate) fn data(&self) -> Data {
        match self {
            Self::Uri { uri, at } => Data::Uri { uri: uri.clone(), at: *at },
            Self::Frame(frame) => frame.lazy().into(),
        }
    }
}

impl Given {
    /// Takes what Python gives: a text, or what has `__arrow_c_stream__`.
    pub(crate) fn of(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        match data.cast::<PyString>() {
            Ok(uri) => Ok(Self::Uri(uri.to_str()?.to_owned())),
            Err(_) => Ok(Self::Stream(Stream::of(data)?)),
        }
    }
}

/// An Arrow stream that was handed over and not read yet.
pub(crate) struct Stream(Box<ArrowArrayStream>);

impl Stream {
    /// Takes the stream out of what exports one.
    fn of(data: &Bound<'_, PyAny>) -> PyResult<Self> {
        let capsule =
            data.call_method0("__arrow_c_stream__").map_err(|raised| not_handed_over(data.py(), raised))?;
        let capsule = capsule.cast::<PyCapsule>().map_err(|_| {
            PyTypeError::new_err("__arrow_c_stream__ must return a capsule of the name arrow_array_stream")
        })?;
        let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast::<ArrowArrayStream>();
        #[expect(
            unsafe_code,
            reason = "a capsule of this name holds such a stream: the Arrow PyCapsule interface"
        )]
        // SAFETY: the interface says that a capsule of this name points to a stream, which its consumer moves out and marks as
        // released. The capsule is alive, and this thread holds Python's lock.
        let stream = unsafe { pointer.replace(ArrowArrayStream::empty()) };
        Ok(Self(Box::new(stream)))
    }

    /// Reads all rows. Their buffers stay where they are.
    pub(crate) fn read(self, hooks: &Hooks) -> PolarsResult<Frame> {
        #[expect(unsafe_code, reason = "whoever exports a stream vouches for it")]
        // SAFETY: the stream comes out of a capsule, whose maker vouches that it is one.
        let mut stream = unsafe { ArrowArrayStreamReader::try_new(self.0) }?;
        let root = stream.field().clone();
        let ArrowDataType::Struct(fields) = root.dtype() else {
            return Err(polars_err!(ComputeError: "one column is no table: give it a name, and its frame"));
        };
        fields.iter().try_for_each(|field| known(field.name.as_str(), field.dtype()))?;
        let mut chunks: Vec<Vec<Box<dyn Array>>> = vec![Vec::new(); fields.len()];
        let mut height = 0;
        // One that has no end is left when nobody waits any more.
        while !hooks.is_cancelled() {
            #[expect(unsafe_code, reason = "whoever exports a stream vouches for it")]
            // SAFETY: as above.
            let Some(batch) = (unsafe { stream.next() }) else { break };
            let batch = batch?;
            height += batch.len();
            for (chunks, column) in chunks.iter_mut().zip(columns(batch.as_ref())?) {
                chunks.push(column);
            }
        }
        Frame::of(height, fields, chunks)
    }
}

/// Returns the exception of data whose owner cannot hand it over. A package that is missing is told as it is.
fn not_handed_over(py: Python<'_>, raised: PyErr) -> PyErr {
    if raised.is_instance_of::<PyImportError>(py) || !raised.is_instance_of::<PyException>(py) {
        return raised;
    }
    let told = unreadable(py, &format!("the rows cannot be had: {}", raised.value(py)), None);
    told.set_cause(py, Some(raised));
    told
}

/// Refuses types at which the engine would panic.
fn known(column: &str, dtype: &ArrowDataType) -> PolarsResult<()> {
    match dtype {
        ArrowDataType::Decimal256(precision, scale) => Err(polars_err!(
            ComputeError: "the column {column:?} is a decimal of 256 bits ({precision}, {scale}), and 128 are read: cast it"
        )),
        ArrowDataType::Extension(extension) => known(column, &extension.inner),
        ArrowDataType::Dictionary(_, values, _) => known(column, values),
        ArrowDataType::List(inner)
        | ArrowDataType::LargeList(inner)
        | ArrowDataType::FixedSizeList(inner, _)
        | ArrowDataType::Map(inner, _) => known(column, inner.dtype()),
        ArrowDataType::Struct(fields) => fields.iter().try_for_each(|field| known(column, field.dtype())),
        _ => Ok(()),
    }
}

/// Returns the columns of a batch.
fn columns(batch: &dyn Array) -> PolarsResult<Vec<Box<dyn Array>>> {
    let batch = batch.as_any().downcast_ref::<StructArray>();
    let batch = batch.ok_or_else(|| polars_err!(ComputeError: "a batch of the stream has no columns"))?;
    if batch.null_count() > 0 {
        return Err(polars_err!(ComputeError: "a row of the stream is null as a whole"));
    }
    Ok(batch.values().to_vec())
}
