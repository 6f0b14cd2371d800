//! Input that is broken, strange or malicious ends in clear words, never in a panic or a hang.

use std::path::Path;

use crate::support::{judge, only, outcome};
use karat::data::Value;
use karat::evaluate::Verdict;
use karat::gate::Decision;
use karat::{Data, Run, Suite};
use polars::prelude::*;

/// A check on the table and one on a column.
const ANY: &str = "{suite: any, columns: {id: [not_null, unique]}, table: [row_count: {min: 0}]}";

/// Nothing is judged, and every reason names what it is about.
fn assert_refused(run: &Run, words: &[&str]) {
    assert_eq!(run.decision(), Decision::Unknown);
    for outcome in &run.suites[0].outcomes {
        let reason = outcome.reason.clone().unwrap_or_default();
        assert_eq!(outcome.verdict, Verdict::Error, "{outcome:?}");
        assert!(words.iter().all(|word| reason.contains(word)), "{reason:?} lacks one of {words:?}");
        assert!(!reason.contains("panicked") && !reason.contains('\n'), "{reason:?}");
    }
}

fn assert_passes(run: &Run) {
    for (check, outcome) in run.suites[0].suite.checks.iter().zip(&run.suites[0].outcomes) {
        assert_eq!(outcome.verdict, Verdict::Pass, "{}: {outcome:?}", check.id);
    }
}

fn parquet(path: &Path, mut frame: DataFrame) -> String {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    ParquetWriter::new(std::fs::File::create(path).unwrap()).finish(&mut frame).unwrap();
    path.display().to_string()
}

fn numbers() -> DataFrame {
    let ids: Vec<i64> = (0..5_000).collect();
    let texts: Vec<String> = ids.iter().map(|id| format!("text {}", id * 7_919 % 5_000)).collect();
    df!("id" => ids, "text" => texts).unwrap()
}

#[test]
fn what_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let below = |name: &str| folder.path().join(name).display().to_string();
    assert_refused(&judge(ANY, below("missing.parquet")), &["nothing lies at", "missing.parquet"]);
    assert_refused(&judge(ANY, below("*.parquet")), &["matches no file"]);
    assert_refused(&judge(ANY, below("")), &["neither a _delta_log nor a .parquet file"]);
    assert_refused(
        &judge(ANY, "s3://name:secret@bucket/table"),
        &["s3://bucket/table cannot be opened", "credentials are not read from a URI"],
    );
    assert_refused(&judge(ANY, ""), &["nothing lies at"]);
    std::fs::write(below("empty.parquet"), "").unwrap();
    assert_refused(&judge(ANY, below("empty.parquet")), &["the file is empty", "empty.parquet"]);
    assert_refused(&judge(ANY, below("")), &["the file is empty", "empty.parquet"]);
    std::fs::write(below("text.parquet"), "id,text\n1,no Parquet\n").unwrap();
    assert_refused(&judge(ANY, below("text.parquet")), &["no Parquet footer", "text.parquet"]);
    let mut random = vec![0xa5; 4_096];
    random.extend(b"\x00\x01\x00\x00PAR1");
    std::fs::write(below("random.parquet"), random).unwrap();
    assert_refused(&judge(ANY, below("random.parquet")), &["random.parquet"]);
}

#[test]
fn truncated_parquet_is_refused_at_every_length() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.parquet");
    let whole = std::fs::read(parquet(&path, numbers())).unwrap();
    let tail = whole.len() - 64..whole.len();
    for length in (0..whole.len()).step_by(whole.len() / 40).chain(tail) {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert_refused(&judge(ANY, path.display().to_string()), &["cut.parquet"]);
    }
}

#[test]
fn a_hole_in_the_middle_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    parquet(&folder.path().join("good.parquet"), numbers());
    let path = folder.path().join("hole.parquet");
    let whole = std::fs::read(parquet(&path, numbers())).unwrap();
    for missing in [1, 100, 10_000, whole.len() / 2] {
        std::fs::write(&path, [&whole[..100], &whole[100 + missing..]].concat()).unwrap();
        for uri in [&path, folder.path()] {
            assert_refused(&judge(ANY, uri.display().to_string()), &["hole.parquet"]);
        }
    }
}

