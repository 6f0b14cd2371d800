//! The catalogue of expectations: the built-in ones, the packs, and a project's own.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::composed::{Composed, DefinedIn};
use super::{packs, read, validate};
use crate::document::{Diagnostic, Key, did_you_mean};
use crate::expectation::{self, Definition, Nature, Scope};
use crate::suite::{SuiteError, Tool, file, foreign};

/// The expectations that a suite may name.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The composed expectations: the packs first, each group sorted by id.
    composed: Vec<Composed>,
}

/// An expectation that a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum CatalogueEntry<'a> {
    /// An expectation that is implemented in Rust.
    BuiltIn(&'static Definition),
    /// A composed expectation.
    Composed(&'a Composed),
}

/// The packs. They are part of the program, and a test ensures that each of them can be read.
static PACKS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue { composed: packs::all() });

impl Catalogue {
    /// Returns the built-in expectations and the packs that ship with karat.
    #[must_use]
    pub fn standard() -> &'static Self {
        &PACKS
    }

    /// Opens the standard catalogue with a project's own expectations, from the `.yml` and `.yaml` files of a
    /// folder. A missing folder holds none.
    ///
    /// # Errors
    /// All files that cannot be read or are wrong.
    pub fn open(folder: &Path) -> Result<Self, Vec<SuiteError>> {
        let (mut texts, mut errors) = (Vec::new(), Vec::new());
        for path in files(folder).map_err(|error| vec![error])? {
            let name = path.display().to_string();
            match file::read(&path, &name) {
                Ok(text) => texts.push((name, text)),
                Err(error) => errors.push(error),
            }
        }
        match Self::of(texts) {
            Ok(catalogue) if errors.is_empty() => Ok(catalogue),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    /// Returns the standard catalogue with definitions in YAML, each with the path that names it in errors.
    ///
    /// # Errors
    /// All definitions that are wrong.
    pub fn of(texts: impl IntoIterator<Item = (String, String)>) -> Result<Self, Vec<SuiteError>> {
        let mut errors = Vec::new();
        let mut own = Vec::new();
        for (path, text) in texts {
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            match read::composed(text, DefinedIn::File { path: path.clone() }) {
                Ok(composed) => own.push(composed),
                Err(diagnostics) => errors.push(SuiteError::invalid(path, text, diagnostics)),
            }
        }
        own.sort_by(|left: &Composed, right| left.id.cmp(&right.id));
        let composed = Self::standard().composed.iter().cloned().chain(own).collect();
        let catalogue = Self { composed };
        errors.extend(validate::all(&catalogue));
        if errors.is_empty() { Ok(catalogue) } else { Err(errors) }
    }

    /// Returns the composed expectations: the packs, then the project's own, each group sorted by id.
    #[must_use]
    pub fn composed(&self) -> &[Composed] {
        &self.composed
    }

    /// Finds the expectation that a name stands for.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<CatalogueEntry<'_>> {
        let composed =
            || self.composed.iter().find(|composed| composed.id == name).map(CatalogueEntry::Composed);
        built_in(name).map(CatalogueEntry::BuiltIn).or_else(composed)
    }

    /// Returns the natures of the checks that a composed expectation stands for.
    #[must_use]
    pub fn natures(&self, composed: &Composed) -> Vec<Nature> {
        let mut natures: Vec<Nature> = Vec::new();
        for part in &composed.parts {
            let of_part = match self.find(&part.key.text) {
                Some(CatalogueEntry::BuiltIn(definition)) => vec![definition.nature],
                Some(CatalogueEntry::Composed(inner)) => self.natures(inner),
                None => Vec::new(),
            };
            for nature in of_part {
                if !natures.contains(&nature) {
                    natures.push(nature);
                }
            }
        }
        natures
    }

    /// Returns the ids of all expectations.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let built_in = expectation::all().iter().map(|definition| definition.id);
        built_in.chain(self.composed.iter().map(|composed| composed.id.as_str()))
    }

    /// Finds the expectation that a key in a suite names.
    pub(in crate::suite) fn named(&self, key: &Key) -> Result<CatalogueEntry<'_>, Diagnostic> {
        self.find(&key.text).ok_or_else(|| self.unknown(key))
    }

    pub(in crate::suite) fn unknown(&self, key: &Key) -> Diagnostic {
        let names = |definition: &&Definition| Tool::ALL.map(|tool| tool.names(definition.id)).concat();
        let others = expectation::all().iter().flat_map(names);
        let bare = key.text.rsplit_once('.').map_or(key.text.as_str(), |(_, name)| name);
        let known = Tool::id(bare).map(|id| format!("that is {id} here"));
        let help = foreign::expectation(&key.text)
            .or(known)
            .or_else(|| did_you_mean(&key.text, others.chain(self.ids())))
            .unwrap_or_else(|| "`karat list` shows the catalogue".to_owned());
        Diagnostic::new(key.span, format!("no expectation {:?}", key.text)).help(help)
    }
}

impl CatalogueEntry<'_> {
    /// Returns the name of the expectation in suites.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::BuiltIn(definition) => definition.id,
            Self::Composed(composed) => &composed.id,
        }
    }

    /// Returns the names of the parameters.
    pub(in crate::suite) fn parameters(&self) -> Vec<&str> {
        match self {
            Self::BuiltIn(definition) => {
                definition.parameters.iter().map(|parameter| parameter.name).collect()
            }
            Self::Composed(composed) => {
                composed.parameters.iter().map(|parameter| parameter.name.as_str()).collect()
            }
        }
    }

    /// Returns the scope in which the expectation may stand.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::BuiltIn(definition) => definition.scope,
            Self::Composed(composed) => composed.scope,
        }
    }
}

/// Returns the built-in expectation with an id, or with a name of another tool.
pub(super) fn built_in(name: &str) -> Option<&'static Definition> {
    expectation::find(name).or_else(|| expectation::find(Tool::id(name)?))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, SuiteError> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |source| SuiteError::Read { path: folder.display().to_string(), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let yaml = path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
        // A file that cannot be read is kept, so that it is reported.
        if yaml && !hidden && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
