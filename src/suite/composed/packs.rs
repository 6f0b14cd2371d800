//! The packs: composed expectations that ship with karat. The page of each pack holds its definition.

use super::composed::{Composed, DefinedIn};
use super::read;

/// The pages, sorted by id. A new pack is added only to this list.
const PAGES: &[(&str, &str)] = &[
    ("at_least_one", include_str!("../../../expectations/packs/at_least_one.md")),
    ("email", include_str!("../../../expectations/packs/email.md")),
    ("implies", include_str!("../../../expectations/packs/implies.md")),
    ("non_negative", include_str!("../../../expectations/packs/non_negative.md")),
    ("not_blank", include_str!("../../../expectations/packs/not_blank.md")),
    ("not_constant", include_str!("../../../expectations/packs/not_constant.md")),
    ("not_empty", include_str!("../../../expectations/packs/not_empty.md")),
    ("positive", include_str!("../../../expectations/packs/positive.md")),
    ("primary_key", include_str!("../../../expectations/packs/primary_key.md")),
    ("share", include_str!("../../../expectations/packs/share.md")),
    ("trimmed", include_str!("../../../expectations/packs/trimmed.md")),
    ("url", include_str!("../../../expectations/packs/url.md")),
    ("uuid", include_str!("../../../expectations/packs/uuid.md")),
];

/// Reads the packs. A page without a valid definition is skipped, which a test rules out.
pub(super) fn all() -> Vec<Composed> {
    PAGES
        .iter()
        .filter_map(|(_, page)| read::composed(definition(page)?, DefinedIn::Pack { page }).ok())
        .collect()
}

/// Returns the definition that a page holds.
fn definition(page: &'static str) -> Option<&'static str> {
    page.split_once("```yaml definition\n")?.1.split_once("```").map(|(definition, _)| definition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::composed::{Catalogue, validate};

    #[test]
    fn every_pack_reads() {
        let ids: Vec<_> = PAGES.iter().map(|(id, _)| *id).collect();
        let found = all();
        assert_eq!(found.iter().map(|pack| pack.id.as_str()).collect::<Vec<_>>(), ids);
        assert!(ids.is_sorted());
        let wrong = validate::all(Catalogue::standard());
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
