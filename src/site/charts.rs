//! Numbers over runs as SVG, with what they show in words.

use std::fmt::Write as _;

use minijinja::HtmlEscape;

/// The size of a chart, which its page stretches.
const WIDE: f64 = 640.0;
const HIGH: f64 = 84.0;

/// A number over runs, and what it may be.
pub(super) struct Series<'a> {
    /// The value in each run, the oldest first; none where there was none.
    pub(super) values: &'a [Option<f64>],
    /// The least value that is allowed.
    pub(super) least: Option<f64>,
    /// The greatest value that is allowed.
    pub(super) most: Option<f64>,
}

/// The least and the greatest of some values.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Range {
    /// Returns the range of the values that are there and finite; `None` if there are none.
    pub(super) fn of(values: &[Option<f64>]) -> Option<Self> {
        let finite = values.iter().flatten().copied().filter(|value| value.is_finite());
        finite.fold(None, |range: Option<Self>, value| {
            let Self { low, high } = range.unwrap_or(Self { low: value, high: value });
            Some(Self { low: low.min(value), high: high.max(value) })
        })
    }

    /// Returns the range with a bound, unless the values would hardly be told apart beside it.
    fn with(self, bound: Option<f64>) -> Self {
        let span = (self.high - self.low).max(self.high.abs() * 0.05);
        match bound {
            Some(bound) if bound >= self.low - 2.0 * span && bound <= self.high + 2.0 * span => {
                Self { low: self.low.min(bound), high: self.high.max(bound) }
            }
            _ => self,
        }
    }
}

/// Returns the chart of a series: the values as a line, the allowed ones as a band, and those that are not allowed marked.
/// `None` if there is no value.
pub(super) fn chart(series: &Series<'_>, label: &str) -> Option<String> {
    let range = Range::of(series.values)?.with(series.least).with(series.most);
    let x = scale_of(series.values.len(), WIDE);
    let span = range.high - range.low;
    let y = |value: f64| {
        let share = if span > 0.0 { (value - range.low) / span } else { 0.5 };
        HIGH - 6.0 - share.clamp(0.0, 1.0) * (HIGH - 12.0)
    };
    let mut shapes = String::new();
    let top = series.most.map_or(0.0, |most| if most > range.high { 0.0 } else { y(most) });
    let bottom = series.least.map_or(HIGH, |least| if least < range.low { HIGH } else { y(least) });
    if series.least.is_some() || series.most.is_some() {
        let _ = write!(
            shapes,
            "<rect class=\"band\" x=\"0\" y=\"{top:.1}\" width=\"{WIDE}\" height=\"{:.1}\"/>",
            (bottom - top).max(1.0)
        );
        for bound in [series.least, series.most].into_iter().flatten() {
            if bound >= range.low && bound <= range.high {
                let _ = write!(shapes, "<path class=\"bound\" d=\"M0 {:.1}H{WIDE}\"/>", y(bound));
            }
        }
    }
    let _ = write!(shapes, "<path class=\"values\" d=\"{}\"/>", line(series.values, &x, &y));
    let is_bad = |value: f64| {
        series.least.is_some_and(|least| value < least) || series.most.is_some_and(|most| value > most)
    };
    let bad: Vec<Option<f64>> =
        series.values.iter().map(|value| value.filter(|value| is_bad(*value))).collect();
    if bad.iter().any(Option::is_some) {
        let dots = bad.iter().enumerate().filter_map(|(place, value)| Some((place, (*value)?)));
        let dots = dots.fold(String::new(), |mut dots, (place, value)| {
            let _ = write!(dots, "M{:.1} {:.1}h0", x(place), y(value));
            dots
        });
        let _ = write!(shapes, "<path class=\"bad\" d=\"{dots}\"/>");
    }
    Some(image("chart", label, WIDE, HIGH, &shapes))
}

/// Returns the percentages of failing rows as a small line, on a logarithmic scale from 0.001 to 100 percent, with the
/// percentage that is allowed.
pub(super) fn spark(percent: &[Option<f64>], limit: Option<f64>, label: &str) -> String {
    const HIGH: f64 = 20.0;
    let x = scale_of(percent.len(), 100.0);
    let y = |value: f64| {
        let share = if value > 0.0 { ((value.log10() + 3.0) / 5.0).clamp(0.05, 1.0) } else { 0.0 };
        HIGH - 2.0 - share * (HIGH - 4.0)
    };
    let mut shapes = String::new();
    if let Some(limit) = limit.filter(|limit| *limit > 0.0) {
        let _ = write!(shapes, "<path class=\"limit\" d=\"M0 {:.1}H100\"/>", y(limit));
    }
    let _ = write!(shapes, "<path class=\"values\" d=\"{}\"/>", line(percent, &x, &y));
    image("spark", label, 100.0, HIGH, &shapes)
}

/// Returns where the values stand: the first at the left, the last at the right, a single one in the middle.
#[expect(clippy::cast_precision_loss, reason = "a place among some hundred")]
fn scale_of(count: usize, wide: f64) -> impl Fn(usize) -> f64 {
    move |place| match count {
        0 | 1 => wide / 2.0,
        _ => 4.0 + place as f64 * (wide - 8.0) / (count - 1) as f64,
    }
}

/// Returns the path through the values. It breaks where there is none; one alone is a dot.
fn line(values: &[Option<f64>], x: &impl Fn(usize) -> f64, y: &impl Fn(f64) -> f64) -> String {
    let mut path = String::new();
    let mut is_drawing = false;
    for (place, value) in values.iter().enumerate() {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            is_drawing = false;
            continue;
        };
        let _ = write!(path, "{}{:.1} {:.1}", if is_drawing { 'L' } else { 'M' }, x(place), y(value));
        if !is_drawing {
            path.push_str("h0");
        }
        is_drawing = true;
    }
    path
}

fn image(class: &str, label: &str, wide: f64, high: f64, shapes: &str) -> String {
    format!(
        "<svg class=\"{class}\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {wide} {high}\" preserveAspectRatio=\"none\">{shapes}</svg>",
        HtmlEscape(label)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_where_there_is_no_value() {
        let values = [Some(1.0), None, Some(f64::NAN), Some(2.0), Some(3.0)];
        let series = Series { values: &values, least: Some(2.0), most: Some(1e9) };
        let chart = chart(&series, "a \"<b>\"").unwrap();
        assert_eq!(chart.matches('M').count(), 4, "{chart}");
        assert!(chart.contains("class=\"bad\"") && chart.contains("&lt;b&gt;"), "{chart}");
        assert!(!chart.contains("NaN"), "{chart}");
        let nothing = Series { values: &[None, Some(f64::INFINITY)], least: None, most: None };
        assert!(super::chart(&nothing, "").is_none());
    }
}
