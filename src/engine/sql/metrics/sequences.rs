//! Rows in an order, each beside the rows before it: windows over the rows that are compared.

use super::recipe::{Context, Finish, Guard, Recipe, only};
use crate::data::{ColumnPath, DataType, Value};
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::engine::sql::read_values;
use crate::metric::{Measured, Sequence};
use crate::predicate::{Function, Term, Typed};

/// The value of a row, and the value before it that it is compared with.
const VALUE: &str = "karat value";
const BEFORE: &str = "karat before";

pub(super) fn out_of_order(sequence: &Sequence, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let Misplaced { from, condition, guards } = misplaced(sequence, "", context)?;
    Ok(Recipe {
        from,
        columns: vec![context.as_text(&format!("count(CASE WHEN {condition} THEN 1 END)"))],
        tail: String::new(),
        rows: None,
        guards,
        finish: Finish::Row(Box::new(|cells| {
            Ok(Measured::Count(read_values::count(cells.first().unwrap_or(&None))?))
        })),
    })
}

/// The compared rows, and which of them violate the order.
pub(in crate::engine::sql) struct Misplaced {
    pub(in crate::engine::sql) from: String,
    pub(in crate::engine::sql) condition: String,
    guards: Vec<Guard>,
}

/// Returns the compared rows with some columns beside what is compared, and the condition that a row violates the order.
pub(in crate::engine::sql) fn misplaced(
    sequence: &Sequence,
    beside: &str,
    context: Context<'_>,
) -> Result<Misplaced, NotPushable> {
    if sequence.order_by.is_empty() {
        return Err(context.refuse("rows have no order to compare each with the one before"));
    }
    let mut printer = Printer::new(context.dialect);
    let condition = only(&sequence.filter, &mut printer)?;
    let value = printer.key(&sequence.value)?;
    let before = key_or_endless(&sequence.before, &mut printer, context)?;
    let keys = |of: &[Typed], printer: &mut Printer<'_>| {
        of.iter().map(|key| key_or_endless(key, printer, context)).collect::<Result<Vec<_>, _>>()
    };
    let (within, order) = (keys(&sequence.within, &mut printer)?, keys(&sequence.order_by, &mut printer)?);
    let partition = |by: &[String]| {
        if by.is_empty() { String::new() } else { format!("PARTITION BY {} ", by.join(", ")) }
    };
    let over = format!("{}ORDER BY {}", partition(&within), order.join(", "));
    let last = if sequence.greatest {
        format!("max({before}) OVER ({over} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)")
    } else {
        format!("lag({before}) OVER ({over})")
    };
    let relation = context.relation;
    let from = format!(
        "(SELECT {beside}{value} AS {}, {last} AS {}\nFROM {relation}{condition}) AS s",
        context.dialect.quoted(VALUE),
        context.dialect.quoted(BEFORE)
    );
    let side = |name: &str, of: &Typed| Typed::column(&ColumnPath::column(name), &of.data_type);
    let (own, last) = (side(VALUE, &sequence.value), side(BEFORE, &sequence.before));
    let stands = Typed::boolean(Term::Compare(sequence.must_be, Box::new(own), Box::new(last)));
    let mut comparing = Printer::new(context.dialect);
    // The first row is compared with nothing, which is no violation.
    let condition = comparing.print(&stands.negated())?;
    if !comparing.guards.is_empty() {
        return Err(context.refuse("values of these types are not compared by all digits"));
    }
    let mut guards = context.guards(printer);
    if !sequence.is_decided() {
        let ties = partition(&[within, order].concat());
        guards.push(Guard {
            from: format!(
                "(SELECT dense_rank() OVER ({ties}ORDER BY {value}, {before}) AS r\nFROM {relation}{})\nAS ties",
                only(&sequence.filter, &mut Printer::new(context.dialect))?
            ),
            condition: "(r > 1)".to_owned(),
            why: "rows that are sorted by equal values differ, and have no order there".to_owned(),
        });
    }
    Ok(Misplaced { from, condition, guards })
}

/// Prints a key. An end that is open is after all others.
fn key_or_endless(
    of: &Typed,
    printer: &mut Printer<'_>,
    context: Context<'_>,
) -> Result<String, NotPushable> {
    if let Term::Call(Function::Coalesce, parts) = &of.term
        && let [end, Typed { term: Term::Literal(value), .. }] = parts.as_slice()
        && is_endless(value, &of.data_type)
    {
        let endless = context.dialect.endless(&of.data_type);
        let endless = endless.ok_or_else(|| context.refuse("no time is after all others"))?;
        return Ok(format!("COALESCE({}, {endless})", printer.key(end)?));
    }
    printer.key(of)
}

/// Returns whether a time is later than any of its type.
fn is_endless(value: &Value, of: &DataType) -> bool {
    match (value, of) {
        (Value::Date(days), _) => *days == i32::MAX,
        (Value::Timestamp { nanoseconds, .. }, DataType::Timestamp { unit, .. }) => {
            *nanoseconds == i128::from(i64::MAX) * unit.nanoseconds()
        }
        _ => false,
    }
}
