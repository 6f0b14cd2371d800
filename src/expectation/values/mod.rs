//! Values, row by row.

mod beside_now;
pub(super) mod between;
pub(super) mod country_code;
pub(super) mod credit_card;
pub(super) mod currency_code;
pub(super) mod date_parseable;
pub(super) mod datetime_format;
mod dateutil;
mod every_text;
pub(super) mod iban;
pub(super) mod in_future;
pub(super) mod in_past;
pub(super) mod in_set;
pub(super) mod ip_address;
pub(super) mod json;
pub(super) mod json_schema;
pub(super) mod language_code;
pub(super) mod length_between;
pub(super) mod length_equal;
mod lexed;
pub(super) mod like;
mod listed;
pub(super) mod matches;
pub(super) mod not_in_set;
pub(super) mod not_like;
pub(super) mod not_matches;
pub(super) mod not_null;
pub(super) mod null;
mod patterns;
mod strptime;
pub(super) mod unique;

use beside_now::beside_now;
use every_text::EveryText;
pub(super) use listed::listed;
