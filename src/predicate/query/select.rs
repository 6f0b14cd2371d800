//! Binds one SELECT to a schema, which gives a relation.

use super::super::types::cast_for_equality;
use super::super::{Expression, Kind, TypeError, Typed, check};
use super::bind::{Binder, Named, output, sort_key};
use super::grouped::Groups;
use super::placeholders::{subqueries_in, subquery_column};
use super::relation::wholly_read;
use super::scope::Scope;
use super::tree::{Item, Order, Select, Subquery, SubqueryResult};
use super::{Aggregation, BoundQuery, Relation, Step, from, grouped};
use crate::data::{ColumnPath, DataType, Field, Schema, Value};
use crate::predicate::{Comparison, Summary, Term};

/// The rows of a SELECT as far as they are built, and the scope of the names there.
pub(super) struct Stage<'a> {
    pub(super) select: &'a Select,
    pub(super) named: &'a Named,
    pub(super) relation: Relation,
    pub(super) scope: Scope,
    /// The groups, once rows are grouped: then only keys and aggregates have values.
    pub(super) groups: Option<Groups>,
}

/// Returns the rows of a SELECT, in order.
pub(super) fn select(
    binder: &mut Binder<'_>,
    select: &Select,
    order: &[Order],
    named: &Named,
) -> Result<BoundQuery, TypeError> {
    let (relation, scope) = from::from(binder, select, named)?;
    let mut stage = Stage { select, named, relation, scope, groups: None };
    if let Some(filter) = &select.filter {
        let condition = stage.condition(binder, filter)?;
        stage.relation = stage.relation.filter(condition);
    }
    if !select.keys.is_empty() || select.having.is_some() || !select.calls.is_empty() {
        grouped::group(&mut stage, binder)?;
    }
    if let Some(having) = &select.having {
        let condition = stage.condition(binder, &stage.with_aliases(having))?;
        stage.relation = stage.relation.filter(condition);
    }
    let (names, mut values) = stage.items(binder)?;
    let by = stage.order(binder, order, &names, &mut values)?;
    let width = names.len();
    let columns: Vec<Field> = values
        .iter()
        .map(|value| Field { name: binder.fresh(), data_type: value.data_type.clone() })
        .collect();
    let unread = stage.unread();
    let mut relation = stage.relation.project(values, columns);
    if select.distinct {
        let wrong = |message| TypeError { message, span: select.first.span, help: None };
        wholly_read(&unread).map_err(wrong)?;
        relation = distinct(relation, &names, select)?;
    }
    if !by.is_empty() {
        let keys = by.iter().map(|(order, index)| sort_key(order, relation.columns.get(*index)));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        // Ties are broken by all columns, so that the rows that are kept or shown do not depend on chance.
        relation = relation.sorted(keys);
    }
    if relation.columns.len() > width {
        let shown: Vec<Field> = relation.columns.iter().take(width).cloned().collect();
        let values = shown.iter().map(value).collect();
        relation = relation.project(values, shown);
    }
    Ok(BoundQuery { relation, names, unread })
}

fn value(of: &Field) -> Typed {
    Typed::column(&ColumnPath::column(&of.name), &of.data_type)
}

fn distinct(relation: Relation, names: &[String], select: &Select) -> Result<Relation, TypeError> {
    let columns = relation.columns.clone();
    for (column, name) in columns.iter().zip(names) {
        if !column.data_type.is_comparable() {
            let message = format!("DISTINCT: \"{name}\" of type {} has no equality", column.data_type);
            return Err(TypeError { message, span: select.first.span, help: None });
        }
    }
    Ok(Relation { step: Box::new(Step::Distinct(relation)), columns })
}

