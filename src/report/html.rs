//! Renders one self-contained HTML page per run, with the template in `reports/`.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, Error, HtmlEscape, UndefinedBehavior, Value};
use sha2::{Digest as _, Sha256};

use super::bullet::{Bounds, bullet};
use super::charts::{Class, Part, axis, bar, filled, histogram, scale, share, strip, weight};
use super::inert::inert_markup;
use super::page::{Home, Parts, RunPage, code};
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
    html_at(report, &Home::default())
}

/// Renders the report of a project as [`html`] does, with paths relative to the project's folder.
///
/// # Errors
/// The template does not fit the report, which a test rules out.
pub fn html_at(report: &Report, home: &Home) -> Result<String, HtmlError> {
    let policy = policy(RUN_CSS, Some(RUN_JS));
    let given = minijinja::context! { site => (), policy, css => RUN_CSS, js => RUN_JS };
    Ok(inert_markup(&rendered(report, home, str::to_owned, given)?).into_owned())
}

/// Renders the report as a page of a site, with links to the other ones and with the site's files for style and script.
/// `slug` gives the names of files.
pub(crate) fn html_in_site(
    report: &Report,
    home: &Home,
    slug: fn(&str) -> String,
    policy: &str,
) -> Result<String, HtmlError> {
    rendered(
        report,
        home,
        slug,
        minijinja::context! { site => true, policy => Value::from_safe_string(policy.to_owned()) },
    )
}

/// The style of a run's page.
pub(crate) const RUN_CSS: &str =
    concat!(include_str!("../../reports/tokens.css"), include_str!("../../reports/run.css"));
/// The script of a run's page.
pub(crate) const RUN_JS: &str =
    concat!(include_str!("../../reports/shared.js"), include_str!("../../reports/run.js"));

