//! Renders the pages of a site with the templates in `reports/site/`.

use std::cmp::Reverse;

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::charts::{Range, Series, chart, spark};
use super::contract::Contract;
use super::dataset::{CheckHistory, DatasetHistory};
use super::incidents::{Place, incidents};
use super::index::{DatasetLine, SiteIndex};
use super::markdown::to_html;
use super::slug::slug;
use super::uses::ExpectationUses;
use crate::data::{counted, grouped};
use crate::evaluate::Verdict;
use crate::report::{HtmlError, anchor, growth, of_letter, page_environment, percent_text};
use crate::suite::{Catalogue, CatalogueEntry};

/// What pages may load: the style and the scripts of their own site.
pub(super) const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

/// How many runs a row of checks shows.
const SHOWN_RUNS: usize = 60;
/// How many of the last runs of a dataset are linked one by one.
const LINKED_RUNS: usize = 30;
/// How many incidents a page lists.
const LISTED_INCIDENTS: usize = 30;
/// How many numbers a page charts.
const MOST_CHARTS: usize = 36;
/// What the start page says after a run that judged nothing.
const UNJUDGED: &str = "The last run judged nothing";
/// How many of the newest runs the start page lists.
const LATEST: usize = 10;

/// The style of all pages.
pub(super) const CSS: &str =
    concat!(include_str!("../../reports/tokens.css"), include_str!("../../reports/site/site.css"));
/// The script of all pages.
pub(super) const JS: &str =
    concat!(include_str!("../../reports/shared.js"), include_str!("../../reports/site/site.js"));

/// The templates of the pages.
pub(super) struct Pages {
    environment: Environment<'static>,
}

/// The datasets of a layer.
#[derive(Serialize)]
struct Layer<'a> {
    name: &'a str,
    worst: Verdict,
    sentence: String,
    datasets: Vec<Line<'a>>,
}

/// A dataset with those of the site that it is compared with.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    line: &'a DatasetLine,
    beside: Vec<Beside<'a>>,
}

#[derive(Serialize)]
struct Beside<'a> {
    suite: &'a str,
    slug: &'a str,
}

/// A number over the runs of a dataset.
#[derive(Serialize)]
struct Chart {
    name: String,
    now: String,
    range: String,
    svg: String,
    is_moving: bool,
}

/// The checks of the same columns.
#[derive(Serialize)]
struct Group<'a> {
    columns: &'a [String],
    checks: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    check: &'a CheckHistory,
    verdict: &'static str,
    strip: &'a str,
    spark: String,
    now: String,
}

/// A column with its checks.
#[derive(Serialize)]
struct Column<'a> {
    name: &'a str,
    checks: Vec<ColumnCheck<'a>>,
}

#[derive(Serialize)]
struct ColumnCheck<'a> {
    id: &'a str,
    expectation: &'a str,
    verdict: &'static str,
}

impl Pages {
    pub(super) fn new() -> Result<Self, HtmlError> {
        let mut environment = page_environment()?;
        for (name, text) in [
            ("layout.html", include_str!("../../reports/site/layout.html.j2")),
            ("start.html", include_str!("../../reports/site/start.html.j2")),
            ("dataset.html", include_str!("../../reports/site/dataset.html.j2")),
            ("suite.html", include_str!("../../reports/site/suite.html.j2")),
            ("expectation.html", include_str!("../../reports/site/expectation.html.j2")),
            ("expectations.html", include_str!("../../reports/site/expectations.html.j2")),
            ("runs.html", include_str!("../../reports/site/runs.html.j2")),
        ] {
            environment.add_template(name, text)?;
        }
        environment.add_filter("slug", |name: &str| slug(name));
        environment.add_filter("grew", grew);
        environment.add_filter("anchor", |name: &str| anchor(name));
        environment.add_filter("promised", promised);
        environment.add_global("karat_version", env!("CARGO_PKG_VERSION"));
        environment.add_global("policy", Value::from_safe_string(POLICY.to_owned()));
        Ok(Self { environment })
    }

    fn render(&self, name: &str, given: Value) -> Result<String, HtmlError> {
        Ok(self.environment.get_template(name)?.render(given)?)
    }

