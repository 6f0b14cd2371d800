//! What is said where no check is selected.

use super::visible::brief;
use crate::document::did_you_mean;
use crate::run::CheckOptions;
use crate::suite::Check;

/// The ids that are named at most.
const NAMED: usize = 5;

/// No check is selected, so that nothing would be judged.
#[derive(Clone, Debug, thiserror::Error)]
#[error("no check is called {wanted}; nothing was judged")]
pub struct NothingSelected {
    wanted: String,
    /// The nearest right name, or else the first ids.
    pub help: String,
}

impl NothingSelected {
    /// Returns why none of these checks is selected, if none is.
    ///
    /// # Errors
    /// None is.
    pub fn refuse<'a>(
        checks: impl Iterator<Item = &'a Check> + Clone,
        options: &CheckOptions,
    ) -> Result<(), Self> {
        if checks.clone().any(|check| options.selects(check)) {
            return Ok(());
        }
        let names = || {
            checks.clone().flat_map(|check| {
                let names = [check.id.as_str(), &check.name];
                names.into_iter().chain(check.tags.iter().map(String::as_str))
            })
        };
        let nearest = options.select.iter().find_map(|wanted| did_you_mean(wanted, names()));
        let first: Vec<String> = checks.clone().take(NAMED).map(|check| brief(&check.id, 60)).collect();
        let more = if checks.count() > NAMED { ", …" } else { "" };
        Err(Self {
            wanted: options.select.join(" or "),
            help: nearest.unwrap_or_else(|| format!("the checks are {}{more}", first.join(", "))),
        })
    }
}
