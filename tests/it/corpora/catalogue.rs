//! Expectations that Great Expectations has not, on real tables.

use karat::evaluate::Verdict;
use karat::{CheckOptions, Suite, check};

use super::corpora;

const FRESH: &str = "
suite: corpora/fresh
columns:
  date: [{fresh: 1 d, id: newest day}]
table:
  - {fresh: {within: 1 h}, id: commit}
";

/// What no suite of Great Expectations asks.
fn others() -> Suite {
    Suite::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/corpora/suites/others.yml")).unwrap()
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
#[expect(clippy::unreadable_literal, reason = "as scipy writes them")]
fn what_great_expectations_was_not_asked() {
    let folder = corpora("gx/reference");
    let run =
        check(&others(), folder.join("titanic.parquet").display().to_string(), &CheckOptions::default());
    let failing = |id: &str| run.suites[0].outcome(id).unwrap().counts.unwrap().failing;
    assert_eq!(failing("known ages fail"), 756);
    assert_eq!(failing("women fail"), 462);
    assert_eq!(failing("alive or not"), 0);
    assert_eq!(failing("codes"), 0);
    assert_eq!(failing("the old fail"), 187);
    assert_eq!(failing("known codes"), 0);
    assert_eq!(failing("men who survive and women who do not"), 296);
    // Computed with pandas and scipy.
    for (id, value) in [
        ("few namesakes", 0.9954303122619954),
        ("both sexes", 0.6485940928133028),
        ("known ages", 0.5757806549885758),
        ("few groups", 0.005331302361005331),
        ("women survive", 0.5028911265944253),
        ("about a third women", 0.8872723349117534),
        ("nearly half women", 0.04455308774664252),
        ("normal ages", 0.0008457188311834144),
        ("ages by twenty years", 0.009034034991968703),
        ("women and men survive alike", 0.502891126594425),
    ] {
        let observed = run.suites[0].outcome(id).unwrap().observed.as_f64().unwrap();
        assert!((observed - value).abs() <= 1e-9 * value, "{id}: {observed}, not {value}");
    }
    let verdict = |id: &str| run.suites[0].outcome(id).unwrap().verdict;
    assert_eq!(verdict("share of women"), Verdict::Pass);
    assert_eq!(verdict("Age.type_in"), Verdict::Pass);
    assert_eq!(verdict("Name.type"), Verdict::Pass);
    assert_eq!(verdict("Sex.distinct_values"), Verdict::Pass);
}

#[test]
#[cfg_attr(not(corpora), ignore = "there are no corpora; KARAT_CORPORA names their folder")]
fn fresh_knows_days_and_commits() {
    let folder = corpora("delta/delta-rs/delta-0.8.0-date");
    let options =
        CheckOptions { now: Some("2021-01-06T00:00:00Z".parse().unwrap()), ..CheckOptions::default() };
    let run = check(&Suite::from_yaml(FRESH).unwrap(), folder.display().to_string(), &options);
    let outcome = |id: &str| run.suites[0].outcome(id).unwrap();
    assert_eq!(
        outcome("newest day").observed.to_string(),
        "2021-01-05T00:00:00Z",
        "{:?}",
        outcome("newest day")
    );
    assert_eq!(outcome("newest day").verdict, Verdict::Pass);
    let committed = run.suites[0].snapshot.as_ref().unwrap().committed.unwrap();
    assert_eq!(
        outcome("commit").observed.to_string(),
        committed.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    );
}
