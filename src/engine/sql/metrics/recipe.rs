//! Recipes: what to select for a metric, and how to read its value.

use super::{aggregates, differences, each, groups, lookups, sequences};
use crate::data::Dataset;
use crate::engine::sql::print::Printer;
use crate::engine::sql::read_values::{self, Cell, Unreadable};
use crate::engine::sql::{Dialect, NotPushable};
use crate::metric::{Measured, Metric};
use crate::predicate::{Term, Typed};

/// What metrics are selected from.
#[derive(Clone, Copy)]
pub(in crate::engine::sql) struct Context<'a> {
    pub(in crate::engine::sql) dialect: &'a dyn Dialect,
    /// The relation of the judged data.
    pub(in crate::engine::sql) relation: &'a str,
    /// The relations of other datasets; `None` for those that no statement reads together with the judged data.
    pub(in crate::engine::sql) others: &'a dyn Fn(&Dataset) -> Option<String>,
}

/// A condition that no row of a relation may meet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine::sql) struct Guard {
    pub(in crate::engine::sql) from: String,
    pub(in crate::engine::sql) condition: String,
    pub(in crate::engine::sql) why: String,
}

/// What to select for a metric.
pub(in crate::engine::sql) struct Recipe {
    /// What follows `FROM`.
    pub(in crate::engine::sql) from: String,
    /// The selected expressions, each of which is a text.
    pub(in crate::engine::sql) columns: Vec<String>,
    /// What follows the relation: conditions, groups and an order.
    pub(in crate::engine::sql) tail: String,
    /// An aggregate of the relation, selected with the others, that is 0 if there are no rows to select, which are not asked for
    /// then.
    pub(in crate::engine::sql) rows: Option<String>,
    pub(in crate::engine::sql) guards: Vec<Guard>,
    pub(in crate::engine::sql) finish: Finish,
}

type OfRow = Box<dyn Fn(&[Cell]) -> Result<Measured, Unreadable>>;
type OfRows = Box<dyn Fn(&[Vec<Cell>]) -> Result<Measured, Unreadable>>;

/// How a value is read.
pub(in crate::engine::sql) enum Finish {
    /// Of the one row that there is, so that several metrics can be selected together.
    Row(OfRow),
    /// Of all rows.
    Rows(OfRows),
}

impl Recipe {
    /// Returns the statement of the metric alone.
    pub(in crate::engine::sql) fn statement(&self, dialect: &dyn Dialect) -> String {
        statement(dialect, &self.columns, &self.from, &self.tail)
    }
}

/// Returns a statement. Every column has a name that no column of a table has: an order by a name is then one of the values,
/// and not of the texts that show them.
pub(in crate::engine::sql) fn statement(
    dialect: &dyn Dialect,
    columns: &[String],
    from: &str,
    tail: &str,
) -> String {
    let named = columns.iter().enumerate();
    let named =
        named.map(|(index, column)| format!("{column} AS {}", dialect.quoted(&format!("karat {index}"))));
    format!("SELECT {}\nFROM {from}{tail}", named.collect::<Vec<_>>().join(",\n       "))
}

/// Returns the recipe of a metric.
///
/// # Errors
/// The dialect cannot say exactly what the metric asks.
pub(in crate::engine::sql) fn recipe(metric: &Metric, context: Context<'_>) -> Result<Recipe, NotPushable> {
    match metric {
        Metric::Count(condition) => count_of(condition, context),
        Metric::Aggregate { function, of, filter } => aggregates::aggregate(*function, of, filter, context),
        Metric::Correlation { left, right, filter } => aggregates::correlation(left, right, filter, context),
        Metric::Tally(tally) => groups::tally(tally, context),
        Metric::Group { grouping, statistic } => groups::statistic(grouping, statistic, context),
        Metric::Unmatched { lookup, result } => lookups::unmatched(lookup, result, context),
        Metric::OtherDataset { dataset, metric } => {
            let relation = context.other(dataset)?;
            recipe(metric, Context { relation: &relation, ..context })
        }
        Metric::Each { by, metric } => each::each(by, metric, context),
        Metric::OutOfOrder(sequence) => sequences::out_of_order(sequence, context),
        Metric::Differences(correspondence) => differences::differences(correspondence, context),
        Metric::QueryRows(_) | Metric::QueryDifference { .. } => {
            Err(context.refuse("a query is karat's own language, which is not printed yet"))
        }
    }
}

fn count_of(condition: &Typed, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let mut printer = Printer::new(context.dialect);
    // To count what is not null takes less than to count where a condition holds.
    let column = match &condition.term {
        _ if condition.is_always() => "count(*)".to_owned(),
        Term::IsNull(of) => format!("(count(*) - count({}))", printer.print(of)?),
        Term::Not(of) if let Term::IsNull(of) = &of.term => format!("count({})", printer.print(of)?),
        _ => format!("count({})", printer.where_true("1", condition)?),
    };
    Ok(context.row(printer, vec![column], |cells| {
        Ok(Measured::Count(read_values::count(cells.first().unwrap_or(&None))?))
    }))
}

impl Context<'_> {
    pub(super) fn refuse(&self, what: &str) -> NotPushable {
        NotPushable::new(format!("{}: {what}", self.dialect.name()))
    }

    /// Returns the relation of another dataset.
    pub(super) fn other(&self, dataset: &Dataset) -> Result<String, NotPushable> {
        (self.others)(dataset).ok_or_else(|| self.refuse("the other dataset is not in the same database"))
    }

    /// Returns the guards of expressions on a relation.
    pub(super) fn guards(&self, printer: Printer<'_>) -> Vec<Guard> {
        let of = |(condition, why)| Guard { from: self.relation.to_owned(), condition, why };
        printer.guards.into_iter().map(of).collect()
    }

    /// Returns a recipe of aggregates of the relation.
    pub(super) fn row(
        &self,
        printer: Printer<'_>,
        columns: Vec<String>,
        finish: impl Fn(&[Cell]) -> Result<Measured, Unreadable> + 'static,
    ) -> Recipe {
        Recipe {
            from: self.relation.to_owned(),
            columns: columns.into_iter().map(|column| self.as_text(&column)).collect(),
            tail: String::new(),
            rows: None,
            guards: self.guards(printer),
            finish: Finish::Row(Box::new(finish)),
        }
    }

    /// Returns a number or a text as a text.
    pub(super) fn as_text(&self, column: &str) -> String {
        as_text(self.dialect, column)
    }
}

/// Returns a number or a text as a text.
pub(in crate::engine::sql) fn as_text(dialect: &dyn Dialect, column: &str) -> String {
    let text = dialect.type_name(&crate::data::DataType::String).unwrap_or_default();
    format!("CAST({column} AS {text})")
}

/// Returns the number of rows that meet a condition, as a text.
pub(in crate::engine::sql) fn counted(dialect: &dyn Dialect, condition: &str) -> String {
    as_text(dialect, &format!("count(CASE WHEN {condition} THEN 1 END)"))
}

/// Returns what follows a relation for a filter.
pub(super) fn only(filter: &Typed, printer: &mut Printer<'_>) -> Result<String, NotPushable> {
    if filter.is_always() { Ok(String::new()) } else { Ok(format!("\nWHERE {}", printer.print(filter)?)) }
}