/// Not every flipped byte can be noticed: pages need not have a checksum. What is noticed names
/// the file.
#[test]
fn flipped_bytes_end_in_a_verdict_or_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    parquet(&folder.path().join("good.parquet"), numbers());
    let path = folder.path().join("flipped.parquet");
    let whole = std::fs::read(parquet(&path, numbers())).unwrap();
    let mut noticed = 0;
    for at in (4..whole.len()).step_by(whole.len() / 150).chain(4..60).chain(whole.len() - 60..whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        std::fs::write(&path, bytes).unwrap();
        let run = judge(
            "{suite: any, columns: {id: [not_null, unique], text: [unique, length_between: {min: 1}]}}",
            folder.path().display().to_string(),
        );
        for outcome in run.suites[0].outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Error) {
            let reason = outcome.reason.clone().unwrap_or_default();
            assert!(
                reason.contains("flipped.parquet") || reason.contains("no column"),
                "byte {at}: {reason}"
            );
            noticed += 1;
        }
    }
    assert!(noticed > 100, "{noticed}");
}

fn log(table: &Path, version: u64, actions: &[&str]) {
    let log = table.join("_delta_log");
    std::fs::create_dir_all(&log).unwrap();
    std::fs::write(log.join(format!("{version:020}.json")), actions.join("\n")).unwrap();
}

const PROTOCOL: &str = r#"{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}"#;
const METADATA: &str = r#"{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"configuration":{}}}"#;
const ADD: &str =
    r#"{"add":{"path":"gone.parquet","partitionValues":{},"size":1,"modificationTime":0,"dataChange":true}}"#;

#[test]
fn broken_delta_logs() {
    let folder = tempfile::tempdir().unwrap();
    let table = |name: &str| folder.path().join(name);
    let uri = |name: &str| table(name).display().to_string();
    log(&table("gap"), 0, &[PROTOCOL, METADATA]);
    log(&table("gap"), 2, &[]);
    assert_refused(&judge(ANY, uri("gap")), &["gap"]);
    std::fs::create_dir_all(table("none/_delta_log")).unwrap();
    assert_refused(&judge(ANY, uri("none")), &["Delta log", "none"]);
    log(&table("garbage"), 0, &[PROTOCOL, METADATA, "{not json", "\u{1b}[31m"]);
    assert_refused(&judge(ANY, uri("garbage")), &["Delta log", "garbage"]);
    log(&table("nothing"), 0, &[PROTOCOL]);
    assert_refused(&judge(ANY, uri("nothing")), &["Delta log", "nothing"]);
    log(&table("schema"), 0, &[PROTOCOL, &METADATA.replace("long", "quaternion")]);
    assert_refused(&judge(ANY, uri("schema")), &["Delta log", "schema"]);
    log(&table("gone"), 0, &[PROTOCOL, METADATA, ADD]);
    assert_refused(&judge(ANY, uri("gone")), &["gone.parquet"]);
    log(&table("away"), 0, &[PROTOCOL, METADATA, &ADD.replace("gone.parquet", "s3://bucket/x.parquet")]);
    assert_refused(&judge(ANY, uri("away")), &["s3://bucket/x.parquet", "is not followed"]);
    log(&table("empty"), 0, &[PROTOCOL, METADATA]);
    assert_passes(&judge(ANY, uri("empty")));
    assert_refused(&judge(ANY, format!("{}@v7", uri("empty"))), &["Delta log"]);
}

#[test]
fn files_that_do_not_fit_their_table() {
    let folder = tempfile::tempdir().unwrap();
    parquet(&folder.path().join("a.parquet"), df!("id" => [1_i64]).unwrap());
    parquet(&folder.path().join("b.parquet"), df!("id" => ["x"]).unwrap());
    // What no type holds is refused where a check names it, and what does not need it is judged.
    let mixed = judge(ANY, folder.path().display().to_string());
    for (check, outcome) in mixed.suites[0].suite.checks.iter().zip(&mixed.suites[0].outcomes) {
        let reason = outcome.reason.clone().unwrap_or_default();
        match check.column {
            Some(_) => assert!(reason.contains("\"id\" is of the type int64 or string"), "{reason}"),
            None => assert_eq!(outcome.verdict, Verdict::Pass, "{reason}"),
        }
    }
    let table = folder.path().join("delta");
    parquet(&table.join("gone.parquet"), df!("id" => ["x"]).unwrap());
    let size = std::fs::metadata(table.join("gone.parquet")).unwrap().len();
    log(&table, 0, &[PROTOCOL, METADATA, &ADD.replace("\"size\":1,", &format!("\"size\":{size},"))]);
    let mixed = judge(ANY, table.display().to_string());
    for (check, outcome) in mixed.suites[0].suite.checks.iter().zip(&mixed.suites[0].outcomes) {
        let reason = outcome.reason.clone().unwrap_or_default();
        match check.column {
            Some(_) => {
                assert!(
                    reason.contains("string is stored, and int64 expected (in gone.parquet)"),
                    "{reason}"
                );
            }
            None => assert_eq!(outcome.verdict, Verdict::Pass, "{reason}"),
        }
    }
}

