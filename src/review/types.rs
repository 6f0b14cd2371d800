//! Checks that no column of the type that another check demands can be asked of.

use chrono::DateTime;

use super::compared::Claimed;
use super::limits::noticed;
use super::needs::types_of;
use crate::data::{ColumnPath, DataType};
use crate::expectation::{Claim, LowerError, Need, OtherSchemas, ParameterKind, Site, lower_on, schema_at};
use crate::predicate::Typed;
use crate::suite::Check;

/// Types of which a column must be, as a check has it.
pub(super) struct DemandedTypes<'a> {
    pub(super) column: &'a ColumnPath,
    types: Vec<DataType>,
}

impl<'a> DemandedTypes<'a> {
    /// What a check wants a column's type to be, if it wants that.
    pub(super) fn by(claimed: &Claimed<'a>) -> Option<Self> {
        let check = claimed.check;
        let column = check.column.as_ref().filter(|column| column.elements().is_none())?;
        let Claim::Whole { needs, .. } = &claimed.claim else { return None };
        let [(_, Need::Types(names))] = needs.as_slice() else { return None };
        if noticed(check).is_empty() {
            return None;
        }
        let types: Vec<_> = names.iter().map(types_of).collect();
        // Of lists and structs, one does not stand for all.
        let known = !types.is_empty() && types.iter().all(|types| !types.is_empty());
        known.then(|| Self { column, types: types.concat() })
    }

    /// Why a check of the column cannot be evaluated on any of these types, if it cannot.
    pub(super) fn misfit(&self, check: &Check) -> Option<LowerError> {
        if check.column.as_ref() != Some(self.column) || names_others(check) {
            return None;
        }
        let mut last = None;
        for data_type in &self.types {
            last = Some(lowered(check, self.column, data_type).err()?);
        }
        last
    }
}

/// Returns whether a check speaks of more than its column.
fn names_others(check: &Check) -> bool {
    let given = |name: &str| check.arguments.get(name).is_some();
    let names = |kind: ParameterKind| {
        matches!(
            kind,
            ParameterKind::Column
                | ParameterKind::Columns
                | ParameterKind::Counterparts
                | ParameterKind::Dataset
                | ParameterKind::Sql
                | ParameterKind::Version
        )
    };
    check.definition.parameters.iter().any(|parameter| names(parameter.kind) && given(parameter.name))
        || !check.expectation.datasets().is_empty()
}

fn lowered(check: &Check, column: &ColumnPath, data_type: &DataType) -> Result<(), LowerError> {
    let schema =
        schema_at(column, data_type.clone()).ok_or_else(|| LowerError::new("a column without a name"))?;
    let site = Site {
        schema: &schema,
        column: Some(column),
        filter: Typed::always(),
        now: DateTime::UNIX_EPOCH,
        conditions: &[],
        others: &OtherSchemas::default(),
    };
    lower_on(check.expectation.as_ref(), &site).map(|_| ())
}
