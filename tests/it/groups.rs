//! `group_by`: what is found of a group is what `where` finds of its rows. And nothing personal is
//! told of groups, nor of another dataset.

use std::sync::Arc;

use crate::support::outcome;
use karat::evaluate::Verdict;
use karat::{CheckOptions, DataSource, Run, Suite, check};
use polars::prelude::*;

fn run(suite: &str, options: &CheckOptions) -> Run {
    let table = df!(
        "shop" => [Some("n"), Some("n"), Some("s"), Some("s"), Some("s"), Some("s"), Some("s"), None],
        "amount" => [-1, 9, 1, 2, 3, 4, 5, 7],
        "weight" => [2, 3, 5, 5, 5, 5, 5, 1],
    );
    check(&Suite::from_yaml(suite).unwrap(), table.unwrap().lazy(), options)
}

fn verdict(run: &Run, id: &str) -> Verdict {
    outcome(run, id).verdict
}

#[test]
fn each_group_has_quantiles_of_its_own() {
    for at in ["0.3", "0.5", "0.9"] {
        for interpolation in ["nearest", "linear", "lower", "higher", "midpoint"] {
            let quantiles = |least: i32| {
                format!("quantiles: {{interpolation: {interpolation}, ranges: [{{at: {at}, min: {least}}}]}}")
            };
            for least in -1..=9 {
                let check = quantiles(least);
                let suite = format!(
                    "{{suite: s, columns: {{amount: [{{{check}, id: all, group_by: shop}},
                    {{{check}, id: n, where: shop = 'n'}}, {{{check}, id: s, where: shop = 's'}},
                    {{{check}, id: none, where: shop is null}}]}}}}"
                );
                let run = run(&suite, &CheckOptions::default());
                let groups = ["n", "s", "none"].map(|group| verdict(&run, group));
                assert_eq!(Some(verdict(&run, "all")), groups.into_iter().max(), "{suite}");
            }
        }
    }
}

#[test]
fn without_a_group_there_is_nothing_to_judge() {
    let suite =
        "{suite: s, columns: {amount: [{mean: {min: 0}, group_by: shop, where: amount > 99, id: m}]}}";
    for (vacuous_passes, expected) in [(true, Verdict::Pass), (false, Verdict::Fail)] {
        let run = run(suite, &CheckOptions { vacuous_passes, ..CheckOptions::default() });
        let outcome = run.suites[0].outcome("m").unwrap();
        assert_eq!((outcome.verdict, outcome.vacuous), (expected, true));
    }
}

#[test]
fn personal_keys_of_groups_are_not_told() {
    let suite = "
suite: s
pii: [shop]
table:
  - {row_count: {min: 100}, group_by: shop, id: rows}
  - {measure: {of: sum(amount), min: 100}, group_by: [shop, amount], id: sum}
columns:
  amount:
    - {mean: {min: 100}, group_by: shop, id: mean}
";
    let run = run(suite, &CheckOptions::default());
    for id in ["rows", "sum", "mean"] {
        let outcome = run.suites[0].outcome(id).unwrap();
        assert_eq!((outcome.verdict, outcome.masked), (Verdict::Fail, true), "{id}");
        assert!(outcome.samples.rows.is_empty(), "{id}");
    }
}

#[test]
fn personal_columns_are_not_told_of_another_dataset_either() {
    let other = |_: &str| DataSource::from(df!("weight" => [1, 2], "amount" => [3, 77]).unwrap().lazy());
    let options = CheckOptions { datasets: Arc::new(other), ..CheckOptions::default() };
    let suite = "
suite: s
pii: [amount]
table:
  - {same_as: {data: other, of: sum(weight), other: max(amount)}, id: personal}
  - {same_as: {data: other, of: sum(weight), other: max(weight)}, id: plain}
";
    let run = run(suite, &options);
    let [personal, plain] = ["personal", "plain"].map(|id| run.suites[0].outcome(id).unwrap());
    assert_eq!((personal.verdict, plain.verdict), (Verdict::Fail, Verdict::Fail));
    assert!(personal.masked && personal.observed.is_null(), "{personal:?}");
    assert!(!plain.masked && !plain.observed.is_null(), "{plain:?}");
}
