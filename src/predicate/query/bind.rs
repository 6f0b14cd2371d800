//! Binds a query to a schema, which gives a relation.

use chrono::{DateTime, Utc};

use super::super::{TypeError, Typed};
use super::tree::{Body, Order, Query, Rows};
use super::{BoundQuery, Relation, SortKey, Step, combine, select};
use crate::data::{ColumnPath, Field, Schema};
use crate::document::Span;

/// Maximum number of steps of a relation; a query of `WITH` counts each time that it is used.
const MOST_STEPS: usize = 500;

/// The queries that others may use by their names, the innermost last.
pub(super) type Named = Vec<(String, BoundQuery)>;

impl Query {
    /// Resolves the names and types of a query on a table with this schema.
    ///
    /// # Errors
    /// The first place that does not fit.
    pub fn bind(&self, schema: &Schema, now: DateTime<Utc>) -> Result<BoundQuery, TypeError> {
        Binder { schema, now, names: 0, steps: 0 }.body(&self.body, &Vec::new())
    }
}

pub(super) struct Binder<'a> {
    pub(super) schema: &'a Schema,
    /// The current time.
    pub(super) now: DateTime<Utc>,
    /// Number of columns that have been named.
    names: usize,
    /// Number of steps so far.
    steps: usize,
}

impl Binder<'_> {
    /// Returns a name that no other column has.
    pub(super) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("{}column {}", super::placeholders::MARK, self.names)
    }

    /// Counts the steps of a relation that is made, or used once more.
    pub(super) fn count(&mut self, relation: &Relation, span: Span) -> Result<(), TypeError> {
        self.steps += relation.steps();
        if self.steps > MOST_STEPS {
            let message = format!("a query of more than {MOST_STEPS} steps");
            return Err(TypeError { message, span, help: None });
        }
        Ok(())
    }

    pub(super) fn body(&mut self, body: &Body, named: &Named) -> Result<BoundQuery, TypeError> {
        let mut named = named.clone();
        for one in &body.with {
            let mut selected = self.body(&one.body, &named)?;
            rename(&mut selected, &one.columns, one.body.span)?;
            named.push((one.name.clone(), selected));
        }
        let mut selected = match &body.rows {
            Rows::Select(select) => select::select(self, select, &body.order, &named)?,
            other => {
                let mut selected = self.rows(other, &named)?;
                let order = body.order.iter().map(|order| by_output(order, &selected));
                let order = order.collect::<Result<Vec<_>, _>>()?;
                if !order.is_empty() {
                    selected.relation = selected.relation.sorted(order);
                }
                selected
            }
        };
        if body.limit.is_some() || body.offset > 0 {
            // The result must not depend on which rows happen to come first.
            if !selected.relation.is_ordered() {
                selected.relation = selected.relation.sorted(Vec::new());
            }
            let columns = selected.relation.columns.clone();
            let step = Step::Slice { of: selected.relation, offset: body.offset, limit: body.limit };
            selected.relation = Relation { step: Box::new(step), columns };
        }
        self.count(&selected.relation, body.span)?;
        Ok(selected)
    }

    fn rows(&mut self, rows: &Rows, named: &Named) -> Result<BoundQuery, TypeError> {
        match rows {
            Rows::Select(select) => select::select(self, select, &[], named),
            Rows::Nested(body) => self.body(body, named),
            Rows::Combined { how, left, right, span } => {
                let (left, right) = (self.rows(left, named)?, self.rows(right, named)?);
                combine::combine(self, *how, left, right, *span)
            }
        }
    }
}

/// Renames the columns, if names are given.
pub(super) fn rename(selected: &mut BoundQuery, names: &[String], span: Span) -> Result<(), TypeError> {
    if names.is_empty() {
        return Ok(());
    }
    if names.len() != selected.names.len() {
        let message = format!("{} names for {} columns", names.len(), selected.names.len());
        return Err(TypeError { message, span, help: None });
    }
    selected.names = names.to_vec();
    Ok(())
}

/// Returns the position of the column by which rows are ordered, which is given by its number or its name.
pub(super) fn output(order: &Order, names: &[String]) -> Option<Result<usize, TypeError>> {
    use super::super::Kind;
    use crate::data::Literal;
    let wrong = |message: String| Some(Err(TypeError { message, span: order.of.span, help: None }));
    match &order.of.kind {
        Kind::Literal(Literal::Number(digits)) => match digits.parse::<usize>() {
            Ok(number) if (1..=names.len()).contains(&number) => Some(Ok(number - 1)),
            _ => wrong(format!("there is no column {digits} of {}", names.len())),
        },
        Kind::Literal(_) => wrong("all rows have this value".to_owned()),
        Kind::Column(path) if path.parts().len() == 1 => {
            let mut found = names.iter().enumerate().filter(|(_, name)| *name == path.root());
            match (found.next(), found.next()) {
                (Some((index, _)), None) => Some(Ok(index)),
                (Some(_), Some(_)) => wrong(format!("several columns are called \"{path}\"")),
                (None, _) => None,
            }
        }
        _ => None,
    }
}

fn by_output(order: &Order, selected: &BoundQuery) -> Result<SortKey, TypeError> {
    let index = output(order, &selected.names).unwrap_or_else(|| {
        let message = "the rows of several queries are ordered by their columns".to_owned();
        Err(TypeError { message, span: order.of.span, help: Some("ORDER BY 1, or by a name".to_owned()) })
    })?;
    sort_key(order, selected.relation.columns.get(index))
}

/// Returns a sort key for a column, whose values must have an order.
pub(super) fn sort_key(order: &Order, column: Option<&Field>) -> Result<SortKey, TypeError> {
    let span = order.of.span;
    let Some(column) = column else {
        return Err(TypeError { message: "there is no such column".to_owned(), span, help: None });
    };
    if !column.data_type.is_ordered() {
        let message = format!("values of type {} have no order", column.data_type);
        return Err(TypeError { message, span, help: None });
    }
    let of = Typed::column(&ColumnPath::column(&column.name), &column.data_type);
    Ok(SortKey { of, descending: order.descending, nulls_first: order.nulls_first })
}
