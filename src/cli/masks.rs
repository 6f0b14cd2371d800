//! What stands for personal values in outputs.

use super::arguments::MaskWith;
use super::environment::{MASK_KEY, given};
use super::exit::Exit;
use super::suites::Found;
use super::terminal::error;
use crate::privacy::{Mask, MaskKey, Masking};

/// Tells the suites what stands for personal values: what the arguments say, or else their projects.
pub(super) fn mask(found: &mut [Found], given: Option<MaskWith>) -> Result<(), Exit> {
    let mut known = None;
    for found in found {
        let masking = given.map(Masking::from).or(found.project.defaults.mask);
        if masking == Some(Masking::Hash) {
            let key = known.take().map_or_else(mask_key, Ok)?;
            found.suite.mask = Mask::Hash(MaskKey::clone(&key));
            known = Some(key);
        }
    }
    Ok(())
}

/// Returns the key of hashes, which only the environment knows.
fn mask_key() -> Result<MaskKey, Exit> {
    const HELP: &str = "make one, keep it secret, and give every run the same: openssl rand -hex 32";
    let refused = |problem: &str| {
        error(&format!("personal values cannot be hashed: {problem}"), Some(HELP));
        Exit::Usage
    };
    let text = given(MASK_KEY).ok_or_else(|| refused(&format!("{MASK_KEY} holds no key")))?;
    let text = text.to_str().ok_or_else(|| refused(&format!("what {MASK_KEY} holds is no text")))?;
    MaskKey::new(text).map_err(|short| refused(&format!("{MASK_KEY}: {short}")))
}
