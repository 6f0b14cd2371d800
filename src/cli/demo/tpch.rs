//! The clean source data: TPC-H at a small scale, in three loads.

use tpchgen::distribution::Distributions;
use tpchgen::generators::{
    Customer, CustomerGenerator, LineItem, LineItemGenerator, NationGenerator, Order, OrderGenerator,
};
use tpchgen::text::TextPool;

/// The scale factor, which gives 15,000 orders, 60,175 line items and 1,500 customers.
const SCALE: f64 = 0.01;

/// The size of the text from which comments are cut; TPC-H's own 300 MB would take longer than all the rest.
const TEXT_BYTES: i32 = 1 << 20;

/// One delivery from the source system: a third of every table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    /// The number of the third, counted from 1.
    part: i32,
    /// The day of the delivery, in days since 1970.
    pub(super) day: i32,
}

/// The loads, on the three days after the last order: 3, 4 and 5 August 1998.
pub(super) const LOADS: [Load; 3] =
    [Load { part: 1, day: 10_441 }, Load { part: 2, day: 10_442 }, Load { part: 3, day: 10_443 }];

/// The last load.
pub(super) const LAST_LOAD: Load = LOADS[2];

const PARTS: i32 = 3;

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
        CustomerGenerator::new_with_distributions_and_text_pool(
            SCALE,
            load.part,
            PARTS,
            self.distributions,
            &self.text,
        )
        .iter()
    }

    /// Returns the orders of one load.
    pub(super) fn orders(&self, load: Load) -> impl Iterator<Item = Order<'_>> {
        OrderGenerator::new_with_distributions_and_text_pool(
            SCALE,
            load.part,
            PARTS,
            self.distributions,
            &self.text,
        )
        .iter()
    }

    /// Returns the line items of the orders of one load.
    pub(super) fn line_items(&self, load: Load) -> impl Iterator<Item = LineItem<'_>> {
        LineItemGenerator::new_with_distributions_and_text_pool(
            SCALE,
            load.part,
            PARTS,
            self.distributions,
            &self.text,
        )
        .iter()
    }

    /// Returns the names of the nations. The id of a nation is its position.
    pub(super) fn nations(&self) -> Vec<&str> {
        NationGenerator::new_with_distributions_and_text_pool(self.distributions, &self.text)
            .iter()
            .map(|nation| nation.n_name)
            .collect()
    }
}
