//! Output to standard output and standard error.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::document::{brief, without_credentials};
use crate::report::inert;

/// True once results could not be written.
static LOST: AtomicBool = AtomicBool::new(false);

/// Writes results to standard output as text for people, in which nothing is a command to a build server. The first failure
/// is shown as an error, and [`is_lost`] reports it.
pub(super) fn out(text: &str) {
    document(&inert(text));
}

/// The same of what programs read, as it is.
pub(super) fn document(text: &str) {
    let mut stdout = anstream::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => {}
        // A closed pipe (`karat … | head`) is the reader's choice and no error.
        Err(problem) if problem.kind() == ErrorKind::BrokenPipe => {}
        Err(problem) => {
            if !LOST.swap(true, Ordering::Relaxed) {
                error(&format!("cannot write to standard output: {problem}"), None);
            }
        }
    }
}

/// Returns whether results could not be written, so that the verdict may not have been shown.
pub(super) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Writes a message that is no result to standard error. Nothing that it quotes is a command to a build server.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{}", inert(text));
}

/// Writes an error to standard error, with help if there is any. Long quotes are cut, and possible
/// credentials are masked.
pub(super) fn error(text: &str, help: Option<&str>) {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    note(&format!("{red}error{red:#}: {}", brief(without_credentials(text))));
    if let Some(help) = help {
        note(&format!("  help: {}", without_credentials(help)));
    }
}

/// Returns the width of the terminal to which results go, in columns; none if they go elsewhere.
pub(super) fn width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
