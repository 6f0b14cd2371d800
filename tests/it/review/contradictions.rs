//! What is called a contradiction, no table by chance meets, if it has rows that both checks consider.

use karat::evaluate::Verdict;
use karat::review::{Level, findings};

use super::generate::{check as generated, like};
use super::sound::{shown as values, suite_of, verdicts};
use super::table::{KINDS, Kind, table};
use crate::fuzz::Random;

/// What is found of two checks, and what they come to.
fn case(number: u64, tally: &mut [usize; 3]) {
    let mut random = Random::new(number ^ 0x00c0_ffee);
    let kind: Kind = *random.of(&KINDS);
    let first = generated(kind, &mut random);
    let second = match random.below(3) {
        0 => generated(kind, &mut random),
        _ => like(&first, kind, &mut random),
    };
    let suite = suite_of(&[&first, &second]);
    let found = findings(&suite);
    let says = |word: &str, level| {
        found.iter().find(|finding| finding.level == level && finding.diagnostic.message.contains(word))
    };
    let contradiction = says("contradicts", Level::Error);
    let impossible = says("nothing can meet it", Level::Error);
    let unread = says("no row", Level::Error);
    let never = says("can never fail", Level::Note);
    if [contradiction, impossible, unread, never].iter().all(Option::is_none) {
        return;
    }
    for _ in 0..6 {
        let table = table(kind, &mut random);
        let verdicts = verdicts(&suite, &table);
        let of = |id: &str| verdicts.iter().find(|(own, ..)| own == id).unwrap();
        let shown = || {
            format!(
                "case {number}\n{}\n{}\n{}\n{verdicts:?}",
                first.item("c0"),
                second.item("c1"),
                values(&table)
            )
        };
        let counts = |id: &str| of(id).2.contains("vacuous: true");
        if contradiction.is_some() {
            let passed = ["c0", "c1"].iter().all(|id| of(id).1 == Verdict::Pass);
            assert!(!passed || counts("c0") || counts("c1"), "{}", shown());
            tally[0] += 1;
        }
        for (finding, ends) in [(impossible, 1), (unread, 1), (never, 2)] {
            let Some(finding) = finding else { continue };
            let id = &finding.diagnostic.message[..2];
            let (_, verdict, outcome) = of(id);
            // What is measured of no row may be allowed to be nothing.
            let nothing = finding.diagnostic.message.contains("no row") && outcome.contains("counts: None");
            let vacuous = outcome.contains("vacuous: true") || nothing;
            let info = outcome.contains("severity info") || *verdict == Verdict::Error;
            let fails = matches!(verdict, Verdict::Fail | Verdict::Warn);
            match ends {
                // Where it may spare rows, it may pass.
                1 => {
                    let spares = outcome.contains("failing:") && !outcome.contains("failing: 0,");
                    assert!(fails || vacuous || info || spares, "{}", shown());
                }
                _ => assert!(!fails, "{}", shown()),
            }
            tally[ends] += 1;
        }
    }
}

#[test]
fn no_table_meets_a_contradiction() {
    let mut tally = [0; 3];
    for number in 0..1_500 {
        case(number, &mut tally);
    }
    println!("{tally:?}");
    assert!(tally[0] > 100 && tally[1] > 400 && tally[2] > 40, "{tally:?}");
}
