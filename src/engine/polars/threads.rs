//! The threads of Polars.

/// How many threads work at once: as many as `POLARS_MAX_THREADS` says, else as many as the process has processors, by
/// its affinity and its cgroup.
pub(super) fn threads() -> usize {
    polars_config::config().max_threads().max(1)
}

/// Whether this thread is one of Polars': a panic of it ends the query that it works on.
#[cfg(feature = "cli")]
pub(crate) fn is_of_engine() -> bool {
    const NAMES: [&str; 2] = ["async-executor-", "polars-"];
    let thread = std::thread::current();
    thread.name().is_some_and(|name| NAMES.iter().any(|own| name.starts_with(own)))
}
