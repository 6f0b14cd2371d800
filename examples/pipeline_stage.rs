//! A pipeline stage that stops when its data is not as it must be.
//!
//! `cargo run --example pipeline_stage`

#![expect(clippy::print_stdout, reason = "a stage that tells what it does")]

use std::error::Error;
use std::process::ExitCode;

use karat::{CheckOptions, Suite, check};
use polars::prelude::{DataFrame, df};

/// What silver promises of its orders. In a real pipeline this is a file of the project.
const ORDERS: &str = "
suite: silver/orders
layer: silver
key: order_id
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F, P]
  amount:
    - between: {min: 0, max: 1000000}
      warn_if: '> 0'
      fail_if: '> 10 %'
";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let orders = df![
        "order_id" => [1_i64, 2, 3, 3],
        "status" => ["O", "F", "X", "P"],
        "amount" => [10.0, 99.5, 12.0, 7.25],
    ]?;
    stage(orders)
}

/// Publishes the orders only if their gate lets them through.
fn stage(orders: DataFrame) -> Result<ExitCode, Box<dyn Error>> {
    let suite = Suite::from_yaml(ORDERS)?;
    let run = check(&suite, orders, &CheckOptions::default());
    println!("{run}\n");
    // Or `run.gate()?`, where whoever calls the stage handles its errors.
    match run.gate() {
        Ok(()) => {
            println!("published");
            Ok(ExitCode::SUCCESS)
        }
        Err(stopped) => {
            for failure in &stopped.failures {
                println!("{failure}");
            }
            println!("not published");
            Ok(ExitCode::FAILURE)
        }
    }
}
