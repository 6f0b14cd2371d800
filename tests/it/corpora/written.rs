//! The suites that the tests of this folder judge the corpora by, as files.

use std::fs;

use super::{corpora, gx_cases, json};
use crate::cases::{Cases, write_parquet};
use crate::delta_answers::probe_text;

pub fn all(cases: &mut Cases) {
    let reference = corpora("gx/reference");
    for table in ["beers_dirty", "hospital_dirty", "jaffle_orders", "taxi_2019_01", "titanic"] {
        let data = reference.join(format!("{table}.parquet"));
        cases.add(&reference.join(format!("{table}.suite.json")), &data);
    }
    let others = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/corpora/suites/others.yml");
    cases.add(others.as_ref(), &reference.join("titanic.parquet"));
    // Suites that came without data: what they ask of other data are errors, with their reasons.
    for entry in fs::read_dir(corpora("gx/suites")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name != "index.json") {
            cases.add(&path, &reference.join("titanic.parquet"));
        }
    }
    dirty(cases);
    let delta = corpora("delta");
    for (table, answer) in json(delta.join("answers.json")).as_object().unwrap() {
        let path = cases.folder(&format!("delta/{table}")).join("probe.json");
        fs::write(&path, probe_text(answer)).unwrap();
        cases.add(&path, &delta.join(table));
    }
    gx_cases::each(|id, suite, mut frame| {
        let folder = cases.folder(&format!("gx/{id}"));
        let (path, data) = (folder.join("case.json"), folder.join("case.parquet"));
        fs::write(&path, suite).unwrap();
        write_parquet(&data, &mut frame);
        cases.add(&path, &data);
    });
}

fn dirty(cases: &mut Cases) {
    for table in ["beers/dirty", "beers/clean", "hospital/dirty", "hospital/clean"] {
        let path = cases.folder(&format!("dirty/{table}")).join("suite.yml");
        fs::write(&path, super::text::suite(table)).unwrap();
        cases.add(&path, &corpora("dirty").join(format!("{table}.csv")));
    }
}
