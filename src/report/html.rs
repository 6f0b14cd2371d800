//! Renders one self-contained HTML page per run, with the template in `reports/`.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::inert::inert_markup;
use super::strip::strip;
use super::{Report, numbers, visible};

/// The error of a template that does not fit the report, which is a defect of karat.
#[derive(Debug, thiserror::Error)]
#[error("the report's template does not fit the report")]
pub struct HtmlError(#[from] minijinja::Error);

/// Renders the report as one page that needs no other file.
///
/// # Errors
/// The template does not fit the report, which a test rules out.
pub fn html(report: &Report) -> Result<String, HtmlError> {
    let mut environment = environment();
    environment.add_template("run.html", include_str!("../../reports/run.html.j2"))?;
    let page = environment.get_template("run.html")?.render(minijinja::context! {
        report => Value::from(Serde(report)),
        css => include_str!("../../reports/run.css"),
        js => include_str!("../../reports/run.js"),
    })?;
    Ok(inert_markup(&page).into_owned())
}

/// Returns what every page is rendered with: it escapes, is strict, and has filters for numbers and for values of the data.
pub(super) fn environment() -> Environment<'static> {
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
