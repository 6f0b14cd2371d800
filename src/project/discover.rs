//! Which datasets a folder holds, by the names of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::source::{is_data_file, is_hidden_name};

/// Folders of a project that hold no data.
const OTHERS: [&str; 7] = ["suites", "docs", "expectations", "target", "node_modules", "tests", "reports"];
/// The folder in which a table's log lies.
const LOG: &str = "_delta_log";

/// Returns the datasets among files, by their paths below the folder, in order: Delta tables; folders whose files are the
/// parts of one (their names differ only in their numbers, or lie in folders such as `day=1`); and all other files by
/// themselves. What lies within a table, and behind a name that hides a file, is not looked at.
#[must_use]
pub fn datasets(files: &[String]) -> Vec<String> {
    let tables: BTreeSet<&str> = files.iter().filter_map(|file| table_of(file)).collect();
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in files {
        // A table holds whatever lies below its folder.
        let is_in_table =
            || tables.contains("") || file.match_indices('/').any(|(end, _)| tables.contains(&file[..end]));
        if is_meant(file) && !is_in_table() {
            folders.entry(folder_of(file)).or_default().push(file);
        }
    }
    let mut found: BTreeSet<String> = tables.into_iter().map(str::to_owned).collect();
    for (folder, files) in folders {
        if !folder.is_empty() && are_parts(folder, &files) {
            found.insert(folder.to_owned());
        } else {
            found.extend(files.into_iter().map(str::to_owned));
        }
    }
    found.into_iter().collect()
}

/// The folder of the table of which a file is part of the log.
fn table_of(file: &str) -> Option<&str> {
    if file.starts_with(&format!("{LOG}/")) {
        return Some("");
    }
    file.split_once(&format!("/{LOG}/")).map(|(table, _)| table)
}

fn is_meant(file: &str) -> bool {
    let first = file.split('/').next().unwrap_or_default();
    // A `.json` is most often no data.
    let is_settings = file.to_lowercase().ends_with(".json");
    let is_hidden = file.split('/').any(is_hidden_name);
    let is_other = file.contains('/') && OTHERS.contains(&first);
    let is_no_data = is_hidden || is_other || is_settings;
    is_data_file(Path::new(file)) && !is_no_data
}

/// The folder of a file, above those that are named after values of a partition.
fn folder_of(file: &str) -> &str {
    let (folder, _) = file.rsplit_once('/').unwrap_or(("", file));
    let mut end = 0;
    for part in folder.split('/') {
        if part.contains('=') {
            return folder[..end].trim_end_matches('/');
        }
        end += part.len() + 1;
    }
    folder
}

/// Whether the files of a folder are the parts of one dataset.
fn are_parts(folder: &str, files: &[&str]) -> bool {
    let below = |file: &str| file.len() - file.rfind('/').map_or(0, |slash| slash + 1);
    let stem = |file: &&str| {
        let name = &file[file.len() - below(file)..];
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        let letters = name.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
        (letters.split('.').next().unwrap_or_default().to_owned(), end.to_owned())
    };
    let in_partitions =
        files.iter().any(|file| file.len() > folder.len() && file[folder.len()..].contains('='));
    let stems: BTreeSet<(String, String)> = files.iter().map(stem).collect();
    let is_part = |(letters, _): &(String, String)| letters.trim_end_matches(['-', '_']) == "part";
    in_partitions || (stems.len() == 1 && (files.len() > 1 || stems.iter().any(is_part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_folders_of_parts_and_files_are_datasets() {
        let files = [
            "karat.yml",
            "lake/silver/orders/_delta_log/00000000000000000000.json",
            "lake/silver/orders/part-0000.parquet",
            "lake/raw/events/day=2026-01-01/a.parquet",
            "lake/raw/events/day=2026-01-02/b.parquet",
            "lake/raw/parts/part-00000.snappy.parquet",
            "lake/raw/parts/part-00001.snappy.parquet",
            "lake/raw/one/part-00000.parquet",
            "lake/raw/beers.csv",
            "lake/raw/customers.csv",
            "lake/raw/package.json",
            "lake/raw/_tmp/x.parquet",
            "lake/raw/years/_year=2026/a.csv",
            "suites/silver/fixture.csv",
            "numbers.parquet",
        ]
        .map(str::to_owned);
        let wanted = [
            "lake/raw/beers.csv",
            "lake/raw/customers.csv",
            "lake/raw/events",
            "lake/raw/one",
            "lake/raw/parts",
            "lake/raw/years",
            "lake/silver/orders",
            "numbers.parquet",
        ];
        assert_eq!(datasets(&files), wanted);
        assert_eq!(datasets(&["_delta_log/0.json".to_owned(), "a.parquet".to_owned()]), [""]);
    }
}
