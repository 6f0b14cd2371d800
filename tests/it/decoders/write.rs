//! Files of all shapes, encodings, codecs and kinds of pages, written value by value.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use karat::data::{Decimal, Value};
use parquet::basic::{
    BrotliLevel, Compression, ConvertedType, Encoding, GzipLevel, LogicalType, Repetition, TimeUnit,
    Type as Physical, ZstdLevel,
};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{GroupTypeBuilder, SchemaDescriptor, Type, TypePtr};

use super::cells;
use super::generate::{Kind, Node, Shape, Stored, Written, node, value};
use super::shred::{Leaf, Place, leaves, put};
use crate::fuzz::Random;

/// Writes a file and compares what is read with what was written. Gives the number of cells.
pub fn case(seed: u64) -> Result<u64, String> {
    let mut random = Random::new(seed);
    let names = ["a", "b", "c", "d", "e", "f"];
    let columns: Vec<Node> =
        (0..=random.below(5)).map(|index| node(&mut random, names[index], index % 4)).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("case.parquet");
    let rows = [0, 1, 8, 60, 200][random.below(5)];
    let rows: Vec<Vec<Value>> =
        (0..rows).map(|_| columns.iter().map(|column| value(&mut random, column)).collect()).collect();
    let said = write(&path, &columns, &rows, &mut random);
    let tell = |difference: String| format!("{difference}\n{said}");
    // What nobody reads is refused by its name, and the rest is read.
    let (read, refused): (Vec<usize>, Vec<usize>) =
        (0..columns.len()).partition(|index| !holds_repeated_value(&columns[*index]));
    for column in refused.iter().map(|index| &columns[*index].name) {
        cells::refused(&path, column).map_err(tell)?;
    }
    let names: Vec<String> = read.iter().map(|index| columns[*index].name.clone()).collect();
    let rows: Vec<Vec<Value>> =
        rows.iter().map(|row| read.iter().map(|index| row[*index].clone()).collect()).collect();
    if names.is_empty() {
        return Ok(0);
    }
    let found = cells::rows(&path, &names).map_err(tell)?;
    cells::compare(&names, &found, &rows).map_err(tell)
}

/// Whether the value of a map in it is a repeated field without a list around it.
fn holds_repeated_value(node: &Node) -> bool {
    match &node.shape {
        Shape::Leaf(_) => false,
        Shape::Struct(fields) => fields.iter().any(holds_repeated_value),
        Shape::List(_, element) => holds_repeated_value(element),
        Shape::Map(_, value, _) => {
            matches!(value.shape, Shape::List(Written::Bare, _)) || holds_repeated_value(value)
        }
    }
}

