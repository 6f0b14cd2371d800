//! Statistics of groups of rows with equal keys: one grouping in the system, of which aggregates and lists are selected.

use super::aggregates::shown;
use super::recipe::{Context, Finish, Guard, Recipe, only};
use crate::data::{DataType, Value};
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::engine::sql::read_values::{self, Cell, Unreadable};
use crate::metric::{
    Counted, GroupStatistic, Grouping, MOST_GROUPS, Measured, Sizes, Tally, entropy, mark, tally::short,
};
use crate::predicate::Typed;

/// The groups of a grouping, as a relation `g` with the parts of the key, `k0` and so on, and the number `n` of rows.
pub(super) struct Groups<'a> {
    context: Context<'a>,
    pub(super) from: String,
    types: Vec<DataType>,
    pub(super) guards: Vec<Guard>,
}

impl<'a> Groups<'a> {
    fn of(grouping: &Grouping, context: Context<'a>) -> Result<Self, NotPushable> {
        let mut printer = Printer::new(context.dialect);
        let condition = only(&grouping.filter, &mut printer)?;
        let keys = grouping.keys.iter().enumerate();
        let named = keys.map(|(index, key)| Ok(format!("{} AS k{index}, ", printer.key(key)?)));
        let keys = named.collect::<Result<String, NotPushable>>()?;
        let by: Vec<String> = (1..=grouping.keys.len()).map(|index| index.to_string()).collect();
        let by = if by.is_empty() { String::new() } else { format!("\nGROUP BY {}", by.join(", ")) };
        let from = format!("(SELECT {keys}count(*) AS n\nFROM {}{condition}{by}) AS g", context.relation);
        let types = grouping.keys.iter().map(|key| key.data_type.clone()).collect();
        Ok(Self { context, from, types, guards: context.guards(printer) })
    }

    /// Groups each of the groups of rows with equal `by`, `b0` and so on, once more by keys. A part without a row that the
    /// filter lets through has the size 0.
    pub(super) fn within(
        by: &[Typed],
        grouping: &Grouping,
        context: Context<'a>,
    ) -> Result<Self, NotPushable> {
        let mut printer = Printer::new(context.dialect);
        let mut columns = Vec::new();
        for (name, keys) in [("b", by), ("k", &grouping.keys)] {
            for (index, key) in keys.iter().enumerate() {
                columns.push(format!("{} AS {name}{index}", printer.key(key)?));
            }
        }
        let size = printer.where_true("1", &grouping.filter)?;
        let places: Vec<String> = (1..=columns.len()).map(|place| place.to_string()).collect();
        let from = format!(
            "(SELECT {}, count({size}) AS n\nFROM {}\nGROUP BY {}) AS g",
            columns.join(", "),
            context.relation,
            places.join(", ")
        );
        let types = grouping.keys.iter().map(|key| key.data_type.clone()).collect();
        Ok(Self { context, from, types, guards: context.guards(printer) })
    }

    /// Returns the aggregate of groups that a statistic is, if it is one. Groups of no rows count for none.
    pub(super) fn aggregate(&self, statistic: &GroupStatistic) -> Result<Option<String>, NotPushable> {
        Ok(Some(match statistic {
            GroupStatistic::Distinct => "count(CASE WHEN n > 0 THEN 1 END)".to_owned(),
            GroupStatistic::DuplicatedRows => "COALESCE(sum(CASE WHEN n > 1 THEN n END), 0)".to_owned(),
            GroupStatistic::Singles => "count(CASE WHEN n = 1 THEN 1 END)".to_owned(),
            GroupStatistic::OutsideCount(values) => {
                format!("count(CASE WHEN n > 0 AND NOT {} THEN 1 END)", self.is_among(values)?)
            }
            _ => return Ok(None),
        }))
    }

    /// The same, with the size `m` of the largest group beside each.
    fn with_largest(mut self) -> Self {
        self.from = format!("(SELECT *, max(n) OVER () AS m\nFROM {}) AS g", self.from);
        self
    }

