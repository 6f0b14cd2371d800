//! Reads one SELECT.

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, Join as SqlJoin, JoinConstraint, JoinOperator, ObjectName,
    Select as SqlSelect, SelectItem, SelectItemQualifiedWildcardKind, TableFactor, WildcardAdditionalOptions,
};

use super::JoinKind;
use super::placeholders::{OrderBy, Placeholders, subqueries_in};
use super::read::Queries;
use super::tree::{Factor, FactorKind, Item, Join, On, Order, Select};
use crate::document::{Diagnostic, Span};

/// Reads a SELECT and its sort keys.
pub(super) fn select(
    queries: Queries<'_>,
    sql: &SqlSelect,
    orders: &[OrderBy<'_>],
) -> Result<(Select, Vec<Order>), Diagnostic> {
    let span = queries.span(sql);
    if sql.into.is_some() {
        return Err(Diagnostic::new(span, "a query writes nothing"));
    }
    queries.without(span, &rest(sql))?;
    let distinct = match &sql.distinct {
        None | Some(Distinct::All) => false,
        Some(Distinct::Distinct) => true,
        Some(Distinct::On(_)) => return Err(queries.refused(span, "DISTINCT ON")),
    };
    let GroupByExpr::Expressions(keys, modifiers) = &sql.group_by else {
        return Err(queries.refused(queries.span(&sql.group_by), "GROUP BY ALL"));
    };
    if !modifiers.is_empty() {
        return Err(queries.refused(queries.span(&sql.group_by), "GROUP BY … WITH"));
    }
    let mut placeholders = Placeholders::new(queries);
    let (first, joins) = from(queries, sql, span)?;
    let filter = sql.selection.as_ref().map(|of| placeholders.of_rows(of, "WHERE")).transpose()?;
    let grouping = |key: &Expr| match key {
        Expr::GroupingSets(_) | Expr::Cube(_) | Expr::Rollup(_) => {
            Err(queries.refused(queries.span(key), "GROUP BY of several groupings"))
        }
        _ => Ok(()),
    };
    keys.iter().try_for_each(grouping)?;
    let keys = keys.iter().map(|of| placeholders.of_rows(of, "GROUP BY")).collect::<Result<_, _>>()?;
    let having = sql.having.as_ref().map(|of| placeholders.expression(of)).transpose()?;
    let items = sql.projection.iter().map(|item| self::item(queries, item, &mut placeholders));
    let items = items.collect::<Result<_, _>>()?;
    let order = orders.iter().map(|order| placeholders.order(order)).collect::<Result<_, _>>()?;
    let Placeholders { calls, subqueries, .. } = placeholders;
    Ok((Select { distinct, items, first, joins, filter, keys, having, calls, subqueries }, order))
}

fn rest(sql: &SqlSelect) -> [(bool, &'static str); 13] {
    [
        (sql.top.is_some(), "TOP"),
        (sql.select_modifiers.is_some(), "a modifier of SELECT"),
        (sql.exclude.is_some(), "EXCLUDE"),
        (!sql.lateral_views.is_empty(), "LATERAL VIEW"),
        (sql.prewhere.is_some(), "PREWHERE"),
        (!sql.connect_by.is_empty(), "CONNECT BY"),
        (!sql.cluster_by.is_empty(), "CLUSTER BY"),
        (!sql.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!sql.sort_by.is_empty(), "SORT BY"),
        (!sql.named_window.is_empty(), "WINDOW"),
        (sql.qualify.is_some(), "QUALIFY"),
        (sql.value_table_mode.is_some(), "SELECT AS"),
        (!sql.optimizer_hints.is_empty(), "a hint"),
    ]
}

fn item(
    queries: Queries<'_>,
    item: &SelectItem,
    placeholders: &mut Placeholders<'_>,
) -> Result<Item, Diagnostic> {
    let span = queries.span(item);
    let plain = |options: &WildcardAdditionalOptions| {
        let rest = [
            (options.opt_ilike.is_some(), "* ILIKE"),
            (options.opt_exclude.is_some(), "* EXCLUDE"),
            (options.opt_except.is_some(), "* EXCEPT"),
            (options.opt_replace.is_some(), "* REPLACE"),
            (options.opt_rename.is_some(), "* RENAME"),
            (options.opt_alias.is_some(), "* AS"),
        ];
        queries.without(span, &rest)
    };
    match item {
        SelectItem::UnnamedExpr(of) => {
            let name = match of {
                Expr::Identifier(name) => name.value.clone(),
                Expr::CompoundIdentifier(names) => {
                    names.last().map_or_else(String::new, |name| name.value.clone())
                }
                other => other.to_string(),
            };
            Ok(Item::Value { of: placeholders.expression(of)?, name })
        }
        SelectItem::ExprWithAlias { expr, alias } => {
            Ok(Item::Value { of: placeholders.expression(expr)?, name: alias.value.clone() })
        }
        SelectItem::ExprWithAliases { .. } => Err(queries.refused(span, "several names of one value")),
        SelectItem::Wildcard(options) => {
            plain(options)?;
            Ok(Item::All(None, span))
        }
        SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
            plain(options)?;
            Ok(Item::All(Some(self::name(queries, name)?), span))
        }
        SelectItem::QualifiedWildcard(..) => Err(queries.refused(span, "the fields of a value as *")),
    }
}

fn from(queries: Queries<'_>, sql: &SqlSelect, span: Span) -> Result<(Factor, Vec<Join>), Diagnostic> {
    let Some(first) = sql.from.first() else {
        return Err(Diagnostic::new(span, "a SELECT without FROM").help("a query reads {batch}"));
    };
    let mut joins = first.joins.iter().map(|of| join(queries, of)).collect::<Result<Vec<_>, _>>()?;
    for table in sql.from.iter().skip(1) {
        let with = factor(queries, &table.relation)?;
        joins.push(Join { how: JoinKind::Inner, with, on: On::Where });
        for of in &table.joins {
            let further = join(queries, of)?;
            if matches!(further.how, JoinKind::Right | JoinKind::Full) {
                return Err(queries.refused(further.with.span, "RIGHT or FULL JOIN behind a comma"));
            }
            joins.push(further);
        }
    }
    Ok((factor(queries, &first.relation)?, joins))
}

fn factor(queries: Queries<'_>, of: &TableFactor) -> Result<Factor, Diagnostic> {
    let span = queries.span(of);
    let refused = |what: &str| queries.refused(span, what);
    let (of, alias) = match of {
        TableFactor::Table { args: Some(_), .. } => {
            return Err(Diagnostic::new(span, format!("not a table: {of}"))
                .help("{batch} is the dataset of the suite: a query reads that and nothing else"));
        }
        TableFactor::Table {
            name,
            alias,
            args: None,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } => {
            let rest = [
                (!with_hints.is_empty() || !index_hints.is_empty(), "a hint"),
                (version.is_some(), "a version in a query"),
                (*with_ordinality, "WITH ORDINALITY"),
                (!partitions.is_empty(), "PARTITION"),
                (json_path.is_some(), "a path into JSON"),
                (sample.is_some(), "TABLESAMPLE"),
            ];
            queries.without(span, &rest)?;
            (FactorKind::Name(self::name(queries, name)?), alias)
        }
        TableFactor::Derived { lateral, subquery, alias, sample } => {
            queries.without(span, &[(*lateral, "LATERAL"), (sample.is_some(), "TABLESAMPLE")])?;
            (FactorKind::Derived(Box::new(queries.inner().body(subquery)?)), alias)
        }
        TableFactor::NestedJoin { .. } => return Err(refused("a join in parentheses")),
        other => {
            return Err(Diagnostic::new(span, format!("not a table: {other}"))
                .help("{batch} is the dataset of the suite: a query reads that and nothing else"));
        }
    };
    let (alias, columns) = match alias {
        Some(alias) => {
            let (name, columns) = queries.alias(alias)?;
            (Some(name), columns)
        }
        None => (None, Vec::new()),
    };
    Ok(Factor { of, alias, columns, span })
}

fn join(queries: Queries<'_>, sql: &SqlJoin) -> Result<Join, Diagnostic> {
    let with = factor(queries, &sql.relation)?;
    let refused = |what: &str| Err(queries.refused(with.span, what));
    queries.without(with.span, &[(sql.global, "GLOBAL")])?;
    let (how, constraint) = match &sql.join_operator {
        JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => (JoinKind::Inner, constraint),
        JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => (JoinKind::Left, constraint),
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
            (JoinKind::Right, constraint)
        }
        JoinOperator::FullOuter(constraint) => (JoinKind::Full, constraint),
        JoinOperator::CrossJoin(constraint) => (JoinKind::Inner, constraint),
        JoinOperator::Semi(_) | JoinOperator::LeftSemi(_) | JoinOperator::RightSemi(_) => {
            return refused("SEMI JOIN");
        }
        JoinOperator::Anti(_) | JoinOperator::LeftAnti(_) | JoinOperator::RightAnti(_) => {
            return refused("ANTI JOIN");
        }
        JoinOperator::CrossApply | JoinOperator::OuterApply => return refused("APPLY"),
        _ => return refused("such a join"),
    };
    let on = match constraint {
        JoinConstraint::On(condition) => {
            let mut placeholders = Placeholders::new(queries);
            let on = placeholders.of_rows(condition, "ON")?;
            if !subqueries_in(&on).is_empty() {
                return Err(queries.refused(queries.span(condition), "a query in ON"));
            }
            On::Condition(on)
        }
        JoinConstraint::Using(names) => {
            On::Columns(names.iter().map(|of| name(queries, of)).collect::<Result<_, _>>()?)
        }
        JoinConstraint::Natural => return refused("NATURAL JOIN"),
        JoinConstraint::None if how == JoinKind::Inner => On::Where,
        JoinConstraint::None => return refused("an outer join without ON"),
    };
    Ok(Join { how, with, on })
}

/// Reads a name of one part.
fn name(queries: Queries<'_>, of: &ObjectName) -> Result<String, Diagnostic> {
    match of.0.as_slice() {
        [part] => match part.as_ident() {
            Some(ident) => Ok(ident.value.clone()),
            None => Err(Diagnostic::new(queries.span(of), format!("not a table: {of}"))),
        },
        _ => Err(Diagnostic::new(queries.span(of), format!("it reads {of}"))
            .help("{batch} is the dataset of the suite: a query reads that and nothing else")),
    }
}
