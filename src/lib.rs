//! A data-quality gate for lakehouses.
//!
//! A **suite** (a small YAML file) states what a table must be. karat compiles the suite into one Polars
//! query, reads the table's snapshot once, and decides for every check whether the check holds and which rows
//! break it. The verdicts of all checks decide the pass/fail **gate** of the table's medallion layer.
//!
//! # A stage of a pipeline
//!
//! ```
//! use karat::{CheckOptions, Run, Suite, check};
//! use polars::prelude::{DataFrame, df};
//!
//! const ORDERS: &str = "
//! suite: silver/orders
//! layer: silver
//! columns:
//!   order_id: [not_null, unique]
//!   status:
//!     - in_set: [O, F, P]
//! ";
//!
//! fn stage(orders: DataFrame) -> Result<Run, Box<dyn std::error::Error>> {
//!     let suite = Suite::from_yaml(ORDERS)?;
//!     let run = check(&suite, orders, &CheckOptions::default());
//!     // Fails with a `Stopped`, which names the checks, unless the gate lets the data through.
//!     run.gate()?;
//!     Ok(run)
//! }
//!
//! assert!(stage(df!["order_id" => [1, 2], "status" => ["O", "F"]]?)?.passed());
//!
//! let stopped = stage(df!["order_id" => [1, 2, 3], "status" => ["O", "F", "X"]]?).unwrap_err();
//! assert_eq!(
//!     stopped.to_string(),
//!     "the gate stopped: status.in_set of silver/orders: 1 of 3 rows fails (33.3 %): \"X\"",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`check`] takes the URI of a Delta table or of Parquet, CSV, NDJSON or Arrow files, a Polars `LazyFrame`
//! or `DataFrame`, or arrow `RecordBatch`es. Whatever happens, every check of the suite ends in exactly one
//! verdict. A check that could not be evaluated has a verdict of its own, which stops the gate.
//! [`Run::failures`] lists the checks that stopped the gate, and [`Run::outcome`] finds the outcome of one
//! check, with its counts and failing rows. A [`Run`] displays as its text report.
//!
//! [`Suite::open`] knows the built-in expectations and the packs; [`Suite::open_with`] takes a [`Catalogue`]
//! that holds a project's own expectations too. Both also read suites of Great Expectations, as JSON. A suite
//! is read once and can check any number of datasets.
//!
//! A check may compare with another dataset, which a suite names by its URI. [`CheckOptions::datasets`] maps
//! such a name to data, for example to a frame in memory. The judged table is read in one scan and each other
//! dataset in one more; a second scan of the table fetches failing rows. [`Execution`] counts the scans.
//!
//! # A report, written and read back
//!
//! ```
//! use karat::{CheckOptions, Report, Suite, Verdict, check, report};
//! use polars::prelude::df;
//!
//! let suite = Suite::from_yaml("suite: orders\ncolumns: {order_id: [not_null]}\n")?;
//! let run = check(&suite, df!["order_id" => [Some(1), None]]?, &CheckOptions::default());
//! let text = report::json(&Report::from(&run));
//!
//! // In another process, days later:
//! let read = Report::read(&text)?;
//! let not_null = &read.suites[0].checks[0];
//! assert_eq!((not_null.id.as_str(), not_null.verdict), ("order_id.not_null", Verdict::Fail));
//! assert_eq!(not_null.evidence.read, "scan");
//! assert_eq!(report::json(&read), text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Write, audit, publish
//!
//! [`publish`] judges a Delta table as it would be with Parquet files that were written beside it, and appends them
//! in one commit if, and only if, the gate lets it through and nobody has changed the table meanwhile.
//!
//! ```no_run
//! use karat::{CheckOptions, Staged, Suite, publish};
//!
//! let suite = Suite::open("suites/silver/orders.yml")?;
//! let files = Staged::at("s3://lake/staging/orders/2026-01-31");
//! let run = publish(&suite, "s3://lake/silver/orders", &files, &CheckOptions::default());
//! // Fails unless the table has these files, by this run or by one before.
//! let version: u64 = run.published()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Data::Staged`] judges the same without publishing anything.
//!
//! # Another engine
//!
//! [`CheckOptions::engine`] opens the data and measures the metrics: [`PolarsEngine`], unless another
//! [`Engine`] is given. An engine states its strategy for a plan before running the plan, and whether it can
//! measure each metric. The types in its methods belong to modules that are not documented here, and may
//! change with them.
//!
//! The enums of a plan (its metrics, predicates, demands) are not `non_exhaustive`, unlike those of errors and
//! of the report: an engine that does not know a kind of metric should fail to compile, not to judge.
//!
//! # In your process
//!
//! karat installs no panic hook and no allocator, and changes no setting of the process. A panic of the
//! engine costs only the check to which it belongs. Your own panic hook runs first, as for any panic, and
//! gets a message that may quote data.
//!
//! # What is promised
//!
//! The stable interface consists of the items on this page and the module [`report`]. The other modules are
//! public for karat's own binary and tests, are not documented here, and change without notice.

#![forbid(unsafe_code)]

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod data;
#[doc(hidden)]
pub mod document;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod evaluate;
#[doc(hidden)]
pub mod expectation;
#[doc(hidden)]
pub mod gate;
pub mod history;
#[doc(hidden)]
pub mod metric;
#[doc(hidden)]
pub mod plan;
#[doc(hidden)]
pub mod predicate;
#[doc(hidden)]
pub mod privacy;
#[doc(hidden)]
pub mod profile;
#[doc(hidden)]
pub mod project;
#[doc(hidden)]
pub mod publish;
pub mod report;
#[doc(hidden)]
pub mod review;
#[doc(hidden)]
pub mod run;
#[doc(hidden)]
pub mod sink;
pub mod site;
#[doc(hidden)]
pub mod source;
pub mod split;
#[doc(hidden)]
pub mod suggest;
#[doc(hidden)]
pub mod suite;

#[doc(inline)]
pub use data::{ColumnPath, Value};
#[doc(inline)]
pub use engine::{Control, Engine, EngineError, Execution, MetricError, PolarsEngine, Progress};
#[doc(inline)]
pub use evaluate::{Counts, Outcome, Verdict};
#[doc(inline)]
pub use gate::{Decision, Gate, Policies, Policy};
#[doc(inline)]
pub use privacy::{Mask, MaskKey, SampleRow, Samples};
#[doc(inline)]
pub use publish::publish;
#[doc(inline)]
pub use report::{Failure, Report, Stopped};
#[doc(inline)]
pub use run::{
    CheckOptions, NotPublished, Publication, PublicationOutcome, Run, SplitPart, SplitParts, SuiteRun, check,
};
#[doc(inline)]
pub use sink::{Destination, Mode, WriteOptions};
#[doc(inline)]
pub use source::{At, Data, DataSource, Identity, Opened, Staged, StorageOptions, Trust};
#[doc(inline)]
pub use split::{Split, SplitOptions, split};
#[doc(inline)]
pub use suite::{
    Catalogue, Check, Layer, Layers, Origin, Reading, Severity, Suite, SuiteError, Tool, Variables,
};
