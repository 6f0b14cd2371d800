//! Statistics of footers as writers write them: whole, cut, marked, in part, or such as cannot be.

use std::cmp::Ordering;

use polars::prelude::{AnyValue, DataFrame, Series};
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{ConvertedType, FileMetaData, LogicalType, SchemaElement, Statistics, Type};

use crate::fuzz::Random;

/// What statistics tell of a column on some rows, if they are right.
pub struct Truth {
    pub rows: i64,
    pub nulls: i64,
    pub least: Option<AnyValue<'static>>,
    pub greatest: Option<AnyValue<'static>>,
}

impl Truth {
    pub fn of(values: &Series) -> Self {
        let present = values.drop_nulls();
        let mut least: Option<AnyValue<'static>> = None;
        let mut greatest: Option<AnyValue<'static>> = None;
        for value in present.iter().map(AnyValue::into_static).filter(|value| !is_nan(value)) {
            if least.as_ref().is_none_or(|least| value.partial_cmp(least) == Some(Ordering::Less)) {
                least = Some(value.clone());
            }
            if greatest.as_ref().is_none_or(|most| value.partial_cmp(most) == Some(Ordering::Greater)) {
                greatest = Some(value);
            }
        }
        let count = |number: usize| i64::try_from(number).unwrap();
        Self { rows: count(values.len()), nulls: count(values.null_count()), least, greatest }
    }
}

fn is_nan(value: &AnyValue<'_>) -> bool {
    match value {
        AnyValue::Float32(value) => value.is_nan(),
        AnyValue::Float64(value) => value.is_nan(),
        _ => false,
    }
}

/// Writes the statistics of a file of these rows anew; says of which columns all of them are whole, right
/// and told by a writer that is known for no mistake.
pub fn rewrite(bytes: &mut Vec<u8>, frame: &DataFrame, random: &mut Random) -> Vec<bool> {
    let end = bytes.len() - 8;
    let start = end - u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize;
    let mut protocol = TCompactInputProtocol::new(&bytes[start..end], usize::MAX);
    let mut metadata = FileMetaData::read_from_in_protocol(&mut protocol).unwrap();
    let writers = [
        Some("parquet-mr version 1.13.1 (build abc)"),
        Some("parquet-cpp-arrow version 26.0.1"),
        Some("parquet-rs version 59.0.0"),
        Some("Polars"),
        Some("DuckDB version v1.3.0 (build 71c5c07cdd)"),
        None,
    ];
    // Half of them by the first, whose statistics are all believed.
    let writer = random.below(2) * random.below(writers.len());
    metadata.created_by = writers[writer].map(str::to_owned);
    let flawless = metadata.created_by.as_ref().is_some_and(|writer| writer.starts_with("parquet-mr"));
    let ordered = random.below(12) > 0;
    if !ordered {
        metadata.column_orders = None;
    }
    let leaves: Vec<SchemaElement> = metadata.schema.iter().skip(1).cloned().collect();
    let mut right = vec![flawless && ordered; leaves.len()];
    // Most columns of a file are of one kind, so that some are right in all of its row groups.
    let kinds: Vec<usize> = leaves.iter().map(|_| random.below(3)).collect();
    let mut first = 0;
    for group in &mut metadata.row_groups {
        let rows = usize::try_from(group.num_rows).unwrap();
        for (index, chunk) in group.columns.iter_mut().enumerate() {
            let values = frame.columns()[index].as_materialized_series();
            let truth = Truth::of(&values.slice(i64::try_from(first).unwrap(), rows));
            let chunk = chunk.meta_data.as_mut().unwrap();
            let is_right = kinds[index] == 0 || random.below(4) == 0;
            let whole = whole(&truth, &leaves[index]);
            right[index] &= is_right && !may_be_cut(&whole, &leaves[index]);
            chunk.statistics =
                if is_right { Some(whole) } else { changed(whole, &truth, &leaves[index], random) };
        }
        first += rows;
    }
    bytes.truncate(start);
    let mut footer = Vec::new();
    metadata.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut footer)).unwrap();
    bytes.extend(&footer);
    bytes.extend(u32::try_from(footer.len()).unwrap().to_le_bytes());
    bytes.extend(b"PAR1");
    right
}

/// Whether a reader must take the bounds for the beginnings of texts, or for something else than texts.
fn may_be_cut(of: &Statistics, element: &SchemaElement) -> bool {
    let doubtful = |bound: &Vec<u8>| bound.len() >= 16 || bound.contains(&0);
    element.type_ == Some(Type::BYTE_ARRAY) && of.min_value.iter().chain(&of.max_value).any(doubtful)
}

fn whole(truth: &Truth, element: &SchemaElement) -> Statistics {
    let encoded = |value: &Option<AnyValue<'_>>| value.as_ref().map(|value| encoded(value, element));
    Statistics {
        max: None,
        min: None,
        null_count: Some(truth.nulls),
        distinct_count: None,
        max_value: encoded(&truth.greatest),
        min_value: encoded(&truth.least),
        is_max_value_exact: None,
        is_min_value_exact: None,
    }
}

