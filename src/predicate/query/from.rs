//! FROM: its tables, and which of their rows belong together.

use chrono::{DateTime, Utc};

use super::super::types::looked_up;
use super::super::{Comparison, Expression, Kind, TypeError, Typed, check, check_boolean};
use super::bind::{Binder, Named, rename};
use super::placeholders::subqueries_in;
use super::read::TABLE;
use super::scope::{Scope, Source};
use super::tree::{Factor, FactorKind, Join, On, Select};
use super::{JoinKind, Relation, Selected, Step};
use crate::data::{ColumnPath, Field, Schema};
use crate::document::Span;

/// The rows of FROM.
pub(super) fn from(
    binder: &mut Binder<'_>,
    select: &Select,
    named: &Named,
) -> Result<(Relation, Scope), TypeError> {
    let (source, relation) = factor(binder, &select.first, named)?;
    let mut scope = Scope { sources: vec![source] };
    let mut relation = relation;
    if !select.joins.is_empty() {
        relation = renamed(binder, relation, &mut scope.sources);
    }
    // Where rows may be left without a partner later on, WHERE speaks of those too.
    let inner = |join: &Join| matches!(join.how, JoinKind::Inner | JoinKind::Left);
    let filter = select.filter.as_ref().filter(|_| select.joins.iter().all(inner));
    for join in &select.joins {
        let (source, right) = factor(binder, &join.with, named)?;
        if scope.sources.iter().any(|one| one.qualifier.eq_ignore_ascii_case(&source.qualifier)) {
            let message = format!("two tables are called \"{}\"", source.qualifier);
            let help = Some("give each a name of its own: {batch} AS a JOIN {batch} AS b".to_owned());
            return Err(TypeError { message, span: join.with.span, help });
        }
        let mut sources = vec![source];
        let right = renamed(binder, right, &mut sources);
        let right = (right, Scope { sources });
        (relation, scope) = joined((join, binder.now), (relation, scope), right, filter)?;
    }
    Ok((relation, scope))
}

/// A table and its rows.
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
                        help: Some("a query reads {batch} and nothing else; exists_in, same_rows_as and row_count_same_as look into another dataset".to_owned()),
                    });
                }
            }
        }
    };
    rename(&mut selected, &factor.columns, factor.span)?;
    let source = Source::new(factor.alias.as_deref().unwrap_or(name), &selected);
    Ok((source, selected.relation))
}

/// The table itself. What is not read must not be taken for a value.
fn table(schema: &Schema) -> Selected {
    let (columns, unread): (Vec<Field>, Vec<Field>) =
        schema.fields.iter().cloned().partition(|field| field.data_type.is_read());
    let names = columns.iter().map(|field| field.name.clone()).collect();
    Selected { relation: Relation { step: Box::new(Step::Table), columns }, names, unread }
}

/// The same rows with columns that are called like those of no other table.
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

type Side = (Relation, Scope);

/// The rows of two sides that belong together. `filter` is what WHERE says of all of them.
fn joined(
    (join, now): (&Join, DateTime<Utc>),
    (mut left, mut left_scope): Side,
    (mut right, mut right_scope): Side,
    filter: Option<&Expression>,
) -> Result<Side, TypeError> {
    let mut on = Vec::new();
    let mut rest = Vec::new();
    match &join.on {
        On::Columns(names) => {
            for name in names {
                on.push(merged(name, (join, now), (&left, &mut left_scope), (&right, &mut right_scope))?);
            }
        }
        On::Condition(condition) => {
            for one in conjuncts(condition) {
                match key((one, now), (&left, &left_scope), (&right, &right_scope))? {
                    Some(pair) => on.push(pair),
                    None => rest.push(one),
                }
            }
        }
        On::Where => {
            for one in filter.map(conjuncts).unwrap_or_default() {
                on.extend(key((one, now), (&left, &left_scope), (&right, &right_scope))?);
            }
        }
    }
    let (mut inner, mut outer) = (Vec::new(), None);
    for one in rest {
        match join.how {
            JoinKind::Inner => inner.push(one),
            // What such a condition leaves out of the other side, has no partner.
            JoinKind::Left if right_scope.knows(one) => {
                right = right.clone().filter(condition(one, &right, &right_scope, now)?);
            }
            JoinKind::Right if left_scope.knows(one) => {
                left = left.clone().filter(condition(one, &left, &left_scope, now)?);
            }
            _ => outer = Some(one.span),
        }
    }
    if let Some(span) = outer {
        let message = "such a condition of an outer join is not of this language".to_owned();
        let help = "an outer join pairs rows by equalities; beside them, conditions on the other table";
        return Err(TypeError { message, span, help: Some(help.to_owned()) });
    }
    // Without keys every row has every row for its partner.
    let single = match join.how {
        JoinKind::Inner => right.is_single() || left.is_single(),
        JoinKind::Left => right.is_single(),
        JoinKind::Right | JoinKind::Full => false,
    };
    if on.is_empty() && !single {
        let message = "a join without an equality between its tables would pair every row with every row";
        let help = Some("JOIN … ON a.id = b.id".to_owned());
        return Err(TypeError { message: message.to_owned(), span: join.with.span, help });
    }
    let columns: Vec<Field> = left.columns.iter().chain(&right.columns).cloned().collect();
    let step = Step::Join { left, right, how: join.how, on };
    let mut relation = Relation { step: Box::new(step), columns };
    let scope = Scope { sources: left_scope.sources.into_iter().chain(right_scope.sources).collect() };
    for one in inner {
        let condition = condition(one, &relation, &scope, now)?;
        relation = relation.filter(condition);
    }
    Ok((relation, scope))
}

