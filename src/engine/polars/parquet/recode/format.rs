//! Edits the footer of a file: removes columns, and repairs what some writers get wrong.

use std::collections::BTreeSet;

use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{ColumnChunk, FileMetaData, SchemaElement};

/// The maximum number of bytes in memory for each byte of a footer that is parsed.
const MAX_EXPANSION: usize = 64;

fn nonsense() -> String {
    "its footer makes no sense".to_owned()
}

/// A top-level column, and its place in the schema and in row groups.
struct Root {
    name: String,
    /// The range of its elements in the schema.
    elements: std::ops::Range<usize>,
    /// The range of its chunks in each row group.
    leaves: std::ops::Range<usize>,
}

fn parsed(footer: &[u8]) -> Result<FileMetaData, String> {
    let mut protocol = TCompactInputProtocol::new(footer, footer.len().saturating_mul(MAX_EXPANSION));
    FileMetaData::read_from_in_protocol(&mut protocol).map_err(|_| nonsense())
}

fn roots(schema: &[SchemaElement]) -> Result<Vec<Root>, String> {
    let children = |element: &SchemaElement| usize::try_from(element.num_children.unwrap_or(0)).unwrap_or(0);
    let mut roots = Vec::new();
    let (mut at, mut leaf) = (1, 0);
    for _ in 0..schema.first().map_or(0, children) {
        let (start, first) = (at, leaf);
        let mut missing = 1;
        while missing > 0 {
            let element = schema.get(at).ok_or_else(nonsense)?;
            missing += children(element);
            missing -= 1;
            leaf += usize::from(element.type_.is_some());
            at += 1;
        }
        roots.push(Root { name: schema[start].name.clone(), elements: start..at, leaves: first..leaf });
    }
    Ok(roots)
}

/// Returns the names of the columns with an encrypted chunk.
///
/// # Errors
/// The footer makes no sense.
pub(in crate::engine::polars) fn encrypted(footer: &[u8]) -> Result<BTreeSet<String>, String> {
    let metadata = parsed(footer)?;
    let is_encrypted = |chunk: &ColumnChunk| chunk.crypto_metadata.is_some() || chunk.meta_data.is_none();
    let mut found = BTreeSet::new();
    for root in roots(&metadata.schema)? {
        let mut chunks =
            metadata.row_groups.iter().filter_map(|group| group.columns.get(root.leaves.clone()));
        if chunks.any(|chunks| chunks.iter().any(is_encrypted)) {
            found.insert(root.name);
        }
    }
    Ok(found)
}

/// Repairs what some writers get wrong in a footer: a row count of zero although there are rows, and a
/// dictionary at the start of the file although there is none. Returns `None` if nothing needs repair.
pub(in crate::engine::polars) fn repaired(footer: &[u8]) -> Option<Vec<u8>> {
    let metadata = parsed(footer).ok()?;
    let rows: i64 = metadata.row_groups.iter().map(|group| group.num_rows).fold(0, i64::saturating_add);
    let chunks = metadata.row_groups.iter().flat_map(|group| &group.columns);
    let mut data = chunks.filter_map(|chunk| chunk.meta_data.as_ref());
    let is_wrong =
        (metadata.num_rows == 0 && rows > 0) || data.any(|data| data.dictionary_page_offset == Some(0));
    is_wrong.then(|| without(footer, |_| true).ok()).flatten()
}

/// Returns a footer with only the wanted columns, without signatures and indexes, which cover all columns.
///
/// # Errors
/// The footer makes no sense.
pub(in crate::engine::polars) fn without(
    footer: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<u8>, String> {
    let mut metadata = parsed(footer)?;
    let roots = roots(&metadata.schema)?;
    let leaves = roots.last().map_or(0, |root| root.leaves.end);
    let kept: Vec<&Root> = roots.iter().filter(|root| wanted(&root.name)).collect();
    let elements = kept.iter().flat_map(|root| root.elements.clone());
    let mut schema = vec![metadata.schema.first().ok_or_else(nonsense)?.clone()];
    schema.extend(elements.map(|at| metadata.schema[at].clone()));
    schema[0].num_children = Some(i32::try_from(kept.len()).map_err(|_| nonsense())?);
    metadata.schema = schema;
    for group in &mut metadata.row_groups {
        if group.columns.len() != leaves {
            return Err(nonsense());
        }
        let places = kept.iter().flat_map(|root| root.leaves.clone());
        group.columns = places.map(|at| sound(&group.columns[at])).collect();
        group.sorting_columns = None;
    }
    if metadata.num_rows == 0 {
        metadata.num_rows =
            metadata.row_groups.iter().map(|group| group.num_rows).fold(0, i64::saturating_add);
    }
    metadata.column_orders = None;
    metadata.encryption_algorithm = None;
    metadata.footer_signing_key_metadata = None;
    let mut bytes = Vec::new();
    let mut protocol = TCompactOutputProtocol::new(&mut bytes);
    metadata.write_to_out_protocol(&mut protocol).map_err(|_| nonsense())?;
    Ok(bytes)
}

/// Returns a chunk's metadata without the parts that some writers get wrong and that nothing needs.
fn sound(chunk: &ColumnChunk) -> ColumnChunk {
    let mut chunk = ColumnChunk {
        offset_index_offset: None,
        offset_index_length: None,
        column_index_offset: None,
        column_index_length: None,
        ..chunk.clone()
    };
    if let Some(data) = &mut chunk.meta_data {
        // Some writers state a dictionary at the start of the file where there is none.
        data.dictionary_page_offset =
            data.dictionary_page_offset.filter(|at| (1..data.data_page_offset).contains(at));
        data.statistics = None;
        data.bloom_filter_offset = None;
        data.index_page_offset = None;
    }
    chunk
}
