//! The line items: raw, with their faults, and cleaned.

use std::collections::{HashMap, HashSet};

use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;
use tpchgen::decimal::TPCHDecimal;
use tpchgen::generators::LineItem as TpchLineItem;

use super::columns::{batch, copies, date, decimal, float64, int32, int64, spoil, text};
use super::faults::line_items as faults;
use super::orders::Order;
use super::tpch::{LAST_LOAD, LOADS, Load, Tpch};

/// The texts that the source system writes for an unknown ship mode.
const PLACEHOLDERS: [&str; 3] = ["N/A", "TBD", ""];

/// A line item as the source system sends it. Money and rates are in hundredths here and become floats in the
/// table.
#[derive(Debug, Clone)]
pub(super) struct RawLineItem {
    order_id: i64,
    line_number: i32,
    part_id: i64,
    supplier_id: i64,
    quantity: i64,
    extended_price: i64,
    discount: i64,
    tax: i64,
    return_flag: String,
    line_status: String,
    /// The dates are in days since 1970.
    ship_date: i32,
    commit_date: i32,
    receipt_date: i32,
    ship_mode: String,
    pub(super) loaded_on: i32,
}

/// A line item that can be trusted, with the date of its order.
#[derive(Debug)]
pub(super) struct LineItem {
    pub(super) order_id: i64,
    line_number: i32,
    part_id: i64,
    supplier_id: i64,
    order_date: NaiveDate,
    quantity: i32,
    pub(super) extended_price: i64,
    pub(super) discount: i64,
    tax: i64,
    return_flag: String,
    line_status: String,
    pub(super) ship_date: i32,
    pub(super) commit_date: i32,
    pub(super) receipt_date: i32,
    pub(super) ship_mode: Option<String>,
    pub(super) loaded_on: i32,
}

/// Returns the line items of every load, with their faults.
pub(super) fn raw(tpch: &Tpch) -> Vec<RawLineItem> {
    let mut items: Vec<_> = LOADS
        .iter()
        .flat_map(|load| tpch.line_items(*load).map(|item| RawLineItem::new(&item, *load)))
        .collect();
    seed(&mut items);
    items
}

fn seed(items: &mut Vec<RawLineItem>) {
    spoil(items, faults::NOTHING_ORDERED, |item, _| item.quantity = 0);
    spoil(items, faults::PERCENT_DISCOUNT, |item, _| item.discount = 500);
    spoil(items, faults::SWAPPED_DATES, |item, _| {
        std::mem::swap(&mut item.ship_date, &mut item.receipt_date);
    });
    spoil(items, faults::PLACEHOLDER_MODE, |item, nth| {
        PLACEHOLDERS[nth % PLACEHOLDERS.len()].clone_into(&mut item.ship_mode);
    });
    // TPC-H uses only a quarter of the order numbers: eight numbers further on, there is no order.
    spoil(items, faults::LOST_ORDER, |item, _| item.order_id += 8);
    spoil(items, faults::RETURNED_UNSHIPPED, |item, _| {
        "R".clone_into(&mut item.return_flag);
        "O".clone_into(&mut item.line_status);
    });
    // The last load sends a few earlier line items again.
    let replayed = copies(items, faults::REPLAYED);
    items.extend(replayed.into_iter().map(|item| RawLineItem { loaded_on: LAST_LOAD.day, ..item }));
}

/// Returns the line items that can be trusted: each once, of a trusted order, repaired where possible.
pub(super) fn clean(raw: &[RawLineItem], orders: &[Order]) -> Vec<LineItem> {
    let dates: HashMap<i64, NaiveDate> =
        orders.iter().map(|order| (order.order_id, order.order_date)).collect();
    let mut seen = HashSet::new();
    raw.iter()
        .filter_map(|item| item.clean(*dates.get(&item.order_id)?))
        .filter(|item| seen.insert((item.order_id, item.line_number)))
        .collect()
}

impl RawLineItem {
    fn new(item: &TpchLineItem<'_>, load: Load) -> Self {
        Self {
            order_id: item.l_orderkey,
            line_number: item.l_linenumber,
            part_id: item.l_partkey,
            supplier_id: item.l_suppkey,
            quantity: item.l_quantity,
            extended_price: item.l_extendedprice.into_inner(),
            discount: item.l_discount.into_inner(),
            tax: item.l_tax.into_inner(),
            return_flag: item.l_returnflag.to_owned(),
            line_status: item.l_linestatus.to_owned(),
            ship_date: item.l_shipdate.to_unix_epoch(),
            commit_date: item.l_commitdate.to_unix_epoch(),
            receipt_date: item.l_receiptdate.to_unix_epoch(),
            ship_mode: item.l_shipmode.to_owned(),
            loaded_on: load.day,
        }
    }

