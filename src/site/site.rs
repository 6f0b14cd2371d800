//! Builds a site from the reports of a history, and adds a run to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::json;

use super::VERSION;
use super::contract::Contract;
use super::dataset::DatasetHistory;
use super::error::SiteError;
use super::files::Files;
use super::index::{RunLine, SiteIndex};
use super::pages::{CSS, JS, Pages};
use super::slug::{is_file_name, slug};
use super::uses::uses;
use crate::report::{Report, html};
use crate::suite::Catalogue;

/// How many runs are rendered at once.
const TOGETHER: usize = 64;

/// A site in a folder.
pub struct Site<'a> {
    files: Files,
    catalogue: &'a Catalogue,
}

/// What was written of a site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// Number of runs that the site tells of.
    pub runs: u64,
    /// Number of files that were written, for the first time or because they changed.
    pub written: u64,
}

impl<'a> Site<'a> {
    /// Returns the site in a folder, which need not be there yet. The catalogue has the pages of expectations.
    pub fn at(folder: impl Into<PathBuf>, catalogue: &'a Catalogue) -> Self {
        Self { files: Files::of(folder.into()), catalogue }
    }

    /// Returns the folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.files.folder()
    }

    /// Builds the site anew from the reports of all runs, the oldest first. `skipped` are the files of the history that are no
    /// runs, as the site names them. Pages of runs that are not among the reports
    /// are deleted, and files that have not changed are left alone.
    ///
    /// # Errors
    /// A file cannot be written, or is somebody else's.
    pub fn build(
        &self,
        reports: impl IntoIterator<Item = Report>,
        skipped: Vec<String>,
    ) -> Result<Built, SiteError> {
        let _lock = self.files.lock()?;
        self.known()?;
        let mut index = SiteIndex::empty();
        let mut datasets: BTreeMap<String, DatasetHistory> = BTreeMap::new();
        let mut ids = Vec::new();
        let mut writer = Writer::of(self)?;
        let mut reports = reports.into_iter();
        loop {
            let chunk: Vec<Report> =
                reports.by_ref().filter(|report| is_file_name(&report.run.id)).take(TOGETHER).collect();
            if chunk.is_empty() {
                break;
            }
            let written = chunk.par_iter().map(|report| self.run_page(report));
            writer.written += written.try_reduce(|| 0, |one, other| Ok(one + other))?;
            for report in &chunk {
                ids.push(report.run.id.clone());
                for suite in &report.suites {
                    let dataset = datasets.entry(slug(&suite.name));
                    let dataset = dataset.or_insert_with(|| DatasetHistory::of(suite));
                    dataset.add(report, suite);
                    index.set(dataset);
                }
                if let Some(full) = index.add(report) {
                    writer.part(index.sealed, &full)?;
                }
            }
        }
        index.settle();
        index.skipped = skipped;
        datasets.retain(|_, dataset| index.datasets.iter().any(|line| line.suite == dataset.suite));
        for dataset in datasets.values() {
            writer.dataset(dataset)?;
        }
        writer.fixed()?;
        writer.expectations(&index)?;
        writer.index(&index)?;
        self.tidy(&index, &ids)?;
        Ok(Built { runs: index.runs, written: writer.written })
    }

    /// Adds a run: writes its page, and the pages of its datasets and the start page anew. Returns `None` if there is no site
    /// in the folder that this karat built, to which a run could be added.
    ///
    /// # Errors
    /// A file cannot be read or written, or is somebody else's.
    pub fn add(&self, report: &Report) -> Result<Option<Built>, SiteError> {
        let _lock = self.files.lock()?;
        let Some(mut index) = self.known()? else { return Ok(None) };
        let mut writer = Writer::of(self)?;
        if is_file_name(&report.run.id) {
            writer.written += self.run_page(report)?;
        }
        let mut is_promised_otherwise = false;
        for suite in &report.suites {
            let known = self.files.read(&format!("d/{}.json", slug(&suite.name)))?;
            let mut dataset = known.unwrap_or_else(|| DatasetHistory::of(suite));
            dataset.add(report, suite);
            is_promised_otherwise |= writer.dataset(&dataset)?;
            for renamed in index.set(&dataset) {
                self.forget(&renamed)?;
            }
        }
        let full = index.add(report);
        index.settle();
        if is_promised_otherwise {
            writer.expectations(&index)?;
        }
        if let Some(full) = full {
            writer.part(index.sealed, &full)?;
        }
        writer.index(&index)?;
        Ok(Some(Built { runs: index.runs, written: writer.written }))
    }

    /// Says on the start page that a run judged nothing, so that nobody takes what stands there for its result. Returns whether
    /// there is a site.
    ///
    /// # Errors
    /// A file cannot be read or written.
    pub fn add_unjudged(&self) -> Result<bool, SiteError> {
        // Whoever writes the site just now has something newer to say.
        let Some(_lock) = self.files.try_lock()? else { return Ok(false) };
        let Some(index) = self.known()? else { return Ok(false) };
        let page = Pages::new()?.start(&index, true)?;
        self.files.put("index.html", &page)?;
        Ok(true)
    }

    /// Reads the index of the site; `None` if there is none, or if another karat wrote it, whose pages look otherwise.
    fn known(&self) -> Result<Option<SiteIndex>, SiteError> {
        let Some(there) = self.files.read::<serde_json::Value>("index.json")? else { return Ok(None) };
        let file = || self.files.shown("index.json");
        let Some(version) = there.get("site_version") else {
            return Err(SiteError::Foreign { file: file(), reason: "it has no site_version".to_owned() });
        };
        if *version != json!(VERSION) || there["karat_version"] != env!("CARGO_PKG_VERSION") {
            return Ok(None);
        }
        serde_json::from_value(there)
            .map(Some)
            .map_err(|error| SiteError::Foreign { file: file(), reason: error.to_string() })
    }

    /// Writes the page of a run. Returns how many files have changed.
    fn run_page(&self, report: &Report) -> Result<u64, SiteError> {
        let id = &report.run.id;
        let page = self.files.put(&format!("r/{id}.html"), &html(report)?)?;
        let data = self.files.put_json(&format!("r/{id}.json"), report)?;
        Ok(u64::from(page) + u64::from(data))
    }

    /// Deletes the pages of a suite that has another name now.
    fn forget(&self, slug: &str) -> Result<(), SiteError> {
        for folder in ["d", "s"] {
            for ending in ["html", "json"] {
                self.files.remove(&format!("{folder}/{slug}.{ending}"))?;
            }
        }
        Ok(())
    }

    /// Deletes the pages of runs, datasets and expectations that are no more.
    fn tidy(&self, index: &SiteIndex, ids: &[String]) -> Result<(), SiteError> {
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        let uses = uses(index);
        let is_kept = |folder: &str, name: &str| match folder {
            "r" => ids.binary_search(&name).is_ok(),
            "e" => uses.values().any(|of| of.slug == name),
            "runs" => name.parse::<u64>().is_ok_and(|part| part <= index.sealed),
            _ => index.datasets.iter().any(|line| line.slug == name),
        };
        for folder in ["r", "d", "s", "e", "runs"] {
            for file in self.files.names(folder)? {
                let stem = file.strip_suffix(".html").or_else(|| file.strip_suffix(".json"));
                let stem = stem.or_else(|| file.strip_suffix(".js"));
                // Somebody else's files stay.
                if stem.is_some_and(|stem| is_file_name(&stem.replace('.', "-")) && !is_kept(folder, stem)) {
                    self.files.remove(&format!("{folder}/{file}"))?;
                }
            }
        }
        Ok(())
    }
}

