//! Values as they are, in every output: floats by the digits that tell them apart, nulls and text by what they are,
//! rows by their lines.

use polars::prelude::df;

use super::{Project, karat};

/// What each output says of a run, by the name of its format.
fn outputs(project: &Project, suite: &str) -> [(&'static str, String); 4] {
    let run = |arguments: &[&str]| {
        let ran = karat().args(["check", suite]).args(arguments).in_dir(project.path()).run();
        assert!(ran.code < 2, "{ran}");
        ran.stdout
    };
    let text = run(&["-v", "--format", "text", "--format", "html=run.html", "--format", "json=run.json"]);
    let page = project.read("run.html");
    let gx = run(&["--format", "gx", "--gx-result-format", "COMPLETE"]);
    [("text", text), ("json", project.read("run.json")), ("html", page), ("gx", gx)]
}

/// Neighbours of a bound, and what measures them.
#[test]
fn floats_are_shown_with_the_digits_that_tell_them_from_the_bound() {
    let suite = "
suite: floats
data: floats.parquet
columns:
  share:
    - between: {max: 0.3}
    - max: {max: 0.3}
    - mean: {max: 0.3}
  odd:
    - in_set: [0.1, 2.675]
";
    let project = Project::new().file("floats.yml", suite);
    let share = [0.1 + 0.2, 0.1 + 0.2];
    let odd = [1e-7, 1.005 + f64::EPSILON];
    project.parquet("floats.parquet", &mut df!("share" => share, "odd" => odd).unwrap());
    for (name, text) in outputs(&project, "floats.yml") {
        let wanted = ["0.30000000000000004", "1.0050000000000001"];
        assert!(wanted.iter().all(|wanted| text.contains(wanted)), "{name}: {text}");
        assert!(["1e-7", "1e-07"].iter().any(|small| text.contains(small)), "{name}: {text}");
        // Three checks fail because of it, and none of them shows the bound as what failed.
        let found = text.matches("0.30000000000000004").count();
        assert!(found >= 3, "{name}: {found}");
    }
    let ran = project.check(&["floats.yml"]);
    for check in [
        "mean at most 0.3    observed 0.30000000000000004",
        "max at most 0.3     observed 0.30000000000000004",
    ] {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed(&ran.stdout).contains(&squeezed(check)), "{check}: {ran}");
    }
}

/// Neighbours of a bound among large whole numbers, and the digits of which a sum of doubles is sure.
#[test]
fn whole_numbers_are_shown_with_all_their_digits() {
    let suite = "
suite: large
data: large.parquet
columns:
  id:
    - median: {min: 9007199254740993}
    - quantiles: [{at: 0.5, min: 9007199254740993}]
  third:
    - sum: {max: 0.5}
    - quantiles: [{at: 0.5, max: 0.1}]
";
    let project = Project::new().file("large.yml", suite);
    let id = [9_007_199_254_740_992_i64; 3];
    let third = [1.0 / 3.0; 3];
    project.parquet("large.parquet", &mut df!("id" => id, "third" => third).unwrap());
    let ran = project.check(&["large.yml"]);
    for observed in ["9,007,199,254,740,992\n", "[9007199254740992]\n", "1\n", "[0.333333333333]\n"] {
        assert!(ran.stdout.contains(&format!("observed {observed}")), "{observed}: {ran}");
    }
}

/// A column of text with all that could be taken for something else.
#[test]
fn text_is_never_shown_as_what_it_is_not() {
    let suite = "
suite: texts
data: texts.parquet
key: [id]
columns:
  text: [{in_set: [none of them]}, not_null]
  number: [{in_set: [0]}]
  flag: [{in_set: [false]}]
table:
  - unique: [text, number]
";
    let project = Project::new().file("texts.yml", suite);
    let text = [None, Some("null"), Some(""), Some(" a "), Some("true"), Some("1"), Some("2026-01-31")];
    let number = [Some(1_i64), None, Some(1), Some(1), Some(1), Some(1), Some(1)];
    let flag = [Some(true), None, Some(true), Some(true), Some(true), Some(true), Some(true)];
    let id = [1_i64, 2, 3, 4, 5, 6, 7];
    let frame = df!("id" => id, "text" => text, "number" => number, "flag" => flag).unwrap();
    let mut twice = frame.vstack(&frame).unwrap();
    project.parquet("texts.parquet", &mut twice);
    let [(_, text), (_, json), (_, html), (_, gx)] = outputs(&project, "texts.yml");
    for shown in [r#"text="null""#, r#"text="""#, r#"text=" a ""#, r#"text="true""#, r#"text="1""#] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for shown in ["text=null", "number=1", "flag=true", r#"{text: " a ", number: 1} ×2"#] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for output in [&json, &gx] {
        let squeezed: String = output.split_whitespace().collect();
        for shown in [r#""text":"null""#, r#""text":null"#] {
            assert!(squeezed.contains(shown), "{shown}: {output}");
        }
    }
    for shown in [
        r#"<bdi class="quoted">null</bdi>"#,
        r#"<i class="nil">null</i>"#,
        r#"<i class="nil">empty string</i>"#,
        r#"<bdi class="quoted"> a </bdi>"#,
        r#"<bdi class="quoted">true</bdi>"#,
        r#"<bdi class="quoted">1</bdi>"#,
        r#"<bdi class="quoted">2026-01-31</bdi>"#,
        "<bdi>true</bdi>",
        "<bdi>1</bdi>",
    ] {
        assert!(html.contains(shown), "{shown}");
    }
}

