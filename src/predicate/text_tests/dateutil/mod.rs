//! Which texts Python's dateutil reads as dates.
//!
//! `dateutil.parser.parse` (2.9) guesses: it cuts a text into words, numbers and signs and fits what
//! they say into one date, however they are ordered. What is here follows its rules and builds no
//! date. It reads no clock: what a text leaves out is taken from a leap year and a month of 31 days.

mod parts;
mod reading;
mod tokens;

pub(super) use reading::reads;
