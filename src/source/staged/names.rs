//! The names of new files of a table.

use uuid::Uuid;

const BEFORE: &str = "part-";
const BEHIND: &str = ".parquet";

/// Returns a name that no other file has, and that tells nothing of its rows.
pub(crate) fn new_name() -> String {
    format!("{BEFORE}{}{BEHIND}", Uuid::new_v4())
}

/// Returns whether a file may have been left by a karat that was killed before the first commit of a table: a data file with a
/// name of [`new_name`] or of what a sink writes, or a commit that was being written.
pub(crate) fn is_leftover(name: &str) -> bool {
    let rest = name.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(BEHIND));
    let of_sink = rest.and_then(|rest| rest.strip_suffix(".zstd")?.split_once('-'));
    let of_sink = of_sink.filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    let is_new = |id: &str| id.len() == 36 && Uuid::try_parse(id).is_ok();
    of_sink.map(|(_, id)| id).or(rest).is_some_and(is_new)
        || name.strip_prefix("_delta_log/").is_some_and(|rest| rest.contains(".json#"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_is_told_from_the_files_of_others() {
        assert!(is_leftover(&new_name()));
        assert!(is_leftover("part-00003-3fa85f64-5717-4562-b3fc-2c963f66afa6.zstd.parquet"));
        assert!(is_leftover("_delta_log/00000000000000000000.json#1"));
        for other in [
            "part-00000-3fa85f64-5717-4562-b3fc-2c963f66afa6-c000.snappy.parquet",
            "part-3fa85f6457174562b3fc2c963f66afa6.parquet",
            "day=1/part-3fa85f64-5717-4562-b3fc-2c963f66afa6.parquet",
            "_delta_log/00000000000000000000.json",
            "orders.parquet",
        ] {
            assert!(!is_leftover(other), "{other}");
        }
    }
}
