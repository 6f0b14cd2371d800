//! Turns panics of foreign code that reads hostile bytes into errors.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// True while this thread is within [`caught`].
    static WITHIN: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, and returns a panic in it as an error with the panic's message. The panic hook, which belongs
/// to the owner of the process, sees the panic first; karat's own program prints nothing if [`is_caught`].
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let outer = WITHIN.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    WITHIN.set(outer);
    done.map_err(|panic| message(panic.as_ref()))
}

/// Returns whether a panic of this thread ends in [`caught`], in a process that is all karat's: panics of the
/// threads that karat and its runtime start do.
#[cfg(feature = "cli")]
pub(crate) fn is_caught() -> bool {
    const OWN: [&str; 2] = ["tokio-", "karat-"];
    let thread = std::thread::current();
    WITHIN.get() || thread.name().is_some_and(|name| OWN.iter().any(|own| name.starts_with(own)))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("without a message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        assert_eq!(caught(|| 1), Ok(1));
        assert_eq!(caught(|| caught(|| panic!("inner {}", 1)).map(|()| 2)), Ok(Err("inner 1".to_owned())));
        assert!(!is_caught());
    }
}