/// Writes pages, and counts the files that have changed.
struct Writer<'a> {
    site: &'a Site<'a>,
    pages: Pages,
    written: u64,
}

impl<'a> Writer<'a> {
    fn of(site: &'a Site<'a>) -> Result<Self, SiteError> {
        Ok(Self { site, pages: Pages::new()?, written: 0 })
    }

    fn put(&mut self, name: &str, text: &str) -> Result<bool, SiteError> {
        let is_new = self.site.files.put(name, text)?;
        self.written += u64::from(is_new);
        Ok(is_new)
    }

    fn put_json(&mut self, name: &str, value: &impl serde::Serialize) -> Result<bool, SiteError> {
        let is_new = self.site.files.put_json(name, value)?;
        self.written += u64::from(is_new);
        Ok(is_new)
    }

    /// Writes the pages of a dataset. Returns whether its contract has changed.
    fn dataset(&mut self, dataset: &DatasetHistory) -> Result<bool, SiteError> {
        let slug = &dataset.slug;
        self.put(&format!("d/{slug}.html"), &self.pages.dataset(dataset)?)?;
        self.put_json(&format!("d/{slug}.json"), dataset)?;
        let contract = Contract::from(dataset);
        if !self.put_json(&format!("s/{slug}.json"), &contract)? {
            return Ok(false);
        }
        self.put(&format!("s/{slug}.html"), &self.pages.suite(&contract)?)?;
        Ok(true)
    }

    /// Writes what stays the same from run to run.
    fn fixed(&mut self) -> Result<(), SiteError> {
        self.put("site.css", CSS)?;
        self.put("site.js", JS)?;
        self.put("runs.html", &self.pages.runs()?)?;
        Ok(())
    }

    /// Writes the pages of the expectations in use.
    fn expectations(&mut self, index: &SiteIndex) -> Result<(), SiteError> {
        let uses = uses(index);
        let has_page = |id: &str| uses.contains_key(id);
        for of in uses.values() {
            let page = self.pages.expectation(of, self.site.catalogue, &has_page)?;
            self.put(&format!("e/{}.html", of.slug), &page)?;
            self.put_json(&format!("e/{}.json", of.slug), of)?;
        }
        let used: Vec<_> = uses.values().collect();
        self.put("expectations.html", &self.pages.expectations(&used, self.site.catalogue)?)?;
        Ok(())
    }

    /// Writes a part of the list of runs that is full.
    fn part(&mut self, number: u64, runs: &[RunLine]) -> Result<(), SiteError> {
        self.put_json(&format!("runs/{number}.json"), &runs)?;
        self.put(&format!("runs/{number}.js"), &called("part", &json!(runs)))?;
        Ok(())
    }

    /// Writes the start page and what other pages show of the newest runs.
    fn index(&mut self, index: &SiteIndex) -> Result<(), SiteError> {
        let datasets: Vec<_> =
            index.datasets.iter().map(|line| json!({ "suite": line.suite, "checks": line.checks })).collect();
        let now = json!({
            "runs": index.runs, "sealed": index.sealed, "newest": index.newest, "datasets": datasets,
        });
        self.put("now.js", &called("now", &now))?;
        self.put("index.html", &self.pages.start(index, false)?)?;
        // The last file: what it tells of is there.
        self.put_json("index.json", index)?;
        Ok(())
    }
}

/// Returns a script that hands data to that of the page: pages of files cannot read JSON.
fn called(function: &str, data: &serde_json::Value) -> String {
    format!("karat.{function}({data});\n")
}
