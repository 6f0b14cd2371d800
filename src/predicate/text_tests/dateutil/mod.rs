//! Tells which texts Python's dateutil reads as dates.
//!
//! `dateutil.parser.parse` (2.9) guesses: it cuts a text into words, numbers and signs, and combines them to
//! one date in whatever order they come. This module follows its rules, but builds no date and reads no
//! clock: parts that a text leaves out are taken from a leap year and a month of 31 days.

mod parts;
mod reading;
mod tokens;

pub(super) use reading::reads;
