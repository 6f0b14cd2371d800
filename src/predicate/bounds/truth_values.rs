//! The outcomes that a condition may have in a world.

/// The outcomes that a three-valued condition may have. An outcome that is impossible occurs on no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TruthValues {
    /// True if the condition may be true.
    pub yes: bool,
    /// True if the condition may be false.
    pub no: bool,
    /// True if the condition may be null.
    pub null: bool,
}

impl TruthValues {
    pub(super) const TRUE: Self = Self { yes: true, no: false, null: false };

    /// Returns whether the condition is true on every row or on none, if that is certain.
    pub(super) fn decided(self) -> Option<bool> {
        match self {
            Self { yes: false, .. } => Some(false),
            Self { no: false, null: false, .. } => Some(true),
            _ => None,
        }
    }

    pub(super) fn not(self) -> Self {
        Self { yes: self.no, no: self.yes, null: self.null }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            yes: self.yes && other.yes,
            no: self.no || other.no,
            null: (self.null && (other.null || other.yes)) || (other.null && self.yes),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(super) fn is_true(self) -> Self {
        Self { no: self.no || self.null, null: false, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares `and` with the outcomes of every pair of possible values.
    #[test]
    fn and_is_three_valued() {
        let values = |of: TruthValues| {
            [(Some(true), of.yes), (Some(false), of.no), (None, of.null)]
                .into_iter()
                .filter_map(|(value, may)| may.then_some(value))
        };
        let bit = |bits: u8, bit: u8| bits >> bit & 1 == 1;
        let all =
            (1..8_u8).map(|bits| TruthValues { yes: bit(bits, 0), no: bit(bits, 1), null: bit(bits, 2) });
        for left in all.clone() {
            for right in all.clone() {
                let mut wanted = TruthValues { yes: false, no: false, null: false };
                for (left, right) in
                    values(left).flat_map(|left| values(right).map(move |right| (left, right)))
                {
                    match (left, right) {
                        (Some(false), _) | (_, Some(false)) => wanted.no = true,
                        (Some(true), Some(true)) => wanted.yes = true,
                        _ => wanted.null = true,
                    }
                }
                assert_eq!(left.and(right), wanted, "{left:?} and {right:?}");
            }
        }
    }
}
