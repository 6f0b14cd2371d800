//! Whether one check's thresholds and severity are as strict as another's.

use crate::data::{Decimal, Value};
use crate::suite::{Check, Limit, Severity};

/// What is known of the rows of two checks, where all that fail the one fail the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Whether the other considers no more rows.
    pub(super) no_more: bool,
}

/// Percents of more digits are compared with nothing but themselves: they are counted within 128 bits.
const MOST_SCALE: u8 = 12;

/// Returns whether a check's verdict is never better than another's.
pub(super) fn as_strict(check: &Check, other: &Check, rows: Rows) -> bool {
    let exceeded = |limits: &[Limit], others: &[Limit]| {
        others.iter().all(|other| limits.iter().any(|limit| follows(*other, *limit, rows)))
    };
    exceeded(&failing(check), &failing(other)) && exceeded(&noticed(check), &noticed(other))
}

/// The limits beyond which a check fails.
fn failing(check: &Check) -> Vec<Limit> {
    if check.severity == Severity::Critical {
        check.thresholds.fail.into_iter().collect()
    } else {
        Vec::new()
    }
}

/// The limits beyond which it warns or fails.
pub(super) fn noticed(check: &Check) -> Vec<Limit> {
    match check.severity {
        Severity::Info => Vec::new(),
        Severity::Warning | Severity::Critical => {
            check.thresholds.fail.into_iter().chain(check.thresholds.warn).collect()
        }
    }
}

/// Returns whether a limit is exceeded on the rows of one check whenever another one is on those of another.
pub(super) fn follows(exceeded: Limit, limit: Limit, rows: Rows) -> bool {
    // None is exceeded where no row fails.
    if is_any(limit) {
        return true;
    }
    if let (Limit::Count { .. }, Limit::Count { .. }) = (exceeded, limit) {
        return least(limit) <= least(exceeded);
    }
    if !rows.no_more {
        return false;
    }
    match (exceeded, limit) {
        _ if exceeded == limit => true,
        (Limit::Percent { inclusive: at, percent }, Limit::Percent { inclusive, percent: lower }) => {
            let counted = percent.scale <= MOST_SCALE && lower.scale <= MOST_SCALE;
            counted && (is_less(lower, percent) || (is_same(lower, percent) && (inclusive || !at)))
        }
        (Limit::Mostly(share), Limit::Mostly(more)) => more >= share,
        (Limit::Mostly(share), Limit::Percent { percent, .. }) => {
            percent.scale <= MOST_SCALE && spared(share).is_some_and(|spared| !is_less(spared, percent))
        }
        _ => false,
    }
}

/// Returns whether a limit is exceeded by one failing row.
pub(super) fn is_any(limit: Limit) -> bool {
    match limit {
        Limit::Count { .. } => least(limit) <= 1,
        Limit::Percent { percent, .. } => percent.unscaled == 0,
        Limit::Mostly(_) => false,
    }
}

/// Returns whether a limit is never exceeded.
pub(super) fn is_never(limit: Limit) -> bool {
    match limit {
        Limit::Count { .. } => false,
        Limit::Percent { inclusive, percent } => !inclusive && !is_less(percent, HUNDRED),
        Limit::Mostly(share) => share <= 0.0,
    }
}

const HUNDRED: Decimal = Decimal { unscaled: 100, scale: 0 };

/// The fewest failing rows that exceed a count.
fn least(limit: Limit) -> u64 {
    match limit {
        Limit::Count { inclusive: true, count } => count,
        Limit::Count { inclusive: false, count } => count.saturating_add(1),
        Limit::Percent { .. } | Limit::Mostly(_) => u64::MAX,
    }
}

/// The percent that a share spares, as it is written.
fn spared(share: f64) -> Option<Decimal> {
    let share = Decimal::parse(&share.to_string())?;
    let one = 10_i128.checked_pow(share.scale.into())?;
    Some(Decimal { unscaled: (one - share.unscaled).checked_mul(100)?, scale: share.scale })
}

fn is_less(left: Decimal, right: Decimal) -> bool {
    Value::Decimal(left).compare(&Value::Decimal(right)).is_some_and(std::cmp::Ordering::is_lt)
}

fn is_same(left: Decimal, right: Decimal) -> bool {
    Value::Decimal(left).compare(&Value::Decimal(right)).is_some_and(std::cmp::Ordering::is_eq)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Vec<Limit> {
        let percent = |text| Decimal::parse(text).unwrap();
        let mut limits = Vec::new();
        for inclusive in [false, true] {
            limits.extend([0, 1, 2, 5].map(|count| Limit::Count { inclusive, count }));
            let percents = ["0", "0.5", "1", "10", "33.3", "50", "100"].map(percent);
            limits.extend(percents.map(|percent| Limit::Percent { inclusive, percent }));
        }
        limits.extend([0.0, 0.5, 0.667, 0.9, 0.99, 0.995, 1.0].map(Limit::Mostly));
        limits.retain(|limit| *limit != Limit::Count { inclusive: true, count: 0 });
        limits
    }

    /// Whatever is said to follow, does, for all counts up to some; and of like limits, nothing is missed.
    #[test]
    fn what_follows_holds_for_all_counts() {
        let failing = || (0..=12_u64).chain([50]);
        let counts =
            || (0..=200_u64).flat_map(|considered| failing().map(move |failing| (failing, considered)));
        for exceeded in limits() {
            for limit in limits() {
                let holds = |rows: Rows| {
                    counts().filter(|(failing, considered)| failing <= considered).all(
                        |(failing, considered)| {
                            let all = if rows.no_more {
                                vec![considered]
                            } else {
                                vec![considered, considered + 100]
                            };
                            !exceeded.exceeded(failing, considered)
                                || all.iter().all(|considered| limit.exceeded(failing, *considered))
                        },
                    )
                };
                for no_more in [true, false] {
                    let rows = Rows { no_more };
                    assert!(
                        !follows(exceeded, limit, rows) || holds(rows),
                        "{exceeded:?} {limit:?} {no_more}"
                    );
                }
                let alike = std::mem::discriminant(&exceeded) == std::mem::discriminant(&limit);
                let small = |limit: &Limit| !is_never(*limit);
                if alike && small(&exceeded) && small(&limit) && !matches!(limit, Limit::Percent { .. }) {
                    let rows = Rows { no_more: true };
                    assert_eq!(follows(exceeded, limit, rows), holds(rows), "{exceeded:?} {limit:?}");
                }
            }
        }
    }
}
