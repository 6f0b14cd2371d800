//! How many threads work at once.

/// As many as the engine's: what `POLARS_MAX_THREADS` says, else as many as the process has
/// processors, by its affinity and its cgroup.
pub(crate) fn threads() -> usize {
    polars_config::config().max_threads().max(1)
}