#[test]
fn hostile_suites() {
    const CHAIN: &str = "words and signs in one chain";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("suite.yml");
    let refused = |bytes: &[u8], word: &str| {
        std::fs::write(&path, bytes).unwrap();
        let karat::suite::SuiteError::Invalid { diagnostics, .. } = Suite::open(&path).unwrap_err() else {
            panic!("{word}: not read")
        };
        let messages: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect();
        assert!(messages.iter().any(|message| message.contains(word)), "{messages:?}");
    };
    refused(&[0x7f, b'E', b'L', b'F', 0xff, 0xfe, 0], "binary");
    refused(b"suite: a\0b", "binary");
    refused(b"", "empty");
    refused(b"- a\n- b", "mapping");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let before = format!("*a{}", level - 1);
        bomb = format!("{bomb}a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", "));
    }
    refused(bomb.as_bytes(), "more than 500000 nodes");
    refused("[".repeat(1 << 20).as_bytes(), "nested more than");
    refused(format!("{{suite: a, table: [rows: \"{}\"]}}", "(".repeat(10_000)).as_bytes(), "nested");
    refused(format!("{{suite: a, table: [rows: \"{}a\"]}}", "- ".repeat(10_000)).as_bytes(), CHAIN);
    for check in
        ["rows: \"a?\"", "measure: {of: \"sum(a)?\", min: 0}", "unexpected_rows: \"SELECT a? FROM {batch}\""]
    {
        let deep = check.replace('?', &"+1".repeat(30_000));
        refused(format!("{{suite: a, table: [{deep}]}}").as_bytes(), CHAIN);
    }
    refused(
        format!("{{suite: a, columns: {{a: [matches: '{}']}}}}", "(a{1000}){1000}").as_bytes(),
        "regular expression",
    );
    std::fs::File::create(&path).unwrap().set_len(100 << 20).unwrap();
    let error = format!("{:?}", Suite::open(&path).unwrap_err());
    assert!(error.contains("larger than the 8 MB"), "{error}");
}

