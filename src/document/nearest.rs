//! Finds the correct word that is nearest to a misspelt one.

/// Returns the candidate that a misspelt word most likely meant, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR_ENOUGH: f64 = 0.55;
    let folded = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            let other = candidate.to_lowercase();
            let edits = strsim::normalized_damerau_levenshtein(&folded, &other);
            // A word that contains the other (`shipped` for `shipped_at`) is near whatever its length.
            let held = folded.len() > 2 && (other.contains(&folded) || folded.contains(&other));
            (if held { edits.max(NEAR_ENOUGH) } else { edits }, candidate)
        })
        .filter(|(score, _)| *score >= NEAR_ENOUGH)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

/// Returns `did you mean "…"?`, if a candidate is near enough.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean \"{candidate}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_typos_and_parts() {
        let words = ["shipped_on", "status", "not_null"];
        assert_eq!(nearest("shipped_at", words), Some("shipped_on"));
        assert_eq!(nearest("notnull", words), Some("not_null"));
        assert_eq!(nearest("STATUS", words), Some("status"));
        assert_eq!(nearest("zzz", words), None);
    }
}
