//! Every command with every kind of file that it is not for: a short answer, nothing of what stands in the
//! file, and a way out.

use polars::prelude::{IpcWriter, SerWriter as _, df};

use super::{Project, Ran, karat};

/// What no answer may hold: it stands in every file.
const SECRET: &str = "ann@private.example";

/// The kinds of files, by their names.
const FILES: [&str; 24] = [
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
    "nothing.csv",
    "nothing.parquet",
    "empty",
    "suites",
    "",
];

/// Every command, as it is given a file; `karat help` lists no other.
const COMMANDS: [&[&str]; 29] = [
    &["init"],
    &["check"],
    &["lint"],
    &["plan"],
    &["diff", "suite.yml"],
    &["import", "gx"],
    &["inspect"],
    &["explain"],
    &["demo"],
    &["profile"],
    &["suggest"],
    &["suggest", "people.parquet", "--with"],
    &["list"],
    &["history", "--history"],
    &["docs", "build", "--output", "site", "--history"],
    &["docs", "serve"],
    &["check", "suite.yml", "--docs"],
    &["check", "suite.yml", "--history"],
    &["rows", "--limit", "5"],
    &["split", "--valid", "good", "--quarantine", "bad"],
    &["schema"],
    &["completions"],
    &["man"],
    &["help"],
    &["check", "suite.yml", "--data"],
    &["lint", "suite.yml", "--data"],
    &["plan", "suite.yml", "--data"],
    &["check", "suite.yml", "--select"],
    &["check", "suite.yml", "--parameter"],
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
        .file("nothing.csv", "")
        .file("nothing.parquet", "")
        .file("suites/people.yml", suite)
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
    std::fs::create_dir(project.path().join("empty")).unwrap();
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
    let mut lost = Vec::new();
    for file in FILES {
        for command in COMMANDS {
            // A demo, pages, or runs may be written there.
            if ["missing.yml", "lake", "empty", "suites"].contains(&file)
                && [
                    &["demo"][..],
                    &["man"],
                    &["check", "suite.yml", "--history"],
                    &["check", "suite.yml", "--docs"],
                ]
                .contains(&command)
            {
                continue;
            }
            let ran = answer(&project, &[command, &[file]].concat());
            let told = format!("karat {} {file}\n{ran}", command.join(" "));
            // A help, the place in a text, or what the file seems to be.
            let helps = [
                "help",
                "Usage",
                "did you mean",
                " --> ",
                "? then `",
                "(`jq",
                "with the check `readable`",
                "karat explain formats",
                "a path is as seen from",
                "has a header at least",
                "has a footer",
            ];
            let said = format!("{}{}", ran.stdout, ran.stderr);
            for (wrong, is_so) in [
                ("shows data", told.contains(SECRET)),
                ("is long", told.len() >= 2_048),
                ("has no way out", matches!(ran.code, 2 | 3) && !helps.iter().any(|way| said.contains(way))),
                ("ends otherwise", !(0..=3).contains(&ran.code)),
            ] {
                if is_so {
                    lost.push(format!("{wrong}: {told}"));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n\n"));
}

/// No command is left out above.
#[test]
fn every_command_is_given_every_kind_of_file() {
    let help = karat().arg("--help").run().stdout;
    let listed = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    for command in listed.lines().filter_map(|line| line.split_whitespace().next()) {
        assert!(COMMANDS.iter().any(|given| given[0] == command), "{command}");
    }
}

/// A command that is given nothing says what it wants.
#[test]
fn nothing_at_all_is_answered_with_what_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["check", "lint", "plan", "import", "inspect", "completions"] {
        let ran = karat().arg(command).in_dir(folder.path()).run();
        assert_eq!(ran.code, 2, "{command}: {ran}");
        assert!(
            ran.stderr.len() < 2_048 && ["help", "Usage"].iter().any(|way| ran.stderr.contains(way)),
            "{command}: {ran}"
        );
    }
}
