//! The data-quality gate of the lakehouse.
//!
//! A **suite** (a small YAML file) says what a table must be. karat compiles it into one Polars
//! query, reads the table's snapshot once, says for every check whether it holds and which rows
//! break it, and turns that into a pass/fail **gate** for the table's medallion layer.
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
//! [`check`] takes the URI of a Delta table or of Parquet, CSV, NDJSON or Arrow files, a Polars `LazyFrame` or
//! `DataFrame`, or arrow `RecordBatch`es. Whatever happens, every check of the suite ends in
//! exactly one verdict; what could not be evaluated is a verdict of its own, and fails the gate.
//! [`Run::failures`] lists the checks for which the gate stopped, [`Run::outcome`] finds what one check
//! came to, with its counts and failing rows, and a [`Run`] is shown as its text.
//!
//! [`Suite::open`] knows the built-in expectations and the packs; [`Suite::open_with`] takes a
//! [`Catalogue`] with a project's own. Both read suites of Great Expectations too, as JSON. A suite is
//! read once and checked as often as there is data.
//!
//! A check may look into another dataset, which a suite names by its URI;
//! [`CheckOptions::datasets`] says what lies under a name, a frame in memory for example. The
//! judged table is read in one scan, each other dataset in one more, and failing rows are fetched in
//! a second one: [`Execution`] counts them.
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
//! # Another engine
//!
//! [`CheckOptions::engine`] is what opens the data and measures it: [`PolarsEngine`], unless another [`Engine`] is given.
//! An engine says what it will do for a plan before it does it, and of each metric whether it can measure it. The types in its
//! methods are those of the modules that are not documented here, and may change with them.
//!
//! # In your process
//!
//! karat installs no panic hook and no allocator, and leaves no switch of the process set. A panic of
//! the engine costs the check that it belongs to; your own hook hears of it first, as of any panic, and
//! its message may quote data.
//!
//! # What is promised
//!
//! What this page names, and [`report`]. The other modules are public for karat's own binary and tests,
//! are not documented here, and change without notice.

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
pub mod report;
#[doc(hidden)]
pub mod run;
#[doc(hidden)]
pub mod source;
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
pub use privacy::{SampleRow, Samples};
#[doc(inline)]
pub use report::{Failure, Report, Stopped};
#[doc(inline)]
pub use run::{CheckOptions, Run, SuiteRun, check};
#[doc(inline)]
pub use source::{At, Data, Identity, Opened, StorageOptions, Trust};
#[doc(inline)]
pub use suite::{Catalogue, Check, Layer, Origin, Reading, Severity, Suite, SuiteError, Tool};
