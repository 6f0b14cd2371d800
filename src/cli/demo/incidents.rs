//! What goes wrong for some loads and is mended, so that the history of the demo has incidents that begin and end.

use arrow::error::ArrowError;

use super::columns::by_load;
use super::orders::Order;
use super::table::Version;
use super::tpch::LOADS;

/// The loads for which a job wrote the states of some orders in lower case, and of how many.
const LOWER_CASE: [(usize, usize); 3] = [(4, 4), (5, 7), (6, 11)];

/// The load after which silver was written anew.
const MENDED: usize = 7;

/// The load after which gold was not computed anew.
const STALE: usize = 3;

/// Returns the load of which gold stands after a load, both counted from 1.
pub(super) const fn gold_of(load: usize) -> usize {
    if load == STALE { load - 1 } else { load }
}

/// Returns the versions of the orders in silver.
pub(super) fn silver_orders(orders: &[Order]) -> Result<Vec<Version>, ArrowError> {
    let mut wrong = orders.to_vec();
    for (load, count) in LOWER_CASE {
        let Some(load) = LOADS.get(load - 1) else { continue };
        for order in wrong.iter_mut().filter(|order| order.loaded_on == load.day).take(count) {
            order.status.make_ascii_lowercase();
        }
    }
    let mut versions = by_load(&wrong, |order| order.loaded_on, Order::batch)?;
    if let (Some(version), Some(load)) = (versions.get_mut(MENDED - 1), LOADS.get(MENDED - 1)) {
        let so_far: Vec<&Order> = orders.iter().filter(|order| order.loaded_on <= load.day).collect();
        *version = Version::overwritten(Order::batch(&so_far)?);
    }
    Ok(versions)
}
