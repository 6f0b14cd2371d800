//! The `karat` binary, to which Spark is an engine more.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    karat::cli::with_spark(karat_spark::engine);
    karat::cli::main()
}