/// Rows of text are told by the line in which they begin, whatever stands in front of them.
#[test]
fn rows_of_text_are_told_by_their_lines() {
    let csv = "id,text\n1,\"two\nlines\"\n\n2,bad\n3,\"bad\n\"\n4,fine\n5,bad\n";
    let ndjson = "{\"id\": 1, \"text\": \"bad\"}\n\n\n{\"id\": 2}\nno JSON\n{\"id\": 3, \"text\": \"bad\"}\n";
    let suite = |data: &str| {
        format!(
            "suite: s\ndata: {data}\nkey: [id]\ncolumns: {{text: [not_in_set: [bad, \"bad\\n\"]]}}\ntable: [readable]\n"
        )
    };
    let project = Project::new()
        .file("t.csv", csv)
        .file("t.ndjson", ndjson)
        .file("csv.yml", &suite("t.csv"))
        .file("ndjson.yml", &suite("t.ndjson"));
    for (name, lines) in [("csv", vec![(2, 5), (3, 6), (5, 9)]), ("ndjson", vec![(1, 1), (3, 6)])] {
        let [(_, text), (_, json), (_, html), _] = outputs(&project, &format!("{name}.yml"));
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let samples = json["suites"][0]["checks"][0]["samples"].as_array().unwrap();
        let told: Vec<_> =
            samples.iter().map(|row| (row["key"]["id"].clone(), row["line"].clone())).collect();
        let wanted: Vec<_> = lines.iter().map(|(id, line)| ((*id).into(), (*line).into())).collect();
        assert_eq!(told, wanted, "{name}");
        for (id, line) in &lines {
            let row = text.lines().find(|row| row.trim_start().starts_with(&format!("id={id} "))).unwrap();
            assert!(row.ends_with(&format!("(t.{name}, line {line})")), "{text}");
            assert!(html.contains(&format!("{line}</td>")), "{name}: {line}");
        }
        assert!(html.contains("line of"), "{name}");
    }
}

#[test]
fn as_many_rows_are_shown_as_are_asked_for_and_how_many_more_there_are() {
    let rows: String = (0..2_000).map(|row| format!("{row},{}\n", row / 2)).collect();
    let suite =
        "suite: s\ndata: t.csv\ncolumns: {half: [unique]}\ntable: [{unique: [half]}, {rows: id < 1999}]\n";
    let project = Project::new().file("t.csv", &format!("id,half\n{rows}")).file("t.yml", suite);
    let ran = project.check(&["t.yml", "-v", "--samples", "12"]);
    assert_eq!(ran.stdout.matches("half=").count(), 24, "{ran}");
    assert_eq!(ran.stdout.matches("        and 1,988 more\n").count(), 2, "{ran}");
    assert_eq!(ran.stdout.matches(" more\n").count(), 2, "{ran}");
    assert!(ran.stdout.contains("1 of 2,000 rows fails (0.05 %)"), "{ran}");
    let none = project.check(&["t.yml", "-v", "--samples", "0"]);
    assert!(!none.stdout.contains(" more\n"), "{none}");
}

/// The spellings of numbers that other programs write are numbers, each with its own digits; what is none is told with
/// its line and the way out.
#[test]
fn numbers_of_every_usual_spelling_are_numbers() {
    let suite = "suite: s\ndata: t.csv\ncolumns: {n: [{between: {min: 0, max: 9.6}}]}\n";
    for (spelling, shown) in [
        ("10.2500000000000009", Some("10.2500000000000009")),
        (".5", None),
        ("5.", None),
        ("+5", None),
        ("1e1", Some("10")),
        ("9.700000000000001", Some("9.700000000000001")),
    ] {
        let project =
            Project::new().file("t.yml", suite).file("t.csv", &format!("id,n\n1,1\n2,{spelling}\n"));
        let ran = project.check(&["t.yml", "-v"]);
        match shown {
            None => assert_eq!(ran.code, 0, "{spelling}: {ran}"),
            Some(shown) => {
                assert!(ran.stdout.contains(&format!("n={shown}  (t.csv, line 3)")), "{spelling}: {ran}");
            }
        }
    }
    let project = Project::new().file("t.yml", suite).file("t.csv", "id,n\n1,1\n2,2 \n3,3\n4,4\n");
    let ran = project.check(&["t.yml"]);
    for part in [r#""2 " in line 3 of t.csv is none"#, "schema: {n: int64}", "(t.yml:3)"] {
        assert!(ran.stdout.contains(part), "{part}: {ran}");
    }
}