    pub(super) fn counted(self, column: &str) -> Recipe {
        Recipe {
            columns: vec![self.context.as_text(column)],
            from: self.from,
            tail: String::new(),
            rows: None,
            guards: self.guards,
            finish: Finish::Row(Box::new(|cells| {
                Ok(Measured::Count(read_values::count(cells.first().unwrap_or(&None))?))
            })),
        }
    }

    /// Returns the parts of the keys as texts.
    fn keys(&self) -> Result<Vec<String>, NotPushable> {
        let keys = self.types.iter().enumerate();
        keys.map(|(index, of)| shown(&format!("k{index}"), of, self.context)).collect()
    }

    /// Returns what follows the groups to list the least keys among some.
    fn least(&self, condition: &str, limit: usize) -> String {
        let by: Vec<String> = (0..self.types.len()).map(|index| format!("k{index} NULLS FIRST")).collect();
        format!("{condition}\nORDER BY {}\nLIMIT {limit}", by.join(", "))
    }

    /// Lists keys; those of `some` groups, where an aggregate tells whether there are any.
    fn listed(
        self,
        tail: String,
        some: Option<&GroupStatistic>,
        finish: impl Fn(Vec<Vec<Value>>) -> Measured + 'static,
    ) -> Result<Recipe, NotPushable> {
        let rows = some.map(|some| self.aggregate(some)).transpose()?.flatten();
        let rows = rows.map(|rows| self.context.as_text(&rows));
        let (columns, types) = (self.keys()?, self.types);
        Ok(Recipe {
            columns,
            from: self.from,
            tail,
            rows,
            guards: self.guards,
            finish: Finish::Rows(Box::new(move |rows| Ok(finish(keys_of(rows, &types)?)))),
        })
    }

    /// Returns the condition that a key is one of some values.
    fn is_among(&self, values: &[Value]) -> Result<String, NotPushable> {
        let of = self.types.first().ok_or_else(|| self.context.refuse("groups have no key"))?;
        if values.is_empty() {
            return Ok("FALSE".to_owned());
        }
        if values.iter().any(Value::is_null) {
            return Err(self.context.refuse("a null is looked up among keys"));
        }
        let printer = Printer::new(self.context.dialect);
        let values = values.iter().map(|value| printer.literal(value, of)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("COALESCE(k0 IN ({}), FALSE)", values.join(", ")))
    }
}

/// Returns the keys in the first columns of rows.
pub(super) fn keys_of(rows: &[Vec<Cell>], types: &[DataType]) -> Result<Vec<Vec<Value>>, Unreadable> {
    let of_row = |row: &Vec<Cell>| {
        types
            .iter()
            .enumerate()
            .map(|(index, of)| read_values::value(row.get(index).unwrap_or(&None), of))
            .collect()
    };
    rows.iter().map(of_row).collect()
}

fn firsts(keys: Vec<Vec<Value>>) -> Vec<Value> {
    keys.into_iter().filter_map(|key| key.into_iter().next()).collect()
}

/// Returns those of the known values that are among keys, in their own order.
fn known(values: &[Value], keys: Vec<Vec<Value>>) -> Measured {
    let found = firsts(keys);
    Measured::Values(values.iter().filter(|value| found.contains(value)).cloned().collect())
}

