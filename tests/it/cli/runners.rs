//! What a build server reads in the lines that karat prints: nothing of the data is a command to it.

use polars::prelude::df;

use super::{Project, Ran, karat};

/// The lines that the runner of GitHub Actions or the agent of Azure Pipelines takes for commands, as their sources
/// read lines: `TrimStart().StartsWith("::")` with a second `::`, and `IndexOf` of `##[` or `##vso[`, all of which pass
/// over characters without a width.
pub(crate) fn commands(text: &str) -> Vec<&str> {
    let is_passed_over = |character: char| {
        character.is_control()
            || ['\u{ad}', '\u{34f}', '\u{61c}', '\u{180e}', '\u{feff}'].contains(&character)
            || ('\u{200b}'..='\u{200f}').contains(&character)
            || ('\u{2060}'..='\u{206f}').contains(&character)
            || ('\u{fe00}'..='\u{fe0f}').contains(&character)
            || ('\u{e0000}'..='\u{e0fff}').contains(&character)
    };
    let is_command = |line: &&str| {
        let plain = anstream::adapter::strip_str(line).to_string().replace(is_passed_over, "");
        let rest = plain.trim_start().strip_prefix("::");
        rest.is_some_and(|rest| rest.contains("::")) || plain.contains("##[") || plain.contains("##vso[")
    };
    text.split(['\n', '\r']).filter(is_command).collect()
}

const VALUES: [&str; 6] = [
    "##vso[task.setvariable variable=PATH]/tmp",
    "##[error]fake",
    "::error::fake",
    "a\n::set-output name=a::b",
    "#\u{ad}#v\u{ad}so[task.complete result=Succeeded]",
    "\u{2003}::warning::fake",
];

/// Names and values that are commands, wherever a suite and its data can hold them.
fn project() -> Project {
    let suite = "\
suite: '::error title=owned::suite'
data: '::warning::data.parquet'
owner: '##vso[task.complete]'
key: ['::group::key']
columns:
  '::error::column':
    - in_set: ['##[group]x']
    - not_null: {}
      id: '##vso[task.logissue type=error]id'
    - matches: '^::stop-commands::x$'
  '##[endgroup]missing': [not_null]
";
    let project = Project::new().file("suite.yml", suite).file(
        "none.yml",
        "suite: '::error::none'\ndata: '##vso[task.logissue]none.parquet'\ncolumns: {a: [not_null]}\n",
    );
    let mut frame = df! { "::error::column" => VALUES, "::group::key" => VALUES }.unwrap();
    project.parquet("::warning::data.parquet", &mut frame);
    project
}

fn assert_inert(ran: &Ran) {
    assert_eq!(commands(&ran.stdout), [""; 0], "on standard output:\n{}", ran.stdout);
    assert_eq!(commands(&ran.stderr), [""; 0], "on standard error:\n{}", ran.stderr);
}

#[test]
fn no_text_of_the_data_is_a_command() {
    let project = project();
    let ran = project.check(&["suite.yml", "-v", "--fail-on", "warn"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_inert(&ran);
    assert_inert(&project.check(&["suite.yml", "none.yml", "-v"]));
    for command in ["lint", "plan"] {
        assert_inert(&karat().args([command, "suite.yml"]).in_dir(project.path()).run());
    }
    for data in ["::warning::data.parquet", "##vso[task.logissue]none.parquet"] {
        assert_inert(&karat().args(["inspect", data]).in_dir(project.path()).run());
    }
}

#[test]
fn no_document_on_standard_output_holds_a_command() {
    let project = project();
    for format in ["json", "gx", "html"] {
        assert_inert(&project.check(&["suite.yml", "none.yml", "--format", format]));
    }
    let ran = project.check(&["suite.yml", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout.replace("[TIME]", "0")).unwrap();
    // What is escaped reads as what it was.
    assert_eq!(report["suites"][0]["owner"], "##vso[task.complete]");
}

#[test]
fn no_message_that_quotes_is_a_command() {
    let project = Project::new()
        .file("::error::x.yml", "suite: '::error::x'\n\ncolumns:\n  a: ['##vso[task.complete]']\n")
        .file("b.yml", "suite: b\ndata: d.parquet\ncolumns: {'##[error]': [not_nul]}\n");
    for arguments in [
        ["check", "::error::x.yml"],
        ["check", "b.yml"],
        ["check", "::error::none\n::error::none.yml"],
        ["check", "--format=\n::error::x"],
        ["explain", "\n::error::x"],
        ["explain", "##vso[task.complete]"],
        ["::error::x", "\n::error::x"],
        ["lint", "b.yml"],
        ["list", "--format=##vso[task.complete]"],
    ] {
        let ran = karat().args(arguments).in_dir(project.path()).run();
        assert_ne!(ran.code, 0, "{ran}");
        assert_inert(&ran);
    }
}
