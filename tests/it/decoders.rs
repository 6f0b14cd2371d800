//! Two decoders on the same Parquet files: what a scan finds, however it is decoded, against what was
//! written, and against what the `parquet` crate reads. Every cell is compared.
//!
//! `KARAT_DECODERS_SECONDS` says how long `decoders::for_a_while` goes on, with a new seed unless
//! `KARAT_DECODERS_SEED` names one.

mod cells;
mod files;
mod generate;
mod polars;
mod shred;
mod write;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::fuzz::Random;

#[test]
fn generated_files_are_read_as_they_were_written() {
    let mut cells = 0;
    let mut wrong = Vec::new();
    for case in 0..80 {
        let compared = if case % 4 == 3 { polars::case(case) } else { write::case(case) };
        match compared {
            Ok(compared) => cells += compared,
            Err(difference) => wrong.push(format!("case {case}: {difference}")),
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    eprintln!("{cells} cells of 80 generated files, no difference");
    assert!(cells > 10_000, "{cells}");
}

#[test]
fn files_are_read_alike_by_both_decoders() {
    files::all();
}

/// As long as `KARAT_DECODERS_SECONDS` says, from a seed that it prints.
#[test]
#[ignore = "runs as long as it is told to: see CONTRIBUTING.md"]
fn for_a_while() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros() as u64;
    let seed = number("KARAT_DECODERS_SEED").unwrap_or_else(now);
    let until = Instant::now() + Duration::from_secs(number("KARAT_DECODERS_SECONDS").unwrap_or(60));
    eprintln!("KARAT_DECODERS_SEED={seed}");
    let (mut cells, mut cases) = (0, 0);
    let mut found = Vec::new();
    let mut seeds = Random::new(seed);
    while Instant::now() < until {
        let case = seeds.below(usize::MAX) as u64;
        let compared = if cases % 4 == 3 { polars::case(case) } else { write::case(case) };
        match compared {
            Ok(compared) => cells += compared,
            Err(difference) => {
                let kind = if cases % 4 == 3 { "polars case" } else { "case" };
                eprintln!("{kind} {case}: {difference}");
                found.push(case);
            }
        }
        cases += 1;
    }
    eprintln!("{cells} cells of {cases} files, {} differences", found.len());
    assert!(found.is_empty(), "{found:?}");
}
