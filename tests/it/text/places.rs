//! Where text lies, and how its kind is known.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Text, reason, verdicts, write};
use crate::support::{judge, outcome};

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn folders_globs_and_partitions_make_one_dataset() {
    let folder = tempfile::tempdir().unwrap();
    let below = |name: &str| folder.path().join(name);
    write(&below("day=2026-01-01/a.csv"), "id,a\n1,x\n2,\n");
    write(&below("day=2026-01-02/b.csv.gz"), packed("a,id,late\nx,3.5,1\n"));
    write(&below("_SUCCESS"), "");
    write(&below(".hidden.csv"), "nonsense\n\"");
    let suite =
        "{suite: s, columns: {id: [{sum: {min: 6.5, max: 6.5}}], a: [not_null], late: [{in_set: [1]}],
        day: [{in_set: ['2026-01-01', '2026-01-02']}]}, table: [row_count: 3]}";
    for uri in [below(""), below("day=*/*"), below("*")] {
        let run = judge(suite, uri.display().to_string());
        assert_eq!(
            verdicts(&run),
            [
                "id.sum pass",
                "a.not_null fail 1/3",
                "late.in_set pass 0/1",
                "day.in_set pass 0/3",
                "row_count pass"
            ]
        );
        let identity = run.suites[0].snapshot.as_ref().unwrap();
        assert_eq!((identity.format.name(), identity.files, identity.rows), ("csv", Some(2), Some(3)));
        assert_eq!(outcome(&run, "a.not_null").samples.rows[0].file.as_deref(), Some("day=2026-01-01/a.csv"));
    }
}

#[test]
fn a_folder_holds_one_kind_unless_the_suite_says_which() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("a.csv"), "a\n1\n");
    write(&folder.path().join("b.json"), "{\"a\": 2}\n{\"a\": 3}\n");
    let uri = folder.path().display().to_string();
    let found = reason(&judge("{suite: s, columns: {a: [not_null]}}", uri.as_str()));
    assert!(found.contains("it holds files of several kinds (csv, ndjson): say which in the suite's format"));
    for (format, rows) in [("csv", 1), ("ndjson", 2)] {
        let suite = format!("{{suite: s, format: {format}, table: [row_count: {rows}]}}");
        assert!(judge(&suite, uri.as_str()).passed());
    }
    write(&folder.path().join("c.dat"), "{\"a\": 4}\n");
    assert!(judge("{suite: s, format: ndjson, table: [row_count: 3]}", uri.as_str()).passed());
}

#[test]
fn what_says_how_it_is_written_is_not_told_so_by_a_suite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let mut frame = polars::prelude::df!("a" => [1]).unwrap();
    polars::prelude::ParquetWriter::new(std::fs::File::create(&path).unwrap()).finish(&mut frame).unwrap();
    let uri = path.display().to_string();
    for (said, wanted) in [
        ("schema: {a: int8}", "the suite's schema speaks of text, and this is none"),
        ("csv: {header: false}", "the suite's csv speaks of text, and this is none"),
    ] {
        let found =
            reason(&judge(&format!("{{suite: s, {said}, columns: {{a: [not_null]}}}}"), uri.as_str()));
        assert!(found.contains(wanted), "{found}");
    }
}

#[test]
fn a_packed_file_that_is_cut_short_is_an_error() {
    let whole = packed(&format!("a\n{}", "1\n".repeat(1_000)));
    for bytes in [&whole[..whole.len() / 2], &whole[..whole.len() - 4], b"a\n1\n"] {
        let found = Text::new("a.csv.gz", bytes).refusal();
        assert!(found.contains("cannot read") && found.contains("a.csv.gz"), "{found}");
    }
}

#[test]
fn the_digest_is_that_of_the_bytes() {
    let digest = |bytes: &str| Text::new("a.csv", bytes).open().unwrap().identity;
    let (one, same, other) = (digest("a\n1\n"), digest("a\n1\n"), digest("a\n2\n"));
    assert_eq!((&one.digest, one.bytes), (&same.digest, Some(4)));
    assert_ne!(one.digest, other.digest);
}
