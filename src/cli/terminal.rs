//! Standard output and standard error.

use std::io::{IsTerminal as _, Write as _};

/// Results.
pub(super) fn out(text: &str) {
    // A closed pipe (`karat … | head`) is the reader's wish and no error.
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Everything else.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// An error, and the way out where one is known.
pub(super) fn error(text: &str, help: Option<&str>) {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    note(&format!("{red}error{red:#}: {text}"));
    if let Some(help) = help {
        note(&format!("  help: {help}"));
    }
}

/// The columns of the terminal that results go to, if they go to one.
pub(super) fn width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
