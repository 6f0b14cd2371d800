//! Tables by number: columns of every type that all formats hold, and what is true of them.

use karat::data::{Decimal, Value};
use karat::evaluate::Outcome;

use super::cells::{Cells, Exact};

/// A generator of numbers: splitmix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    /// A number of 128 bits of any size.
    pub fn wide(&mut self) -> i128 {
        let bits = (u128::from(self.roll()) << 64) | u128::from(self.roll());
        bits.cast_signed() >> self.below(128)
    }
}

/// A table: its first column, `row`, numbers the rows; the others are `c0`, `c1`, …
pub struct Table {
    pub rows: usize,
    pub columns: Vec<Column>,
    /// Whether the suite gives the types of text.
    pub given: bool,
}

pub struct Column {
    pub cells: Cells,
    /// Values that checks speak of, as a suite writes them.
    literals: Vec<String>,
    given: bool,
}

/// How many columns a table has, and in how many tables every kind has its turn.
const AT_ONCE: u64 = 4;
const TURNS: u64 = Cells::KINDS / AT_ONCE;

impl Table {
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let rows = 1 + dice.below(30) as usize;
        // The kinds take turns, with given types and with inferred ones.
        let given = (seed / TURNS).is_multiple_of(2);
        let columns = (0..AT_ONCE)
            .filter_map(|place| {
                let kind = (seed % TURNS) * AT_ONCE + place;
                let cells = Cells::of(kind, rows, &mut dice);
                // What is inferred tells as much, but nothing of nulls alone.
                (given || cells.is_inferred()).then(|| Column::of(cells, given, &mut dice))
            })
            .collect();
        Self { rows, columns, given }
    }
}

impl Column {
    fn of(cells: Cells, given: bool, dice: &mut Dice) -> Self {
        let literals =
            (0..3).filter_map(|_| cells.literal(dice.below(cells.len() as u64) as usize)).collect();
        Self { cells, literals, given }
    }

    /// The checks of the column.
    pub fn checks(&self) -> Vec<String> {
        let always = ["not_null", "unique", "distinct_count: {min: 0}", "'null'", "uniqueness: {min: 0}"];
        let mut checks: Vec<String> = always.map(str::to_owned).to_vec();
        if let Some(first) = self.literals.first() {
            checks.push(format!("in_set: [{}]", self.literals.join(", ")));
            checks.push(format!("not_in_set: [{first}]"));
        }
        if let (Some(first), true) = (self.literals.first(), self.cells.is_ordered()) {
            checks.push(format!("between: {{min: {first}}}"));
            checks.push(format!("max: {{min: {first}}}"));
            checks.push(format!("min: {{max: {first}}}"));
        }
        if self.cells.is_number() {
            checks.push("sum: {min: 0}".to_owned());
            // What is inferred may be wider, and a mean be told in that type.
            if self.given {
                checks.extend(["mean: {min: 0}".to_owned(), "median: {min: 0}".to_owned()]);
            }
        }
        checks
    }

    /// What exact arithmetic says of the outcomes.
    pub fn assert_exact<'a>(&self, outcome: &dyn Fn(&str) -> &'a Outcome, place: &str) {
        let failing = |check: &str| outcome(check).counts.unwrap().failing as usize;
        let present: Vec<String> = (0..self.cells.len()).filter_map(|row| self.cells.literal(row)).collect();
        assert_eq!(failing("not_null"), self.cells.len() - present.len(), "{place}");
        assert_eq!(failing("null"), present.len(), "{place}");
        let times = |value: &String| present.iter().filter(|other| *other == value).count();
        assert_eq!(failing("unique"), present.iter().filter(|value| times(value) > 1).count(), "{place}");
        let distinct: std::collections::BTreeSet<&String> = present.iter().collect();
        assert_eq!(outcome("distinct_count").observed, Value::Integer(distinct.len() as i128), "{place}");
        if let Some(first) = self.literals.first() {
            let within = present.iter().filter(|value| self.literals.contains(value)).count();
            assert_eq!(failing("in_set"), present.len() - within, "{place}");
            assert_eq!(failing("not_in_set"), times(first), "{place}");
        }
        let Some(exact) = self.cells.exact() else { return };
        assert_same(&outcome("sum").observed, exact.value(exact.sum()), &format!("{place}: sum"));
        let Exact { values, .. } = &exact;
        if let (Some(least), Some(most), false) =
            (values.iter().min(), values.iter().max(), self.literals.is_empty())
        {
            assert_same(&outcome("min").observed, exact.value(*least), &format!("{place}: min"));
            assert_same(&outcome("max").observed, exact.value(*most), &format!("{place}: max"));
        }
    }
}

fn assert_same(found: &Value, wanted: Decimal, place: &str) {
    let order = found.compare(&Value::Decimal(wanted));
    assert_eq!(order, Some(std::cmp::Ordering::Equal), "{place}: {found} for {wanted}");
}
