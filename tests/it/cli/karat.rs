//! Running the binary, away from what the machine happens to be set to.

use std::ffi::OsStr;
use std::fmt;
use std::path::Path;
use std::process::{Command, Output};

use regex::Regex;

/// The binary, with an environment that does not change what it says.
#[expect(clippy::disallowed_methods, reason = "tests of the command line run it")]
pub(crate) fn karat() -> Karat {
    const NAMES: [&str; 9] = [
        "CI",
        "NO_COLOR",
        "FORCE_COLOR",
        "TERM",
        "COLUMNS",
        "RUST_BACKTRACE",
        // Where a build runs, on Azure Pipelines and on GitLab.
        "TF_BUILD",
        "BUILD_SOURCESDIRECTORY",
        "GITLAB_CI",
    ];
    const PREFIXES: [&str; 9] =
        ["CLICOLOR", "KARAT_", "POLARS_", "AWS_", "AZURE_", "GOOGLE_", "DATABRICKS_", "GITHUB_", "CI_"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_karat"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if NAMES.contains(&name.as_ref()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    Karat { command }
}

/// A command that will be run.
pub(crate) struct Karat {
    command: Command,
}

impl Karat {
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn in_dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The command itself, for what needs more than its output.
    pub(crate) fn command(self) -> Command {
        self.command
    }

    pub(crate) fn run(mut self) -> Ran {
        let folder = self.command.get_current_dir().map(Path::to_path_buf);
        let Output { status, stdout, stderr } = self.command.output().unwrap();
        let readable = |bytes| {
            let text = String::from_utf8(bytes).unwrap();
            scrubbed(
                &folder
                    .iter()
                    .fold(text, |text, folder| text.replace(&folder.display().to_string(), "[DIR]")),
            )
        };
        Ran { code: status.code().unwrap(), stdout: readable(stdout), stderr: readable(stderr) }
    }
}

/// What differs from run to run, as placeholders.
pub(crate) fn scrubbed(text: &str) -> String {
    const PATTERNS: [(&str, &str); 7] = [
        (r"\b\d{8}T\d{9}Z-[0-9a-f]{8}", "[RUN]"),
        (r"\b20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", "[WHEN]"),
        (r"\b(sha256:)?[0-9a-f]{64}\b", "[DIGEST]"),
        (r"\b\d+\.\d\d s\b", "[TIME]"),
        (r"part-\d+-[0-9a-f-]+-c000\.snappy\.parquet", "[FILE]"),
        (r#""elapsed_ms": \d+"#, r#""elapsed_ms": [TIME]"#),
        (concat!("\\b", env!("CARGO_PKG_VERSION"), "\\b"), "[VERSION]"),
    ];
    PATTERNS.iter().fold(text.to_owned(), |text, (pattern, placeholder)| {
        Regex::new(pattern).unwrap().replace_all(&text, *placeholder).into_owned()
    })
}

/// What a command came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Everything, so that one expectation covers it all; streams that stayed empty are left out.
impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n--- {name}\n{}", text.trim_end())?;
            }
        }
        Ok(())
    }
}
