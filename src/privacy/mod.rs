//! Keeps personal data out of everything that karat shows.
//!
//! A suite names the columns that are personal ([`Privacy`]). Whatever may hold values of the data is
//! wrapped from where it is read to where it is shown, and only this module looks inside:
//!
//! - [`Masked`] holds values and the columns that they come from.
//! - [`Untrusted`] holds text that may quote values: messages of an engine, and names of files, in which
//!   values of partitions stand.
//! - [`MaskedSamples`] holds failing rows as an engine fetches them, made of those two.
//!
//! [`Privacy`] turns each of them into a [`Shown`], without what is personal. Outcomes and reports are made
//! of [`Shown`] only, so an engine or an output that forgets about personal data does not compile:
//!
//! ```compile_fail,E0277
//! use karat::privacy::Untrusted;
//!
//! // No text is made of it: it has neither `Display` nor `ToString`.
//! let reason = Untrusted::from(String::from("cannot parse \"jane@example.org\""));
//! println!("{reason}");
//! ```
//!
//! ```compile_fail,E0616
//! use karat::{Value, privacy::Masked};
//!
//! // Its contents are private.
//! let age = Masked::of_any(Value::Integer(48));
//! println!("{}", age.contents);
//! ```
//!
//! ```compile_fail,E0423
//! use karat::{Value, privacy::Shown};
//!
//! // Nothing but this module says that a value may be shown.
//! let observed = Shown(Box::new(Value::Integer(48)));
//! ```
//!
//! What is left in the open is what a judge reads to reach its verdict: a
//! [`Measured`](crate::metric::Measured) and the [`Judgement`](crate::expectation::Judgement) that it
//! leads to.

mod masked;
mod personal_names;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod privacy;
mod samples;
mod shown;
mod untrusted;

pub use masked::Masked;
pub use personal_names::looks_personal;
pub use privacy::Privacy;
pub use samples::{MaskedRow, MaskedSamples, SampleRow, Samples};
pub use shown::Shown;
pub use untrusted::Untrusted;
