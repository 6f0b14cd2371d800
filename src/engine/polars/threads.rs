//! The threads of Polars.

/// Returns whether this thread is one of Polars': a panic of it ends the query that it works on.
pub(crate) fn is_of_engine() -> bool {
    const NAMES: [&str; 2] = ["async-executor-", "polars-"];
    let thread = std::thread::current();
    thread.name().is_some_and(|name| NAMES.iter().any(|own| name.starts_with(own)))
}
