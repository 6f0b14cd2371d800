//! `karat list`

use std::fmt::Write as _;

use super::exit::Exit;
use super::terminal::out;
use crate::expectation::{Family, all};

pub(super) fn run() -> Exit {
    let mut text = String::new();
    let mut families: Vec<Family> = all().iter().map(|definition| definition.family).collect();
    families.sort_unstable();
    families.dedup();
    let bold = anstyle::Style::new().bold();
    for family in families {
        let _ = writeln!(text, "{bold}{}{bold:#}", family.name());
        for definition in all().iter().filter(|definition| definition.family == family) {
            let _ = writeln!(text, "  {:<16} {}", definition.id, definition.summary);
        }
    }
    let _ = writeln!(text, "\n`karat explain NAME` says more of one.");
    out(&text);
    Exit::Passed
}
