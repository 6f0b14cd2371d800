//! Binds FROM: its tables, and the joins between them.

use chrono::{DateTime, Utc};

use super::super::types::cast_for_equality;
use super::super::{Comparison, Expression, Kind, TypeError, Typed, check, check_boolean};
use super::bind::{Binder, Named, rename};
use super::names::READS_ONE;
use super::placeholders::subqueries_in;
use super::read::TABLE;
use super::scope::{Scope, Source};
use super::tree::{Factor, FactorKind, Join, On, Select};
use super::{BoundQuery, JoinKind, Relation, Step};
use crate::data::{ColumnPath, Field, Schema};
use crate::document::Span;

/// Returns the rows of FROM and the scope of their names.
pub(super) fn from(
    binder: &mut Binder<'_>,
    select: &Select,
    named: &Named,
) -> Result<(Relation, Scope), TypeError> {
    let (source, relation) = factor(binder, &select.first, named)?;
    let mut left = Side { relation, scope: Scope { sources: vec![source] } };
    if !select.joins.is_empty() {
        left.relation = renamed(binder, left.relation, &mut left.scope.sources);
    }
    // An outer join further on may add rows without a partner, to which WHERE applies as well.
    let inner = |join: &Join| matches!(join.how, JoinKind::Inner | JoinKind::Left);
    let filter = select.filter.as_ref().filter(|_| select.joins.iter().all(inner));
    for join in &select.joins {
        let (source, right) = factor(binder, &join.with, named)?;
        if left.scope.sources.iter().any(|one| one.qualifier.eq_ignore_ascii_case(&source.qualifier)) {
            let message = format!("two tables are called \"{}\"", source.qualifier);
            let help = Some("give each a name of its own: {batch} AS a JOIN {batch} AS b".to_owned());
            return Err(TypeError { message, span: join.with.span, help });
        }
        let mut sources = vec![source];
        let relation = renamed(binder, right, &mut sources);
        let right = Side { relation, scope: Scope { sources } };
        left = joined(join, binder.now, left, right, filter)?;
    }
    Ok((left.relation, left.scope))
}

/// Binds a table of FROM and returns its rows.
fn factor(binder: &mut Binder<'_>, factor: &Factor, named: &Named) -> Result<(Source, Relation), TypeError> {
    let (mut selected, name) = match &factor.of {
        FactorKind::Derived(body) => (binder.body(body, named)?, ""),
        FactorKind::Name(name) => {
            let known = named.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name));
            match known {
                Some((_, selected)) => {
                    binder.count(&selected.relation, factor.span)?;
                    (selected.clone(), name.as_str())
                }
                None if name == TABLE => (table(binder.schema), name.as_str()),
                None => {
                    return Err(TypeError {
                        message: format!("it reads {name}"),
                        span: factor.span,
                        help: Some(READS_ONE.to_owned()),
                    });
                }
            }
        }
    };
    rename(&mut selected, &factor.columns, factor.span)?;
    let source = Source::new(factor.alias.as_deref().unwrap_or(name), &selected);
    Ok((source, selected.relation))
}

/// Returns the table itself, without the columns that are not read, which must not count as values.
fn table(schema: &Schema) -> BoundQuery {
    let (columns, unread): (Vec<Field>, Vec<Field>) =
        schema.fields.iter().cloned().partition(|field| field.data_type.is_read());
    let names = columns.iter().map(|field| field.name.clone()).collect();
    BoundQuery { relation: Relation { step: Box::new(Step::Table), columns }, names, unread }
}

/// Renames the columns of a relation to names that no other table has.
fn renamed(binder: &mut Binder<'_>, relation: Relation, sources: &mut [Source]) -> Relation {
    let columns: Vec<Field> = relation
        .columns
        .iter()
        .map(|column| Field { name: binder.fresh(), data_type: column.data_type.clone() })
        .collect();
    for known in sources.iter_mut().flat_map(|source| &mut source.columns) {
        let at = relation.columns.iter().position(|column| column.name == known.field.name);
        if let Some(column) = at.and_then(|at| columns.get(at)) {
            known.field = column.clone();
        }
    }
    let values = relation.columns.iter().map(value).collect();
    relation.project(values, columns)
}

fn value(of: &Field) -> Typed {
    Typed::column(&ColumnPath::column(&of.name), &of.data_type)
}

/// One side of a join.
struct Side {
    relation: Relation,
    /// The names of the columns.
    scope: Scope,
}