impl Stage<'_> {
    /// Resolves an expression on the current rows.
    pub(super) fn typed(&mut self, binder: &mut Binder<'_>, of: &Expression) -> Result<Typed, TypeError> {
        self.attach(binder, of)?;
        let schema = Schema { fields: self.relation.columns.clone() };
        let resolved = self.scope.resolve(of)?;
        match &self.groups {
            Some(groups) => check(&groups.resolve(resolved, &schema, binder.now)?, &schema, binder.now),
            None => check(&resolved, &schema, binder.now),
        }
    }

    pub(super) fn condition(&mut self, binder: &mut Binder<'_>, of: &Expression) -> Result<Typed, TypeError> {
        let typed = self.typed(binder, of)?;
        match typed.data_type {
            DataType::Boolean => Ok(typed),
            other => Err(TypeError {
                message: format!("a condition is wanted, this is a value of type {other}"),
                span: of.span,
                help: None,
            }),
        }
    }

    /// Adds a column for each subquery of an expression to the rows.
    fn attach(&mut self, binder: &mut Binder<'_>, of: &Expression) -> Result<(), TypeError> {
        for index in subqueries_in(of) {
            let name = subquery_column(index);
            if self.relation.columns.iter().any(|column| column.name == name) {
                continue;
            }
            let Some(Subquery { result, body, span }) = self.select.subqueries.get(index) else { continue };
            let selected = binder.body(body, self.named).map_err(|mut error| {
                error.help = error.help.or_else(|| {
                    Some("a query within another one knows the columns of its own tables only".to_owned())
                });
                error
            })?;
            let wrong = |message: String| TypeError { message, span: *span, help: None };
            if *result != SubqueryResult::Exists && selected.names.len() != 1 {
                return Err(wrong(format!(
                    "a query of {} columns where one is wanted",
                    selected.names.len()
                )));
            }
            let relation = selected.relation;
            let found = relation.columns.first().map_or_else(Typed::always, value);
            let columns = self.relation.columns.clone();
            let (step, data_type) = match result {
                SubqueryResult::Value => {
                    let of = self.relation.clone();
                    (Step::Value { of, value: relation }, found.data_type)
                }
                SubqueryResult::Exists => {
                    let of = self.relation.clone();
                    (Step::Value { of, value: is_there(binder, relation) }, DataType::Boolean)
                }
                SubqueryResult::Among(asked) => {
                    let asked = self.typed(binder, asked)?;
                    let (value, found) =
                        cast_for_equality(asked, found).map_err(|why| TypeError::incomparable(*span, why))?;
                    let column = Field { name: binder.fresh(), data_type: found.data_type.clone() };
                    let values = relation.project(vec![found], vec![column]);
                    (Step::Among { of: self.relation.clone(), value, values }, DataType::Boolean)
                }
            };
            let columns = columns.into_iter().chain([Field { name, data_type }]).collect();
            self.relation = Relation { step: Box::new(step), columns };
        }
        Ok(())
    }

    /// Replaces names that are no columns, but aliases of selected values, by these values.
    pub(super) fn with_aliases(&self, of: &Expression) -> Expression {
        let mut of = of.clone();
        let never: Result<(), std::convert::Infallible> = of.rewrite(&mut |expression| {
            if let Kind::Column(path) = &expression.kind
                && path.parts().len() == 1
                && !self.scope.knows(expression)
            {
                let named = self.select.items.iter().find_map(|item| match item {
                    Item::Value { of, name } if name == path.root() => Some(of),
                    _ => None,
                });
                if let Some(named) = named {
                    expression.kind = named.kind.clone();
                }
            }
            Ok(())
        });
        let Ok(()) = never;
        of
    }

    /// Returns the columns that `*` leaves out of the selected items.
    fn unread(&self) -> Vec<Field> {
        let of = |item: &Item| match item {
            Item::All(of, _) => self.scope.unread(of.as_deref()).cloned().collect(),
            Item::Value { .. } => Vec::new(),
        };
        self.select.items.iter().flat_map(of).collect()
    }

    /// Returns the names and values of the selected items.
    fn items(&mut self, binder: &mut Binder<'_>) -> Result<(Vec<String>, Vec<Typed>), TypeError> {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for item in &self.select.items {
            match item {
                Item::All(_, span) if self.groups.is_some() => {
                    let message = "* beside groups or aggregates: a group has keys and aggregates only";
                    return Err(TypeError { message: message.to_owned(), span: *span, help: None });
                }
                Item::All(of, span) => {
                    for known in self.scope.all(of.as_deref(), *span)? {
                        names.push(known.name.clone());
                        values.push(value(&known.field));
                    }
                }
                Item::Value { of, name } => {
                    names.push(name.clone());
                    values.push(self.typed(binder, of)?);
                }
            }
        }
        Ok((names, values))
    }

    /// Returns the positions of the values by which rows are ordered; values that are not selected are added.
    fn order<'o>(
        &mut self,
        binder: &mut Binder<'_>,
        order: &'o [Order],
        names: &[String],
        values: &mut Vec<Typed>,
    ) -> Result<Vec<(&'o Order, usize)>, TypeError> {
        let mut by = Vec::new();
        for one in order {
            let index = if let Some(index) = output(one, names) {
                index?
            } else {
                let of = self.with_aliases(&one.of);
                let typed = self.typed(binder, &of)?;
                match values.iter().position(|value| *value == typed) {
                    Some(index) => index,
                    None if self.select.distinct => {
                        let message = "DISTINCT rows are ordered by what is selected".to_owned();
                        return Err(TypeError { message, span: one.of.span, help: None });
                    }
                    None => {
                        values.push(typed);
                        values.len() - 1
                    }
                }
            };
            by.push((one, index));
        }
        Ok(by)
    }
}

/// Returns a relation of one row, which tells whether a relation has rows.
fn is_there(binder: &mut Binder<'_>, of: Relation) -> Relation {
    let rows = Field { name: binder.fresh(), data_type: DataType::INT64 };
    let count = Aggregation {
        function: Summary::Count,
        distinct: false,
        of: None,
        filter: None,
        data_type: DataType::INT64,
    };
    let step = Step::Aggregate(of, Vec::new(), vec![count]);
    let counted = Relation { step: Box::new(step), columns: vec![rows.clone()] };
    let none = Typed { term: Term::Literal(Value::Integer(0)), data_type: DataType::INT64 };
    let some = Term::Compare(Comparison::Greater, Box::new(value(&rows)), Box::new(none));
    let column = Field { name: binder.fresh(), data_type: DataType::Boolean };
    counted.project(vec![Typed::boolean(some)], vec![column])
}
