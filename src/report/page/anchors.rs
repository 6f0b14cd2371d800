//! The names by which links find what is on the page.

use std::collections::HashSet;

use crate::report::visible::visible;

/// The anchors that are taken. Those of the page itself begin with one underscore and a letter, and no other one does.
#[derive(Debug, Default)]
pub(super) struct Anchors(HashSet<String>);

impl Anchors {
    /// Returns the anchor of a name: `silver/orders`, `silver/orders:status.in_set`. Names that come to the same anchor get
    /// numbers, in their order.
    pub(super) fn of(&mut self, name: &str) -> String {
        let anchor = anchor(name);
        let mut free = anchor.clone();
        let mut number = 2_u64;
        while !self.0.insert(free.clone()) {
            free = format!("{anchor}~{number}");
            number += 1;
        }
        free
    }
}

/// Returns the anchor of a name that no other name on the page comes to.
pub(crate) fn anchor(name: &str) -> String {
    let mut anchor = visible(name).replace([' ', '%'], "_");
    // What begins with a question mark is a query, and not the name of a place.
    if anchor.starts_with(['_', '?']) || anchor.is_empty() {
        anchor.insert(0, '_');
    }
    anchor
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_stable_and_stand_once() {
        let mut anchors = Anchors::default();
        let made: Vec<_> =
            ["a/b", "a b", "a_b", "_checks", "?q=x", "", "a b"].map(|name| anchors.of(name)).into();
        assert_eq!(made, ["a/b", "a_b", "a_b~2", "__checks", "_?q=x", "_", "a_b~3"]);
    }
}
