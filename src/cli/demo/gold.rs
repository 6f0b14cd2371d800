//! The gold tables, which aggregate silver for business users.

use std::collections::{BTreeMap, HashMap, HashSet};

use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{Datelike, NaiveDate};

use super::columns::{batch, date, decimal, float64, int32, int64, text};
use super::customers::Customer;
use super::line_items::LineItem;
use super::orders::Order;

/// The silver tables as they stand after a load.
pub(super) struct Silver<'a> {
    pub(super) customers: &'a [Customer],
    pub(super) orders: Vec<&'a Order>,
    pub(super) line_items: Vec<&'a LineItem>,
}

/// The aggregates of one month and market segment.
#[derive(Debug, Default)]
struct MonthOfSegment {
    order_count: i64,
    customers: HashSet<i64>,
    /// In ten-thousandths: prices and rates are both in hundredths.
    revenue: i64,
}

/// The aggregates of one year and ship mode.
#[derive(Debug, Default)]
struct YearOfMode {
    item_count: i32,
    late_count: i32,
    transit_days: i32,
}

/// Returns the columns of `gold/revenue_by_segment`: orders, customers and revenue by month and market
/// segment.
pub(super) fn revenue_by_segment(silver: &Silver<'_>) -> Result<RecordBatch, ArrowError> {
    let groups = months_of_segments(silver);
    let rows = groups.iter();
    batch([
        ("month", date(rows.clone().map(|((month, _), _)| Date32Type::from_naive_date(*month)))),
        ("segment", text(rows.clone().map(|((_, segment), _)| *segment))),
        ("order_count", int64(rows.clone().map(|(_, group)| group.order_count))),
        ("customer_count", int64(rows.clone().map(|(_, group)| i64::try_from(group.customers.len()).ok()))),
        ("revenue", decimal(18, rows.map(|(_, group)| group.revenue / 100))?),
    ])
}

fn months_of_segments<'a>(silver: &Silver<'a>) -> BTreeMap<(NaiveDate, &'a str), MonthOfSegment> {
    let segments: HashMap<i64, &str> =
        silver.customers.iter().map(|customer| (customer.customer_id, customer.segment.as_str())).collect();
    let mut revenues: HashMap<i64, i64> = HashMap::new();
    for item in &silver.line_items {
        *revenues.entry(item.order_id).or_default() += item.extended_price * (100 - item.discount);
    }
    let mut groups: BTreeMap<_, MonthOfSegment> = BTreeMap::new();
    for order in &silver.orders {
        let month = order.order_date.with_day(1);
        if let Some((month, segment)) = month.zip(segments.get(&order.customer_id).copied()) {
            let group = groups.entry((month, segment)).or_default();
            group.order_count += 1;
            group.customers.insert(order.customer_id);
            group.revenue += revenues.get(&order.order_id).copied().unwrap_or_default();
        }
    }
    groups
}

/// Returns the columns of `gold/shipping_by_mode`: line items, late ones and days in transit by year and ship
/// mode.
pub(super) fn shipping_by_mode(silver: &Silver<'_>) -> Result<RecordBatch, ArrowError> {
    let groups = years_of_modes(silver);
    let rows = groups.iter();
    batch([
        ("ship_year", int32(rows.clone().map(|((year, _), _)| *year))),
        ("ship_mode", text(rows.clone().map(|((_, mode), _)| *mode))),
        ("item_count", int32(rows.clone().map(|(_, group)| group.item_count))),
        ("late_count", int32(rows.clone().map(|(_, group)| group.late_count))),
        ("late_ratio", float64(rows.clone().map(|(_, group)| group.per_item(group.late_count)))),
        ("mean_transit_days", float64(rows.map(|(_, group)| group.per_item(group.transit_days)))),
    ])
}

fn years_of_modes<'a>(silver: &Silver<'a>) -> BTreeMap<(i32, &'a str), YearOfMode> {
    let mut groups: BTreeMap<_, YearOfMode> = BTreeMap::new();
    for item in &silver.line_items {
        let shipped = Date32Type::to_naive_date_opt(item.ship_date);
        if let Some((shipped, mode)) = shipped.zip(item.ship_mode.as_deref()) {
            let group = groups.entry((shipped.year(), mode)).or_default();
            group.item_count += 1;
            group.late_count += i32::from(item.receipt_date > item.commit_date);
            group.transit_days += item.receipt_date - item.ship_date;
        }
    }
    groups
}

impl YearOfMode {
    /// Divides a total by the number of items, which is at least 1: its first item creates a group.
    fn per_item(&self, total: i32) -> f64 {
        f64::from(total) / f64::from(self.item_count)
    }
}
