//! Random tables: what is left is what the valid part of an ordinary split has, what went is its quarantine.

use std::path::Path;

use karat::sink::WriteOptions;
use karat::split::{Destinations, Side};
use karat::{SplitOptions, Suite, split};

use super::{append, at, data, ids, judged, orders, table, to, vectors, version};
use crate::fuzz::Random;

/// Puts rows of a random table aside several times. Returns how many.
fn of_case(case: u64, folder: &Path) -> usize {
    let mut random = Random::new(case);
    let (place, mut next, mut batches) = (folder.join("orders"), 0, Vec::new());
    for _ in 0..=random.below(4) {
        let count = random.below(60) as i64;
        let numbers: Vec<Option<i64>> =
            (0..count).map(|_| (random.below(9) > 0).then(|| random.below(20) as i64)).collect();
        let first = next;
        batches.push(orders(first..first + count, |id| numbers[(id - first) as usize]));
        next += count;
    }
    let by = if random.below(2) == 0 { vec!["part".to_owned()] } else { Vec::new() };
    table(&place, &batches, &WriteOptions { partition_by: by, ..append() });
    let before = data(&place);
    let mut aside: Vec<i64> = Vec::new();
    for round in 0..3 {
        // Nulls, single values, ranges, values that are there twice, and all that is left.
        let check = match random.below(if round == 2 { 6 } else { 5 }) {
            0 => "columns: {number: [not_null]}".to_owned(),
            1 => format!("table: [rows: 'number <> {}']", random.below(20)),
            2 => format!("table: [rows: {{predicate: 'number >= {}', nulls: pass}}]", random.below(12)),
            3 => format!("columns: {{id: [{{not_in_set: [{}, {}]}}]}}", random.below(60), random.below(60)),
            4 => {
                format!("columns: {{number: [{{unique: {{}}, where: 'number > {}'}}]}}", 8 + random.below(9))
            }
            _ => "table: [rows: 'false']".to_owned(),
        };
        let suite = Suite::from_yaml(&format!("{{suite: round {round}, {check}}}")).unwrap();
        let (valid, quarantine) =
            (folder.join(format!("valid{round}")), folder.join(format!("aside{round}")));
        let mut ordinary = split(&suite, place.to_str().unwrap(), &SplitOptions::default()).unwrap();
        let places = Destinations { valid: at(&valid), quarantine: at(&quarantine), options: append() };
        ordinary.write(&places).unwrap();
        let (was, shown) = (version(&place), format!("case {case}, {check}"));
        let moved = judged(&suite, &place).quarantine_in_place(&to(&folder.join("bad"))).unwrap();
        let went = ids(&quarantine);
        match moved {
            None => assert!(went.is_empty() && version(&place) == was, "{shown}"),
            Some(moved) => {
                let (Side::Written(bad), Side::Written(gone)) = (moved.quarantine, moved.deleted) else {
                    panic!("{shown}")
                };
                assert_eq!((bad.rows, gone.rows), (went.len() as u64, went.len() as u64), "{shown}");
                assert_eq!(version(&place), was + 1, "{shown}");
            }
        }
        aside.extend(&went);
        aside.sort_unstable();
        assert_eq!(ids(&place), ids(&valid), "{shown}");
        assert_eq!(ids(&folder.join("bad")), aside, "{shown}");
        assert_eq!(data(&place), before, "{shown}");
        // Again, nothing is left to do, but where rows are judged beside others.
        if !check.contains("unique") {
            assert!(judged(&suite, &place).quarantine_in_place(&to(&folder.join("bad"))).unwrap().is_none());
        }
    }
    aside.len() + vectors(&place).len()
}

#[test]
fn what_is_left_is_what_is_valid() {
    let mut gone = 0;
    for case in 0..14 {
        let folder = tempfile::tempdir().unwrap();
        gone += of_case(case, folder.path());
    }
    // Or else this would show nothing.
    assert!(gone > 200, "{gone}");
}
