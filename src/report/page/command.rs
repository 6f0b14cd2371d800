//! The command that lists all failing rows of a check.

use super::paths::Home;
use crate::expectation::{Nature, find};
use crate::report::model::CheckReport;
use crate::report::visible::visible;

/// Returns the command line, for a shell in the project's folder; `None` where no row fails, or where a name holds what
/// cannot be typed.
pub(super) fn command(home: &Home, path: &str, check: &CheckReport) -> Option<String> {
    let failing = check.counts.as_ref().map_or(0, |counts| counts.failing);
    let path = home.path(path);
    let typed = |text: &str| visible(text) == text && !text.is_empty();
    let judges_rows = find(&check.expectation).is_some_and(|definition| definition.nature == Nature::Rows);
    if failing == 0 || !judges_rows || !typed(&path) || !typed(&check.id) {
        return None;
    }
    // A name that begins with a dash is not taken for an option.
    let path = if path.starts_with('-') { format!("./{path}") } else { path };
    let check_is = if check.id.starts_with('-') { "--check=" } else { "--check " };
    Some(format!("karat rows {} {check_is}{}", quoted(&path), quoted(&check.id)))
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_./:@%+,-".contains(character);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_words() {
        assert_eq!(quoted("suites/orders.yml"), "suites/orders.yml");
        assert_eq!(quoted("it's $HOME;`x`"), "'it'\\''s $HOME;`x`'");
        assert_eq!(quoted("~x"), "'~x'");
    }
}
