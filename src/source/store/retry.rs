//! Decides how often and how long a failed request is retried, with exponential backoff.

use std::error::Error;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use object_store::Error as StoreError;
use object_store::client::{HttpError, HttpErrorKind};

/// The limits on retries that a caller sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct RetryLimits {
    /// The most retries of a request.
    pub(super) retries: usize,
    /// The longest time for retries, counted since the last bytes came.
    pub(super) total_time: Duration,
    /// The longest time that a server may send nothing.
    pub(super) read_timeout: Duration,
}

/// The reason why a request failed that may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The server answered that it is too busy or has failed.
    Refused,
    /// The connection broke.
    Broken,
    /// The server sent nothing until the timeout: waiting longer seldom helps.
    Silent,
    /// The server never answered in this run: perhaps its name is wrong.
    Nobody,
}

/// The most consecutive retries after `Silent` or `Nobody`.
const HOPELESS: usize = 3;

impl Fault {
    /// Returns the fault of a failed request to a server that has answered before, or never.
    pub(super) fn of(kind: HttpErrorKind, answered: bool) -> Self {
        match kind {
            HttpErrorKind::Timeout => Self::Silent,
            _ if answered => Self::Broken,
            _ => Self::Nobody,
        }
    }

    /// Returns the fault of an answer that broke off.
    pub(super) fn of_answer(error: &StoreError) -> Self {
        let mut cause = error.source();
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref::<HttpError>() {
                return Self::of(error.kind(), true);
            }
            cause = error.source();
        }
        Self::Broken
    }
}

/// The state of a request that is being retried.
#[derive(Debug)]
pub(super) struct RetryState {
    limits: RetryLimits,
    begun: Instant,
    requests: usize,
    /// The time at which bytes last came, or the start.
    since: Instant,
    tries: usize,
    hopeless: usize,
}

impl RetryState {
    pub(super) fn new(limits: RetryLimits) -> Self {
        let now = Instant::now();
        Self { limits, begun: now, requests: 1, since: now, tries: 1, hopeless: 0 }
    }

    /// Returns the pause before the next try, at least as long as the server asks for; `None` if the request
    /// must not be retried.
    pub(super) fn next(&mut self, fault: Fault, asked: Option<Duration>) -> Option<Duration> {
        match fault {
            Fault::Silent | Fault::Nobody => self.hopeless += 1,
            Fault::Refused | Fault::Broken => self.hopeless = 0,
        }
        let pause = pause(self.tries, by_chance()).max(asked.map_or(Duration::ZERO, later));
        let over = self.tries > self.limits.retries
            || self.hopeless > HOPELESS
            || self.since.elapsed() + pause > self.limits.total_time;
        if over {
            return None;
        }
        self.tries += 1;
        self.requests += 1;
        Some(pause)
    }

    /// Resets the limits after `bytes` bytes came; but a server that falls silent after every few bytes still
    /// counts as silent.
    pub(super) fn progressed(&mut self, bytes: u64) {
        const MUCH: u64 = 1 << 20;
        self.hopeless = if bytes < MUCH { self.hopeless } else { 0 };
        (self.since, self.tries) = (Instant::now(), 1);
    }

    /// Returns the error of a request that is retried no longer.
    pub(super) fn exhausted(
        &self,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
        asked: Option<Duration>,
    ) -> RetriesExhausted {
        let too_long = asked.filter(|asked| *asked > self.limits.total_time);
        RetriesExhausted { cause: cause.into(), tries: self.requests, took: self.begun.elapsed(), too_long }
    }
}

/// The error of a request that was retried in vain.
#[derive(Debug)]
pub(super) struct RetriesExhausted {
    cause: Box<dyn Error + Send + Sync>,
    tries: usize,
    took: Duration,
    /// The pause that the server asks for, if that is longer than the limit.
    too_long: Option<Duration>,
}

impl RetriesExhausted {
    /// Describes how often and how long the request was tried; empty after a single try, unless the server
    /// asks for too long a pause.
    pub(super) fn description(&self) -> String {
        let asked = self.too_long.map_or_else(String::new, |asked| {
            format!("; it asks to wait for {}, which is longer than retry_timeout", spoken(asked))
        });
        match self.tries {
            1 => asked,
            tries => format!("{asked}; it was asked {tries} times within {}", spoken(self.took)),
        }
    }
}

