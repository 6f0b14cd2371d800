//! The command that shows all failing rows of a check.

use super::paths::Home;
use crate::report::model::CheckReport;
use crate::report::visible::visible;

/// No command asks for more rows: they go through a terminal.
const MOST_ROWS: u64 = 10_000;

/// Returns the command line, for a shell in the project's folder; `None` where no row fails, or where a name holds what
/// cannot be typed.
pub(super) fn command(home: &Home, path: &str, check: &CheckReport) -> Option<String> {
    let failing = check.counts.as_ref().map_or(0, |counts| counts.failing);
    let path = home.path(path);
    let typed = |text: &str| visible(text) == text && !text.is_empty();
    if failing == 0 || !typed(&path) || !typed(&check.id) {
        return None;
    }
    // A name that begins with a dash is not taken for an option.
    let path = if path.starts_with('-') { format!("./{path}") } else { path };
    let select = if check.id.starts_with('-') { "--select=" } else { "--select " };
    let rows = failing.min(MOST_ROWS);
    Some(format!("karat check {} {select}{} --samples {rows} -v", quoted(&path), quoted(&check.id)))
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
