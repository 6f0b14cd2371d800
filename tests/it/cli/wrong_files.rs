//! Every command with every kind of file that it is not for: a short answer, nothing of what stands in the
//! file, and a way out.

use polars::prelude::{IpcWriter, SerWriter as _, df};

use super::{Project, Ran, karat};

/// What no answer may hold: it stands in every file.
const SECRET: &str = "ann@private.example";

/// The kinds of files, by their names.
const FILES: [&str; 19] = [
    "people.csv",
    "semicolons.csv",
    "plain.txt",
    "people",
    "people.tsv",
    "people.ndjson",
    "lines.json",
    "list.json",
    "people.parquet",
    "people.arrow",
    "people.dat",
    "report.json",
    "lake",
    "nothing.yml",
    "missing.yml",
    "suite.yml",
    "karat.yml",
    "expectations/mine.yml",
    "no-suite.yml",
];

fn project() -> Project {
    let rows: Vec<String> = (0..200).map(|row| format!("{row},{SECRET}")).collect();
    let csv = format!("id,email\n{}\n", rows.join("\n"));
    let objects: Vec<String> =
        (0..200).map(|row| format!("{{\"id\": {row}, \"email\": \"{SECRET}\"}}")).collect();
    let suite = "suite: people\ndata: people.csv\npii: [email]\ncolumns: {email: [unique]}\n";
    let project = Project::new()
        .file("people.csv", &csv)
        .file("people", &csv)
        .file("semicolons.csv", &csv.replace(',', ";"))
        .file("people.tsv", &csv.replace(',', "\t"))
        .file("plain.txt", &format!("{SECRET} wrote to us, and wrote again\n").repeat(300))
        .file("people.ndjson", &objects.join("\n"))
        .file("lines.json", &objects.join("\n"))
        .file("list.json", &format!("[{}]", objects.join(",\n")))
        .file("people.dat", &format!("\u{1}\0{SECRET}\0").repeat(100))
        .file("lake/1.csv", &csv)
        .file("nothing.yml", "")
        .file("karat.yml", "layers: {}\n")
        .file("suite.yml", suite)
        .file("no-suite.yml", "columns: {email: [uniqe]}\n")
        .file(
            "expectations/mine.yml",
            "expectation: mine\non: column\nsummary: it is mine\nchecks: [{not_null: ~}]\n",
        );
    let mut frame = df!("id" => [1, 2], "email" => [SECRET, SECRET]).unwrap();
    project.parquet("people.parquet", &mut frame);
    let file = std::fs::File::create(project.path().join("people.arrow")).unwrap();
    IpcWriter::new(file).finish(&mut frame).unwrap();
    let report = karat().args(["check", "suite.yml", "--format", "json"]).in_dir(project.path()).run();
    assert!(report.stdout.starts_with('{'), "{report}");
    project.file("report.json", &report.stdout)
}

fn answer(project: &Project, arguments: &[&str]) -> Ran {
    karat().args(arguments).in_dir(project.path()).run()
}

#[test]
fn no_command_shows_what_it_was_not_given_for() {
    let project = project();
    for file in FILES {
        for command in [
            &["check"][..],
            &["lint"],
            &["plan"],
            &["import", "gx"],
            &["inspect"],
            &["explain"],
            &["demo"],
            &["list"],
            &["check", "suite.yml", "--data"],
            &["lint", "suite.yml", "--data"],
            &["plan", "suite.yml", "--data"],
        ] {
            // A demo may be written there.
            if ["missing.yml", "lake"].contains(&file) && command == ["demo"] {
                continue;
            }
            let ran = answer(&project, &[command, &[file]].concat());
            let told = format!("karat {} {file}\n{ran}", command.join(" "));
            assert!(!told.contains(SECRET), "{told}");
            assert!(told.len() < 2_048, "{} bytes: {told}", told.len());
            // A help, or the place in a text; of a name that is not there, there is nothing to say but that.
            let helps = ["help", "Usage", "did you mean", " --> "];
            let error = &ran.stderr;
            let is_error = matches!(ran.code, 2 | 3) && !error.is_empty() && file != "missing.yml";
            assert!(!is_error || helps.iter().any(|way| error.contains(way)), "no way out: {told}");
            assert!((0..=3).contains(&ran.code), "{told}");
        }
    }
}
