//! The progress of a long read, shown on standard error if that is a terminal.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::Progress;

/// The duration of a read before its progress is shown.
const MOMENT: Duration = Duration::from_millis(500);

/// Returns a progress bar that appears among others, only if a read takes longer than `MOMENT`.
pub(super) fn bar(all: &MultiProgress, what: &str, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.set_draw_target(ProgressDrawTarget::hidden());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed}") {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    let (all, later) = (all.clone(), bar.clone());
    // The thread ends by itself. A read that has ended by then is too short to show.
    std::thread::spawn(move || {
        std::thread::sleep(MOMENT);
        if !later.is_finished() {
            all.add(later.clone());
            later.enable_steady_tick(Duration::from_millis(200));
        }
    });
    bar
}

/// Updates the bar to the progress of a read.
pub(super) fn advance(bar: &ProgressBar, progress: Progress) {
    if bar.length() != Some(progress.total) {
        bar.set_length(progress.total);
        if let Ok(style) = ProgressStyle::with_template("{msg}  {wide_bar} {bytes}/{total_bytes}  {eta}") {
            bar.set_style(style);
        }
    }
    bar.set_position(progress.done);
}
