//! The panic hook of karat's own program.

use std::panic;

use crate::data::is_caught;
use crate::engine::is_of_engine;

/// Silences panics that end as a failed read or measurement: their message is in the error, withheld if it
/// may quote personal data. Only a program may install a panic hook, never a library; what is loaded into another program
/// with a standard library of its own, as the Python module is, is a program in that.
#[expect(clippy::disallowed_methods, reason = "this process is karat's own")]
pub fn say_no_more_than_errors() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !is_caught() && !is_of_engine() {
            before(panic);
        }
    }));
}
