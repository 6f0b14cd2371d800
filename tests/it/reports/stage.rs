//! What a stage of a pipeline asks a run.

use ::karat::evaluate::Verdict;
use ::karat::report::{Failure, Stopped, TextOptions, text};
use ::karat::run::{SuiteRun, run_suite};
use ::karat::{CheckOptions, Data, Run, Suite, check};
use polars::prelude::{DataFrame, df};

const ORDERS: &str = "
suite: orders
pii: email
columns:
  id: [not_null, {unique: }]
  status:
    - in_set: [O, F]
      warn_if: '> 0'
      fail_if: '> 90 %'
    - in_set: [O, F]
      id: known
  email: [email]
  absent: [not_null]
";

fn orders() -> DataFrame {
    df!["id" => [1, 2, 2], "status" => ["O", "\u{1b}[31mX", "F"], "email" => ["a@x.org", "secret", "b@x.org"]]
        .unwrap()
}

fn run(layer: &str) -> Run {
    let suite = Suite::from_yaml(&format!("{ORDERS}layer: {layer}\n")).unwrap();
    check(&suite, orders(), &CheckOptions::default())
}

fn lines(failures: impl IntoIterator<Item = Failure>) -> String {
    let lines = failures.into_iter().map(|failure| format!("{} {failure}", failure.verdict.name()));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_run_tells_the_checks_for_which_its_gate_stopped() {
    insta::assert_snapshot!(lines(run("silver").failures()), @r#"
    fail id.unique of orders: 2 of 3 rows fail (66.7 %): 2 ×2
    fail known of orders: 1 of 3 rows fails (33.3 %): "\u{1b}[31mX"
    fail email.email of orders: 1 of 3 rows fails (33.3 %)
    error absent.not_null of orders: could not be evaluated: no column "absent"; the columns are id, status, email
    "#);
    // Gold stops on warnings too.
    let gold: Vec<_> = run("gold").failures().map(|failure| (failure.verdict, failure.check)).collect();
    assert_eq!((gold.len(), gold[1].clone()), (5, (Verdict::Warn, "status.in_set".to_owned())));
}

#[test]
fn a_stage_goes_on_or_stops_with_a_typed_error() {
    fn stage(run: &Run) -> Result<&'static str, Box<dyn std::error::Error>> {
        run.gate()?;
        Ok("published")
    }
    let stopped = stage(&run("silver")).unwrap_err();
    let stopped: &Stopped = stopped.downcast_ref().unwrap();
    assert_eq!(stopped.failures.len(), 4);
    assert_eq!(stopped.to_string().lines().count(), 1);
    insta::assert_snapshot!(stopped, @r#"the gate stopped: id.unique of orders: 2 of 3 rows fail (66.7 %): 2 ×2; known of orders: 1 of 3 rows fails (33.3 %): "\u{1b}[31mX"; email.email of orders: 1 of 3 rows fails (33.3 %); absent.not_null of orders: could not be evaluated: no column "absent"; the columns are id, status, email"#);

    let suite = Suite::from_yaml("suite: a\ncolumns: {id: [not_null]}\n").unwrap();
    assert_eq!(stage(&check(&suite, orders(), &CheckOptions::default())).unwrap(), "published");
    // One suite is read once and checked as often as there is data.
    let other = check(&suite, df!["id" => [None, Some(1)]].unwrap(), &CheckOptions::default());
    assert!(stage(&other).is_err());
    assert_eq!(other.outcome("id.not_null").unwrap().counts.unwrap().failing, 1);
    assert!(other.outcome("id.null").is_none());

    let none = Run::new(other.started_at, other.elapsed, Vec::new());
    assert_eq!(none.gate().unwrap_err().to_string(), "the gate stopped: no suite was run");
}

#[test]
fn what_was_not_run_stops_nothing() {
    let suite = Suite::from_yaml(ORDERS).unwrap();
    let skipped = SuiteRun::skipped(&suite, "an earlier layer did not pass", &CheckOptions::default());
    assert_eq!(skipped.failures().count(), 0);
    // Data that cannot be opened is an error of each check.
    let unread = run_suite(&suite, Data::from("nowhere.parquet"), &CheckOptions::default());
    assert_eq!(unread.failures().count(), suite.checks.len());
    let first = unread.failures().next().unwrap();
    assert!(first.reason.starts_with("could not be evaluated: "), "{first}");
}

#[test]
fn a_run_is_shown_as_its_text_without_colours() {
    let run = run("silver");
    let styled = text(&run, TextOptions::default());
    assert!(styled.contains('\u{1b}'));
    assert_eq!(run.to_string(), anstream::adapter::strip_str(&styled).to_string().trim_end());
    // What personal columns hold is in none of it.
    let all = format!("{run}{}{}", lines(run.failures()), run.gate().unwrap_err());
    assert!(!all.contains("secret") && !all.contains('\u{1b}'), "{all}");
}
