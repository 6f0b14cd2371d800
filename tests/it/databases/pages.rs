//! The executed pages of the catalogue, over a database.

use std::collections::BTreeMap;
use std::sync::Arc;

use karat::engine::Engine;
use karat::source::DataSource;
use karat::{CheckOptions, Suite, check};

use super::compare::{Told, compared};
use super::written::{Stored, System};
use crate::catalogue::{Example, examples};
use crate::naive::of_frame;

/// Writes the tables of each page, judges its suite there and on Polars, and compares.
pub fn every_page(
    name: &str,
    system: System,
    engine: &dyn Fn() -> Arc<dyn Engine>,
    place: &dyn Fn(&str, &str, &Stored) -> String,
) {
    let (mut told, mut wrong, mut left_out, mut refused) =
        (Told::default(), Vec::new(), Vec::new(), Vec::new());
    for Example { id, suite, frame, others } in examples() {
        let store = |frame: &polars::prelude::DataFrame| {
            let (schema, rows) = of_frame(frame);
            std::panic::catch_unwind(|| {
                let stored = Stored::of(&schema, &rows, system);
                let _ = stored.statements("t", system);
                stored
            })
            .ok()
        };
        let (Some(own), Some(beside)) = (
            store(&frame),
            others
                .iter()
                .map(|(name, frame)| Some((name.clone(), store(frame)?)))
                .collect::<Option<BTreeMap<_, _>>>(),
        ) else {
            left_out.push(id);
            continue;
        };
        let uri = place(id, "judged", &own);
        let there: BTreeMap<String, String> =
            beside.iter().map(|(name, stored)| (name.clone(), place(id, name, stored))).collect();
        let suite = Suite::from_yaml(&suite).unwrap();
        let now = crate::oracle::rows::options().now;
        let resolve = move |name: &str| DataSource::from(there.get(name).map_or(name, String::as_str));
        let options =
            CheckOptions { engine: engine(), datasets: Arc::new(resolve), now, ..CheckOptions::default() };
        let over_there = check(&suite, uri, &options);
        let frames = others.clone();
        let resolve = move |name: &str| match frames.get(name) {
            Some(frame) => DataSource::from(frame.clone()),
            None => DataSource::from(name),
        };
        let options = CheckOptions { datasets: Arc::new(resolve), now, ..CheckOptions::default() };
        let here = check(&suite, frame, &options);
        let (found, differences) = compared(&over_there, &here, name);
        if found.refused > 0 {
            refused.push(id);
        }
        told.add(found);
        wrong.extend(differences.into_iter().map(|line| format!("{id}: {line}")));
    }
    eprintln!("{name}: pages, {told:?}; not all pushable: {refused:?}; no such types: {left_out:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told.same > told.refused, "{told:?}");
}
