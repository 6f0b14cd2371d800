//! Rows of a caller as a frame of the engine.
//!
//! Numbers and times stay where they are. The engine knows texts by views of 16 bytes each, which most callers do not have: they
//! are made of some rows at a time as these are read, of the columns that are read, so that they are nowhere as a whole.

use std::sync::Arc;

use polars::prelude::{
    ChunkAgg as _, Column, DataFrame, DataType, Expr, Field as PlField, IdxCa, IdxSize, IntoLazy as _,
    LazyFrame, PlSmallStr, PolarsError, PolarsResult, Schema, Series, col,
};
use polars_arrow::array::{Array, new_empty_array};
use polars_arrow::datatypes::{ArrowDataType, Field};

/// The name of the column of row numbers, which no column of a caller has.
const NUMBER: &str = "\u{1}row";

/// Rows in memory.
#[derive(Clone)]
pub(crate) struct Frame {
    /// The columns that the engine reads as they are.
    plain: DataFrame,
    /// All columns, in their order.
    columns: Vec<Kind>,
}

#[derive(Clone)]
enum Kind {
    /// A column of `plain`, with its type if it must become another one as it is read.
    Plain(String, Option<DataType>),
    Texts(Arc<Texts>),
}

/// A column of texts, or of bytes, as its caller has it.
struct Texts {
    name: String,
    dtype: DataType,
    chunks: Vec<Box<dyn Array>>,
    /// The number of the first row of each chunk, and of the row after the last one.
    starts: Vec<usize>,
}

impl Frame {
    /// Makes a frame of the chunks of columns.
    pub(crate) fn of(
        height: usize,
        fields: &[Field],
        chunks: Vec<Vec<Box<dyn Array>>>,
    ) -> PolarsResult<Self> {
        let (mut plain, mut columns) = (Vec::new(), Vec::new());
        for (field, mut chunks) in fields.iter().zip(chunks) {
            let stored = stored(field.dtype());
            if chunks.is_empty() {
                chunks.push(new_empty_array(stored.clone()));
            }
            // What a type of somebody's own is stored as is judged.
            for chunk in
                chunks.iter_mut().filter(|chunk| matches!(chunk.dtype(), ArrowDataType::Extension(_)))
            {
                *chunk.dtype_mut() = stored.clone();
            }
            let name = field.name.to_string();
            let dtype = match stored {
                ArrowDataType::Utf8 | ArrowDataType::LargeUtf8 => Some(DataType::String),
                ArrowDataType::Binary | ArrowDataType::LargeBinary => Some(DataType::Binary),
                _ => None,
            };
            if let Some(dtype) = dtype {
                columns.push(Kind::Texts(Arc::new(Texts::of(name, dtype, chunks))));
            } else {
                let field = Field { dtype: stored, ..field.clone() };
                let column = Column::from(
                    Series::try_from((&field, chunks)).map_err(|error| of_column(&name, error))?,
                );
                columns.push(Kind::Plain(name, spelled(column.dtype())));
                plain.push(column);
            }
        }
        let frame = Self { plain: DataFrame::new(height, plain)?, columns };
        frame.refuse_same_names()?;
        Ok(frame)
    }

    fn refuse_same_names(&self) -> PolarsResult<()> {
        let mut names: Vec<&str> = self.columns.iter().map(Kind::name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(PolarsError::Duplicate(format!("two columns are called {:?}", pair[0]).into())),
            None => Ok(()),
        }
    }

    /// Returns the frame for the engine.
    pub(crate) fn lazy(&self) -> LazyFrame {
        let frame = self.plain.clone().lazy();
        let has_texts = self.columns.iter().any(|column| matches!(column, Kind::Texts(_)));
        if !has_texts && self.columns.iter().all(|column| matches!(column, Kind::Plain(_, None))) {
            return frame;
        }
        let numbered = if has_texts { frame.with_row_index(NUMBER, None) } else { frame };
        numbered.select(self.columns.iter().map(Kind::expression).collect::<Vec<Expr>>())
    }
}

