//! Checks on the elements of lists. A row fails if one of its elements fails.

use super::{Claim, Expectation, FailureRule, LowerError, Lowered, RowRule, Site};
use crate::data::{ColumnPath, DataType, Field, Schema};
use crate::predicate::Typed;

/// Binds an expectation to its place: a table, a column, or the elements of a list column.
///
/// On elements, the expectation is bound to a table whose only column holds the elements. A row is considered
/// if one of its elements is: null and empty lists have no element to judge.
///
/// # Errors
/// It does not fit.
pub(crate) fn lower_on(expectation: &dyn Expectation, site: &Site<'_>) -> Result<Lowered, LowerError> {
    let Some((list, below)) = site.column.and_then(ColumnPath::elements) else {
        return expectation.lower(site);
    };
    let lists = site.named(&list)?;
    let DataType::List(of) = &lists.data_type else {
        let message = format!("column \"{list}\" is {}, and has no elements", lists.data_type);
        return Err(LowerError::new(message));
    };
    let element = format!("{list}[*]");
    let names = std::iter::once(element.clone()).chain(below.iter().cloned()).collect();
    let schema = Schema { fields: vec![Field::new(element, of.as_ref().clone())] };
    let path = ColumnPath::new(names);
    let inner = Site {
        schema: &schema,
        column: path.as_ref(),
        filter: Typed::always(),
        now: site.now,
        conditions: &[],
        others: site.others,
    };
    match expectation.lower(&inner)? {
        Lowered::Rows(RowRule { considered, fails: FailureRule::Condition(fails) }) => {
            let some = |condition| Typed::all([site.filter.clone(), lists.clone().any_element(condition)]);
            Ok(Lowered::Rows(RowRule {
                considered: some(considered),
                fails: FailureRule::Condition(some(fails)),
            }))
        }
        Lowered::Decided(judgement) => Ok(Lowered::Decided(judgement)),
        Lowered::Rows(_) | Lowered::Measured { .. } | Lowered::Readable => {
            Err(LowerError::new("elements of a list are judged one by one, and this compares values"))
        }
    }
}

/// What an expectation claims where it stands. On the elements of a list, it is claimed of each.
pub(crate) fn claim_on(expectation: &dyn Expectation, column: Option<&ColumnPath>) -> Option<Claim> {
    let Some((list, below)) = column.and_then(ColumnPath::elements) else {
        return expectation.claim(column);
    };
    let names = std::iter::once(format!("{list}[*]")).chain(below.iter().cloned()).collect();
    expectation.claim(ColumnPath::new(names).as_ref())
}