#[test]
fn columns_may_have_any_name() {
    let names =
        ["'; DROP", "a.b", "", "列", "a b", "*", "^.*$", "`", "\"", "-", "\u{1b}[31m", "<script>", "len"];
    let columns = names.map(|name| Column::new(name.into(), [1_i64, 2, 3]));
    let frame = DataFrame::new_infer_height(columns.into()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let uri = parquet(&folder.path().join("names.parquet"), frame);
    for name in names {
        let path = format!("`{}`", name.replace('`', "``"));
        let suite = serde_json::json!({
            "suite": "names",
            "key": [path],
            "columns": {&path: [
                "not_null", "unique", {"in_set": [1, 2, 3]}, {"between": {"min": 1}}, {"sum": {"min": 6, "max": 6}},
                {"distinct_count": 3}, {"exists": null}, {"type": "int64"},
            ]},
            "table": [{"rows": format!("{path} > 0")}, {"unique": [path], "id": "together"}],
        });
        assert_passes(&judge(&suite.to_string(), uri.clone()));
        let failing = serde_json::json!({"suite": "names", "key": [path], "columns": {&path: [{"between": {"min": 2}}]}});
        let run = judge(&failing.to_string(), uri.clone());
        assert_eq!(only(&run).samples.rows[0].values[0].1, Value::Integer(1), "{name:?}");
    }
}

/// Every kind of check on a column `a`, as far as it fits any type.
const KINDS: &str = "
suite: kinds
key: a
columns:
  a: [not_null, 'null', {exists: 0}, {distinct_count: {min: 0}}, {distinct_ratio: {min: 0}}, unique]
table: [row_count: {min: 0}, {unique: [a], id: together}, {rows: a IS NULL}]
";

#[test]
fn no_rows_and_no_columns() {
    let empty = df!("a" => Vec::<i64>::new()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let uri = parquet(&folder.path().join("empty.parquet"), empty.clone());
    let aggregates = "{suite: a, columns: {a: [{min: {min: 0}}, {max: {min: 0}}, {mean: {min: 0}}, {median: {min: 0}}, {stddev: {min: 0}}, {quantiles: [{at: 0.5, min: 0}]}]}}";
    for data in [Data::from(uri), Data::from(empty)] {
        assert_passes(&judge(KINDS, data));
    }
    let undefined = judge(aggregates, folder.path().display().to_string());
    for outcome in &undefined.suites[0].outcomes {
        assert_eq!(outcome.verdict, Verdict::Fail);
        assert!(outcome.reason.as_deref().unwrap().contains("undefined"));
    }
    let nothing = parquet(&folder.path().join("none/nothing.parquet"), DataFrame::empty());
    for data in [Data::from(nothing), Data::from(DataFrame::empty())] {
        assert_passes(&judge("{suite: none, table: [row_count: 0, column_count: 0]}", data));
    }
    assert_refused(
        &judge("{suite: none, columns: {a: [not_null]}}", DataFrame::empty()),
        &["no column \"a\""],
    );
    assert_refused(&judge(ANY, Data::Batches(Vec::new())), &["no record batch"]);
}

#[test]
fn nulls_lists_and_structs() {
    let nulls = df!("a" => vec![None::<i64>; 3]).unwrap();
    let untyped =
        DataFrame::new_infer_height(vec![Column::full_null("a".into(), 3, &DataType::Null)]).unwrap();
    let lists = df!("a" => [Series::new("".into(), [1_i64, 2]), Series::new("".into(), [3_i64])]).unwrap();
    let structs =
        numbers().lazy().select([as_struct(vec![col("id"), col("text")]).alias("a")]).collect().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, frame) in [("nulls", nulls), ("untyped", untyped), ("lists", lists), ("structs", structs)] {
        let uri = parquet(&folder.path().join(format!("{name}.parquet")), frame.clone());
        for data in [Data::from(uri), Data::from(frame)] {
            let run = judge(KINDS, data);
            let all_null = name == "nulls" || name == "untyped";
            let verdict = |id: &str| run.suites[0].outcome(id).unwrap().verdict;
            assert_eq!(verdict("a.not_null"), if all_null { Verdict::Fail } else { Verdict::Pass }, "{name}");
            assert_eq!(verdict("a.null"), if all_null { Verdict::Pass } else { Verdict::Fail }, "{name}");
            for outcome in run.suites[0].outcomes.iter().filter(|outcome| outcome.verdict == Verdict::Error) {
                let reason = outcome.reason.as_deref().unwrap();
                assert!(
                    !all_null && reason.contains("list<int64>") || reason.contains("struct<"),
                    "{name}: {reason}"
                );
            }
        }
    }
}

#[test]
fn values_are_kept_as_they_are() {
    let values = [
        "\u{1b}[31mred\u{7}",
        "<script>alert(1)</script>",
        "a\0b",
        "line\nbreak",
        "\u{202e}right to left",
        "'; DROP",
        "",
    ];
    let frame = df!("a" => values).unwrap();
    let run = judge("{suite: values, columns: {a: [{in_set: [none]}, unique]}}", frame);
    let found: Vec<String> =
        outcome(&run, "a.in_set").samples.rows.iter().map(|row| row.values[0].1.to_string()).collect();
    assert_eq!(found, values);
    assert_eq!(outcome(&run, "a.unique").verdict, Verdict::Pass);
}

/// The literals `01`, `NO`, `1e3`, 20 digits and a decimal, each against a column of each type that
/// holds it where it can: a verdict that is right, or an error that quotes the literal. A number that no
/// value of a type of numbers equals is no error: none of the values, which are null here, is another one.
#[test]
fn literals_against_every_type() {
    use polars::prelude::DataType as T;
    const TWENTY: &str = "12345678901234567890";
    let types = [
        (T::Boolean, &[][..]),
        (T::Int8, &["01"]),
        (T::Int16, &["01", "1e3"]),
        (T::Int32, &["01", "1e3"]),
        (T::Int64, &["01", "1e3"]),
        (T::UInt8, &["01"]),
        (T::UInt16, &["01", "1e3"]),
        (T::UInt32, &["01", "1e3"]),
        (T::UInt64, &["01", "1e3", TWENTY]),
        (T::Float32, &["01", "1e3", TWENTY, "1.5"]),
        (T::Float64, &["01", "1e3", TWENTY, "1.5"]),
        (T::Decimal(38, 2), &["01", "1e3", TWENTY, "1.5"]),
        (T::String, &["01", "NO", "1e3", TWENTY, "1.5"]),
        (T::Binary, &[]),
        (T::Date, &[]),
        (T::Time, &[]),
        (T::Datetime(TimeUnit::Microseconds, None), &[]),
        (T::Datetime(TimeUnit::Nanoseconds, Some(TimeZone::UTC)), &[]),
        (T::Duration(TimeUnit::Microseconds), &[]),
        (T::Null, &[]),
        (T::List(Box::new(T::Int64)), &[]),
    ];
    for (data_type, fitting) in types {
        for literal in ["01", "NO", "1e3", TWENTY, "1.5"] {
            let fits = fitting.contains(&literal);
            let decided = data_type.is_primitive_numeric() && literal != "NO";
            let text = Column::new("a".into(), [literal]);
            let column = if fits && data_type != T::String && !literal.starts_with('0') {
                text.cast(&T::Decimal(38, 2)).unwrap().strict_cast(&data_type).unwrap()
            } else if fits {
                text.strict_cast(&data_type).unwrap()
            } else {
                Column::full_null("a".into(), 1, &data_type)
            };
            let frame = DataFrame::new_infer_height(vec![column]).unwrap();
            let suite = format!(
                "{{suite: literals, columns: {{a: [in_set: [{literal}], {{distinct_values: {{in: [{literal}]}}}}]}}}}"
            );
            let run = judge(&suite, frame);
            for outcome in &run.suites[0].outcomes {
                let reason = outcome.reason.clone().unwrap_or_default();
                if fits || decided {
                    assert_eq!(outcome.verdict, Verdict::Pass, "{literal} in {data_type}: {reason}");
                } else {
                    assert_eq!(outcome.verdict, Verdict::Error, "{literal} in {data_type}");
                    let clear = reason.contains(literal)
                        || reason.contains("needs values")
                        || reason.contains("no equality");
                    assert!(clear, "{literal} in {data_type}: {reason}");
                }
            }
        }
    }
}

/// Every check on text, on texts that no one would write.
#[test]
fn hostile_texts() {
    let many = |part: &str| part.repeat(1 << 16);
    let texts = [
        "",
        "\0",
        "\u{feff}",
        "\u{10ffff}",
        "é\u{301}",
        "\n",
        "1e400",
        "-",
        "+",
        "%",
        "\\",
        "0x",
        "½",
        "٣",
        "NaN",
        "\"\\ud800\"",
    ];
    let huge = ["1", "a", "[", "{\"a\":", " ", ".", ":", "4-", "٣", "1.", "Jan ", "+", "aA", "\0"].map(many);
    let texts: Vec<&str> = texts.into_iter().chain(huge.iter().map(String::as_str)).collect();
    let suite = r#"{suite: hostile, columns: {a: [
        iban, credit_card, ip_address, country_code, currency_code, language_code, json, date_parseable,
        {datetime_format: "%a %d %b %Y %H:%M:%S %z"}, {json_schema: "{\"type\": \"string\", \"pattern\": \"^(a+)+$\"}"},
        {matches: "^(a+)+$"}, {like: "%a%a%a%a%b"}, {matches: "^(?!.*b)(a|aa)+$", id: around}, {not_matches: "(.)\\1b"},
    ]}}"#;
    let run = judge(suite, df!("a" => &texts).unwrap());
    for (check, outcome) in run.suites[0].suite.checks.iter().zip(&run.suites[0].outcomes) {
        let counts = outcome.counts.unwrap_or_else(|| panic!("{}: {outcome:?}", check.id));
        assert_eq!(counts.considered, texts.len() as u64, "{}", check.id);
        assert!(counts.failing > 0 || check.name == "not_matches", "{}: {counts:?}", check.id);
    }
}

/// A search that would take longer than anybody waits is given up, and shows nothing.
#[test]
fn catastrophic_backtracking() {
    let text = format!("{}!", "a".repeat(40));
    let suite = r"{suite: hostile, columns: {a: [{matches: '^((a*)\2?a*)*b\2$'}, {not_matches: '^((a*)\2?a*)*b\2$'}]}}";
    let run = judge(suite, df!("a" => [text.as_str(), "b"]).unwrap());
    let failing = |id: &str| run.suites[0].outcome(id).unwrap().counts.unwrap().failing;
    assert_eq!((failing("a.matches"), failing("a.not_matches")), (1, 2));
}