    /// Returns the start page. `is_unjudged` says that a run after all of these judged nothing.
    pub(super) fn start(&self, index: &SiteIndex, is_unjudged: bool) -> Result<String, HtmlError> {
        let gates = |wanted: Verdict| index.datasets.iter().filter(|line| line.last.gate == wanted).count();
        let counted_gates: Vec<(&str, usize)> = [Verdict::Fail, Verdict::Error, Verdict::Pass, Verdict::Skip]
            .into_iter()
            .map(|verdict| (verdict.name(), gates(verdict)))
            .filter(|(_, count)| *count > 0)
            .collect();
        let newest = index.newest_run();
        let worst = index.datasets.iter().map(|line| line.last.gate).max().unwrap_or(Verdict::Skip);
        // What has changed is told of the newest run's datasets.
        let is_new = |line: &&DatasetLine| {
            newest.is_some_and(|run| run.id == line.last.id) && !line.last.changes.is_empty()
        };
        self.render(
            "start.html",
            context! {
                kind => "start",
                root => "",
                built => newest.map(|run| run.started_at.as_str()),
                headline => if is_unjudged { UNJUDGED.to_owned() } else { headline(&index.datasets) },
                worst => of(if is_unjudged { &Verdict::Error } else { &worst }),
                layers => of(&layers(index)),
                gates => of(&counted_gates),
                is_unjudged,
                changed => of(&index.datasets.iter().filter(is_new).collect::<Vec<_>>()),
                latest => of(&index.newest.iter().rev().take(LATEST).collect::<Vec<_>>()),
                index => of(index),
            },
        )
    }

    /// Returns the page of a dataset; empty if no run of it is known.
    pub(super) fn dataset(&self, dataset: &DatasetHistory) -> Result<String, HtmlError> {
        let Some(last) = dataset.last() else { return Ok(String::new()) };
        let incidents = incidents(dataset);
        // A number that was the same in every run is told in a line.
        let (charts, same): (Vec<Chart>, Vec<Chart>) =
            charts(dataset).into_iter().partition(|chart| chart.is_moving);
        let blocked = dataset.runs.iter().rev().take_while(|run| run.is_blocked()).last();
        let streak = &dataset.runs[dataset.runs.len().saturating_sub(LINKED_RUNS)..];
        self.render(
            "dataset.html",
            context! {
                kind => "dataset",
                root => up(),
                built => last.started_at.as_str(),
                blocked_since => of(&blocked.map(Place::from)),
                charts => of(&charts),
                same => of(&same),
                groups => of(&groups(dataset)),
                columns => of(&columns(dataset)),
                more_incidents => incidents.len().saturating_sub(LISTED_INCIDENTS),
                incidents => of(&incidents.iter().take(LISTED_INCIDENTS).collect::<Vec<_>>()),
                shown => dataset.runs.len().min(SHOWN_RUNS),
                last => of(last),
                streak => of(&streak),
                dataset => of(dataset),
            },
        )
    }

    /// Returns the page of a suite.
    pub(super) fn suite(&self, contract: &Contract) -> Result<String, HtmlError> {
        self.render(
            "suite.html",
            context! { kind => "suite", root => up(), built => (), contract => of(contract) },
        )
    }

    /// Returns the page of an expectation. One that the catalogue does not have, has no text.
    pub(super) fn expectation(
        &self,
        uses: &ExpectationUses,
        catalogue: &Catalogue,
        has_page: &dyn Fn(&str) -> bool,
    ) -> Result<String, HtmlError> {
        let page = match catalogue.find(&uses.id) {
            Some(CatalogueEntry::BuiltIn(definition)) => to_html(definition.page, has_page),
            Some(CatalogueEntry::Composed(composed)) => to_html(&composed.page(), has_page),
            None => String::new(),
        };
        let given = context! { kind => "expectation", root => up(), built => (), page, use => of(uses) };
        self.render("expectation.html", given)
    }

    /// Returns the list of expectations.
    pub(super) fn expectations(
        &self,
        used: &[&ExpectationUses],
        catalogue: &Catalogue,
    ) -> Result<String, HtmlError> {
        let is_used = |id: &&str| used.iter().any(|of| of.id == **id);
        let others: Vec<&str> = catalogue.ids().filter(|id| !is_used(id)).collect();
        let given = context! { kind => "expectations", root => "", built => (), used => of(&used), others => of(&others) };
        self.render("expectations.html", given)
    }

    /// Returns the list of runs, which its script fills.
    pub(super) fn runs(&self) -> Result<String, HtmlError> {
        self.render("runs.html", context! { kind => "runs", root => "", built => () })
    }
}

/// Returns the way from a folder of the site to the site itself. It is not escaped: a slash is no markup.
fn up() -> Value {
    Value::from_safe_string("../".to_owned())
}

