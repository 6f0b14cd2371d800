//! A metric of each group of rows: its aggregates, selected by group.

use super::aggregates::shown;
use super::groups::keys_of;
use super::recipe::{Context, Finish, Recipe, recipe};
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::metric::{Group, MOST_GROUPS, Measured, Metric};
use crate::predicate::Typed;

pub(super) fn each(by: &[Typed], metric: &Metric, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let of_group = recipe(metric, context)?;
    let (Finish::Row(finish), true) = (of_group.finish, of_group.from == context.relation) else {
        return Err(context.refuse("this is not measured within groups"));
    };
    let mut printer = Printer::new(context.dialect);
    let (mut columns, mut places, mut types) = (Vec::new(), Vec::new(), Vec::new());
    for key in by {
        let text = printer.key(key)?;
        columns.push(shown(&text, &key.data_type, context)?);
        places.push(text);
        types.push(key.data_type.clone());
    }
    columns.extend(of_group.columns);
    let mut guards = of_group.guards;
    guards.extend(context.guards(printer));
    Ok(Recipe {
        columns,
        from: context.relation.to_owned(),
        tail: format!("\nGROUP BY {}\nLIMIT {}", places.join(", "), MOST_GROUPS + 1),
        guards,
        finish: Finish::Rows(Box::new(move |rows| {
            if rows.len() > MOST_GROUPS {
                return Ok(Measured::TooManyGroups);
            }
            let keys = keys_of(rows, &types)?;
            let groups = keys.into_iter().zip(rows).map(|(keys, row)| {
                let result = finish(row.get(types.len()..).unwrap_or_default())?;
                Ok(Group { keys, result })
            });
            Ok(Measured::Groups(groups.collect::<Result<_, _>>()?))
        })),
    })
}
