//! Columns of a table, fetched for another engine to judge.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use super::batches::{batch, has_form};
use super::metrics::{as_text, counted, statement};
use super::opened::OpenedTable;
use super::read_values::count;
use super::select::Runner;
use super::{Dialect, Guarded};
use crate::data::{Field, thousands};
use crate::engine::{EngineError, FetchedRows};
use crate::privacy::Untrusted;

/// A table of which columns are fetched.
pub(super) struct Fetch<'a> {
    pub(super) table: &'a OpenedTable,
    pub(super) dialect: &'static dyn Dialect,
    pub(super) is_cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl Fetch<'_> {
    /// Fetches columns of a table of at most `most` rows. Those that would not be read right are withheld.
    ///
    /// # Errors
    /// The run was cancelled, or a statement failed.
    pub(super) fn columns(&self, names: &BTreeSet<String>, most: u64) -> Result<FetchedRows, EngineError> {
        let mut fetched = FetchedRows::default();
        let schema = &self.table.table.schema;
        let mut fields = Vec::new();
        for field in schema.fields.iter().filter(|field| names.contains(&field.name)) {
            if self.is_fetched(field) {
                fields.push(field.clone());
            } else {
                let why = format!("column \"{}\" of the type {} is not fetched", field.name, field.data_type);
                fetched.withheld.insert(field.name.clone(), why);
            }
        }
        if let Some(why) = self.more_than(most, &fields, &mut fetched)? {
            fetched.rows = Err(why);
            return Ok(fetched);
        }
        fields.retain(|field| !fetched.withheld.contains_key(&field.name));
        if fields.is_empty() {
            // Rows without a column could not be counted.
            fields.extend(schema.fields.iter().find(|field| self.is_fetched(field)).cloned());
        }
        let texts = fields.iter().filter_map(|field| self.shown(field)).collect::<Vec<_>>();
        let rows =
            self.ask(&statement(self.dialect, &texts, &self.table.table.relation, ""), &mut fetched)?;
        let rows = batch(&fields, &rows)
            .map_err(|unreadable| EngineError::Query { reason: Untrusted::places(unreadable.to_string()) })?;
        fetched.rows = Ok(vec![rows]);
        Ok(fetched)
    }

    /// Returns whether a column can be fetched as a value of its type.
    fn is_fetched(&self, field: &Field) -> bool {
        self.dialect.can_name(&field.name) && has_form(&field.data_type) && self.shown(field).is_some()
    }

    fn shown(&self, field: &Field) -> Option<String> {
        self.dialect.shown(&self.dialect.quoted(&field.name), &field.data_type)
    }

    /// Counts the rows of the table, and those that some columns of it may not have, which are withheld. Returns why the
    /// table is not fetched if it has more than `most` rows.
    fn more_than(
        &self,
        most: u64,
        fields: &[Field],
        fetched: &mut FetchedRows,
    ) -> Result<Option<String>, EngineError> {
        let table = &self.table.table;
        let is_guarded = |(column, ..): &&Guarded| fields.iter().any(|field| field.name == *column);
        let guards: Vec<&Guarded> = table.guards.iter().filter(is_guarded).collect();
        let counts = guards.iter().map(|(_, condition, _)| counted(self.dialect, condition));
        let counts: Vec<String> = std::iter::once(as_text(self.dialect, "count(*)")).chain(counts).collect();
        let rows = self.ask(&statement(self.dialect, &counts, &table.relation, ""), fetched)?;
        let mut counts = rows.first().into_iter().flatten().map(|cell| count(cell).unwrap_or(u64::MAX));
        let rows = counts.next().unwrap_or(u64::MAX);
        let broken = guards.into_iter().zip(counts).filter(|(_, rows)| *rows > 0);
        fetched.withheld.extend(broken.map(|((column, _, why), _)| (column.clone(), why.clone())));
        Ok((rows > most).then(|| {
            format!(
                "{} rows of {} would be fetched, more than the {} of --fetch",
                thousands(&rows.to_string()),
                table.uri,
                thousands(&most.to_string())
            )
        }))
    }

    /// Runs a statement in the session of the table.
    fn ask(&self, text: &str, fetched: &mut FetchedRows) -> Result<Vec<Vec<super::Cell>>, EngineError> {
        let mut session = self.table.table.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut runner = Runner {
            session: &mut *session,
            is_cancelled: self.is_cancelled,
            answered: &mut fetched.statements,
            quotes_data: false,
        };
        let answer = runner.ask(text)?.map_err(|message| EngineError::Query { reason: message.into() })?;
        Ok(answer.rows)
    }
}
