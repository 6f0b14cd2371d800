//! `karat explain`

use super::exit::Exit;
use super::terminal::{error, out};
use crate::expectation::{find, suggest};

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// An expectation, by its id or its name in Great Expectations; or "predicates" or "great-expectations"
    name: String,
}

/// Pages that are of no expectation.
const PAGES: [(&str, &str); 2] = [
    ("great-expectations", include_str!("../../expectations/great-expectations.md")),
    ("predicates", include_str!("../../expectations/predicates.md")),
];

pub(super) fn run(arguments: &Arguments) -> Exit {
    if let Some((_, page)) = PAGES.iter().find(|(name, _)| *name == arguments.name) {
        out(page);
        return Exit::Passed;
    }
    let Some(definition) = find(&arguments.name) else {
        let help = suggest(&arguments.name).map(|near| format!("did you mean \"{near}\"?"));
        error(
            &format!("no expectation {:?}", arguments.name),
            help.as_deref().or(Some("`karat list` shows the catalogue")),
        );
        return Exit::Usage;
    };
    out(definition.page);
    Exit::Passed
}