impl fmt::Display for RetriesExhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl Error for RetriesExhausted {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// An answer that reports a failure: its status and its body.
#[derive(Debug, thiserror::Error)]
#[error("status code: {status}: {body}")]
pub(super) struct FailedAnswer {
    pub(super) status: String,
    pub(super) body: String,
}

/// The error of a request or an answer for which nothing came within this time.
#[derive(Debug, thiserror::Error)]
#[error("nothing came for {}", spoken(*.0))]
pub(super) struct ReadTimeout(pub(super) Duration);

/// Returns a pause that doubles with each try, up to a limit, minus a random part of up to a half: clients
/// that were refused together must not come back together.
fn pause(tries: usize, chance: f64) -> Duration {
    const FIRST: Duration = Duration::from_millis(200);
    const LAST: Duration = Duration::from_secs(20);
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(u32::MAX).min(16);
    (FIRST * (1 << doublings)).min(LAST).mul_f64(0.5 + chance / 2.0)
}

/// Returns the pause that the server asks for, plus a small random part.
fn later(asked: Duration) -> Duration {
    asked.saturating_add(asked.min(Duration::from_secs(10)).mul_f64(by_chance() / 10.0))
}

/// Returns a random number from 0 to 1. The only randomness of the standard library is in the keys of its
/// hashes.
fn by_chance() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    u32::try_from(bits).map_or(0.0, |bits| f64::from(bits) / f64::from(u32::MAX))
}

/// Formats a time for people.
pub(super) fn spoken(time: Duration) -> String {
    match time.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{} ms", time.as_millis()),
        seconds if seconds < 120.0 => format!("{} s", (seconds * 10.0).round() / 10.0),
        seconds => format!("{} min", (seconds / 6.0).round() / 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(retries: usize, seconds: u64) -> RetryLimits {
        let total_time = Duration::from_secs(seconds);
        RetryLimits { retries, total_time, read_timeout: Duration::from_secs(1) }
    }

    #[test]
    fn pauses_grow_to_a_limit_and_differ() {
        let longest = |tries| pause(tries, 1.0).as_millis();
        assert_eq!([1, 2, 3, 8, 99].map(longest), [200, 400, 800, 20_000, 20_000]);
        assert_eq!(pause(1, 0.0).as_millis(), 100);
        let chances: Vec<f64> = (0..50).map(|_| by_chance()).collect();
        assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
        assert!(chances.iter().any(|chance| *chance < 0.5) && chances.iter().any(|chance| *chance > 0.5));
    }

    #[test]
    fn the_server_is_left_alone_as_long_as_it_asks() {
        let asked = Duration::from_secs(30);
        let mut retry = RetryState::new(limits(9, 100));
        let wait = retry.next(Fault::Refused, Some(asked)).unwrap();
        assert!(wait >= asked && wait <= asked + Duration::from_secs(1));
        // A pause beyond the limit must not be cut short.
        assert_eq!(retry.next(Fault::Refused, Some(Duration::from_secs(101))), None);
    }

    #[test]
    fn the_limits_are_kept() {
        let tries = |limits, fault| {
            let mut retry = RetryState::new(limits);
            (0..99).take_while(|_| retry.next(fault, None).is_some()).count()
        };
        assert_eq!(tries(limits(6, 3_600), Fault::Refused), 6);
        assert_eq!(tries(limits(0, 3_600), Fault::Refused), 0);
        assert_eq!(tries(limits(9, 3_600), Fault::Silent), 3);
        assert_eq!(tries(limits(9, 3_600), Fault::Nobody), 3);
        assert_eq!(tries(limits(9, 0), Fault::Broken), 0);
    }

    #[test]
    fn what_comes_gives_new_patience_unless_it_is_hardly_anything() {
        let mut retry = RetryState::new(limits(2, 3_600));
        for _ in 0..9 {
            assert!(retry.next(Fault::Broken, None).is_some());
            retry.progressed(1);
        }
        let silences = |bytes| {
            let mut retry = RetryState::new(limits(2, 3_600));
            let some = |retry: &mut RetryState| {
                retry.progressed(bytes);
                retry.next(Fault::Silent, None).is_some()
            };
            (0..9).take_while(|_| some(&mut retry)).count()
        };
        assert_eq!([silences(1), silences(1 << 20)], [3, 9]);
    }

    #[test]
    fn times_are_said_as_they_are_read() {
        let said = [20, 1_500, 90_000, 150_000].map(|ms| spoken(Duration::from_millis(ms)));
        assert_eq!(said, ["20 ms", "1.5 s", "90 s", "2.5 min"]);
    }
}