impl Kind {
    fn name(&self) -> &str {
        match self {
            Self::Plain(name, _) => name,
            Self::Texts(texts) => &texts.name,
        }
    }

    fn expression(&self) -> Expr {
        match self {
            Self::Plain(name, None) => col(name.as_str()),
            Self::Plain(name, Some(dtype)) => col(name.as_str()).cast(dtype.clone()),
            Self::Texts(texts) => texts.expression(),
        }
    }
}

impl Texts {
    fn of(name: String, dtype: DataType, chunks: Vec<Box<dyn Array>>) -> Self {
        let ends = chunks.iter().scan(0, |end, chunk| {
            *end += chunk.len();
            Some(*end)
        });
        let starts = std::iter::once(0).chain(ends).collect();
        Self { name, dtype, chunks, starts }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "whoever made the stream vouches for its texts: reading them cannot fail"
    )]
    fn expression(self: &Arc<Self>) -> Expr {
        let (texts, field) = (Arc::clone(self), PlField::new(self.name.as_str().into(), self.dtype.clone()));
        let read = col(NUMBER).map(
            move |numbers: Column| texts.rows(numbers.as_materialized_series().idx()?).map(Column::from),
            move |_: &Schema, _: &PlField| Ok(field.clone()),
        );
        read.alias(self.name.as_str())
    }

    /// Returns the rows of these numbers.
    fn rows(&self, numbers: &IdxCa) -> PolarsResult<Series> {
        let Some((least, most)) = numbers.min_max() else {
            return Ok(Series::new_empty(self.name.as_str().into(), &self.dtype));
        };
        let (start, end) = (usize_of(least), usize_of(most) + 1);
        let mut chunks = Vec::new();
        let first = self.starts.partition_point(|own| *own <= start).saturating_sub(1);
        for (chunk, own) in self.chunks.iter().zip(self.starts.windows(2)).skip(first) {
            let (from, to) = (start.max(own[0]), end.min(own[1]));
            if own[0] >= end {
                break;
            }
            if from < to {
                chunks.push(chunk.sliced(from - own[0], to - from));
            }
        }
        let range = Series::try_from((PlSmallStr::from(self.name.as_str()), chunks))?;
        let in_order = numbers.into_no_null_iter().zip(least..).all(|(number, next)| number == next);
        // Rows that a filter has left are some of the range.
        if in_order && end - start == numbers.len() { Ok(range) } else { range.take(&(numbers - least)) }
    }
}

fn usize_of(number: IdxSize) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn of_column(name: &str, error: PolarsError) -> PolarsError {
    error.context(format!("the column {name:?}").into())
}

fn stored(dtype: &ArrowDataType) -> ArrowDataType {
    match dtype {
        ArrowDataType::Extension(extension) => stored(&extension.inner),
        other => other.clone(),
    }
}

/// Returns a type without categories, which are judged as the texts that they stand for; `None` if it has none.
fn spelled(dtype: &DataType) -> Option<DataType> {
    match dtype {
        DataType::Categorical(..) | DataType::Enum(..) => Some(DataType::String),
        // No other engine has integers of 128 bits.
        DataType::Int128 | DataType::UInt128 => Some(DataType::Decimal(38, 0)),
        DataType::List(inner) => spelled(inner).map(|inner| DataType::List(Box::new(inner))),
        DataType::Array(inner, width) => spelled(inner).map(|inner| DataType::Array(Box::new(inner), *width)),
        DataType::Struct(fields) => {
            let of = |field: &PlField| spelled(field.dtype());
            fields.iter().any(|field| of(field).is_some()).then(|| {
                let fields = fields.iter().map(|field| {
                    PlField::new(field.name().clone(), of(field).unwrap_or_else(|| field.dtype().clone()))
                });
                DataType::Struct(fields.collect())
            })
        }
        _ => None,
    }
}
