//! Charts as SVG. Their sizes are attributes of shapes and not styles, which the policy of a page forbids.

use std::fmt::Write as _;

use super::numbers;
use super::past::letter;
use crate::data::counted;
use crate::evaluate::Verdict;

/// The width of a verdict in a strip, with the gap behind it.
const STEP: usize = 6;
/// The height of a strip.
const HEIGHT: usize = 16;

/// The width of what stretches.
const WHOLE: f64 = 1000.0;

/// Part of a bar: how wide it is beside the others, how high of 8, and the class that gives it its colour.
pub(super) struct Part<'a> {
    pub(super) weight: u64,
    pub(super) height: u8,
    pub(super) class: &'a str,
}

/// Returns a bar of parts beside each other, none of them too small to be seen, behind what it shows in words. What passes is
/// a low line and what fails a full block, as in a strip.
#[expect(clippy::cast_precision_loss, reason = "a pixel more or less")]
pub(super) fn bar(label: &str, parts: &[Part<'_>]) -> String {
    const LEAST: f64 = 4.0;
    let whole: f64 = parts.iter().map(|part| part.weight as f64).sum();
    let wide = |part: &Part<'_>| (part.weight as f64 / whole * WHOLE).max(LEAST);
    let stretched: f64 = parts.iter().map(wide).sum();
    let mut shapes = String::new();
    let mut left = 0.0;
    for part in parts {
        let width = wide(part) / stretched * WHOLE;
        let gap = if left + width < WHOLE - 1.0 { 2.0 } else { 0.0 };
        let high = part.height;
        let _ = write!(
            shapes,
            "<rect class=\"{}\" x=\"{left:.1}\" y=\"{}\" width=\"{:.1}\" height=\"{high}\"/>",
            part.class,
            8 - high,
            width - gap
        );
        left += width;
    }
    stretching("bar", label, 8, &shapes)
}

/// Returns where a percentage lies on a logarithmic scale from 0.001 to 100 percent: 3 rows of 60,000 are seen, and so is the
/// difference to 30.
fn logarithmic(percent: f64) -> f64 {
    if percent > 0.0 { ((percent.log10() + 3.0) / 5.0 * WHOLE).clamp(20.0, WHOLE) } else { 0.0 }
}

/// Returns how much of something fails as a small bar on the logarithmic scale, beside text that says it.
pub(super) fn share(percent: f64) -> String {
    format!(
        "<svg class=\"ratio\" aria-hidden=\"true\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\"><rect width=\"{:.0}\" height=\"8\"/></svg>",
        logarithmic(percent)
    )
}

/// The width of the logarithmic scale, and its margin.
const SCALE: (f64, f64) = (400.0, 8.0);

/// Returns the axis of the logarithmic scale, once for a page: every scale uses it.
pub(super) fn axis() -> String {
    const DECADES: [&str; 6] = ["0.001", "0.01", "0.1", "1", "10", "100 %"];
    let (wide, side) = SCALE;
    let mut shapes = format!("<path class=\"axis\" d=\"M{side} 26.5h{wide}");
    let mut texts = String::new();
    for (place, text) in (0_u8..).zip(DECADES) {
        let at = side + f64::from(place) * wide / 5.0;
        let (x, anchor) = if place < 5 { (at, "middle") } else { (at + side, "end") };
        let _ = write!(shapes, "M{at} 24v5");
        let _ =
            write!(texts, "<text class=\"decade\" x=\"{x}\" y=\"40\" text-anchor=\"{anchor}\">{text}</text>");
    }
    format!(
        "<svg class=\"scale shared\" aria-hidden=\"true\"><defs><g id=\"_axis\">{shapes}\"/>{texts}</g></defs></svg>"
    )
}

/// Returns how much of something fails on the logarithmic scale, with a tick for each limit. The page has its axis.
pub(super) fn scale(percent: f64, limits: &[(Verdict, f64)]) -> String {
    let (wide, side) = SCALE;
    let place = |percent: f64| side + logarithmic(percent) * wide / WHOLE;
    let mut label = format!("{} of the considered rows fail", numbers::percent(percent));
    let mut shapes = String::new();
    for (verdict, limit) in limits {
        let verb = if *verdict == Verdict::Fail { "fails" } else { "warns" };
        let (at, limit) = (place(*limit), numbers::percent(*limit));
        let (anchor, x) = if at > wide * 0.6 { ("end", at - 4.0) } else { ("start", at + 4.0) };
        // Two limits are written above each other.
        let top = if *verdict == Verdict::Warn && limits.len() > 1 { -13 } else { 0 };
        let y = top + 9;
        let _ = write!(
            shapes,
            "<path class=\"tick\" d=\"M{at:.1} {top}V29\"/><text class=\"limit\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"{anchor}\">{verb} above {limit}</text>",
        );
        let _ = write!(label, ", it {verb} above {limit}");
    }
    let frame = if limits.len() > 1 { "0 -14 420 58" } else { "0 0 420 44" };
    format!(
        "<svg class=\"scale\" role=\"img\" viewBox=\"{frame}\"><title>{label}; the scale is logarithmic</title><use href=\"#_axis\"/><rect class=\"some\" x=\"8\" y=\"12\" width=\"{:.1}\" height=\"12\"/>{shapes}</svg>",
        place(percent) - side
    )
}

/// Returns how much of a whole a part is, as a bar beside text that says it.
pub(super) fn weight(part: f64, whole: f64) -> String {
    let width = if whole > 0.0 { (part / whole * 100.0).clamp(1.0, 100.0) } else { 0.0 };
    format!(
        "<svg class=\"weight\" aria-hidden=\"true\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\"><rect width=\"{width:.1}\" height=\"8\"/></svg>"
    )
}

/// Returns how much of something is there as a bar.
pub(super) fn filled(label: &str, percent: f64) -> String {
    let width = (percent * WHOLE / 100.0).clamp(0.0, WHOLE);
    stretching("nulls", label, 8, &format!("<rect width=\"{width:.1}\" height=\"8\"/>"))
}

/// A bar of a histogram: its height in percent of the highest, and what it shows in words, escaped.
pub(super) struct Class {
    pub(super) height: f64,
    pub(super) title: String,
}

/// Returns a histogram.
#[expect(clippy::cast_precision_loss, reason = "a histogram has few classes")]
pub(super) fn histogram(classes: &[Class]) -> String {
    const HIGH: f64 = 100.0;
    let step = WHOLE / classes.len().max(1) as f64;
    let mut shapes = String::new();
    for (place, Class { height, title }) in classes.iter().enumerate() {
        // A class with any rows is seen.
        let height = if *height > 0.0 { height.clamp(3.0, HIGH) } else { 0.0 };
        let _ = write!(
            shapes,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\"><title>{title}</title></rect>",
            place as f64 * step,
            HIGH - height,
            step * 0.92,
        );
    }
    stretching("histogram", "how the values are spread", 100, &shapes)
}

/// An image as wide and high as its class says.
fn stretching(class: &str, label: &str, high: u32, shapes: &str) -> String {
    format!(
        "<svg class=\"{class}\" role=\"img\" aria-label=\"{label}\" viewBox=\"0 0 1000 {high}\" preserveAspectRatio=\"none\">{shapes}</svg>"
    )
}

/// Returns the last verdicts as a strip, with what it shows in words. What passes is a low line, what warns a half block, what
/// fails a full one, and what could not be evaluated a full one in slices, so that it reads without colours, too. What was
/// skipped is a gap. Letters that are none are left out.
pub(super) fn strip(verdicts: &str) -> String {
    // The pieces of a block: how far below the top it begins, and how high it is.
    const SHOWN: [(Verdict, &[(usize, usize)]); 4] = [
        (Verdict::Pass, &[(HEIGHT - 3, 3)]),
        (Verdict::Warn, &[(HEIGHT - 9, 9)]),
        (Verdict::Fail, &[(0, HEIGHT)]),
        (Verdict::Error, &[(0, 4), (6, 4), (12, 4)]),
    ];
    let width = verdicts.len() * STEP;
    let mut svg = format!(
        "<svg class=\"strip\" role=\"img\" width=\"{width}\" height=\"{HEIGHT}\" viewBox=\"0 0 {width} {HEIGHT}\"><title>{}</title>",
        in_words(verdicts)
    );
    for (verdict, pieces) in SHOWN {
        let places = verdicts.chars().enumerate().filter(|(_, of)| *of == letter(verdict));
        let bars = places.fold(String::new(), |mut bars, (place, _)| {
            for (top, height) in pieces {
                let _ = write!(bars, "M{} {top}h4v{height}h-4z", place * STEP);
            }
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
