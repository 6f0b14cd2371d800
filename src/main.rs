//! The `karat` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    karat::cli::main()
}