/// Joins two sides. `filter` is the condition of WHERE, which applies to all rows.
fn joined(
    join: &Join,
    now: DateTime<Utc>,
    mut left: Side,
    mut right: Side,
    filter: Option<&Expression>,
) -> Result<Side, TypeError> {
    let mut on = Vec::new();
    let mut rest = Vec::new();
    match &join.on {
        On::Columns(names) => {
            for name in names {
                on.push(merged(name, join, now, &mut left, &mut right)?);
            }
        }
        On::Condition(condition) => {
            for one in conjuncts(condition) {
                match key(one, now, &left, &right)? {
                    Some(pair) => on.push(pair),
                    None => rest.push(one),
                }
            }
        }
        On::Where => {
            for one in filter.map(conjuncts).unwrap_or_default() {
                on.extend(key(one, now, &left, &right)?);
            }
        }
    }
    let (mut inner, mut outer) = (Vec::new(), None);
    for one in rest {
        match join.how {
            JoinKind::Inner => inner.push(one),
            // Rows of the other side that this condition leaves out are no partners.
            JoinKind::Left if right.scope.knows(one) => right.filter(one, now)?,
            JoinKind::Right if left.scope.knows(one) => left.filter(one, now)?,
            _ => outer = Some(one.span),
        }
    }
    if let Some(span) = outer {
        let message = "such a condition of an outer join is not of this language".to_owned();
        let help = "an outer join pairs rows by equalities; beside them, conditions on the other table";
        return Err(TypeError { message, span, help: Some(help.to_owned()) });
    }
    // Without keys, every row is a partner of every row.
    let single = match join.how {
        JoinKind::Inner => right.relation.is_single() || left.relation.is_single(),
        JoinKind::Left => right.relation.is_single(),
        JoinKind::Right | JoinKind::Full => false,
    };
    if on.is_empty() && !single {
        let message = "a join without an equality between its tables would pair every row with every row";
        let help = Some("JOIN … ON a.id = b.id".to_owned());
        return Err(TypeError { message: message.to_owned(), span: join.with.span, help });
    }
    let columns: Vec<Field> = left.relation.columns.iter().chain(&right.relation.columns).cloned().collect();
    let step = Step::Join { left: left.relation, right: right.relation, how: join.how, on };
    let scope = Scope { sources: left.scope.sources.into_iter().chain(right.scope.sources).collect() };
    let mut both = Side { relation: Relation { step: Box::new(step), columns }, scope };
    for one in inner {
        both.filter(one, now)?;
    }
    Ok(both)
}

impl Side {
    fn schema(&self) -> Schema {
        Schema { fields: self.relation.columns.clone() }
    }

    /// Keeps the rows on which a condition is true.
    fn filter(&mut self, condition: &Expression, now: DateTime<Utc>) -> Result<(), TypeError> {
        let condition = check_boolean(&self.scope.resolve(condition)?, &self.schema(), now)?;
        self.relation = self.relation.clone().filter(condition);
        Ok(())
    }

    fn typed(&self, of: &Expression, now: DateTime<Utc>) -> Result<Typed, TypeError> {
        check(&self.scope.resolve(of)?, &self.schema(), now)
    }
}

/// Splits a condition into the conditions that AND combines.
fn conjuncts(of: &Expression) -> Vec<&Expression> {
    match &of.kind {
        Kind::And(all) => all.iter().flat_map(conjuncts).collect(),
        _ => vec![of],
    }
}

/// Returns the keys of both sides, if a condition is the equality of one expression of each.
fn key(
    of: &Expression,
    now: DateTime<Utc>,
    left: &Side,
    right: &Side,
) -> Result<Option<(Typed, Typed)>, TypeError> {
    let Kind::Compare(Comparison::Equal, one, other) = &of.kind else { return Ok(None) };
    let reads = |side: &Expression| !side.columns().is_empty() && subqueries_in(side).is_empty();
    if !reads(one) || !reads(other) {
        return Ok(None);
    }
    let (here, there) = match (left.scope.knows(one), right.scope.knows(other)) {
        (true, true) if !(right.scope.knows(one) || left.scope.knows(other)) => (one, other),
        _ if left.scope.knows(other) && right.scope.knows(one) => (other, one),
        _ => return Ok(None),
    };
    // A name that both sides know does not tell the side.
    if right.scope.knows(here) || left.scope.knows(there) {
        return Ok(None);
    }
    same(left.typed(here, now)?, right.typed(there, now)?, of.span).map(Some)
}

fn same(here: Typed, there: Typed, span: Span) -> Result<(Typed, Typed), TypeError> {
    cast_for_equality(here, there).map_err(|why| TypeError::incomparable(span, why))
}

/// Returns the columns with this name on both sides as keys; one column stands for both from then on.
fn merged(
    name: &str,
    join: &Join,
    now: DateTime<Utc>,
    left: &mut Side,
    right: &mut Side,
) -> Result<(Typed, Typed), TypeError> {
    let span = join.with.span;
    let column = Expression { kind: Kind::Column(ColumnPath::column(name)), span };
    let pair = same(left.typed(&column, now)?, right.typed(&column, now)?, span)?;
    let hidden = match join.how {
        JoinKind::Inner | JoinKind::Left => &mut right.scope,
        JoinKind::Right => &mut left.scope,
        JoinKind::Full => {
            let message = "USING with a FULL JOIN is not of this language".to_owned();
            return Err(TypeError { message, span, help: Some("write ON".to_owned()) });
        }
    };
    let named = hidden.sources.iter_mut().flat_map(|source| &mut source.columns);
    named.filter(|known| known.name == name).for_each(|known| known.merged = true);
    Ok(pair)
}
