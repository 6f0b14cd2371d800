//! The project's file.

use std::path::{Path, PathBuf};

use super::find::FILE;
use crate::document::{Diagnostic, Node, Syntax, did_you_mean, parse};
use crate::gate::{Policies, Policy};
use crate::suite::{Layer, SuiteError};

/// A project: a folder and what its `karat.yml` says.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder to which datasets are relative.
    pub root: PathBuf,
    /// What stops each layer.
    pub policies: Policies,
}

/// A project's file that cannot be read, or is wrong; told as that of a suite.
pub type ProjectError = SuiteError;

impl Project {
    /// A project without a file.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self { root, policies: Policies::default() }
    }

    pub(super) fn open(root: PathBuf) -> Result<Self, ProjectError> {
        let file = root.join(FILE);
        let path = file.display().to_string();
        let text = std::fs::read_to_string(&file)
            .map_err(|source| ProjectError::Read { path: path.clone(), source })?;
        let policies = parse(&text, Syntax::Yaml)
            .and_then(|node| policies(&node))
            .map_err(|error| ProjectError::Invalid { path, text, diagnostics: vec![error] })?;
        Ok(Self { root, policies })
    }

    /// Where a dataset of the project lies.
    #[must_use]
    pub fn locate(&self, data: &str) -> String {
        if data.contains("://") || Path::new(data).is_absolute() || self.root.as_os_str().is_empty() {
            data.to_owned()
        } else {
            self.root.join(data).display().to_string()
        }
    }
}

/// `layers: {gold: {fail_on: warn}}`
fn policies(node: &Node) -> Result<Policies, Diagnostic> {
    let mut policies = Policies::default();
    if node.is_null() {
        return Ok(policies);
    }
    for (key, value) in node.map("a mapping with the key \"layers\"")? {
        if key.text != "layers" {
            return Err(Diagnostic::new(key.span, format!("a project has no {:?}", key.text))
                .maybe_help(did_you_mean(&key.text, ["layers"])));
        }
        for (name, settings) in value.map("a mapping from layers to their settings")? {
            let layer = Layer::parse(&name.text).ok_or_else(|| {
                Diagnostic::new(name.span, format!("no layer {:?}", name.text))
                    .maybe_help(did_you_mean(&name.text, Layer::ALL.map(Layer::name)))
            })?;
            for (setting, value) in settings.map("a mapping with the key \"fail_on\"")? {
                if setting.text != "fail_on" {
                    return Err(Diagnostic::new(setting.span, format!("a layer has no {:?}", setting.text))
                        .maybe_help(did_you_mean(&setting.text, ["fail_on"])));
                }
                policies = policies.with(layer, policy(value)?);
            }
        }
    }
    Ok(policies)
}

fn policy(node: &Node) -> Result<Policy, Diagnostic> {
    match node.text("error or warn")? {
        "error" => Ok(Policy::StopOnFail),
        "warn" => Ok(Policy::StopOnWarn),
        _ => Err(node.not("error or warn")),
    }
}
