//! Queries in SQL on the table that is judged: what may stand in one.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, GroupByExpr, ObjectName, Query as SqlQuery, Select, SetExpr, Statement, TableFactor, Visit as _,
    Visitor,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::ParserError;

use super::sql::{MAX_BYTES, MAX_DEPTH, parser};
use super::{Expression, parse};
use crate::document::{Diagnostic, Span};

/// The name of the table in the text of a query.
pub(crate) const TABLE: &str = "batch";

/// A query that reads the one table and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Its text, in which the table is called `batch`.
    pub text: String,
    /// If it does nothing but choose rows: which ones.
    pub condition: Option<Expression>,
}

/// Parses a query in which `{batch}` (or `{table}`) stands for the table.
///
/// # Errors
/// It is no query, more than one, or reads something else.
pub fn parse_query(text: &str) -> Result<Query, Diagnostic> {
    let wrong = |message: String| Diagnostic::new(Span::new(0, text.len()), message);
    let sql = text.replace("{batch}", TABLE).replace("{table}", TABLE);
    if sql.len() > MAX_BYTES {
        return Err(wrong(format!("a query of more than {MAX_BYTES} bytes")));
    }
    let statements = parser(&GenericDialect {}, &sql)
        .and_then(|mut parser| parser.parse_statements())
        .map_err(|error| match error {
            ParserError::RecursionLimitExceeded => wrong(format!("nested more than {MAX_DEPTH} deep")),
            other => wrong(other.to_string()),
        })?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return Err(wrong("one SELECT is wanted".to_owned()).help("SELECT * FROM {batch} WHERE …"));
    };
    let mut tables = Tables { with: Vec::new() };
    if let ControlFlow::Break(reason) = query.visit(&mut tables) {
        return Err(wrong(reason).help("a query reads {batch} and nothing else"));
    }
    // The text of a condition is read again, in the language of predicates; where it is none of that,
    // the engine's SQL runs the query.
    let condition = chosen(query).and_then(|condition| parse(&condition.to_string()).ok());
    Ok(Query { text: query.to_string(), condition })
}

/// Looks at every table of a query.
struct Tables {
    /// Names that the query itself defines.
    with: Vec<String>,
}

impl Visitor for Tables {
    type Break = String;

    fn pre_visit_query(&mut self, query: &SqlQuery) -> ControlFlow<String> {
        let tables = query.with.iter().flat_map(|with| &with.cte_tables);
        self.with.extend(tables.map(|table| table.alias.name.value.clone()));
        match query.body.as_ref() {
            SetExpr::Select(select) if select.into.is_some() => {
                ControlFlow::Break("a query writes nothing".to_owned())
            }
            SetExpr::Select(_) | SetExpr::Query(_) | SetExpr::SetOperation { .. } => {
                ControlFlow::Continue(())
            }
            other => ControlFlow::Break(format!("not a SELECT: {other}")),
        }
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<String> {
        match factor {
            TableFactor::Table { args: None, .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. } => ControlFlow::Continue(()),
            other => ControlFlow::Break(format!("not a table: {other}")),
        }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<String> {
        let name = relation.to_string();
        if name == TABLE || self.with.contains(&name) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(format!("it reads {name}"))
        }
    }
}

/// The condition of a query that does nothing but choose rows.
fn chosen(query: &SqlQuery) -> Option<&Expr> {
    let SqlQuery { with: None, body, order_by: None, limit_clause: None, fetch: None, .. } = query else {
        return None;
    };
    let SetExpr::Select(select) = body.as_ref() else { return None };
    let Select { distinct: None, top: None, from, selection, group_by, having: None, qualify: None, .. } =
        select.as_ref()
    else {
        return None;
    };
    let plain = matches!(group_by, GroupByExpr::Expressions(keys, modifiers) if keys.is_empty() && modifiers.is_empty());
    let whole = select.projection.iter().all(|item| {
        matches!(
            item,
            sqlparser::ast::SelectItem::Wildcard(_)
                | sqlparser::ast::SelectItem::UnnamedExpr(Expr::Identifier(_))
        )
    });
    match from.as_slice() {
        [table] if plain && whole && table.joins.is_empty() => match &table.relation {
            TableFactor::Table { alias: None, .. } => selection.as_ref(),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_reads_the_table_and_nothing_else() {
        for good in [
            "SELECT * FROM {batch} WHERE amount < 0",
            "select customer, count(*) from {batch} group by customer having count(*) > 1",
            "WITH big AS (SELECT * FROM {batch} WHERE amount > 5) SELECT * FROM big JOIN {batch} b ON big.id = b.id",
            "SELECT * FROM {batch} WHERE id IN (SELECT id FROM {table} WHERE amount < 0)",
        ] {
            parse_query(good).unwrap();
        }
        for (bad, reason) in [
            ("SELECT * FROM read_csv('/etc/passwd')", "not a table"),
            ("SELECT * FROM {batch} WHERE id IN (SELECT id FROM read_parquet('x'))", "not a table"),
            ("SELECT * FROM customers", "it reads customers"),
            ("SELECT * FROM '/etc/passwd'", "it reads"),
            ("DROP TABLE {batch}", "one SELECT is wanted"),
            ("SELECT * INTO x FROM {batch}", "writes nothing"),
            ("SELECT 1; SELECT 2", "one SELECT is wanted"),
            ("SELECT * FROM", "Expected"),
            ("VALUES (1)", "not a SELECT"),
        ] {
            let error = parse_query(bad).unwrap_err();
            assert!(error.message.contains(reason), "{bad}: {}", error.message);
        }
    }

    #[test]
    fn a_query_is_not_so_deep_that_it_overflows_the_stack() {
        let select = "SELECT id FROM {batch}";
        for deep in [
            format!("{select} WHERE id{} > 1", "+1".repeat(30_000)),
            vec![select; 1_800].join(" UNION ALL "),
            format!("SELECT {} id FROM {{batch}}", "1 AS one, ".repeat(20_000)),
        ] {
            parse_query(&deep).unwrap_err();
        }
        parse_query(&format!("{select} WHERE id IN ({} 0)", "-1, ".repeat(10_000))).unwrap();
        parse_query(&format!("SELECT CASE {} END FROM {{batch}}", "WHEN id > 0 THEN 1 ".repeat(1_000)))
            .unwrap();
    }

    #[test]
    fn a_query_that_only_chooses_rows_is_a_condition() {
        let condition =
            |text: &str| parse_query(text).unwrap().condition.map(|condition| condition.to_string());
        assert_eq!(condition("SELECT * FROM {batch} WHERE amount < 0").as_deref(), Some("amount < 0"));
        assert_eq!(condition("SELECT id, amount FROM {batch} WHERE amount < 0 LIMIT 5"), None);
        assert_eq!(condition("SELECT DISTINCT id FROM {batch} WHERE amount < 0"), None);
        assert_eq!(condition("SELECT id FROM {batch}"), None);
        assert_eq!(condition("SELECT count(*) FROM {batch} WHERE amount < 0"), None);
        assert_eq!(condition("SELECT * FROM {batch} WHERE soundex(name) = 'x'"), None);
    }
}
