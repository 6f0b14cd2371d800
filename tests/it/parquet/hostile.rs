//! Files whose bytes someone changed.

use std::path::Path;
use std::time::Duration;

use ::karat::SampleRow;
use ::karat::evaluate::Verdict;

use super::fixtures::all_rows;
use super::folder;
use crate::cli::karat;
use crate::fuzz::{ended_within, suite};
use crate::support::{judge, only, outcome};

/// What a file holds, as texts; or why that is not known.
fn contents(path: &Path, columns: &[String]) -> Result<Vec<Vec<String>>, String> {
    let run = all_rows(&path.display().to_string(), columns);
    let outcome = only(&run);
    if outcome.verdict == Verdict::Error {
        return Err(outcome.reason.clone().unwrap_or_default().to_string());
    }
    let texts = |row: &SampleRow| row.key.iter().map(|(_, value)| value.to_string()).collect();
    Ok(outcome.samples.rows.iter().map(texts).collect())
}

/// Where pages have checksums, one changed bit of their values never goes unnoticed.
#[test]
fn what_checksums_cover_is_read_right_or_refused() {
    let columns = ["id", "word", "price", "flag", "need"].map(str::to_owned);
    let target = tempfile::tempdir().unwrap();
    for name in ["none-2.parquet", "zstd-2.parquet"] {
        let path = folder().join("codecs").join(name);
        let whole = std::fs::read(&path).unwrap();
        let right = contents(&path, &columns).unwrap();
        let length = u32::from_le_bytes(whole[whole.len() - 8..whole.len() - 4].try_into().unwrap());
        let data = 4..whole.len() - 8 - length as usize;
        let changed = target.path().join("changed.parquet");
        let mut checksums = 0;
        for at in data.step_by(37) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            std::fs::write(&changed, bytes).unwrap();
            match contents(&changed, &columns) {
                Ok(found) => assert_eq!(found, right, "{name}, byte {at}"),
                Err(reason) => {
                    assert!(reason.contains("changed.parquet"), "{reason}");
                    checksums += usize::from(reason.contains("checksum") && reason.contains("column \""));
                }
            }
        }
        assert!(checksums > 5, "{name}: {checksums}");
    }
}

/// What was found once, by changing bytes at random, ends in words.
#[test]
fn findings_stay_found() {
    let folder = folder().parent().unwrap().join("findings");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let target = tempfile::tempdir().unwrap();
    let checks = target.path().join("suite.json");
    let mut found = Vec::new();
    for path in paths {
        std::fs::write(&checks, suite(&path)).unwrap();
        let command = karat().arg("check").arg(&checks).arg("--data").arg(&path).command();
        let code = ended_within(command, Duration::from_mins(1));
        found.push((path.file_name().unwrap().to_str().unwrap().to_owned(), code));
    }
    // Half floats are read by now, and judged.
    let expected = [("float16.parquet", 1), ("interval.parquet", 3), ("levels-of-2-to-the-61.parquet", 3)];
    assert_eq!(
        found,
        expected.map(|(name, code)| (name.to_owned(), Some(code))),
        "each finding ends as it is listed"
    );
}

/// A codec of a year to come costs the checks of its column, and no others.
#[test]
fn a_codec_that_is_not_known_loses_its_column_alone() {
    // The path of the column "a", and behind it the codec, which is LZO there.
    const CODEC: &[u8] = b"\x19\x18\x01a\x15\x06";
    let fixture = folder().join("codecs/lzo.parquet");
    let bytes = std::fs::read(fixture).unwrap();
    let at = bytes.windows(CODEC.len()).rposition(|part| part == CODEC).unwrap() + CODEC.len() - 1;
    let target = tempfile::tempdir().unwrap();
    for codec in [0x06, 0x10, 0x12, 0x01] {
        let mut bytes = bytes.clone();
        bytes[at] = codec;
        let path = target.path().join(format!("{codec}.parquet"));
        std::fs::write(&path, bytes).unwrap();
        let suite = "{suite: s, key: a, columns: {a: [not_null]}, table: [row_count: {min: 1}, {rows: 1 = 2, id: none}]}";
        let run = judge(suite, path.display().to_string());
        let reason = outcome(&run, "a.not_null").reason.clone().unwrap_or_default();
        assert!(reason.contains("the column \"a\" is of the type int64: it is compressed"), "{reason}");
        let counted = outcome(&run, "row_count");
        assert_eq!(counted.verdict, Verdict::Pass, "{:?}", counted.reason);
        let key = &outcome(&run, "none").samples.rows[0].key;
        assert!(key[0].1.to_string().starts_with("(not read: it is compressed"), "{key:?}");
    }
}