/// Returns what a template sees of a value.
fn of(value: &impl Serialize) -> Value {
    Value::from(Serde(value))
}

/// Says in one line whether the data can be used.
fn headline(datasets: &[DatasetLine]) -> String {
    let blocked = datasets.iter().filter(|line| line.last.is_blocked()).count();
    let is = if blocked == 0 { "open" } else { "blocked" };
    match datasets.len() {
        0 => "No dataset has been checked".to_owned(),
        1 => format!("The dataset is {is}"),
        all if blocked == 0 || blocked == all => format!("All {all} datasets are {is}"),
        all => format!("{blocked} of {all} datasets {} blocked", if blocked == 1 { "is" } else { "are" }),
    }
}

fn layers(index: &SiteIndex) -> Vec<Layer<'_>> {
    index
        .datasets
        .chunk_by(|one, next| one.layer == next.layer)
        .map(|lines| {
            let blocked = lines.iter().filter(|line| line.last.is_blocked()).count();
            let sentence = match blocked {
                0 => "open".to_owned(),
                _ if blocked == lines.len() => "blocked".to_owned(),
                _ => format!("{blocked} of {} blocked", lines.len()),
            };
            Layer {
                name: lines.first().and_then(|line| line.layer.as_deref()).unwrap_or("no layer"),
                worst: lines.iter().map(|line| line.last.gate).max().unwrap_or(Verdict::Skip),
                sentence,
                datasets: lines.iter().map(|line| Line { line, beside: beside(index, line) }).collect(),
            }
        })
        .collect()
}

fn beside<'a>(index: &'a SiteIndex, line: &'a DatasetLine) -> Vec<Beside<'a>> {
    let others = line.others.iter().flat_map(|uri| index.at(uri));
    others
        .filter(|other| other.suite != line.suite)
        .map(|other| Beside { suite: &other.suite, slug: &other.slug })
        .collect()
}

/// Returns the charts of a dataset: rows, age, null shares, and what checks measured.
#[expect(clippy::cast_precision_loss, reason = "a chart shows four digits")]
fn charts(dataset: &DatasetHistory) -> Vec<Chart> {
    const ROWS: &str = "row_count";
    let rows: Vec<Option<f64>> = dataset.runs.iter().map(|run| run.rows.map(|rows| rows as f64)).collect();
    let age: Vec<Option<f64>> = dataset.runs.iter().map(super::dataset::DatasetRun::age).collect();
    let (age, unit) = in_hours_or_days(&age);
    let counts = dataset.current().find(|check| check.expectation == ROWS && check.columns.is_empty());
    let mut charts = Vec::new();
    let (least, most) = counts.map_or((None, None), |check| (check.least, check.most));
    charts.extend(charted("rows", "", &Series { values: &rows, least, most }));
    charts.extend(charted("age of the data", unit, &Series { values: &age, least: None, most: None }));
    for check in dataset.current() {
        let values = check.failing_percent();
        if check.expectation == "not_null" && values.iter().flatten().any(|percent| *percent > 0.0) {
            let name = format!("nulls in {}", check.columns.join(", "));
            charts.extend(charted(&name, " %", &Series { values: &values, least: None, most: None }));
        }
        let is_rows = check.expectation == ROWS && counts.is_some_and(|counts| counts.id == check.id);
        if !is_rows {
            let series = Series { values: &check.observed, least: check.least, most: check.most };
            charts.extend(charted(&check.id, "", &series));
        }
    }
    charts.truncate(MOST_CHARTS);
    charts
}

/// Returns ages in hours as days, if one of them is of two days or more; with the unit.
fn in_hours_or_days(hours: &[Option<f64>]) -> (Vec<Option<f64>>, &'static str) {
    if hours.iter().flatten().all(|hours| *hours < 48.0) {
        return (hours.iter().map(|age| age.map(|hours| (hours * 10.0).round() / 10.0)).collect(), " h");
    }
    (hours.iter().map(|age| age.map(|hours| (hours / 2.4).round() / 10.0)).collect(), " days")
}

fn charted(name: &str, unit: &str, series: &Series<'_>) -> Option<Chart> {
    let Range { low, high } = Range::of(series.values)?;
    let now = series.values.last().copied().flatten();
    let allowed = match (series.least, series.most) {
        (Some(least), Some(most)) => format!("allowed {} to {}", number(least), number(most)),
        (Some(least), None) => format!("allowed from {}", number(least)),
        (None, Some(most)) => format!("allowed up to {}", number(most)),
        (None, None) => String::new(),
    };
    let spread =
        if low < high { format!("{} to {}{unit}", number(low), number(high)) } else { String::new() };
    let now = now.map_or_else(|| "not known".to_owned(), |now| format!("{}{unit}", number(now)));
    let range = [spread, allowed].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    let runs = counted(series.values.len() as u64, "run", "runs");
    let label = format!("{name} over {runs}: now {now}{}{range}", if range.is_empty() { "" } else { "; " });
    Some(Chart { name: name.to_owned(), svg: chart(series, &label)?, now, range, is_moving: low < high })
}

