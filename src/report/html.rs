//! Renders one self-contained HTML page per run, with the template in `reports/`.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, HtmlEscape, UndefinedBehavior, Value};
use sha2::{Digest as _, Sha256};

use super::charts::{Class, Part, bar, filled, histogram, share, strip};
use super::inert::inert_markup;
use super::{Report, numbers, visible};
use crate::data::counted;
use crate::evaluate::Verdict;

/// The error of a template that does not fit the report, which is a defect of karat.
#[derive(Debug, thiserror::Error)]
#[error("the report's template does not fit the report")]
pub struct HtmlError(#[from] Error);

/// Renders the report as one page that needs no other file.
///
/// # Errors
/// The template does not fit the report, which a test rules out.
pub fn html(report: &Report) -> Result<String, HtmlError> {
    let mut environment = page_environment();
    environment.add_template("run.html", include_str!("../../reports/run.html.j2"))?;
    let css = concat!(include_str!("../../reports/tokens.css"), include_str!("../../reports/run.css"));
    let js = include_str!("../../reports/run.js");
    let page = environment.get_template("run.html")?.render(minijinja::context! {
        report => Value::from(Serde(report)),
        policy => policy(css, Some(js)),
        css,
        js,
    })?;
    Ok(inert_markup(&page).into_owned())
}

/// Returns the Content-Security-Policy of a page: its own style and script run, known by their digests, and nothing else
/// does or is loaded, whatever the page shows.
pub(super) fn policy(css: &str, js: Option<&str>) -> String {
    let digest = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    let script = js.map_or_else(|| "'none'".to_owned(), |js| format!("'sha256-{}'", digest(js)));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src {script}; img-src data:; base-uri 'none'; form-action 'none'",
        digest(css)
    )
}

/// Returns what every page is rendered with: it escapes, is strict, and has filters for numbers and for values of the data.
pub(crate) fn page_environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("visible", visible_value);
    environment.add_filter("thousands", |value: String| crate::data::thousands(&value));
    environment.add_filter("grouped", |value: String| crate::data::grouped(&value));
    environment.add_filter("bytes", numbers::bytes);
    environment.add_filter("duration", numbers::duration);
    environment.add_filter("percent", numbers::percent);
    environment.add_filter("strip", |verdicts: &str| Value::from_safe_string(strip(verdicts)));
    environment.add_filter("share", |percent: f64| Value::from_safe_string(share(percent)));
    environment.add_filter("filled", |percent: f64, label: &str| {
        Value::from_safe_string(filled(&HtmlEscape(label).to_string(), percent))
    });
    environment.add_filter("bar", bar_of);
    environment.add_filter("histogram", histogram_of);
    environment
}

/// Returns a value as text with invisible and control characters escaped, cut after 2,000 characters.
fn visible_value(value: &Value) -> String {
    const MOST: usize = 2_000;
    let text = match value.as_str() {
        Some(text) => text.to_owned(),
        None => serde_json::to_string(value).unwrap_or_else(|_| value.to_string()),
    };
    let shown = visible(&text);
    if shown.chars().count() <= MOST { shown } else { shown.chars().take(MOST).chain(['…']).collect() }
}

/// Returns the bar of the counts of verdicts, the worst first, with what it shows in words.
fn bar_of(statistics: &Value, label: &str) -> Result<Value, Error> {
    const PARTS: [(&str, Verdict, u8); 5] = [
        ("failed", Verdict::Fail, 8),
        ("errored", Verdict::Error, 8),
        ("warned", Verdict::Warn, 5),
        ("passed", Verdict::Pass, 2),
        ("skipped", Verdict::Skip, 1),
    ];
    let mut parts = Vec::new();
    for (name, verdict, height) in PARTS {
        let weight = u64::try_from(statistics.get_attr(name)?)?;
        if weight > 0 {
            parts.push(Part { weight, height, class: verdict.name() });
        }
    }
    Ok(Value::from_safe_string(bar(&HtmlEscape(label).to_string(), &parts)))
}

/// Returns the histogram of the classes of a profile.
fn histogram_of(classes: Vec<Value>) -> Result<Value, Error> {
    let text = |class: &Value, end| class.get_attr(end)?.get_attr("text").map(|text| visible_value(&text));
    let mut bars = Vec::with_capacity(classes.len());
    for class in classes {
        let rows = u64::try_from(class.get_attr("rows")?)?;
        let title =
            format!("{} … {}: {}", text(&class, "from")?, text(&class, "to")?, counted(rows, "row", "rows"));
        let height = f64::try_from(class.get_attr("height")?)?;
        bars.push(Class { height, title: HtmlEscape(&title).to_string() });
    }
    Ok(Value::from_safe_string(histogram(&bars)))
}
