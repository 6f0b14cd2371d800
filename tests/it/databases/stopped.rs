//! Statements that take long, in any system: they are stopped when nobody waits for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use karat::{CheckOptions, Suite, check};

use super::database::Database;

/// Judges a view that takes minutes, and stops after a second.
pub fn stops_when_cancelled(database: &dyn Database, view: &str) {
    let suite = Suite::from_yaml("{suite: s, columns: {n: [not_null, {sum: {min: 0}}]}}").unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let options = CheckOptions {
        engine: database.engine(),
        cancelled: Arc::clone(&cancelled),
        ..CheckOptions::default()
    };
    let start = Instant::now();
    let run = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(1));
            cancelled.store(true, Ordering::Relaxed);
        });
        check(&suite, database.uri(view), &options)
    });
    let told = run.suites[0].error.as_deref().unwrap_or_default();
    assert!(told.contains("cancelled"), "{told:?} {:?}", run.suites[0].outcomes);
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}
