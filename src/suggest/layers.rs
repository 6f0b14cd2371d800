//! The layer of a dataset, by where it lies.

use super::names::words;
use crate::suite::Layers;

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
pub fn layer_of<'a>(uri: &str, layers: &'a Layers) -> Option<&'a str> {
    // The last part is the dataset's own name.
    let (folders, _) = uri.trim_end_matches(['/', '\\']).rsplit_once(['/', '\\'])?;
    let layer = |name: &str| layers.names().find(|layer| *layer == name);
    let meant = |word: String| {
        let usual = WORDS.iter().find(|(words, _)| words.contains(&word.as_str()));
        layer(&word).or_else(|| usual.and_then(|(_, name)| layer(name)))
    };
    folders.split(['/', '\\']).rev().flat_map(words).find_map(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_path_names_the_layer() {
        let standard = Layers::standard();
        assert_eq!(layer_of("s3://lake/01_raw/orders", standard), Some("bronze"));
        assert_eq!(layer_of("lake/staging/orders.parquet", standard), Some("silver"));
        assert_eq!(layer_of("raw/marts/revenue", standard), Some("gold"));
        assert_eq!(layer_of("data/orders", standard), None);
        assert_eq!(layer_of("raw", standard), None);
        assert_eq!(layer_of("data/clean.csv", standard), None);
    }
    #[test]
    fn layers_of_a_project_go_by_their_own_names() {
        let own = Layers::of(["raw", "refined"].map(str::to_owned));
        assert_eq!(layer_of("lake/raw/orders", &own), Some("raw"));
        assert_eq!(layer_of("lake/refined/orders", &own), Some("refined"));
        assert_eq!(layer_of("lake/silver/orders", &own), None);
    }
}
