//! The rows of two relations side by side, by their keys: a full join.

use super::recipe::{Context, Finish, Recipe, only};
use crate::data::ColumnPath;
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::engine::sql::read_values::{self, Unreadable};
use crate::metric::{Correspondence, Differences, Measured};
use crate::predicate::Typed;

pub(super) fn differences(of: &Correspondence, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let there = context.other(&of.dataset)?;
    let is_near = of.tolerance.0 != 0.0 && of.values.iter().any(|(here, _)| here.data_type.is_numeric());
    if is_near {
        return Err(context.refuse("numbers that may be some way apart are subtracted after rounding"));
    }
    let pairs: Vec<&(Typed, Typed)> = of.keys.iter().chain(&of.values).collect();
    let mut guards = Vec::new();
    let mut side = |name: &str, relation: &str, filter: &Typed, pick: fn(&(Typed, Typed)) -> &Typed| {
        let mut printer = Printer::new(context.dialect);
        let condition = only(filter, &mut printer)?;
        let mut columns = vec![format!("1 AS {name}")];
        for (index, pair) in pairs.iter().enumerate() {
            columns.push(format!("{} AS {name}{index}", printer.key(pick(pair))?));
        }
        let columns = columns.join(", ");
        guards.extend(Context { relation, ..context }.guards(printer));
        Ok::<_, NotPushable>(format!("(SELECT {columns}\nFROM {relation}{condition})"))
    };
    let own = side("h", context.relation, &of.filter, |pair| &pair.0)?;
    let other = side("t", &there, &of.there, |pair| &pair.1)?;
    let mut comparing = Printer::new(context.dialect);
    let mut compared = Vec::with_capacity(pairs.len());
    for (index, (here, there)) in pairs.iter().copied().enumerate() {
        let column = |side: &str, of: &Typed| {
            Typed::column(&ColumnPath::column(format!("{side}{index}")), &of.data_type)
        };
        compared.push(comparing.comparable(&column("h", here), &column("t", there))?);
    }
    if !comparing.guards.is_empty() {
        return Err(context.refuse("values of these types are not compared by all digits"));
    }
    let (keys, values) = compared.split_at(of.keys.len());
    let equal = keys.iter().map(|(one, other)| format!("{one} = {other}")).collect::<Vec<_>>().join(" AND ");
    let differ: Vec<String> = values.iter().map(|(one, other)| context.dialect.differ(one, other)).collect();
    let differ = if differ.is_empty() { "FALSE".to_owned() } else { differ.join(" OR ") };
    let counts = [
        "h IS NOT NULL AND t IS NULL".to_owned(),
        "t IS NOT NULL AND h IS NULL".to_owned(),
        format!("h IS NOT NULL AND t IS NOT NULL AND ({differ})"),
    ];
    Ok(Recipe {
        from: format!("{own} AS a\nFULL JOIN {other} AS b ON {equal}"),
        columns: counts
            .map(|condition| context.as_text(&format!("count(CASE WHEN {condition} THEN 1 END)")))
            .to_vec(),
        tail: String::new(),
        rows: None,
        guards,
        finish: Finish::Row(Box::new(|cells| match cells {
            [only_here, only_there, different] => Ok(Measured::Differences(Differences {
                only_here: read_values::count(only_here)?,
                only_there: read_values::count(only_there)?,
                different: read_values::count(different)?,
            })),
            _ => Err(Unreadable { wanted: "three counts" }),
        })),
    })
}