/// Writes rows; says how.
fn write(path: &Path, columns: &[Node], rows: &[Vec<Value>], random: &mut Random) -> String {
    let fields = columns.iter().map(|column| typed(column, None, random)).collect();
    let root = Arc::new(Type::group_type_builder("schema").with_fields(fields).build().unwrap());
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ];
    let codec = codecs[random.below(codecs.len())];
    let version = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0][random.below(2)];
    let coded = random.below(2) == 0;
    let mut properties = WriterProperties::builder()
        .set_compression(codec)
        .set_writer_version(version)
        .set_dictionary_enabled(coded)
        .set_dictionary_page_size_limit([16, 1 << 20][random.below(2)])
        .set_data_page_size_limit([32, 1 << 20][random.below(2)])
        .set_data_page_row_count_limit([3, 20_000][random.below(2)])
        .set_write_batch_size([1, 7, 1024][random.below(3)]);
    let descriptor = SchemaDescriptor::new(Arc::clone(&root));
    for leaf in descriptor.columns() {
        if let Some(encoding) = encoding(leaf.physical_type(), random) {
            properties = properties.set_column_encoding(leaf.path().clone(), encoding);
        }
    }
    let said = format!("{codec}, {version:?}, coded: {coded}\n{columns:?}");
    let mut writer =
        SerializedFileWriter::new(File::create(path).unwrap(), root, Arc::new(properties.build())).unwrap();
    let groups = rows.chunks([rows.len().max(1), 7][random.below(2)]);
    for rows in groups {
        let mut group = writer.next_row_group().unwrap();
        for (index, column) in columns.iter().enumerate() {
            let mut shredded = leaves(column);
            for row in rows {
                put(
                    column,
                    Some(&row[index]),
                    Place { repetition: 0, definition: 0, depth: 0 },
                    &mut shredded,
                );
            }
            for leaf in &shredded {
                let mut writer = group.next_column().unwrap().unwrap();
                write_leaf(leaf, &mut writer);
                writer.close().unwrap();
            }
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
    said
}

fn encoding(physical: Physical, random: &mut Random) -> Option<Encoding> {
    let known: &[Encoding] = match physical {
        Physical::BOOLEAN => &[Encoding::PLAIN, Encoding::RLE],
        Physical::INT32 | Physical::INT64 => {
            &[Encoding::PLAIN, Encoding::DELTA_BINARY_PACKED, Encoding::BYTE_STREAM_SPLIT]
        }
        Physical::FLOAT | Physical::DOUBLE => &[Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT],
        Physical::BYTE_ARRAY => {
            &[Encoding::PLAIN, Encoding::DELTA_LENGTH_BYTE_ARRAY, Encoding::DELTA_BYTE_ARRAY]
        }
        Physical::FIXED_LEN_BYTE_ARRAY => {
            &[Encoding::PLAIN, Encoding::DELTA_BYTE_ARRAY, Encoding::BYTE_STREAM_SPLIT]
        }
        Physical::INT96 => &[Encoding::PLAIN],
    };
    (random.below(3) > 0).then(|| known[random.below(known.len())])
}

/// The type of a column. `repeated`: the name that it has as a repeated field.
fn typed(node: &Node, repeated: Option<&str>, random: &mut Random) -> TypePtr {
    let repetition = match (repeated, node.optional) {
        (Some(_), _) => Repetition::REPEATED,
        (None, true) => Repetition::OPTIONAL,
        (None, false) => Repetition::REQUIRED,
    };
    let name = repeated.unwrap_or(&node.name);
    Arc::new(match &node.shape {
        Shape::Leaf(kind) => return leaf(name, repetition, *kind),
        Shape::Struct(fields) => {
            let fields = fields.iter().map(|field| typed(field, None, random)).collect();
            group(name, repetition, fields).build().unwrap()
        }
        Shape::List(Written::Bare, element) => return typed(element, Some(name), random),
        Shape::List(written, element) => {
            let inner = match written {
                Written::Three(inner, _) => {
                    let element = typed(element, None, random);
                    Arc::new(group(inner, Repetition::REPEATED, vec![element]).build().unwrap())
                }
                _ => typed(element, Some(&element.name), random),
            };
            let list = group(name, repetition, vec![inner]);
            let list = match random.below(2) {
                0 => list.with_converted_type(ConvertedType::LIST),
                _ => list.with_logical_type(Some(LogicalType::List)),
            };
            list.build().unwrap()
        }
        Shape::Map(key, value, obsolete) => {
            let fields = vec![typed(key, None, random), typed(value, None, random)];
            let entries = if *obsolete { "map" } else { "key_value" };
            let entries = Arc::new(group(entries, Repetition::REPEATED, fields).build().unwrap());
            let map = group(name, repetition, vec![entries]);
            let map = if *obsolete {
                map.with_converted_type(ConvertedType::MAP_KEY_VALUE)
            } else {
                map.with_logical_type(Some(LogicalType::Map))
            };
            map.build().unwrap()
        }
    })
}

fn group(name: &str, repetition: Repetition, fields: Vec<TypePtr>) -> GroupTypeBuilder<'_> {
    Type::group_type_builder(name).with_repetition(repetition).with_fields(fields)
}

fn leaf(name: &str, repetition: Repetition, kind: Kind) -> TypePtr {
    let (physical, logical, length) = match kind {
        Kind::Boolean => (Physical::BOOLEAN, None, 0),
        Kind::Int8 => (Physical::INT32, Some(LogicalType::integer(8, true)), 0),
        Kind::Int32 => (Physical::INT32, None, 0),
        Kind::Unsigned32 => (Physical::INT32, Some(LogicalType::integer(32, false)), 0),
        Kind::Int64 => (Physical::INT64, None, 0),
        Kind::Unsigned64 => (Physical::INT64, Some(LogicalType::integer(64, false)), 0),
        Kind::Float => (Physical::FLOAT, None, 0),
        Kind::Double => (Physical::DOUBLE, None, 0),
        Kind::Half => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), 2),
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), 0),
        Kind::Bytes => (Physical::BYTE_ARRAY, None, 0),
        Kind::Fixed(length) => (Physical::FIXED_LEN_BYTE_ARRAY, None, length),
        Kind::Uuid => (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Uuid), 16),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date), 0),
        Kind::TimeMillis => (Physical::INT32, Some(LogicalType::time(true, TimeUnit::MILLIS)), 0),
        Kind::TimeMicros => (Physical::INT64, Some(LogicalType::time(true, TimeUnit::MICROS)), 0),
        Kind::Millis => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MILLIS)), 0),
        Kind::Micros => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS)), 0),
        Kind::Nanos => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::NANOS)), 0),
        Kind::Int96 => (Physical::INT96, None, 0),
        Kind::Decimal(digits, scale, stored) => {
            let physical = match stored {
                Stored::Int32 => Physical::INT32,
                Stored::Int64 => Physical::INT64,
                Stored::Fixed => Physical::FIXED_LEN_BYTE_ARRAY,
                Stored::Bytes => Physical::BYTE_ARRAY,
            };
            (physical, Some(LogicalType::decimal(scale, digits)), 16)
        }
    };
    let mut builder =
        Type::primitive_type_builder(name, physical).with_repetition(repetition).with_logical_type(logical);
    if let Kind::Decimal(digits, scale, _) = kind {
        builder = builder.with_precision(digits).with_scale(scale);
    }
    if physical == Physical::FIXED_LEN_BYTE_ARRAY {
        builder = builder.with_length(length);
    }
    Arc::new(builder.build().unwrap())
}