    /// Returns the cleaned line item, unless nothing was ordered or the line item contradicts itself.
    fn clean(&self, order_date: NaiveDate) -> Option<LineItem> {
        let returned_unshipped = self.return_flag == "R" && self.line_status == "O";
        if returned_unshipped || self.receipt_date < self.ship_date {
            return None;
        }
        Some(LineItem {
            order_id: self.order_id,
            line_number: self.line_number,
            part_id: self.part_id,
            supplier_id: self.supplier_id,
            order_date,
            quantity: i32::try_from(self.quantity).ok().filter(|quantity| *quantity > 0)?,
            extended_price: self.extended_price,
            // Discounts end at 10 %, so a rate of 1 or more was meant as a percentage.
            discount: if self.discount >= 100 { self.discount / 100 } else { self.discount },
            tax: self.tax,
            return_flag: self.return_flag.clone(),
            line_status: self.line_status.clone(),
            ship_date: self.ship_date,
            commit_date: self.commit_date,
            receipt_date: self.receipt_date,
            ship_mode: Some(self.ship_mode.clone()).filter(|mode| !PLACEHOLDERS.contains(&mode.as_str())),
            loaded_on: self.loaded_on,
        })
    }

    /// Returns the columns of `bronze/line_items`.
    pub(super) fn batch(rows: &[&Self]) -> Result<RecordBatch, ArrowError> {
        let rows = rows.iter();
        batch([
            ("order_id", int64(rows.clone().map(|row| row.order_id))),
            ("line_number", int32(rows.clone().map(|row| row.line_number))),
            ("part_id", int64(rows.clone().map(|row| row.part_id))),
            ("supplier_id", int64(rows.clone().map(|row| row.supplier_id))),
            ("quantity", int64(rows.clone().map(|row| row.quantity))),
            ("extended_price", float64(rows.clone().map(|row| TPCHDecimal(row.extended_price).as_f64()))),
            ("discount", float64(rows.clone().map(|row| TPCHDecimal(row.discount).as_f64()))),
            ("tax", float64(rows.clone().map(|row| TPCHDecimal(row.tax).as_f64()))),
            ("return_flag", text(rows.clone().map(|row| row.return_flag.as_str()))),
            ("line_status", text(rows.clone().map(|row| row.line_status.as_str()))),
            ("ship_date", date(rows.clone().map(|row| row.ship_date))),
            ("commit_date", date(rows.clone().map(|row| row.commit_date))),
            ("receipt_date", date(rows.clone().map(|row| row.receipt_date))),
            ("ship_mode", text(rows.clone().map(|row| row.ship_mode.as_str()))),
            ("loaded_on", date(rows.map(|row| row.loaded_on))),
        ])
    }
}

impl LineItem {
    /// Returns the columns of `silver/line_items`.
    pub(super) fn batch(rows: &[&Self]) -> Result<RecordBatch, ArrowError> {
        let rows = rows.iter();
        batch([
            ("order_id", int64(rows.clone().map(|row| row.order_id))),
            ("line_number", int32(rows.clone().map(|row| row.line_number))),
            ("part_id", int64(rows.clone().map(|row| row.part_id))),
            ("supplier_id", int64(rows.clone().map(|row| row.supplier_id))),
            ("order_date", date(rows.clone().map(|row| Date32Type::from_naive_date(row.order_date)))),
            ("quantity", int32(rows.clone().map(|row| row.quantity))),
            ("extended_price", decimal(15, rows.clone().map(|row| row.extended_price))?),
            ("discount", decimal(4, rows.clone().map(|row| row.discount))?),
            ("tax", decimal(4, rows.clone().map(|row| row.tax))?),
            ("return_flag", text(rows.clone().map(|row| row.return_flag.as_str()))),
            ("line_status", text(rows.clone().map(|row| row.line_status.as_str()))),
            ("ship_date", date(rows.clone().map(|row| row.ship_date))),
            ("commit_date", date(rows.clone().map(|row| row.commit_date))),
            ("receipt_date", date(rows.clone().map(|row| row.receipt_date))),
            ("ship_mode", text(rows.clone().map(|row| row.ship_mode.as_deref()))),
            ("loaded_on", date(rows.map(|row| row.loaded_on))),
        ])
    }
}
