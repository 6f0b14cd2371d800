//! UNION, EXCEPT and INTERSECT: combines the rows of two relations in common types.

use super::super::types::supertype;
use super::super::{Term, TypeError, Typed};
use super::bind::Binder;
use super::{BoundQuery, Relation, SetOperation, Step};
use crate::data::{ColumnPath, DataType, Field, TimeUnit, is_wide};
use crate::document::Span;

/// Combines the rows of two relations; the columns have the names of the first.
pub(super) fn combine(
    binder: &mut Binder<'_>,
    how: SetOperation,
    left: BoundQuery,
    right: BoundQuery,
    span: Span,
) -> Result<BoundQuery, TypeError> {
    let wrong = |message: String| TypeError { message, span, help: None };
    let (width, other) = (left.names.len(), right.names.len());
    if width != other {
        return Err(wrong(format!("rows of {width} columns beside rows of {other}")));
    }
    if how != SetOperation::Append {
        left.wholly_read().and_then(|()| right.wholly_read()).map_err(wrong)?;
    }
    let (mut lefts, mut rights, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    let pairs = left.relation.columns.iter().zip(&right.relation.columns);
    for ((here, there), name) in pairs.zip(&left.names) {
        let (here, there) = common(value(here), value(there))
            .map_err(|message| wrong(format!("column \"{name}\": {message}")))?;
        let data_type = here.data_type.clone();
        if how != SetOperation::Append && !data_type.is_comparable() {
            return Err(wrong(format!("column \"{name}\": values of type {data_type} have no equality")));
        }
        columns.push(Field { name: binder.fresh(), data_type });
        lefts.push(here);
        rights.push(there);
    }
    let BoundQuery { relation, names, mut unread } = left;
    unread.extend(right.unread);
    let left = relation.project(lefts, columns.clone());
    let right = right.relation.project(rights, columns.clone());
    let step = Step::Combine { how, left, right };
    Ok(BoundQuery { relation: Relation { step: Box::new(step), columns }, names, unread })
}

fn value(of: &Field) -> Typed {
    Typed::column(&ColumnPath::column(&of.name), &of.data_type)
}

/// Casts two values to one type; a null has any type.
fn common(left: Typed, right: Typed) -> Result<(Typed, Typed), String> {
    match (&left.data_type, &right.data_type) {
        (left_type, right_type) if left_type == right_type => Ok((left, right)),
        (DataType::Null, _) => Ok((cast(left, &right.data_type), right)),
        (_, DataType::Null) => {
            let right = cast(right, &left.data_type);
            Ok((left, right))
        }
        // 64 bits of nanoseconds cannot hold all dates.
        (DataType::Date, to @ DataType::Timestamp { zone: None, unit })
        | (to @ DataType::Timestamp { zone: None, unit }, DataType::Date)
            if *unit != TimeUnit::Nanoseconds =>
        {
            let to = to.clone();
            Ok((cast(left, &to), cast(right, &to)))
        }
        (left_type, right_type) => {
            let to = supertype(left_type, right_type)?;
            if is_wide(&to) {
                return Err(format!(
                    "{right_type} beside {left_type}: no decimal holds both; CAST(… AS double) is a column of doubles"
                ));
            }
            Ok((cast(left, &to), cast(right, &to)))
        }
    }
}

fn cast(of: Typed, to: &DataType) -> Typed {
    if of.data_type == *to {
        return of;
    }
    Typed { term: Term::Cast(Box::new(of)), data_type: to.clone() }
}
