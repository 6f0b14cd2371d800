//! Tracks which byte ranges of a file are already fetched, and merges ranges into requests.

use std::collections::BTreeMap;
use std::ops::Range;

/// A set of byte ranges that neither overlap nor touch.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// The end of each range, by its start.
    ranges: BTreeMap<u64, u64>,
}

impl Coverage {
    /// Adds a range and merges it with those that it touches.
    pub(super) fn add(&mut self, range: Range<u64>) {
        let Range { mut start, mut end } = range;
        if start >= end {
            return;
        }
        let touched: Vec<u64> = self
            .ranges
            .range(..=end)
            .rev()
            .take_while(|(_, other)| **other >= start)
            .map(|(start, _)| *start)
            .collect();
        for other in touched {
            start = start.min(other);
            end = end.max(self.ranges.remove(&other).unwrap_or(end));
        }
        self.ranges.insert(start, end);
    }

    /// Returns the parts of a range that are not covered.
    pub(super) fn missing(&self, range: Range<u64>) -> Vec<Range<u64>> {
        let mut missing = Vec::new();
        let mut next = range.start;
        let before = self.ranges.range(..=range.start).next_back();
        let within = self.ranges.range(range.start.saturating_add(1)..range.end.max(range.start + 1));
        for (start, end) in before.into_iter().chain(within) {
            if *start > next {
                missing.push(next..*start);
            }
            next = next.max(*end);
        }
        if next < range.end {
            missing.push(next..range.end);
        }
        missing
    }
}

/// Merges ranges at most `gap` bytes apart, since a request costs more than a few bytes, and splits the
/// result into ranges of at most `most` bytes, one for each request.
pub(super) fn merged(mut ranges: Vec<Range<u64>>, gap: u64, most: u64) -> Vec<Range<u64>> {
    ranges.sort_by_key(|range| range.start);
    let mut whole: Vec<Range<u64>> = Vec::new();
    for range in ranges.into_iter().filter(|range| range.start < range.end) {
        match whole.last_mut() {
            Some(last) if range.start <= last.end.saturating_add(gap) => last.end = last.end.max(range.end),
            _ => whole.push(range),
        }
    }
    let parts = |range: Range<u64>| {
        (range.start..range.end)
            .step_by(usize::try_from(most.max(1)).unwrap_or(usize::MAX))
            .map(move |start| start..range.end.min(start.saturating_add(most.max(1))))
    };
    whole.into_iter().flat_map(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(ranges: Vec<Range<u64>>) -> Vec<(u64, u64)> {
        ranges.into_iter().map(|range| (range.start, range.end)).collect()
    }

    #[test]
    fn what_is_here_is_not_missing() {
        let mut here = Coverage::default();
        assert_eq!(pairs(here.missing(3..9)), [(3, 9)]);
        here.add(4..6);
        here.add(8..12);
        assert_eq!(pairs(here.missing(0..20)), [(0, 4), (6, 8), (12, 20)]);
        assert_eq!(pairs(here.missing(5..9)), [(6, 8)]);
        assert_eq!(pairs(here.missing(4..6)), []);
        here.add(6..8);
        assert_eq!(pairs(here.missing(0..20)), [(0, 4), (12, 20)]);
        assert_eq!(here.ranges.len(), 1);
        here.add(0..30);
        assert_eq!(pairs(here.missing(0..30)), []);
        assert_eq!(pairs(here.missing(7..7)), []);
    }

    #[test]
    fn near_ranges_are_one_and_long_ones_are_cut() {
        assert_eq!(pairs(merged(vec![20..25, 0..5, 7..9], 2, 100)), [(0, 9), (20, 25)]);
        assert_eq!(pairs(merged(vec![0..10, 10..25], 0, 10)), [(0, 10), (10, 20), (20, 25)]);
    }
}
