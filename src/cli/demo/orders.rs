//! The orders: raw, with their faults, and cleaned.

use std::collections::HashSet;

use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::{Datelike, NaiveDate};
use tpchgen::decimal::TPCHDecimal;
use tpchgen::generators::Order as TpchOrder;

use super::columns::{batch, copies, date, decimal, float64, int32, int64, spoil, text};
use super::faults::orders as faults;
use super::tpch::{LAST_LOAD, LOADS, Load, Tpch};

/// An order as the source system sends it: dates are text, money is a float.
#[derive(Debug, Clone)]
pub(super) struct RawOrder {
    order_id: i64,
    customer_id: Option<i64>,
    status: String,
    /// In hundredths; becomes a float in the table.
    total_price: i64,
    order_date: String,
    priority: String,
    clerk: String,
    ship_priority: i32,
    comment: String,
    pub(super) loaded_on: i32,
}

/// An order that can be trusted.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) order_id: i64,
    pub(super) customer_id: i64,
    pub(super) status: String,
    total_price: i64,
    pub(super) order_date: NaiveDate,
    priority: String,
    clerk: String,
    comment: Option<String>,
    pub(super) loaded_on: i32,
}

/// Returns the orders of every load, with their faults.
pub(super) fn raw(tpch: &Tpch) -> Vec<RawOrder> {
    let mut orders: Vec<_> =
        LOADS.iter().flat_map(|load| tpch.orders(*load).map(|order| RawOrder::new(&order, *load))).collect();
    seed(&mut orders);
    orders
}

fn seed(orders: &mut Vec<RawOrder>) {
    spoil(orders, faults::NO_CUSTOMER, |order, _| order.customer_id = None);
    spoil(orders, faults::UNKNOWN_CUSTOMER, |order, _| order.customer_id = Some(999_999));
    spoil(orders, faults::BAD_STATUS, |order, nth| {
        if nth % 4 == 3 { "?" } else { "X" }.clone_into(&mut order.status);
    });
    spoil(orders, faults::NEGATIVE_TOTAL, |order, _| order.total_price = -order.total_price);
    spoil(orders, faults::AMERICAN_DATE, |order, _| {
        if let Some(date) = parse_date(&order.order_date) {
            order.order_date = date.format("%m/%d/%Y").to_string();
        }
    });
    spoil(orders, faults::STRAY_SPACE, |order, _| order.priority.push(' '));
    spoil(orders, faults::SHORT_CLERK, |order, _| order.clerk = short_clerk(&order.clerk));
    spoil(orders, faults::EMPTY_COMMENT, |order, _| order.comment.clear());
    // The last load sends a few earlier orders again.
    let replayed = copies(orders, faults::REPLAYED);
    orders.extend(replayed.into_iter().map(|order| RawOrder { loaded_on: LAST_LOAD.day, ..order }));
}

/// Returns the orders that can be trusted: each once, of known customers, repaired where possible.
pub(super) fn clean(raw: &[RawOrder], customers: &HashSet<i64>) -> Vec<Order> {
    let mut seen = HashSet::new();
    raw.iter()
        .filter_map(RawOrder::clean)
        .filter(|order| customers.contains(&order.customer_id) && seen.insert(order.order_id))
        .collect()
}

/// Parses a date in either of the two notations.
fn parse_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%m/%d/%Y")).ok()
}

/// Returns a clerk without the leading zeros of the number.
fn short_clerk(clerk: &str) -> String {
    let number = clerk.trim_start_matches("Clerk#").trim_start_matches('0');
    format!("Clerk#{number}")
}

/// Returns a clerk with all nine digits of the number.
fn full_clerk(clerk: &str) -> Option<String> {
    let number: u32 = clerk.strip_prefix("Clerk#")?.parse().ok()?;
    Some(format!("Clerk#{number:09}"))
}

impl RawOrder {
    fn new(order: &TpchOrder<'_>, load: Load) -> Self {
        Self {
            order_id: order.o_orderkey,
            customer_id: Some(order.o_custkey),
            status: order.o_orderstatus.to_string(),
            total_price: order.o_totalprice.into_inner(),
            order_date: order.o_orderdate.to_string(),
            priority: order.o_orderpriority.to_owned(),
            clerk: order.o_clerk.to_string(),
            ship_priority: order.o_shippriority,
            comment: order.o_comment.to_owned(),
            loaded_on: load.day,
        }
    }

    /// Returns what tells the order from all others: it may come again with a later load.
    pub(super) const fn key(&self) -> (i64, i32) {
        (self.order_id, self.loaded_on)
    }

    /// Returns the cleaned order, unless the order cannot be trusted.
    fn clean(&self) -> Option<Order> {
        if !["F", "O", "P"].contains(&self.status.as_str()) || self.total_price < 0 {
            return None;
        }
        Some(Order {
            order_id: self.order_id,
            customer_id: self.customer_id?,
            status: self.status.clone(),
            total_price: self.total_price,
            order_date: parse_date(&self.order_date)?,
            priority: self.priority.trim().to_owned(),
            clerk: full_clerk(&self.clerk)?,
            comment: Some(self.comment.clone()).filter(|comment| !comment.is_empty()),
            loaded_on: self.loaded_on,
        })
    }

    /// Returns the columns of `bronze/orders`.
    pub(super) fn batch(rows: &[&Self]) -> Result<RecordBatch, ArrowError> {
        let rows = rows.iter();
        batch([
            ("order_id", int64(rows.clone().map(|row| row.order_id))),
            ("customer_id", int64(rows.clone().map(|row| row.customer_id))),
            ("status", text(rows.clone().map(|row| row.status.as_str()))),
            ("total_price", float64(rows.clone().map(|row| TPCHDecimal(row.total_price).as_f64()))),
            ("order_date", text(rows.clone().map(|row| row.order_date.as_str()))),
            ("priority", text(rows.clone().map(|row| row.priority.as_str()))),
            ("clerk", text(rows.clone().map(|row| row.clerk.as_str()))),
            ("ship_priority", int32(rows.clone().map(|row| row.ship_priority))),
            ("comment", text(rows.clone().map(|row| row.comment.as_str()))),
            ("loaded_on", date(rows.map(|row| row.loaded_on))),
        ])
    }
}

impl Order {
    /// Returns the columns of `silver/orders`.
    pub(super) fn batch(rows: &[&Self]) -> Result<RecordBatch, ArrowError> {
        let rows = rows.iter();
        batch([
            ("order_id", int64(rows.clone().map(|row| row.order_id))),
            ("customer_id", int64(rows.clone().map(|row| row.customer_id))),
            ("status", text(rows.clone().map(|row| row.status.as_str()))),
            ("total_price", decimal(15, rows.clone().map(|row| row.total_price))?),
            ("order_date", date(rows.clone().map(|row| Date32Type::from_naive_date(row.order_date)))),
            ("order_year", int32(rows.clone().map(|row| row.order_date.year()))),
            ("priority", text(rows.clone().map(|row| row.priority.as_str()))),
            ("clerk", text(rows.clone().map(|row| row.clerk.as_str()))),
            ("comment", text(rows.clone().map(|row| row.comment.as_deref()))),
            ("loaded_on", date(rows.map(|row| row.loaded_on))),
        ])
    }
}
