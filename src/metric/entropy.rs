//! The entropy of groups of rows.

/// Returns Shannon's entropy in nats of groups, given each size of groups and their number, in the order of the sizes, so
/// that it does not depend on the order of the groups; `None` without rows.
#[expect(clippy::cast_precision_loss, reason = "a share of the rows is a double")]
pub(crate) fn entropy(sizes: &[(u64, u64)]) -> Option<f64> {
    let rows: u64 = sizes.iter().map(|(size, groups)| size * groups).sum();
    let of_equal = |(size, groups): &(u64, u64)| {
        let share = *size as f64 / rows as f64;
        *groups as f64 * (share * share.ln())
    };
    let sum: f64 = sizes.iter().map(of_equal).sum();
    // Subtract from zero: the negation of a sum that is 0 would be -0.
    (rows > 0).then_some(0.0 - sum)
}
