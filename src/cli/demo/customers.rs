//! The customers: raw, with their faults, and cleaned.

use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use tpchgen::decimal::TPCHDecimal;
use tpchgen::generators::Customer as TpchCustomer;

use super::columns::{batch, date, decimal, float64, int64, spoil, text};
use super::faults::customers as faults;
use super::tpch::{LOADS, Load, Tpch};

/// The amount that the source system writes for an unknown balance: 99,999,999.99.
const PLACEHOLDER_BALANCE: i64 = 9_999_999_999;

/// A customer as the source system sends it.
#[derive(Debug)]
pub(super) struct RawCustomer {
    customer_id: i64,
    name: String,
    email: String,
    phone: String,
    address: String,
    nation_id: i64,
    /// In hundredths; becomes a float in the table.
    account_balance: i64,
    segment: String,
    /// The fields for which the table has no column, as JSON.
    rescued_data: Option<&'static str>,
    pub(super) loaded_on: i32,
}

/// A customer that can be trusted. A wrong value that cannot be repaired is blank.
#[derive(Debug)]
pub(super) struct Customer {
    pub(super) customer_id: i64,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    address: String,
    nation: Option<String>,
    account_balance: Option<i64>,
    pub(super) segment: String,
    pub(super) loaded_on: i32,
}

/// Returns the customers of every load, with their faults.
pub(super) fn raw(tpch: &Tpch) -> Vec<RawCustomer> {
    let mut customers: Vec<_> = LOADS
        .iter()
        .flat_map(|load| tpch.customers(*load).map(|customer| RawCustomer::new(&customer, *load)))
        .collect();
    seed(&mut customers);
    customers
}

fn seed(customers: &mut [RawCustomer]) {
    spoil(customers, faults::STRAY_SPACE, |customer, _| customer.name.push_str("  "));
    spoil(customers, faults::BAD_EMAIL, |customer, _| customer.email = customer.email.replace('@', "."));
    spoil(customers, faults::CUT_PHONE, |customer, _| customer.phone.truncate(6));
    spoil(customers, faults::UNKNOWN_NATION, |customer, _| customer.nation_id = 99);
    spoil(customers, faults::PLACEHOLDER_BALANCE, |customer, _| {
        customer.account_balance = PLACEHOLDER_BALANCE;
    });
    spoil(customers, faults::LOWER_SEGMENT, |customer, _| customer.segment.make_ascii_lowercase());
    spoil(customers, faults::RESCUED, |customer, _| {
        customer.rescued_data = Some(r#"{"loyalty_tier":"gold"}"#);
    });
}

/// Returns the customers, repaired. A value that cannot be repaired is left blank, since no order depends on
/// it.
pub(super) fn clean(raw: &[RawCustomer], nations: &[&str]) -> Vec<Customer> {
    raw.iter().map(|customer| customer.clean(nations)).collect()
}

/// Returns whether a text has the shape of TPC-H's phone numbers: `25-989-741-2988`.
fn is_phone(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([2, 3, 3, 4])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
}

impl RawCustomer {
    fn new(customer: &TpchCustomer<'_>, load: Load) -> Self {
        Self {
            customer_id: customer.c_custkey,
            name: customer.c_name.to_string(),
            // TPC-H has no e-mail addresses; example.com belongs to nobody.
            email: format!("customer{:09}@example.com", customer.c_custkey),
            phone: customer.c_phone.to_string(),
            address: customer.c_address.to_string(),
            nation_id: customer.c_nationkey,
            account_balance: customer.c_acctbal.into_inner(),
            segment: customer.c_mktsegment.to_owned(),
            rescued_data: None,
            loaded_on: load.day,
        }
    }

    fn clean(&self, nations: &[&str]) -> Customer {
        let nation = usize::try_from(self.nation_id).ok().and_then(|id| nations.get(id));
        Customer {
            customer_id: self.customer_id,
            name: self.name.trim().to_owned(),
            email: Some(self.email.clone()).filter(|email| email.contains('@')),
            phone: Some(self.phone.clone()).filter(|phone| is_phone(phone)),
            address: self.address.clone(),
            nation: nation.map(|name| (*name).to_owned()),
            account_balance: Some(self.account_balance).filter(|balance| *balance != PLACEHOLDER_BALANCE),
            segment: self.segment.to_ascii_uppercase(),
            loaded_on: self.loaded_on,
        }
    }

    /// Returns the columns of `bronze/customers`.
    pub(super) fn batch(rows: &[&Self]) -> Result<RecordBatch, ArrowError> {
        let rows = rows.iter();
        batch([
            ("customer_id", int64(rows.clone().map(|row| row.customer_id))),
            ("name", text(rows.clone().map(|row| row.name.as_str()))),
            ("email", text(rows.clone().map(|row| row.email.as_str()))),
            ("phone", text(rows.clone().map(|row| row.phone.as_str()))),
            ("address", text(rows.clone().map(|row| row.address.as_str()))),
            ("nation_id", int64(rows.clone().map(|row| row.nation_id))),
            ("account_balance", float64(rows.clone().map(|row| TPCHDecimal(row.account_balance).as_f64()))),
            ("segment", text(rows.clone().map(|row| row.segment.as_str()))),
            ("_rescued_data", text(rows.clone().map(|row| row.rescued_data))),
            ("loaded_on", date(rows.map(|row| row.loaded_on))),
        ])
    }
}

impl Customer {
    /// Returns the columns of `silver/customers`.
    pub(super) fn batch(rows: &[&Self]) -> Result<RecordBatch, ArrowError> {
        let rows = rows.iter();
        batch([
            ("customer_id", int64(rows.clone().map(|row| row.customer_id))),
            ("name", text(rows.clone().map(|row| row.name.as_str()))),
            ("email", text(rows.clone().map(|row| row.email.as_deref()))),
            ("phone", text(rows.clone().map(|row| row.phone.as_deref()))),
            ("address", text(rows.clone().map(|row| row.address.as_str()))),
            ("nation", text(rows.clone().map(|row| row.nation.as_deref()))),
            ("account_balance", decimal(15, rows.clone().map(|row| row.account_balance))?),
            ("segment", text(rows.clone().map(|row| row.segment.as_str()))),
            ("loaded_on", date(rows.map(|row| row.loaded_on))),
        ])
    }
}
