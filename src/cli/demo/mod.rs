//! The command `karat demo`: writes a small lakehouse with seeded faults and checks it.

mod columns;
mod command;
mod customers;
mod faults;
mod gold;
mod incidents;
mod lake;
mod line_items;
mod orders;
mod publishing;
mod stage;
mod suites;
mod table;
mod tpch;

pub(super) use command::{Arguments, run};
