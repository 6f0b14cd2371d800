//! The page on publishing says what is so.

use polars::prelude::*;

use super::lake::Lake;
use crate::cli::{karat, scrubbed};

fn orders(ids: &[i64]) -> DataFrame {
    df!("id" => ids, "status" => vec!["O"; ids.len()]).unwrap()
}

/// A block of the page, by the line that begins it.
fn block(head: &str) -> &'static str {
    let page = include_str!("../../../expectations/publish.md");
    let (_, rest) = page.split_once(&format!("```{head}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

/// Its commands, each of which answers as the page says it does.
#[test]
fn the_commands_of_the_page_answer_so() {
    let lake = Lake::new();
    lake.text("orders.yml", block("yaml suite")).orders("lake/orders", &orders(&[1, 2, 3]));
    lake.parquet("batch-1/a.parquet", &orders(&[4, 5])).parquet("batch-2/a.parquet", &orders(&[6, 1]));
    let expected = block("console");
    let mut found = String::new();
    for line in expected.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let (command, is_told) = match line.strip_suffix("; echo \"exit $?\"") {
            Some(command) => (command, true),
            None => (line, false),
        };
        let arguments = command.strip_prefix("karat ").unwrap().split(' ');
        let ran = karat().args(arguments).in_dir(lake.folder()).run();
        found.push_str(&format!("$ {line}\n{}", ran.stdout));
        if is_told {
            found.push_str(&format!("exit {}\n", ran.code));
        }
    }
    assert_eq!(found, scrubbed(expected));
}
