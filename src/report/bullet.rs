//! A measured number beside its bounds, as SVG.

use std::fmt::Write as _;

use crate::data::grouped;

/// The bounds of a measured number; either may be missing, and both are the same where one number is demanded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) least: Option<f64>,
    pub(super) greatest: Option<f64>,
    /// What stands behind every number: nothing, or ` %`.
    pub(super) unit: &'static str,
}

/// The width of the drawing between its margins.
const WIDE: f64 = 400.0;
/// The margins.
const SIDE: f64 = 10.0;

/// Returns the number as a mark and what is allowed as a band, or `None` where there are no bounds.
pub(super) fn bullet(observed: f64, bounds: Bounds) -> Option<String> {
    let known: Vec<f64> = [bounds.least, bounds.greatest].into_iter().flatten().collect();
    let all = known.iter().copied().chain([observed]);
    let (low, high) = (all.clone().fold(f64::INFINITY, f64::min), all.fold(f64::NEG_INFINITY, f64::max));
    if known.is_empty() || !(high - low).is_finite() {
        return None;
    }
    // Something is left on both sides, so that what is beyond a bound is seen as such.
    let spare = if high > low { (high - low) * 0.15 } else { high.abs().max(1.0) * 0.5 };
    let (low, high) = (low - spare, high + spare);
    let text = |number: f64| format!("{}{}", rounded(number), bounds.unit);
    let at = |number: f64| SIDE + (number - low) / (high - low) * WIDE;
    let from = bounds.least.map_or(SIDE, at);
    let to = bounds.greatest.map_or(SIDE + WIDE, at);
    let inside = bounds.least.is_none_or(|least| observed >= least)
        && bounds.greatest.is_none_or(|greatest| observed <= greatest);
    let mut shapes = format!(
        "<path class=\"axis\" d=\"M{SIDE} 26.5h{WIDE}\"/><rect class=\"allowed\" x=\"{from:.1}\" y=\"14\" width=\"{:.1}\" height=\"10\"/>",
        (to - from).max(2.0)
    );
    let mut label = format!("observed {}", text(observed));
    let mut written = f64::NEG_INFINITY;
    for bound in &known {
        // Bounds that are one, or too close to be told apart, are named once.
        if at(*bound) - written > 60.0 {
            written = at(*bound);
            let _ = write!(
                shapes,
                "<path class=\"axis\" d=\"M{0:.1} 10v19\"/><text x=\"{0:.1}\" y=\"40\" text-anchor=\"{1}\">{2}</text>",
                at(*bound),
                anchor(at(*bound)),
                text(*bound)
            );
        }
    }
    let bound = |name: &str, bound: Option<f64>| bound.map(|bound| format!(", {name} {}", text(bound)));
    label.extend([bound("at least", bounds.least), bound("at most", bounds.greatest)].into_iter().flatten());
    let mark = at(observed);
    let _ = write!(
        shapes,
        "<path class=\"{}\" d=\"M{mark:.1} 26l-5-9h10z\"/><text class=\"value\" x=\"{mark:.1}\" y=\"9\" text-anchor=\"{}\">{}</text>",
        if inside { "mark" } else { "mark out" },
        anchor(mark),
        text(observed)
    );
    Some(format!(
        "<svg class=\"scale\" role=\"img\" viewBox=\"0 0 420 44\"><title>{label}</title>{shapes}</svg>"
    ))
}

/// Where a text stands that must not leave the drawing.
fn anchor(at: f64) -> &'static str {
    if at < 60.0 {
        "start"
    } else if at > WIDE - 40.0 {
        "end"
    } else {
        "middle"
    }
}

/// A number with six digits.
fn rounded(number: f64) -> String {
    let short: f64 = format!("{number:.5e}").parse().unwrap_or(number);
    let whole = number.fract() == 0.0 && number.abs() < 1e15;
    grouped(&(if whole { number } else { short }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_a_bound_is_marked() {
        let drawn = |observed, least, greatest| bullet(observed, Bounds { least, greatest, unit: "" });
        assert!(drawn(1.0, None, None).is_none());
        assert!(drawn(f64::MAX, Some(f64::MIN), None).is_none());
        assert!(
            drawn(5.0, Some(1.0), Some(10.0))
                .unwrap()
                .contains("<title>observed 5, at least 1, at most 10</title>")
        );
        assert!(!drawn(5.0, Some(1.0), Some(10.0)).unwrap().contains("out"));
        assert!(drawn(15007.0, None, Some(1500.0)).unwrap().contains("class=\"mark out\""));
        assert!(
            drawn(0.1 + 0.2, Some(1.0), Some(1.0)).unwrap().contains("observed 0.3, at least 1, at most 1")
        );
    }
}
