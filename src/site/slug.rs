//! The names of a site's files.

use crate::suite::digest;

/// The most characters that a name keeps of what it stands for.
const MOST: usize = 60;

/// Returns the name, without its ending, of the file for a suite or an expectation: `silver/orders` is `silver.orders`.
///
/// Different names give different files, on file systems too that do not tell cases apart: what a file cannot be called
/// is followed by a digest of the whole.
pub(super) fn slug(name: &str) -> String {
    let is_plain = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || "_-/".contains(character)
    };
    let fits = name.len() <= MOST && name.starts_with(|first: char| first.is_ascii_lowercase());
    let readable: String = name
        .chars()
        .take(MOST)
        .map(|character| match character {
            '/' => '.',
            _ if is_plain(character.to_ascii_lowercase()) => character.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    if fits && name.chars().all(is_plain) {
        return readable;
    }
    let digest = digest(name.as_bytes());
    format!("x-{readable}-{}", digest.get(7..19).unwrap_or_default())
}

/// Returns whether an id of a run can be the name of a file.
pub(super) fn is_file_name(id: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    !id.is_empty() && id.len() <= 100 && id.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        assert_eq!(slug("silver/orders"), "silver.orders");
        assert_eq!(slug("in_set"), "in_set");
        let names =
            ["a.b", "a/b", "A/b", "a b", "a-b", "", ".", "..", "a\\b", "é", "con", "x-a", "../../etc"];
        let slugs: std::collections::BTreeSet<String> = names.iter().map(|name| slug(name)).collect();
        assert_eq!(slugs.len(), names.len(), "{slugs:?}");
        assert!(slugs.iter().all(|slug| !slug.contains('/') && !slug.starts_with('.')), "{slugs:?}");
    }
}