fn write_leaf(leaf: &Leaf, writer: &mut SerializedColumnWriter<'_>) {
    let levels = (Some(leaf.definitions.as_slice()), Some(leaf.repetitions.as_slice()));
    let each = leaf.values.iter();
    match writer.untyped() {
        ColumnWriter::BoolColumnWriter(writer) => {
            let values: Vec<bool> = each.map(|value| *value == Value::Boolean(true)).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::Int32ColumnWriter(writer) => {
            let values: Vec<i32> = each.map(|value| whole(value, leaf.kind) as i32).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::Int64ColumnWriter(writer) => {
            let values: Vec<i64> = each.map(|value| whole(value, leaf.kind) as i64).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::FloatColumnWriter(writer) => {
            let values: Vec<f32> = each.map(|value| value.as_f64().unwrap() as f32).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            let values: Vec<f64> = each.map(|value| value.as_f64().unwrap()).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::Int96ColumnWriter(writer) => {
            let values: Vec<Int96> = each.map(int96).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::ByteArrayColumnWriter(writer) => {
            let values: Vec<ByteArray> = each.map(|value| bytes(value, leaf.kind).into()).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
        ColumnWriter::FixedLenByteArrayColumnWriter(writer) => {
            let values: Vec<FixedLenByteArray> =
                each.map(|value| ByteArray::from(bytes(value, leaf.kind)).into()).collect();
            writer.write_batch(&values, levels.0, levels.1).unwrap();
        }
    }
}

fn whole(value: &Value, kind: Kind) -> i128 {
    match (value, kind) {
        (Value::Integer(value), _) => *value,
        (Value::Date(day), _) => i128::from(*day),
        (Value::Time(nanoseconds), Kind::TimeMillis) => i128::from(*nanoseconds) / 1_000_000,
        (Value::Time(nanoseconds), _) => i128::from(*nanoseconds) / 1_000,
        (Value::Timestamp { nanoseconds, .. }, Kind::Millis) => nanoseconds / 1_000_000,
        (Value::Timestamp { nanoseconds, .. }, Kind::Micros) => nanoseconds / 1_000,
        (Value::Timestamp { nanoseconds, .. }, _) => *nanoseconds,
        (Value::Decimal(Decimal { unscaled, .. }), _) => *unscaled,
        (other, _) => panic!("{other}"),
    }
}

fn int96(value: &Value) -> Int96 {
    const DAY: i128 = 86_400_000_000_000;
    let Value::Timestamp { nanoseconds, .. } = value else { panic!("{value}") };
    let (day, rest) = (nanoseconds.div_euclid(DAY) + 2_440_588, nanoseconds.rem_euclid(DAY));
    let mut int96 = Int96::new();
    int96.set_data(rest as u64 as u32, (rest >> 32) as u32, day as u32);
    int96
}

fn bytes(value: &Value, kind: Kind) -> Vec<u8> {
    match (value, kind) {
        (Value::String(text), Kind::Uuid) => {
            let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
            digits.chunks(2).map(byte).collect()
        }
        (Value::String(text), _) => text.clone().into_bytes(),
        (Value::Binary(bytes), _) => bytes.clone(),
        (Value::Decimal(decimal), Kind::Decimal(_, _, Stored::Bytes)) => {
            // As few bytes as hold it.
            let all = decimal.unscaled.to_be_bytes();
            let spare = |at: &usize| {
                let sign = if decimal.unscaled < 0 { 0xff } else { 0 };
                all[..*at].iter().all(|byte| *byte == sign) && (all[*at] & 0x80) == (sign & 0x80)
            };
            all[(0..16).rev().find(spare).unwrap_or(0)..].to_vec()
        }
        (Value::Decimal(decimal), _) => decimal.unscaled.to_be_bytes().to_vec(),
        (Value::Float(_), _) => half(value.as_f64().unwrap()).to_le_bytes().to_vec(),
        (other, _) => panic!("{other}"),
    }
}

/// The half floats that are generated.
fn half(value: f64) -> u16 {
    match value {
        value if value.is_nan() => 0x7e00,
        value if value == 0.0 => {
            if value.is_sign_negative() {
                0x8000
            } else {
                0
            }
        }
        1.5 => 0x3e00,
        65504.0 => 0x7bff,
        -0.25 => 0xb400,
        other => panic!("{other}"),
    }
}
