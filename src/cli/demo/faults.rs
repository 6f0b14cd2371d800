//! The seeded faults of the demo's data. No other file says what is wrong with the data, and where.

/// A seeded fault: the check that must find it, and the number of rows that must fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// Suite and check id, separated by a space: `bronze/orders status.in_set`.
    pub(super) check: &'static str,
    /// Number of rows that fail the check, whatever the check's severity makes of them.
    pub(super) failing: u64,
    /// The fault in one sentence, for the command's help.
    pub(super) what: &'static str,
}

/// The rows that have a fault: `count` rows, the first at position `first`, then every `step` rows.
///
/// The spreads of one table share a step and start at different positions below that step. So no row has two
/// faults, and the counts stay exact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    first: usize,
    step: usize,
    count: u64,
}

impl Spread {
    const fn new(first: usize, step: usize, count: u64) -> Self {
        Self { first, step, count }
    }

    /// Returns the positions of the rows with the fault, in ascending order.
    pub(super) fn positions(self) -> impl Iterator<Item = usize> {
        (self.first..).step_by(self.step).zip(0..self.count).map(|(position, _)| position)
    }
}

/// The rows with faults among the orders.
pub(super) mod orders {
    use super::Spread;

    const STEP: usize = 997;
    pub(in super::super) const REPLAYED: Spread = Spread::new(41, STEP, 7);
    pub(in super::super) const NO_CUSTOMER: Spread = Spread::new(123, STEP, 5);
    pub(in super::super) const UNKNOWN_CUSTOMER: Spread = Spread::new(207, STEP, 4);
    pub(in super::super) const BAD_STATUS: Spread = Spread::new(316, STEP, 12);
    pub(in super::super) const NEGATIVE_TOTAL: Spread = Spread::new(404, STEP, 3);
    pub(in super::super) const AMERICAN_DATE: Spread = Spread::new(555, STEP, 6);
    pub(in super::super) const STRAY_SPACE: Spread = Spread::new(648, STEP, 10);
    pub(in super::super) const SHORT_CLERK: Spread = Spread::new(771, STEP, 8);
    pub(in super::super) const EMPTY_COMMENT: Spread = Spread::new(890, STEP, 4);
}

/// The rows with faults among the line items.
pub(super) mod line_items {
    use super::Spread;

    const STEP: usize = 4_999;
    pub(in super::super) const REPLAYED: Spread = Spread::new(77, STEP, 2);
    pub(in super::super) const NOTHING_ORDERED: Spread = Spread::new(812, STEP, 6);
    pub(in super::super) const PERCENT_DISCOUNT: Spread = Spread::new(1_503, STEP, 4);
    pub(in super::super) const SWAPPED_DATES: Spread = Spread::new(2_290, STEP, 5);
    pub(in super::super) const PLACEHOLDER_MODE: Spread = Spread::new(3_001, STEP, 11);
    pub(in super::super) const LOST_ORDER: Spread = Spread::new(3_777, STEP, 4);
    pub(in super::super) const RETURNED_UNSHIPPED: Spread = Spread::new(4_444, STEP, 3);
}

/// The rows with faults among the customers.
pub(super) mod customers {
    use super::Spread;

    const STEP: usize = 149;
    pub(in super::super) const STRAY_SPACE: Spread = Spread::new(5, STEP, 6);
    pub(in super::super) const BAD_EMAIL: Spread = Spread::new(22, STEP, 9);
    pub(in super::super) const CUT_PHONE: Spread = Spread::new(48, STEP, 8);
    pub(in super::super) const UNKNOWN_NATION: Spread = Spread::new(67, STEP, 3);
    pub(in super::super) const PLACEHOLDER_BALANCE: Spread = Spread::new(90, STEP, 2);
    pub(in super::super) const LOWER_SEGMENT: Spread = Spread::new(113, STEP, 5);
    pub(in super::super) const RESCUED: Spread = Spread::new(131, STEP, 2);
}

