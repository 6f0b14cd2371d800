//! The layer of a dataset, by where it lies.

use super::names::words;

/// The words by which layers are called.
const WORDS: [(&[&str], &str); 3] = [
    (&["bronze", "raw", "landing", "source", "sources", "ingest", "ingested", "stage0"], "bronze"),
    (
        &[
            "silver",
            "staging",
            "stage",
            "stg",
            "clean",
            "cleaned",
            "cleansed",
            "conformed",
            "core",
            "intermediate",
        ],
        "silver",
    ),
    (
        &[
            "gold",
            "mart",
            "marts",
            "reporting",
            "curated",
            "presentation",
            "serving",
            "aggregated",
            "analytics",
        ],
        "gold",
    ),
];

/// Returns the layer that a part of a path names, the nearest one to its end: silver of `lake/silver/orders`.
#[must_use]
pub fn layer_of(uri: &str) -> Option<&'static str> {
    // The last part is the dataset's own name.
    let (folders, _) = uri.trim_end_matches(['/', '\\']).rsplit_once(['/', '\\'])?;
    let parts = folders.split(['/', '\\']).rev();
    parts.flat_map(words).find_map(|word| {
        WORDS.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, layer)| *layer)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_path_names_the_layer() {
        assert_eq!(layer_of("s3://lake/01_raw/orders"), Some("bronze"));
        assert_eq!(layer_of("lake/staging/orders.parquet"), Some("silver"));
        assert_eq!(layer_of("raw/marts/revenue"), Some("gold"));
        assert_eq!(layer_of("data/orders"), None);
        assert_eq!(layer_of("raw"), None);
        assert_eq!(layer_of("data/clean.csv"), None);
    }
}
