//! Standard output and standard error.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::document::{brief, without_credentials};
use crate::report::inert;

/// Whether results were lost on their way.
static LOST: AtomicBool = AtomicBool::new(false);

/// Results as text for people: nothing of it is a command to a build server. What cannot be written is told once, and
/// [`is_lost`].
pub(super) fn out(text: &str) {
    document(&inert(text));
}

/// The same of what programs read, as it is.
pub(super) fn document(text: &str) {
    let mut stdout = anstream::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => {}
        // A closed pipe (`karat … | head`) is the reader's wish and no error.
        Err(problem) if problem.kind() == ErrorKind::BrokenPipe => {}
        Err(problem) => {
            if !LOST.swap(true, Ordering::Relaxed) {
                error(&format!("cannot write to standard output: {problem}"), None);
            }
        }
    }
}

/// Returns whether results could not be written, so that no verdict was told.
pub(super) fn is_lost() -> bool {
    LOST.load(Ordering::Relaxed)
}

/// Everything else. What it quotes is no command to a build server either.
pub(super) fn note(text: &str) {
    let _ = writeln!(anstream::stderr(), "{}", inert(text));
}

/// An error, and the way out where one is known. What it quotes is cut, and what may be a credential is not
/// shown.
pub(super) fn error(text: &str, help: Option<&str>) {
    let red = anstyle::Style::new().bold().fg_color(Some(anstyle::AnsiColor::Red.into()));
    note(&format!("{red}error{red:#}: {}", brief(without_credentials(text))));
    if let Some(help) = help {
        note(&format!("  help: {}", without_credentials(help)));
    }
}

/// The columns of the terminal that results go to, if they go to one.
pub(super) fn width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
