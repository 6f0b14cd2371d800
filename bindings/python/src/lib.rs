//! karat for Python: the module `karat._karat`, on which the package `karat` stands.
//!
//! [`suite`] reads suites, in the projects to which they belong, and [`node`] makes YAML of Python's dicts and lists. [`data`]
//! takes what is to be judged: a URI, or rows as an Arrow stream, of which [`frame`] makes a frame of the engine without copying
//! them. [`judging`] runs the library on a thread of its own, by [`waiting`], so that Python can be interrupted meanwhile and,
//! by [`running`], does not end before it; [`splitting`] divides rows. [`run`] and [`rows`] are what comes of it, and [`profiling`] what a table holds. [`errors`] raises
//! the exceptions of the package. [`cli`] is the command line.
#![expect(
    clippy::needless_pass_by_value,
    reason = "arguments of Python are made into values, which the functions own"
)]

mod cli;
mod data;
mod errors;
mod frame;
mod judging;
mod node;
mod options;
mod profiling;
mod rows;
mod run;
mod running;
mod splitting;
mod suite;
mod waiting;

/// What the package `karat` stands on. It is no interface of its own.
#[pyo3::pymodule]
mod _karat {
    #[pymodule_export]
    use super::cli::cli;
    #[pymodule_export]
    use super::judging::{check, rows};
    #[pymodule_export]
    use super::node::yaml;
    #[pymodule_export]
    use super::profiling::{Profile, profile, suggest};
    #[pymodule_export]
    use super::rows::Rows;
    #[pymodule_export]
    use super::run::Run;
    #[pymodule_export]
    use super::splitting::{move_split, split, write_split};
    #[pymodule_export]
    use super::suite::Suite;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // The panic hook is that of the standard library within this module alone: what ends as an exception is not printed too.
        karat::cli::say_no_more_than_errors();
        super::running::stop_at_exit(module)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
