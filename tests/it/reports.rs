//! Reports: their schema, what they look like, and that nothing in them does harm.

mod browser;
mod fragment;
pub(crate) mod golden;
mod great_expectations;
mod hostile;
mod hostile_outputs;
mod masks;
mod outputs;
mod personal;
mod site_browser;
mod stage;
mod terminal;
