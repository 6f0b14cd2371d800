//! The data-quality gate of the lakehouse.
//!
//! A **suite** (a small YAML file) says what a table must be. karat compiles it into one Polars
//! query, reads the table's snapshot once, says for every check whether it holds and which rows
//! break it, and turns that into a pass/fail **gate** for the table's medallion layer.
//!
//! ```
//! use karat::{CheckOptions, Suite, check};
//! use polars::prelude::df;
//!
//! let suite = Suite::from_yaml("
//! suite: silver/orders
//! layer: silver
//! columns:
//!   order_id: [not_null, unique]
//!   status:
//!     - in_set: [O, F, P]
//! ")?;
//! let orders = df!["order_id" => [1, 2, 3], "status" => ["O", "F", "X"]]?;
//!
//! let run = check(&suite, orders, &CheckOptions::default());
//!
//! assert!(!run.passed());
//! let status = run.suites[0].outcome("status.in_set").ok_or("no such check")?;
//! assert_eq!(status.counts.map(|counts| counts.failing), Some(1));
//! assert_eq!(status.samples.rows[0].row, Some(2));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`check`] takes the URI of a Delta table or of Parquet, CSV, NDJSON or Arrow files, a Polars `LazyFrame` or
//! `DataFrame`, or arrow `RecordBatch`es. Whatever happens, every check of the suite ends in
//! exactly one verdict; what could not be evaluated is a verdict of its own, and fails the gate.
//!
//! [`Suite::open`] knows the built-in expectations and the packs; [`Suite::open_with`] takes a
//! [`Catalogue`](suite::Catalogue) with a project's own, such as [`project::find`] gives. Both read
//! suites of Great Expectations too, as JSON.
//!
//! A check may look into another dataset, which a suite names by its URI;
//! [`CheckOptions::datasets`] says what lies under a name, a frame in memory for example. The
//! judged table is read in one scan, each other dataset in one more, and failing rows are fetched in
//! a second one: [`Execution`](engine::Execution) counts them.
//!
//! # In your process
//!
//! karat installs no panic hook and no allocator, and leaves no switch of the process set. A panic of
//! the engine costs the check that it belongs to; your own hook hears of it first, as of any panic, and
//! its message may quote data.
//!
//! # The stages, in their order
//!
//! Each takes the previous one's type and returns its own; none reaches back.
//!
//! | stage | from | to |
//! |---|---|---|
//! | [`suite`] | text, karat's or Great Expectations' | [`Suite`]: read strictly, every check with its place |
//! | [`plan`] | suite and schemas | [`Plan`](plan::Plan): names and types resolved, metrics shared |
//! | [`engine`] | plan and [`source`] snapshots | [`Measurements`](engine::Measurements): the one stage that reads rows |
//! | [`evaluate`] | measurements | [`Outcome`](evaluate::Outcome)s: one verdict a check |
//! | [`gate`] | outcomes and policy | [`Gate`](gate::Gate): go or stop |
//! | [`report`] | [`Run`] | text, JSON, HTML, validation results of Great Expectations |
//!
//! They stand on the [`expectation`] catalogue, the [`predicate`] language of one row, and the
//! engine-neutral [`metric`]s, [`data`] types and [`document`] trees.

#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod document;
pub mod engine;
pub mod evaluate;
pub mod expectation;
pub mod gate;
pub mod metric;
pub mod plan;
pub mod predicate;
pub mod project;
pub mod report;
pub mod run;
pub mod source;
pub mod suite;

pub use run::{CheckOptions, Data, Run, SuiteRun, check};
pub use suite::Suite;