/// A value as the file stores it.
fn encoded(value: &AnyValue<'_>, element: &SchemaElement) -> Vec<u8> {
    let whole = match value {
        AnyValue::Boolean(value) => return vec![u8::from(*value)],
        AnyValue::Float32(value) => return value.to_le_bytes().to_vec(),
        AnyValue::Float64(value) => return value.to_le_bytes().to_vec(),
        AnyValue::StringOwned(text) => return text.as_bytes().to_vec(),
        AnyValue::BinaryOwned(bytes) => return bytes.clone(),
        AnyValue::Int8(value) => i128::from(*value),
        AnyValue::Int16(value) => i128::from(*value),
        AnyValue::Int32(value) | AnyValue::Date(value) => i128::from(*value),
        AnyValue::Int64(value) | AnyValue::Time(value) | AnyValue::DatetimeOwned(value, ..) => {
            i128::from(*value)
        }
        AnyValue::UInt8(value) => i128::from(*value),
        AnyValue::UInt16(value) => i128::from(*value),
        AnyValue::UInt32(value) => i128::from(*value),
        AnyValue::UInt64(value) => i128::from(*value),
        AnyValue::Decimal(value, ..) => *value,
        other => panic!("no bytes of {other:?}"),
    };
    match element.type_.unwrap() {
        Type::INT32 => (whole as i32).to_le_bytes().to_vec(),
        Type::INT64 => (whole as i64).to_le_bytes().to_vec(),
        Type::FIXED_LEN_BYTE_ARRAY => {
            let length = usize::try_from(element.type_length.unwrap()).unwrap();
            whole.to_be_bytes()[16 - length..].to_vec()
        }
        other => panic!("no numbers in {other:?}"),
    }
}

/// The same with less in it, with bounds that are cut or marked, or such that it cannot be.
fn changed(
    whole: Statistics,
    truth: &Truth,
    element: &SchemaElement,
    random: &mut Random,
) -> Option<Statistics> {
    let is_text = element.type_ == Some(Type::BYTE_ARRAY);
    let mut of = whole;
    if is_text && of.min_value.is_some() && random.below(2) == 0 {
        cut(&mut of, random);
        return Some(of);
    }
    match random.below(12) {
        0 => return None,
        1 => of.null_count = None,
        2 => of.min_value = None,
        3 => of.max_value = None,
        4 => (of.min_value, of.max_value) = (None, None),
        5 => (of.is_min_value_exact, of.is_max_value_exact) = (Some(true), Some(true)),
        6 if !is_text => {
            // What is marked may be anything.
            (of.is_min_value_exact, of.is_max_value_exact) = (Some(false), Some(false));
            let bound = if random.below(2) == 0 { of.min_value.clone() } else { of.max_value.clone() };
            (of.min_value, of.max_value) = (bound.clone(), bound);
        }
        7 => {
            of.null_count = Some([truth.rows + 1, i64::MAX, -1][random.below(3)]);
            of.max_value.clone_from(&of.min_value);
        }
        8 if of.min_value.is_some() => {
            // All of them null, and yet there are values.
            of.null_count = Some(truth.rows);
            of.max_value.clone_from(&of.min_value);
        }
        9 if truth.least.as_ref().zip(truth.greatest.as_ref()).is_some_and(|(least, most)| least != most) => {
            std::mem::swap(&mut of.min_value, &mut of.max_value);
            of.null_count = Some(i64::try_from(random.below(usize::try_from(truth.rows).unwrap())).unwrap());
        }
        10 if is_signed(element) && of.min_value != of.max_value => {
            // Told twice, and not alike.
            (of.min, of.max) = (of.min_value.clone(), of.max_value.clone());
            of.max_value.clone_from(&of.min_value);
        }
        11 if is_signed(element) => (of.min, of.max) = (of.min_value.take(), of.max_value.take()),
        _ => of.max_value = None,
    }
    Some(of)
}

/// Whether it holds whole numbers with a sign, dates or times.
fn is_signed(element: &SchemaElement) -> bool {
    let is_number = matches!(element.type_, Some(Type::INT32 | Type::INT64));
    is_number
        && match &element.logical_type {
            Some(LogicalType::DECIMAL(_)) => false,
            Some(LogicalType::INTEGER(of)) => of.is_signed,
            _ => element.converted_type != Some(ConvertedType::DECIMAL),
        }
}

/// Cuts the bounds of texts, or puts something beside them.
fn cut(of: &mut Statistics, random: &mut Random) {
    let (Some(least), Some(greatest)) = (&mut of.min_value, &mut of.max_value) else { return };
    let kept = [0, 1, 2, 16, 64][random.below(5)];
    match random.below(6) {
        // Cut where they are, which is no bound above, and said to be.
        0 => {
            least.truncate(kept);
            greatest.truncate(kept);
            (of.is_min_value_exact, of.is_max_value_exact) = (Some(false), Some(false));
        }
        // Only one of them is said to be.
        1 => {
            greatest.truncate(kept);
            of.is_max_value_exact = Some(false);
        }
        // Cut as the format asks for.
        2 => {
            least.truncate(kept);
            of.max_value = raised(greatest, kept);
            if random.below(2) == 0 {
                (of.is_min_value_exact, of.is_max_value_exact) = (Some(false), Some(false));
            }
        }
        // Cut, and nobody says so.
        3 => {
            least.truncate(16);
            greatest.truncate(16);
        }
        // With their length in front.
        4 => {
            for bound in [least, greatest] {
                let length = u32::try_from(bound.len()).unwrap().to_le_bytes();
                bound.splice(0..0, length);
            }
        }
        _ => {
            least.insert(0, 0);
            greatest.insert(0, 0);
        }
    }
}

/// The least text of so many bytes that is above all that begin so; none if there is no such.
fn raised(greatest: &[u8], kept: usize) -> Option<Vec<u8>> {
    if greatest.len() <= kept {
        return Some(greatest.to_vec());
    }
    let text = std::str::from_utf8(greatest).ok()?;
    let end = (0..=kept).rev().find(|end| text.is_char_boundary(*end))?;
    let mut letters: Vec<char> = text[..end].chars().collect();
    while let Some(last) = letters.pop() {
        if let Some(next) = (u32::from(last) + 1..=0x10_ffff).find_map(char::from_u32) {
            letters.push(next);
            return Some(letters.into_iter().collect::<String>().into_bytes());
        }
    }
    None
}
