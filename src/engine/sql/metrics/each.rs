//! A metric of each group of rows: its aggregates, selected by group.

use super::aggregates::shown;
use super::groups::{Groups, keys_of};
use super::recipe::{Context, Finish, Recipe, recipe};
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::metric::{Group, MOST_GROUPS, Measured, Metric};
use crate::predicate::Typed;

pub(super) fn each(by: &[Typed], metric: &Metric, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let refused = || context.refuse("this is not measured within groups");
    let (of_group, places) = if let Metric::Group { grouping, statistic } = metric {
        let groups = Groups::within(by, grouping, context)?;
        let aggregate = groups.aggregate(statistic)?.ok_or_else(refused)?;
        (groups.counted(&aggregate), (0..by.len()).map(|index| format!("b{index}")).collect())
    } else {
        let mut of_group = recipe(metric, context)?;
        let mut printer = Printer::new(context.dialect);
        let keys = by.iter().map(|key| printer.key(key)).collect::<Result<Vec<_>, _>>()?;
        of_group.guards.extend(context.guards(printer));
        if of_group.from != context.relation {
            return Err(refused());
        }
        (of_group, keys)
    };
    let Finish::Row(finish) = of_group.finish else { return Err(refused()) };
    let types: Vec<_> = by.iter().map(|key| key.data_type.clone()).collect();
    let keys = places.iter().zip(&types).map(|(place, of)| shown(place, of, context));
    let mut columns = keys.collect::<Result<Vec<_>, _>>()?;
    columns.extend(of_group.columns);
    Ok(Recipe {
        columns,
        from: of_group.from,
        tail: format!("\nGROUP BY {}\nLIMIT {}", places.join(", "), MOST_GROUPS + 1),
        rows: None,
        guards: of_group.guards,
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