pub(super) fn statistic(
    grouping: &Grouping,
    statistic: &GroupStatistic,
    context: Context<'_>,
) -> Result<Recipe, NotPushable> {
    let groups = Groups::of(grouping, context)?;
    if let Some(aggregate) = groups.aggregate(statistic)? {
        return Ok(groups.counted(&aggregate));
    }
    match statistic {
        GroupStatistic::Distinct
        | GroupStatistic::DuplicatedRows
        | GroupStatistic::Singles
        | GroupStatistic::OutsideCount(_) => Err(context.refuse("it is no aggregate of groups")),
        GroupStatistic::ModeCount => Ok(groups.with_largest().counted("count(CASE WHEN n = m THEN 1 END)")),
        GroupStatistic::DuplicatedKeys { limit } => {
            let tail = groups.least("\nWHERE n > 1", *limit);
            groups.listed(tail, Some(&GroupStatistic::DuplicatedRows), Measured::Keys)
        }
        GroupStatistic::Outside { values, limit } => {
            let tail = groups.least(&format!("\nWHERE NOT {}", groups.is_among(values)?), *limit);
            groups.listed(tail, Some(&GroupStatistic::OutsideCount(values.clone())), |keys| {
                Measured::Values(firsts(keys))
            })
        }
        GroupStatistic::Inside(values) => {
            let tail = format!("\nWHERE {}", groups.is_among(values)?);
            let values = values.clone();
            groups.listed(tail, None, move |keys| known(&values, keys))
        }
        GroupStatistic::Modes { limit } => {
            let groups = groups.with_largest();
            let tail = groups.least("\nWHERE n = m", *limit);
            groups.listed(tail, None, |keys| Measured::Values(firsts(keys)))
        }
        GroupStatistic::ModesInside(values) => {
            let groups = groups.with_largest();
            let tail = format!("\nWHERE n = m AND {}", groups.is_among(values)?);
            let values = values.clone();
            groups.listed(tail, None, move |keys| known(&values, keys))
        }
        GroupStatistic::Entropy => Ok(Recipe {
            columns: vec![context.as_text("n"), context.as_text("count(*)")],
            from: groups.from,
            tail: "\nGROUP BY n\nORDER BY n".to_owned(),
            rows: None,
            guards: groups.guards,
            finish: Finish::Rows(Box::new(|rows| {
                let sizes = rows.iter().map(|row| match row.as_slice() {
                    [size, groups] => Ok((read_values::count(size)?, read_values::count(groups)?)),
                    _ => Err(Unreadable { wanted: "two counts" }),
                });
                let entropy = entropy(&sizes.collect::<Result<Vec<_>, _>>()?);
                Ok(Measured::Scalar(entropy.map_or(Value::Null, Value::float)))
            })),
        }),
        GroupStatistic::Counts { limit } => {
            let (mut columns, tail) = (groups.keys()?, groups.least("", *limit));
            columns.push(context.as_text("n"));
            let types = groups.types;
            Ok(Recipe {
                columns,
                from: groups.from,
                tail,
                rows: None,
                guards: groups.guards,
                finish: Finish::Rows(Box::new(move |rows| {
                    let keys = keys_of(rows, &types)?;
                    let parts = (0..types.len()).map(|part| {
                        keys.iter().map(|key| key.get(part).cloned().unwrap_or_default()).collect()
                    });
                    let sizes = rows.iter().map(|row| read_values::count(row.last().unwrap_or(&None)));
                    Ok(Measured::Sizes(Sizes {
                        parts: parts.collect(),
                        rows: sizes.collect::<Result<_, _>>()?,
                    }))
                })),
            })
        }
    }
}

/// Selects how often each value comes.
pub(super) fn tally(tally: &Tally, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let filter = Typed::all([tally.filter.clone(), tally.of.clone().is_not_null()]);
    let groups = Groups::of(&Grouping { keys: vec![tally.of.clone()], filter }, context)?;
    let mut columns = groups.keys()?;
    columns.push(context.as_text("n"));
    let (types, most) = (groups.types, tally.most);
    Ok(Recipe {
        columns,
        from: groups.from,
        tail: format!("\nLIMIT {}", MOST_GROUPS + 1),
        rows: None,
        guards: groups.guards,
        finish: Finish::Rows(Box::new(move |rows| {
            if rows.len() > MOST_GROUPS {
                return Err(Unreadable { wanted: "of few enough different values" });
            }
            let mut counted = Counted::new(most);
            for (key, row) in keys_of(rows, &types)?.into_iter().zip(rows) {
                for value in key {
                    let mark = mark(&value);
                    counted.add(short(value), mark, read_values::count(row.last().unwrap_or(&None))?);
                }
            }
            Ok(Measured::Tally(counted.finish()))
        })),
    })
}
