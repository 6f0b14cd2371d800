//! The clean source data: TPC-H at a small scale, in eight loads.

use tpchgen::distribution::Distributions;
use tpchgen::generators::{
    Customer, CustomerGenerator, LineItem, LineItemGenerator, NationGenerator, Order, OrderGenerator,
};
use tpchgen::text::TextPool;

/// The scale factor, which gives 15,000 orders, 60,175 line items and 1,500 customers.
const SCALE: f64 = 0.01;

/// The size of the text from which comments are cut; TPC-H's own 300 MB would take longer than all the rest.
const TEXT_BYTES: i32 = 1 << 20;

/// One delivery from the source system: some of the parts of every table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    /// The first of the parts, counted from 1.
    first: i32,
    /// The last of them.
    last: i32,
    /// The day of the delivery, in days since 1970.
    pub(super) day: i32,
}

/// How many parts of the same size a table has.
const PARTS: i32 = 120;

/// How many loads there are: versions of each table, after the one that is empty.
pub(super) const COUNT: usize = 8;

/// The loads, on the eight days after the last order, from 3 to 10 August 1998: nearly all there is, then one part a day.
pub(super) const LOADS: [Load; COUNT] =
    [load(113, 0), load(114, 1), load(115, 2), load(116, 3), load(117, 4), load(118, 5), load(119, 6), load(120, 7)];

/// The last load.
pub(super) const LAST_LOAD: Load = LOADS[COUNT - 1];

const fn load(last: i32, days: i32) -> Load {
    Load { first: if days == 0 { 1 } else { last }, last, day: 10_441 + days }
}

impl Load {
    fn parts(self) -> impl Iterator<Item = i32> {
        self.first..=self.last
    }
}

/// The generators of TPC-H, with the data that they share.
pub(super) struct Tpch {
    distributions: &'static Distributions,
    text: TextPool,
}

impl Tpch {
    pub(super) fn new() -> Self {
        let distributions = Distributions::static_default();
        Self { distributions, text: TextPool::new(TEXT_BYTES, distributions) }
    }

    /// Returns the customers of one load.
    pub(super) fn customers(&self, load: Load) -> impl Iterator<Item = Customer<'_>> {
        load.parts().flat_map(|part| {
            CustomerGenerator::new_with_distributions_and_text_pool(SCALE, part, PARTS, self.distributions, &self.text).iter()
        })
    }

    /// Returns the orders of one load.
    pub(super) fn orders(&self, load: Load) -> impl Iterator<Item = Order<'_>> {
        load.parts().flat_map(|part| {
            OrderGenerator::new_with_distributions_and_text_pool(SCALE, part, PARTS, self.distributions, &self.text).iter()
        })
    }

    /// Returns the line items of the orders of one load.
    pub(super) fn line_items(&self, load: Load) -> impl Iterator<Item = LineItem<'_>> {
        load.parts().flat_map(|part| {
            LineItemGenerator::new_with_distributions_and_text_pool(SCALE, part, PARTS, self.distributions, &self.text).iter()
        })
    }

    /// Returns the names of the nations. The id of a nation is its position.
    pub(super) fn nations(&self) -> Vec<&str> {
        NationGenerator::new_with_distributions_and_text_pool(self.distributions, &self.text)
            .iter()
            .map(|nation| nation.n_name)
            .collect()
    }
}
