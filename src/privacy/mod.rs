//! Keeps personal data out of everything that karat shows.
//!
//! A suite names the columns that are personal ([`Privacy`]). Everything that may contain values of the data
//! stays wrapped from the place where it is read to the place where it is shown, and only this module can
//! unwrap it:
//!
//! - [`Masked`] holds values and the columns that they come from.
//! - [`Untrusted`] holds text that may quote values: messages of an engine, and names of files, which contain
//!   partition values.
//! - [`MaskedSamples`] holds failing rows as an engine fetches them, with masked values.
//!
//! [`Privacy`] converts each of them to a [`Shown`], without personal data; of failing rows, a [`Mask`] says what stands
//! for a personal value: nothing, or a keyed hash. Outcomes and reports contain only
//! [`Shown`] values, so an engine or an output that ignores personal data does not compile:
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
//! Only the inputs of a verdict are not wrapped: a [`Measured`](crate::metric::Measured) and the
//! [`Judgement`](crate::expectation::Judgement) that follows from the measured value.

mod mask;
mod masked;
mod personal_names;
#[expect(clippy::module_inception, reason = "the type that gives the stage its name")]
mod privacy;
mod samples;
mod shown;
mod untrusted;

pub use mask::{Mask, MaskKey, Masking, ShortKey};
pub use masked::Masked;
pub use personal_names::looks_personal;
pub use privacy::Privacy;
pub use samples::{MaskedRow, MaskedSamples, SampleRow, Samples};
pub use shown::Shown;
pub use untrusted::Untrusted;