fn rendered(
    report: &Report,
    home: &Home,
    slug: fn(&str) -> String,
    given: Value,
) -> Result<String, HtmlError> {
    let mut environment = page_environment()?;
    environment.add_template("run.html", include_str!("../../reports/run.html.j2"))?;
    let (here, parts) = (home.clone(), Parts::default());
    environment.add_filter("path", move |path: &str| here.path(path));
    let here = home.clone();
    environment.add_filter("name", move |name: &str| here.name(name));
    let (added, packed) = (parts.clone(), parts);
    environment.add_filter("part", move |html: String| added.add(html));
    environment.add_function("parts", move || Value::from_safe_string(packed.packed()));
    environment.add_filter("slug", move |name: &str| slug(name));
    let page = Value::from(Serde(RunPage::of(report, home)));
    Ok(environment.get_template("run.html")?.render(minijinja::context! { page, ..given })?)
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

/// Returns what every page is rendered with: it escapes, is strict, and has words, and filters for numbers and for values of
/// the data.
///
/// # Errors
/// The template of the words is none.
pub(crate) fn page_environment() -> Result<Environment<'static>, HtmlError> {
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
    environment.add_function("axis", || Value::from_safe_string(axis()));
    environment.add_filter("share", |percent: f64| Value::from_safe_string(share(percent)));
    environment.add_filter("scale", scale_of);
    environment.add_filter("bullet", bullet_of);
    environment.add_filter("weight", |part: f64, whole: f64| Value::from_safe_string(weight(part, whole)));
    environment.add_filter("linked", |text: &str| Value::from_safe_string(linked(text)));
    environment.add_filter("breaking", |name: &str| Value::from_safe_string(breaking(name)));
    environment.add_filter("code", |text: &str| Value::from_safe_string(coded(text)));
    environment.add_filter("filled", |percent: f64, label: &str| {
        Value::from_safe_string(filled(&HtmlEscape(label).to_string(), percent))
    });
    environment.add_filter("bar", bar_of);
    environment.add_filter("histogram", histogram_of);
    environment.add_template("words.html", include_str!("../../reports/words.html.j2"))?;
    Ok(environment)
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

/// Returns how much of the considered rows fails on a scale, with the limits beyond which the check warns and fails.
fn scale_of(counts: &Value) -> Result<Value, Error> {
    let percent = |name| counts.get_attr(name).map(|value| f64::try_from(value).ok());
    let limits = [
        (Verdict::Warn, percent("warns_beyond_percent")?),
        (Verdict::Fail, percent("fails_beyond_percent")?),
    ];
    let limits: Vec<(Verdict, f64)> =
        limits.into_iter().filter_map(|(verdict, limit)| Some((verdict, limit?))).collect();
    Ok(Value::from_safe_string(scale(percent("failing_percent")?.unwrap_or_default(), &limits)))
}

/// Returns a measured number beside its bounds, or how far a number is from the same one elsewhere beside its tolerance, both in
/// percent; nothing where there is no number, or no bound.
fn bullet_of(observed: &Value, arguments: &Value) -> Value {
    let of = |value: &Value, name| value.get_attr(name).ok().and_then(|value| number(&value));
    let drawn = if let Some(observed) = number(observed) {
        let exact = of(arguments, "equal");
        let (least, greatest) = (exact.or(of(arguments, "min")), exact.or(of(arguments, "max")));
        bullet(observed, Bounds { least, greatest, unit: "" })
    } else {
        let tolerance = arguments.get_attr("tolerance").ok();
        let percent = |text: &str| text.trim().strip_suffix('%')?.trim().parse::<f64>().ok();
        let tolerance = tolerance.as_ref().and_then(Value::as_str).and_then(percent);
        let apart = of(observed, "self").zip(of(observed, "other")).filter(|(_, there)| *there != 0.0);
        apart.zip(tolerance).and_then(|((here, there), tolerance)| {
            let apart = ((here - there) / there).abs() * 100.0;
            bullet(apart, Bounds { least: None, greatest: Some(tolerance), unit: " %" })
        })
    };
    Value::from_safe_string(drawn.unwrap_or_default())
}

/// Returns a number as reports write it: exact ones as text.
fn number(value: &Value) -> Option<f64> {
    match value.as_str() {
        Some(text) => text.parse().ok(),
        None if value.is_number() => f64::try_from(value.clone()).ok(),
        None => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// Returns a text of a suite's author as HTML in which addresses on the web are links: the reader may follow them, nothing is
/// loaded of them.
fn linked(text: &str) -> String {
    const SCHEME: &str = "https://";
    let escaped = |text: &str| HtmlEscape(&visible(text)).to_string();
    let (mut html, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(SCHEME) {
        let (before, behind) = rest.split_at(at);
        let end = behind.find(|c: char| c.is_whitespace() || "<>\"'`".contains(c)).unwrap_or(behind.len());
        let address = behind[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        html.push_str(&escaped(before));
        let shown = escaped(address);
        if address.len() > SCHEME.len() && visible(address) == address {
            // Writing to a string cannot fail.
            let _ = write!(html, "<a href=\"{shown}\" rel=\"noopener noreferrer\">{shown}</a>");
        } else {
            html.push_str(&shown);
        }
        rest = &behind[address.len()..];
    }
    html + &escaped(rest)
}

/// Returns a name as HTML that may break after its slashes and underscores.
fn breaking(name: &str) -> String {
    let parts: Vec<String> =
        visible(name).split_inclusive(['/', '_']).map(|part| HtmlEscape(part).to_string()).collect();
    parts.join("<wbr>")
}

/// Returns a text in Markdown as HTML, as far as it is code.
fn coded(text: &str) -> String {
    let piece = |(is_code, piece): (bool, &str)| {
        let piece = HtmlEscape(&visible(piece)).to_string();
        if is_code { format!("<code>{piece}</code>") } else { piece }
    };
    code(text).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_links_and_nothing_else_is() {
        assert_eq!(
            linked("see https://wiki.example.org/a?b=1&c=2. <b>"),
            "see <a href=\"https:&#x2f;&#x2f;wiki.example.org&#x2f;a?b=1&amp;c=2\" rel=\"noopener noreferrer\">https:&#x2f;&#x2f;wiki.example.org&#x2f;a?b=1&amp;c=2</a>. &lt;b&gt;"
        );
        for text in ["javascript:alert(1)", "http://a", "https://", "\"https://\u{202e}x\"", "a'b"] {
            assert!(!linked(text).contains("<a "), "{text}");
        }
        assert!(linked("https://a\" onclick=x").starts_with("<a href=\"https:&#x2f;&#x2f;a\" rel="));
    }
}