fn condition(
    of: &Expression,
    relation: &Relation,
    scope: &Scope,
    now: DateTime<Utc>,
) -> Result<Typed, TypeError> {
    check_boolean(&scope.resolve(of)?, &Schema { fields: relation.columns.clone() }, now)
}

/// The conditions that hold together.
fn conjuncts(of: &Expression) -> Vec<&Expression> {
    match &of.kind {
        Kind::And(all) => all.iter().flat_map(conjuncts).collect(),
        _ => vec![of],
    }
}

/// The keys of both sides, if a condition is their equality.
fn key(
    (of, now): (&Expression, DateTime<Utc>),
    (left, left_scope): (&Relation, &Scope),
    (right, right_scope): (&Relation, &Scope),
) -> Result<Option<(Typed, Typed)>, TypeError> {
    let Kind::Compare(Comparison::Equal, one, other) = &of.kind else { return Ok(None) };
    let reads = |side: &Expression| !side.columns().is_empty() && subqueries_in(side).is_empty();
    if !reads(one) || !reads(other) {
        return Ok(None);
    }
    let (here, there) = match (left_scope.knows(one), right_scope.knows(other)) {
        (true, true) if !(right_scope.knows(one) || left_scope.knows(other)) => (one, other),
        _ if left_scope.knows(other) && right_scope.knows(one) => (other, one),
        _ => return Ok(None),
    };
    // A name that both sides know, tells of neither.
    if right_scope.knows(here) || left_scope.knows(there) {
        return Ok(None);
    }
    let typed = |of: &Expression, relation: &Relation, scope: &Scope| {
        check(&scope.resolve(of)?, &Schema { fields: relation.columns.clone() }, now)
    };
    let (here, there) = (typed(here, left, left_scope)?, typed(there, right, right_scope)?);
    same(here, there, of.span).map(Some)
}

fn same(here: Typed, there: Typed, span: Span) -> Result<(Typed, Typed), TypeError> {
    looked_up(here, there).map_err(|why| TypeError::incomparable(span, why))
}

/// The columns of a name of both sides, of which one then stands for both.
fn merged(
    name: &str,
    (join, now): (&Join, DateTime<Utc>),
    (left, left_scope): (&Relation, &mut Scope),
    (right, right_scope): (&Relation, &mut Scope),
) -> Result<(Typed, Typed), TypeError> {
    let span = join.with.span;
    let column = Expression { kind: Kind::Column(ColumnPath::column(name)), span };
    let typed = |relation: &Relation, scope: &Scope| {
        check(&scope.resolve(&column)?, &Schema { fields: relation.columns.clone() }, now)
    };
    let pair = same(typed(left, left_scope)?, typed(right, right_scope)?, span)?;
    let hidden = match join.how {
        JoinKind::Inner | JoinKind::Left => right_scope,
        JoinKind::Right => left_scope,
        JoinKind::Full => {
            let message = "USING with a FULL JOIN is not of this language".to_owned();
            return Err(TypeError { message, span, help: Some("write ON".to_owned()) });
        }
    };
    let named = hidden.sources.iter_mut().flat_map(|source| &mut source.columns);
    named.filter(|known| known.name == name).for_each(|known| known.merged = true);
    Ok(pair)
}
