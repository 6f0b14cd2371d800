//! The page of every command, option, variable and key, made of what karat reads them with.

use std::fmt::Write as _;

use clap::{Arg, Command};

use super::arguments::command;
use super::variables::variable;
use crate::project;
use crate::suite::keys::{self, Keys};

/// The variables that are not of options: what they are about, and the meaning of each.
const VARIABLES: &[(&str, Keys)] = &[
    (
        "Colours, as other programs take them: the first of these counts.",
        &[
            ("NO_COLOR", "no colours, unless `--color` or `KARAT_COLOR` says otherwise"),
            ("FORCE_COLOR", "colours everywhere, and 0 or false none"),
            ("CLICOLOR_FORCE", "colours everywhere, unless it is 0"),
            ("CLICOLOR", "0: no colours"),
        ],
    ),
    (
        "What projects and suites leave to the environment.",
        &[
            (
                "KARAT_VAR_NAME",
                "the value of the variable NAME, ${NAME} in suites and karat.yml, unless --var gives one",
            ),
            ("KARAT_MASK_KEY", "the key of the hashes that stand for personal values"),
        ],
    ),
    (
        "Systems that judge their tables; [postgres](postgres.md), [spark](spark.md) and [databricks](databricks.md) say more.",
        &[
            ("PGPASSWORD", "the password for PostgreSQL, if the URI has none"),
            ("PGPASSFILE", "the file of passwords for PostgreSQL [default: ~/.pgpass]"),
            ("SPARK_REMOTE", "the server of Spark Connect, unless --spark names one"),
            ("SPARK_CONNECT_AUTHENTICATE_TOKEN", "the token for that server, if its URL has none"),
            ("DATABRICKS_HOST", "the workspace of Databricks"),
            ("DATABRICKS_WAREHOUSE_ID", "the warehouse there that runs statements"),
            ("DATABRICKS_TOKEN", "a token for the workspace"),
            ("DATABRICKS_CLIENT_ID", "the service principal that asks the workspace, instead of a token"),
            ("DATABRICKS_CLIENT_SECRET", "its secret"),
        ],
    ),
    (
        "Object stores, whose own tools read them, too; [sources](sources.md) says more.",
        &[
            ("AWS_…", "S3: keys, region, endpoint, profile, and `AWS_CA_BUNDLE`"),
            ("AZURE_…", "Azure: account, keys, tenant and client"),
            ("IDENTITY_ENDPOINT", "Azure: where the machine's identity is asked for"),
            ("IDENTITY_HEADER", "Azure: what is sent there with the question"),
            ("GOOGLE_…", "Google: credentials and service account"),
            ("SSL_CERT_FILE", "the certificates that are trusted in place of the machine's"),
        ],
    ),
    (
        "Build servers, which set them: the layout of reports, and links to the commit that is checked out.",
        &[
            ("GITHUB_ACTIONS", "true: this is GitHub Actions"),
            ("GITHUB_STEP_SUMMARY", "the file that the summary of the step is added to"),
            ("GITHUB_WORKSPACE", "the folder of the repository"),
            ("GITHUB_SERVER_URL", "where its files are shown"),
            ("GITHUB_REPOSITORY", "its name there"),
            ("GITHUB_SHA", "the commit"),
            ("TF_BUILD", "true: this is Azure Pipelines"),
            ("BUILD_SOURCESDIRECTORY", "the folder of the repository"),
            ("GITLAB_CI", "true: this is GitLab"),
            ("CI_PROJECT_DIR", "the folder of the repository"),
            ("CI_PROJECT_URL", "where its files are shown"),
            ("CI_COMMIT_SHA", "the commit"),
        ],
    ),
];

const HEAD: &str = "\
# Reference

Every command, option, variable and key. Made from the code (`KARAT_UPDATE=1 cargo test`); do not edit. What the
expectations take stands in [their pages](README.md).

An option of `check`, `lint` and `plan` may be given by its variable instead, and so may `--color`, `--history` and
`--storage-option` of every command. The command line is stronger: a variable is not looked at where its option is given, or one
that excludes it. An empty variable is none. An option that is a yes takes 1, true, yes, on or 0, false, no, off; of one
that is repeatable, each line of the variable is a value. No help shows what a variable holds.
";

/// Returns the page.
#[must_use]
pub fn reference() -> String {
    let mut command = command();
    command.build();
    let mut page = HEAD.to_owned();
    let commands = command.get_subcommands().filter(|command| command.get_name() != "help");
    for command in commands {
        described(&mut page, command.get_name(), command);
        for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
            described(&mut page, &format!("{} {}", command.get_name(), part.get_name()), part);
        }
    }
    page.push_str("\n## Variables\n");
    for (lead, variables) in VARIABLES {
        listed(&mut page, lead, "variable", variables);
    }
    for (title, lead, keys) in [
        ("Keys of a suite", "`karat schema` prints them for editors.", keys::OF_SUITE),
        ("Keys of csv", "Below `csv` of a suite; [formats](formats.md) says more.", keys::OF_CSV),
        ("Keys of a check", "Beside an expectation; [options](options.md) says more.", keys::OF_CHECK),
        (
            "Keys of karat.yml",
            "In the file at the root of a project; [project](project.md) says more.",
            project::KEYS,
        ),
        ("Keys of a layer", "Of each layer below `layers`.", project::OF_LAYER),
        ("Keys of a dataset", "Of each dataset below `datasets`.", project::OF_DATASET),
        ("Keys of an environment", "Of each environment below `environments`.", project::OF_ENVIRONMENT),
        ("Keys of defaults", "Below `defaults`.", project::OF_DEFAULTS),
    ] {
        let _ = write!(page, "\n## {title}\n");
        listed(&mut page, lead, "key", keys);
    }
    page
}

/// Adds a table of names and their meanings.
fn listed(page: &mut String, lead: &str, head: &str, keys: Keys) {
    let _ = write!(page, "\n{lead}\n\n| {head} | meaning |\n|---|---|\n");
    for (key, meaning) in keys {
        let _ = writeln!(page, "| `{key}` | {} |", cell(meaning));
    }
}

fn described(page: &mut String, name: &str, command: &Command) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let _ = write!(page, "\n## karat {name}\n\n{about}: `{usage}`\n\n");
    let shown = |argument: &&Arg| !argument.is_hide_set() && argument.get_id() != "help";
    page.push_str("| option | variable | meaning |\n|---|---|---|\n");
    for argument in command.get_arguments().filter(shown) {
        let variable = variable(name, argument).map_or_else(|| "·".to_owned(), |name| format!("`{name}`"));
        let _ = writeln!(page, "| `{}` | {variable} | {} |", written(argument), cell(&meaning(argument)));
    }
}

/// How an argument is written: `-q, --quiet`, `--data <URI>`, `[SUITE|DIR]...`
fn written(argument: &Arg) -> String {
    let text = argument.to_string().replace('|', "\\|");
    match argument.get_short() {
        Some(short) if argument.get_long().is_some() => format!("-{short}, {text}"),
        _ => text,
    }
}

fn meaning(argument: &Arg) -> String {
    let mut meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
    if !argument.get_action().takes_values() {
        return meaning;
    }
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if !values.is_empty() {
        let _ = write!(meaning, ": {}", values.join(", "));
    }
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() {
        let _ = write!(meaning, " [default: {}]", defaults.join(", "));
    }
    meaning
}

/// What a cell of a table may hold.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
