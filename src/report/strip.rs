//! The last verdicts of a check as a strip: what passes is a low line, what fails a full block, so that it reads without
//! colours, too.

use std::fmt::Write as _;

use super::past::letter;
use crate::data::counted;
use crate::evaluate::Verdict;

/// The width of a verdict, with the gap behind it.
const STEP: usize = 6;
const HEIGHT: usize = 16;

/// Returns the strip of verdicts as an image of its own, with what it shows in words. Letters that are none are left out.
pub(super) fn strip(verdicts: &str) -> String {
    const SHOWN: [(Verdict, usize); 4] =
        [(Verdict::Pass, 3), (Verdict::Warn, 9), (Verdict::Fail, HEIGHT), (Verdict::Error, HEIGHT)];
    let width = verdicts.len() * STEP;
    let mut svg = format!(
        "<svg class=\"strip\" role=\"img\" width=\"{width}\" height=\"{HEIGHT}\" viewBox=\"0 0 {width} {HEIGHT}\"><title>{}</title>",
        in_words(verdicts)
    );
    for (verdict, height) in SHOWN {
        let places = verdicts.chars().enumerate().filter(|(_, of)| *of == letter(verdict));
        let bars = places.fold(String::new(), |mut bars, (place, _)| {
            let _ = write!(bars, "M{} {}v{height}h4v-{height}z", place * STEP, HEIGHT - height);
            bars
        });
        if !bars.is_empty() {
            let _ = write!(svg, "<path class=\"{}\" d=\"{bars}\"/>", verdict.name());
        }
    }
    svg + "</svg>"
}

/// `failed 3 of the last 30 runs`
fn in_words(verdicts: &str) -> String {
    let count = |verdict| verdicts.chars().filter(|of| *of == letter(verdict)).count();
    let parts = [
        (count(Verdict::Fail), "failed"),
        (count(Verdict::Error), "not evaluated"),
        (count(Verdict::Warn), "warned"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what} {count}")).collect();
    let runs = counted(verdicts.len() as u64, "run", "runs");
    if parts.is_empty() {
        format!("passed the last {runs}")
    } else {
        format!("of the last {runs}: {}", parts.join(", "))
    }
}
