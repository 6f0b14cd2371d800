//! Checks that a query reads the one table and nothing else.

use super::read::TABLE;
use super::tree::{Body, Factor, FactorKind, Rows, Select};
use crate::document::Diagnostic;

/// The help for a query that reads another table.
pub(super) const READS_ONE: &str = "write {batch}, which stands for the table: a query reads nothing else; exists_in, same_rows_as and row_count_same_as look into another dataset";

/// Checks every table that a query names; names of `WITH` are known, too.
pub(super) fn look_at(body: &Body, known: &[String]) -> Result<(), Diagnostic> {
    let mut known = known.to_vec();
    for named in &body.with {
        look_at(&named.body, &known)?;
        known.push(named.name.clone());
    }
    of_rows(&body.rows, &known)
}

fn of_rows(rows: &Rows, known: &[String]) -> Result<(), Diagnostic> {
    match rows {
        Rows::Select(select) => of_select(select, known),
        Rows::Nested(body) => look_at(body, known),
        Rows::Combined { left, right, .. } => {
            of_rows(left, known)?;
            of_rows(right, known)
        }
    }
}

fn of_select(select: &Select, known: &[String]) -> Result<(), Diagnostic> {
    let factors = std::iter::once(&select.first).chain(select.joins.iter().map(|join| &join.with));
    for factor in factors {
        of_factor(factor, known)?;
    }
    select.subqueries.iter().try_for_each(|subquery| look_at(&subquery.body, known))
}

fn of_factor(factor: &Factor, known: &[String]) -> Result<(), Diagnostic> {
    match &factor.of {
        FactorKind::Derived(body) => look_at(body, known),
        FactorKind::Name(name) if name == TABLE => Ok(()),
        FactorKind::Name(name) if known.iter().any(|known| known.eq_ignore_ascii_case(name)) => Ok(()),
        FactorKind::Name(name) => {
            Err(Diagnostic::new(factor.span, format!("it reads {name}")).help(READS_ONE))
        }
    }
}