/// All faults of the demo's lakehouse, in the order of the suites. The suites find these and no others.
pub(super) const FAULTS: &[Fault] = &[
    Fault {
        check: "bronze/customers name.trimmed",
        failing: customers::STRAY_SPACE.count,
        what: "Names end in stray spaces (only a warning).",
    },
    Fault {
        check: "bronze/customers email.email",
        failing: customers::BAD_EMAIL.count,
        what: "E-mail addresses have no @ (within the tolerance of 1 %, so the check passes).",
    },
    Fault {
        check: "bronze/customers phone.matches",
        failing: customers::CUT_PHONE.count,
        what: "Phone numbers are cut off.",
    },
    Fault {
        check: "bronze/customers nation_id.between",
        failing: customers::UNKNOWN_NATION.count,
        what: "Customers belong to nation 99, which does not exist.",
    },
    Fault {
        check: "bronze/customers account_balance.between",
        failing: customers::PLACEHOLDER_BALANCE.count,
        what: "Balances are the placeholder 99,999,999.99.",
    },
    Fault {
        check: "bronze/customers segment.in_set",
        failing: customers::LOWER_SEGMENT.count,
        what: "Market segments are written in lower case.",
    },
    Fault {
        check: "bronze/customers _rescued_data.null",
        failing: customers::RESCUED.count,
        what: "Records have fields that the table has no column for (only a warning).",
    },
    Fault {
        check: "bronze/line_items order_id.exists_in",
        failing: line_items::LOST_ORDER.count,
        what: "Line items belong to an order that does not exist.",
    },
    Fault {
        check: "bronze/line_items quantity.between",
        failing: line_items::NOTHING_ORDERED.count,
        what: "Line items are for a quantity of 0.",
    },
    Fault {
        check: "bronze/line_items discount.between",
        failing: line_items::PERCENT_DISCOUNT.count,
        what: "Discounts are written as 5 instead of 0.05.",
    },
    Fault {
        check: "bronze/line_items ship_mode.not_in_set",
        failing: line_items::PLACEHOLDER_MODE.count,
        what: "Ship modes are a placeholder: \"N/A\", \"TBD\" or empty.",
    },
    Fault {
        check: "bronze/line_items primary_key.unique",
        failing: 2 * line_items::REPLAYED.count,
        what: "Line items were loaded twice; both rows of each count.",
    },
    Fault {
        check: "bronze/line_items received_after_shipped",
        failing: line_items::SWAPPED_DATES.count,
        what: "Line items were received before they were shipped.",
    },
    Fault {
        check: "bronze/line_items returned_only_if_shipped",
        failing: line_items::RETURNED_UNSHIPPED.count,
        what: "Line items were returned but are still to be shipped.",
    },
    Fault {
        check: "bronze/orders customer_id.not_null",
        failing: orders::NO_CUSTOMER.count,
        what: "Orders have no customer.",
    },
    Fault {
        check: "bronze/orders customer_id.exists_in",
        failing: orders::UNKNOWN_CUSTOMER.count,
        what: "Orders belong to a customer who does not exist.",
    },
    Fault {
        check: "bronze/orders status.in_set",
        failing: orders::BAD_STATUS.count,
        what: "Orders have a status that does not exist: \"X\" or \"?\".",
    },
    Fault {
        check: "bronze/orders total_price.between",
        failing: orders::NEGATIVE_TOTAL.count,
        what: "Orders have a negative total.",
    },
    Fault {
        check: "bronze/orders order_date.matches",
        failing: orders::AMERICAN_DATE.count,
        what: "Dates are written as 03/13/1996.",
    },
    Fault {
        check: "bronze/orders priority.trimmed",
        failing: orders::STRAY_SPACE.count,
        what: "Priorities end in a stray space (only a warning).",
    },
    Fault {
        check: "bronze/orders clerk.matches",
        failing: orders::SHORT_CLERK.count,
        what: "Clerks lost the zeros of their number: \"Clerk#7\".",
    },
    Fault {
        check: "bronze/orders comment.length_between",
        failing: orders::EMPTY_COMMENT.count,
        what: "Comments are empty (only for information, so the check passes).",
    },
    Fault {
        check: "bronze/orders primary_key.unique",
        failing: 2 * orders::REPLAYED.count,
        what: "Orders were loaded twice; both rows of each count.",
    },
    Fault {
        check: "gold/revenue_by_segment order_count.between",
        failing: 5,
        what: "August 1998 ends after two days, so each of its segments has too few orders: a warning, and \
               gold stops on warnings.",
    },
];
