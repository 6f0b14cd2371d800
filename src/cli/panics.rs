//! What a panic says in karat's own program.

use std::panic;

use crate::data::is_caught;
use crate::engine::is_of_engine;

/// A panic that ends as a failed read or measurement says nothing by itself: its message is in the error,
/// withheld where it may quote personal data. Only a program has a say in this, never a library.
#[expect(clippy::disallowed_methods, reason = "this process is karat's own")]
pub(super) fn say_no_more_than_errors() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !is_caught() && !is_of_engine() {
            before(panic);
        }
    }));
}