/// Returns the checks by their columns, those with the worst check first; checks that are gone stand last.
fn groups(dataset: &DatasetHistory) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for check in &dataset.checks {
        let row = row(check);
        match groups.iter_mut().find(|group| group.columns == check.columns) {
            Some(group) => group.checks.push(row),
            None => groups.push(Group { columns: &check.columns, checks: vec![row] }),
        }
    }
    for group in &mut groups {
        group.checks.sort_by_key(|row| Reverse(rank(row.verdict)));
    }
    groups.sort_by_key(|group| Reverse(group.checks.first().map(|row| rank(row.verdict))));
    groups
}

fn row(check: &CheckHistory) -> Row<'_> {
    let percent = check.failing_percent();
    let from = check.verdicts.len().saturating_sub(SHOWN_RUNS);
    let shown = percent.get(from..).unwrap_or_default();
    let verdict = last_verdict(check);
    let spark = if shown.iter().any(Option::is_some) {
        let most = shown.iter().flatten().copied().fold(0.0, f64::max);
        let now = shown.last().copied().flatten().map_or_else(|| "not known".to_owned(), percent_text);
        let runs = counted(shown.len() as u64, "run", "runs");
        spark(shown, None, &format!("failing rows over {runs}: at most {}, now {now}", percent_text(most)))
    } else {
        String::new()
    };
    let now = match (percent.last().copied().flatten(), check.observed.last().copied().flatten()) {
        (Some(percent), _) => percent_text(percent),
        (_, Some(observed)) => number(observed),
        _ => String::new(),
    };
    Row { verdict, strip: check.verdicts.get(from..).unwrap_or_default(), spark, now, check }
}

/// Returns the name of the last verdict; `gone`, if the last run does not have the check.
fn last_verdict(check: &CheckHistory) -> &'static str {
    check.verdicts.chars().last().and_then(of_letter).map_or("gone", Verdict::name)
}

/// Returns the place of a verdict in the order of what is to be seen first.
fn rank(verdict: &str) -> usize {
    ["gone", "skip", "pass", "warn", "error", "fail"].iter().position(|of| *of == verdict).unwrap_or_default()
}

fn columns(dataset: &DatasetHistory) -> Vec<Column<'_>> {
    let checks = |name: &str| {
        let of_column = dataset.current().filter(|check| check.columns.iter().any(|column| column == name));
        let checks = of_column.map(|check| ColumnCheck {
            id: &check.id,
            expectation: &check.expectation,
            verdict: last_verdict(check),
        });
        checks.collect()
    };
    dataset.columns.iter().map(|name| Column { name, checks: checks(name) }).collect()
}

/// Returns a promise as a sentence: what holds, and the demand without the expectation's name.
fn promised(promise: &Value) -> Result<String, minijinja::Error> {
    let text =
        |name| Ok::<_, minijinja::Error>(promise.get_attr(name)?.as_str().unwrap_or_default().to_owned());
    let (sentence, demand, expectation) = (text("sentence")?, text("demand")?, text("expectation")?);
    let rest = demand.strip_prefix(&expectation).unwrap_or(&demand).trim();
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    let end = if rest.is_empty() { String::new() } else { format!(": {rest}") };
    Ok(format!("{first}{}{end}", characters.as_str()))
}

/// Says by how much a number of rows has changed: `+50.1 %`.
fn grew(before: u64, now: u64) -> String {
    growth(before, now).unwrap_or_else(|| "before: none".to_owned())
}

/// Returns a number with three significant digits at least, and all of its integral ones.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return grouped(&format!("{value:.0}"));
    }
    if value.abs() >= 1e15 || value.abs() < 1e-6 {
        return format!("{value:.3e}");
    }
    let places = (1..=9).find(|places| value.abs() * 10_f64.powi(*places) >= 100.0).unwrap_or(9);
    let text = format!("{value:.*}", usize::try_from(places).unwrap_or(4));
    grouped(text.trim_end_matches('0').trim_end_matches('.'))
}
