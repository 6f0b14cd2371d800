//! Keys that must exist in another dataset: an anti join.

use super::aggregates::shown;
use super::groups::keys_of;
use super::recipe::{Context, Finish, Recipe, only};
use crate::data::ColumnPath;
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::engine::sql::read_values;
use crate::metric::{Lookup, Measured, UnmatchedResult};
use crate::predicate::Typed;

pub(super) fn unmatched(
    lookup: &Lookup,
    result: &UnmatchedResult,
    context: Context<'_>,
) -> Result<Recipe, NotPushable> {
    let there = context.other(&lookup.dataset)?;
    let mut printer = Printer::new(context.dialect);
    let condition = only(&lookup.grouping.filter, &mut printer)?;
    let (mut here, mut types) = (Vec::new(), Vec::new());
    for (index, key) in lookup.grouping.keys.iter().enumerate() {
        here.push(format!("{} AS h{index}", printer.key(key)?));
        types.push(key.data_type.clone());
    }
    let mut guards = context.guards(printer);
    let other = Context { relation: &there, ..context };
    let lacks = without_match(lookup, other, &mut guards)?;
    let rows = format!("(SELECT {}\nFROM {}{condition}) AS a", here.join(", "), context.relation);
    match result {
        UnmatchedResult::Rows => Ok(Recipe {
            from: rows,
            columns: vec![context.as_text("count(*)")],
            tail: format!("\nWHERE {lacks}"),
            rows: None,
            guards,
            finish: Finish::Rows(Box::new(|rows| {
                let cell = rows.first().and_then(|row| row.first()).unwrap_or(&None);
                Ok(Measured::Count(read_values::count(cell)?))
            })),
        }),
        UnmatchedResult::Keys { limit } => {
            let names: Vec<String> = (0..types.len()).map(|index| format!("h{index}")).collect();
            let shown = names.iter().zip(&types).map(|(name, of)| shown(name, of, context));
            Ok(Recipe {
                columns: shown.collect::<Result<_, _>>()?,
                from: format!("(SELECT DISTINCT {}\nFROM {rows}\nWHERE {lacks}) AS d", names.join(", ")),
                tail: format!("\nORDER BY {}\nLIMIT {limit}", names.join(", ")),
                rows: None,
                guards,
                finish: Finish::Rows(Box::new(move |rows| Ok(Measured::Keys(keys_of(rows, &types)?)))),
            })
        }
    }
}

/// Returns the condition that the keys `h0` and so on are not in the other dataset.
pub(in crate::engine::sql) fn without_match(
    lookup: &Lookup,
    other: Context<'_>,
    guards: &mut Vec<super::Guard>,
) -> Result<String, NotPushable> {
    let mut printer = Printer::new(other.dialect);
    let condition = only(&lookup.filter, &mut printer)?;
    let (mut there, mut equal) = (Vec::new(), Vec::new());
    let mut comparing = Printer::new(other.dialect);
    for (index, (key, here)) in lookup.there.iter().zip(&lookup.grouping.keys).enumerate() {
        there.push(format!("{} AS t{index}", printer.key(key)?));
        let column = |side: &str, of: &Typed| {
            Typed::column(&ColumnPath::column(format!("{side}{index}")), &of.data_type)
        };
        let (one, another) = comparing.comparable(&column("h", here), &column("t", key))?;
        equal.push(format!("{one} = {another}"));
    }
    if !comparing.guards.is_empty() {
        return Err(other.refuse("keys of these types are not compared by all digits"));
    }
    guards.extend(other.guards(printer));
    Ok(format!(
        "NOT EXISTS (SELECT 1\nFROM (SELECT {}\nFROM {}{condition}) AS b\nWHERE {})",
        there.join(", "),
        other.relation,
        equal.join(" AND ")
    ))
}
