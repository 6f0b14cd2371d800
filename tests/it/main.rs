//! All integration tests in one binary, so that they share one compile and link.

mod corpora;
mod hostile;
mod partitions;
mod scans;
