//! Joins this dataset with another: the queries that fetch keys or rows there, and those that compare them
//! here.

use crate::engine::polars::query::OTHER;
use polars::prelude::{
    DataFrame, Expr, IntoLazy as _, JoinArgs, JoinCoalesce, JoinType, LazyFrame, PlSmallStr, PolarsResult,
    SortMultipleOptions, as_struct, lit,
};

use super::members::without_members;
use crate::engine::polars::expression::{equal_in, to_polars, within};
use crate::engine::polars::metrics::chosen;
use crate::engine::polars::metrics::groups::{group_key, groups, groups_of, kept, size};
use crate::metric::{Correspondence, Grouping, Lookup, UnmatchedResult};
use crate::predicate::Typed;
use crate::source::files::ROW_COLUMN;

/// Columns that mark on which side of a full join a row exists.
const HERE: &str = "\u{1}here";
const THERE: &str = "\u{1}other row";

/// Selects the distinct keys of the other dataset, cast to the types here. A key without an equal value in
/// that type becomes null, which matches nothing.
pub(super) fn keys_there(frame: &LazyFrame, lookup: &Lookup, query: usize) -> LazyFrame {
    let grouping = Grouping { keys: lookup.there.clone(), filter: lookup.filter.clone() };
    let keys = lookup.there.iter().zip(&lookup.grouping.keys).enumerate().map(|(index, (there, here))| {
        let key = group_key(index).filter(kept());
        equal_in(key, &there.data_type, &here.data_type).alias(other(index))
    });
    groups(frame, &grouping, query).select(keys.collect::<Vec<_>>())
}

/// Selects the groups of this dataset whose keys are missing in `there`. Where possible, rows with a matching
/// key are removed before grouping; Polars' anti join compares the rest.
pub(super) fn unmatched(
    frame: &LazyFrame,
    lookup: &Lookup,
    there: &DataFrame,
    query: usize,
) -> PolarsResult<LazyFrame> {
    let of_here = match without_members(lookup, there)? {
        Some(left) => groups_of(frame, &lookup.grouping, left, query),
        None => groups(frame, &lookup.grouping, query),
    };
    let types = lookup.grouping.keys.iter().map(|key| &key.data_type);
    let here: Vec<Expr> = types.enumerate().map(|(index, of)| equal_in(group_key(index), of, of)).collect();
    let there_keys: Vec<Expr> = (0..lookup.there.len()).map(|index| Expr::Column(other(index))).collect();
    Ok(of_here.join(there.clone().lazy(), here, there_keys, JoinArgs::new(JoinType::Anti)))
}

/// Selects the numbers of the rows of this dataset whose keys are missing in `there`, of a frame that numbers its rows.
pub(super) fn unmatched_rows(
    frame: &LazyFrame,
    lookup: &Lookup,
    there: &DataFrame,
    query: usize,
) -> LazyFrame {
    let keys = lookup.grouping.keys.iter().enumerate().map(|(index, key)| (own(index), self::key(key, key)));
    let number = PlSmallStr::from_static(ROW_COLUMN);
    let fields = keys.chain([(number.clone(), Expr::Column(number.clone()))]).collect();
    let keys = 0..lookup.there.len();
    chosen(frame, fields, &lookup.grouping.filter, query)
        .join(
            there.clone().lazy(),
            keys.clone().map(|index| Expr::Column(own(index))).collect::<Vec<_>>(),
            keys.map(|index| Expr::Column(other(index))).collect::<Vec<_>>(),
            JoinArgs::new(JoinType::Anti),
        )
        .select([Expr::Column(number)])
}

/// Returns the expression of the metric over the unmatched groups.
pub(super) fn unmatched_metric(lookup: &Lookup, result: &UnmatchedResult) -> Expr {
    match result {
        UnmatchedResult::Rows => size().filter(kept()).sum(),
        UnmatchedResult::Keys { limit } => {
            let keys: Vec<Expr> = (0..lookup.grouping.keys.len()).map(group_key).collect();
            let by: Vec<Expr> = keys.iter().map(|key| key.clone().filter(kept())).collect();
            as_struct(keys)
                .filter(kept())
                .sort_by(by, SortMultipleOptions::default())
                .head(Some(*limit))
                .implode(true)
        }
    }
}

/// Selects the keys and values of the other dataset.
pub(super) fn rows_there(frame: &LazyFrame, of: &Correspondence, query: usize) -> LazyFrame {
    let keys = of.keys.iter().map(|(here, there)| key(there, here));
    let values = of.values.iter().map(|(_, there)| to_polars(there));
    let fields = keys.chain(values).enumerate().map(|(index, field)| (other(index), field));
    chosen(frame, fields.chain([(THERE.into(), lit(true))]).collect(), &of.there, query)
}

/// Returns a part of a key, cast to the type of its counterpart.
fn key(of: &Typed, among: &Typed) -> Expr {
    equal_in(to_polars(of), &of.data_type, &among.data_type)
}

/// Joins the rows of this dataset with those of the other dataset that have the same keys, as a full join.
pub(super) fn full_join(
    frame: &LazyFrame,
    of: &Correspondence,
    there: &DataFrame,
    query: usize,
) -> LazyFrame {
    let keys = of.keys.iter().map(|(here, _)| key(here, here));
    let values = of.values.iter().map(|(here, _)| to_polars(here));
    let fields = keys.chain(values).enumerate().map(|(index, field)| (own(index), field));
    let fields = fields.chain([(HERE.into(), lit(true))]).collect();
    let keys = 0..of.keys.len();
    chosen(frame, fields, &of.filter, query).join(
        there.clone().lazy(),
        keys.clone().map(|index| Expr::Column(own(index))).collect::<Vec<_>>(),
        keys.map(|index| Expr::Column(other(index))).collect::<Vec<_>>(),
        JoinArgs::new(JoinType::Full).with_coalesce(JoinCoalesce::KeepColumns),
    )
}

/// Counts the rows that exist only here, only there, and on both sides with different values.
pub(super) fn differences(of: &Correspondence) -> Expr {
    let is = |name: &'static str| Expr::Column(PlSmallStr::from_static(name)).fill_null(lit(false));
    let differ = of.values.iter().enumerate().map(|(index, (here, there))| {
        let index = of.keys.len() + index;
        let (left, right) = (Expr::Column(own(index)), Expr::Column(other(index)));
        let equal = |of: &Expr, from: &Typed| equal_in(of.clone(), &from.data_type, &here.data_type);
        let (own, counterpart) = (equal(&left, here), equal(&right, there));
        let foreign = counterpart.clone().is_null().and(right.clone().is_not_null());
        let apart = own.neq_missing(counterpart).or(foreign);
        if of.tolerance.0 == 0.0 || !here.data_type.is_numeric() {
            return apart;
        }
        apart.and(within(of.tolerance.0, left, right).fill_null(lit(false)).not())
    });
    let differ = differ.reduce(Expr::or).unwrap_or_else(|| lit(false));
    as_struct(vec![
        is(HERE).and(is(THERE).not()).sum().alias("only here"),
        is(THERE).and(is(HERE).not()).sum().alias("only there"),
        is(HERE).and(is(THERE)).and(differ).sum().alias("different"),
    ])
}

fn own(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}own{index}"))
}

fn other(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("{OTHER}{index}"))
}
