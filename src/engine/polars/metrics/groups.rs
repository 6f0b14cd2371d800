//! Group metrics: one grouping for each query, beside the main `select`, and a `select` of statistics over
//! its groups.

use polars::prelude::{
    DataType, Expr, Float64Chunked, IntoColumn as _, LazyFrame, NewChunkedArray as _, PlSmallStr,
    SortMultipleOptions, SortOptions, as_struct, len, lit, when,
};

use crate::data::Value;
use crate::engine::polars::expression::{computed, to_polars, value_series};
use crate::metric::{self, GroupStatistic, Grouping};
use crate::predicate::{Term, Typed};
use crate::source::files::ROW_COLUMN;

/// Column with the number of rows of a group.
const SIZE: &str = "\u{1}size";
/// Column with the number of the first row of a group.
const FIRST: &str = "\u{1}first";
/// Column that is true if the rows of a group pass the filter.
const KEPT: &str = "\u{1}kept";
/// Column that is true if a row is chosen.
const CHOSEN: &str = "\u{1}chosen";

/// Returns the groups of a grouping's rows, as a frame with the keys as columns. `query` tells apart the
/// groupings of one execution: if two queries have more than their scan in common, Polars shares that part
/// and scans once more for it.
pub(in crate::engine::polars) fn groups(frame: &LazyFrame, grouping: &Grouping, query: usize) -> LazyFrame {
    grouped(frame, grouping, &[], sizes(), query)
}

/// Like `groups`, for a frame that numbers its rows, with the first row of each group.
pub(in crate::engine::polars) fn groups_with_first_rows(
    frame: &LazyFrame,
    grouping: &Grouping,
    query: usize,
) -> LazyFrame {
    grouped(frame, grouping, &[], sizes_with_first_rows(), query)
}

/// Like `groups`, within the groups that the keys `outer` form of all rows; these keys are columns too.
pub(in crate::engine::polars) fn groups_within(
    frame: &LazyFrame,
    grouping: &Grouping,
    outer: &[Typed],
    query: usize,
) -> LazyFrame {
    grouped(frame, grouping, outer, sizes(), query)
}

fn sizes() -> Vec<(&'static str, Expr)> {
    vec![(SIZE, len())]
}

fn sizes_with_first_rows() -> Vec<(&'static str, Expr)> {
    vec![(SIZE, len()), (FIRST, column(ROW_COLUMN).min())]
}

/// Returns the groups of those grouped rows that a condition selects, with their first rows. All other rows
/// form one group that is not kept.
pub(in crate::engine::polars) fn groups_among(
    frame: &LazyFrame,
    grouping: &Grouping,
    chosen: Expr,
    query: usize,
) -> LazyFrame {
    groups_if(frame, grouping, chosen, sizes_with_first_rows(), query)
}

/// Like `groups_among`, for a frame without row numbers, without the first row of each group.
pub(in crate::engine::polars) fn groups_of(
    frame: &LazyFrame,
    grouping: &Grouping,
    chosen: Expr,
    query: usize,
) -> LazyFrame {
    groups_if(frame, grouping, chosen, sizes(), query)
}

fn groups_if(
    frame: &LazyFrame,
    grouping: &Grouping,
    chosen: Expr,
    found: Vec<(&str, Expr)>,
    query: usize,
) -> LazyFrame {
    let name = PlSmallStr::from(format!("{CHOSEN}{query}"));
    let frame = frame.clone().with_column(chosen.alias(name.clone()));
    groups_where(&frame, grouping, &Expr::Column(name), &[], found, query)
}

/// Groups rows, and aggregates `found` for each group.
fn grouped(
    frame: &LazyFrame,
    grouping: &Grouping,
    outer: &[Typed],
    found: Vec<(&str, Expr)>,
    query: usize,
) -> LazyFrame {
    let passes = to_polars(&grouping.filter);
    if !outer.is_empty() || !filters_by_keys(grouping) {
        return groups_where(frame, grouping, &passes, outer, found, query);
    }
    // The filter reads keys only, so it can be applied to groups instead of rows.
    let (aggregates, found) = own(found, query);
    let keys: Vec<Expr> = grouping.keys.iter().map(to_polars).collect();
    let named = keys.iter().enumerate().map(|(index, key)| key.clone().alias(key_name(index)));
    let columns: Vec<Expr> = named.chain(found).chain([passes.alias(KEPT)]).collect();
    // Polars cannot group by the same column twice.
    let mut distinct: Vec<Expr> = Vec::with_capacity(keys.len());
    for key in keys {
        if !distinct.contains(&key) {
            distinct.push(key);
        }
    }
    frame.clone().group_by(&distinct).agg(aggregates).select(columns)
}

/// Groups the rows that pass a condition; all other rows form one group that is not kept.
fn groups_where(
    frame: &LazyFrame,
    grouping: &Grouping,
    passes: &Expr,
    outer: &[Typed],
    found: Vec<(&str, Expr)>,
    query: usize,
) -> LazyFrame {
    let (aggregates, found) = own(found, query);
    let kept_keys = grouping.keys.iter().map(to_polars).enumerate().map(|(index, key)| {
        let null = lit(polars::prelude::Null {});
        when(passes.clone()).then(key).otherwise(null).alias(key_name(index))
    });
    let outer_keys = outer.iter().enumerate().map(|(index, key)| to_polars(key).alias(outer_name(index)));
    let keys: Vec<Expr> = kept_keys.chain(outer_keys).chain([passes.clone().alias(KEPT)]).collect();
    let names = (0..grouping.keys.len()).map(group_key).chain((0..outer.len()).map(outer_key));
    let columns: Vec<Expr> = names.chain(found).chain([column(KEPT)]).collect();
    frame.clone().group_by(&keys).agg(aggregates).select(columns)
}

/// Returns the aggregates of groups under names that are unique to the query, and the columns with their
/// final names.
fn own(found: Vec<(&str, Expr)>, query: usize) -> (Vec<Expr>, Vec<Expr>) {
    let of = |(name, of): (&str, Expr)| {
        let own = PlSmallStr::from(format!("{name}{query}"));
        (of.alias(own.clone()), Expr::Column(own).alias(name))
    };
    found.into_iter().map(of).unzip()
}

/// Returns whether the keys are plain columns and the filter reads no others.
fn filters_by_keys(grouping: &Grouping) -> bool {
    let plain = |typed: &Typed| matches!(&typed.term, Term::Column(path) if path.parts().len() == 1);
    let mut only_keys = grouping.keys.iter().all(plain);
    grouping.filter.each_column(&mut |path| {
        only_keys &= grouping.keys.iter().any(|key| key.term == Term::Column(path.clone()));
    });
    only_keys
}

/// Returns the expression of a statistic over the frame of groups.
pub(in crate::engine::polars) fn statistic(grouping: &Grouping, statistic: &GroupStatistic) -> Expr {
    let kept = || column(KEPT);
    let duplicated = || kept().and(column(SIZE).gt(lit(1)));
    match statistic {
        GroupStatistic::Distinct => kept().sum(),
        GroupStatistic::DuplicatedRows => column(SIZE).filter(duplicated()).sum(),
        GroupStatistic::DuplicatedKeys { limit } => {
            let keys: Vec<Expr> = (0..grouping.keys.len()).map(group_key).collect();
            as_struct(keys)
                .filter(duplicated())
                .sort_by([column(FIRST).filter(duplicated())], SortMultipleOptions::default())
                .head(Some(*limit))
                .implode(true)
        }
        GroupStatistic::OutsideCount(values) => outside(grouping, values).sum(),
        GroupStatistic::Outside { values, limit } => group_key(0)
            .filter(outside(grouping, values))
            .sort(SortOptions::default())
            .head(Some(*limit))
            .implode(true),
        GroupStatistic::Inside(values) => group_key(0)
            .filter(kept().and(inside(grouping, values)))
            .sort(SortOptions::default())
            .implode(true),
        GroupStatistic::Singles => kept().and(column(SIZE).eq(lit(1))).sum(),
        GroupStatistic::ModeCount => is_mode().sum(),
        GroupStatistic::Modes { limit } => {
            group_key(0).filter(is_mode()).sort(SortOptions::default()).head(Some(*limit)).implode(true)
        }
        GroupStatistic::ModesInside(values) => group_key(0)
            .filter(is_mode().and(inside(grouping, values)))
            .sort(SortOptions::default())
            .implode(true),
        GroupStatistic::Entropy => entropy(&column(SIZE).filter(kept()).cast(DataType::UInt64)),
        GroupStatistic::Counts { limit } => {
            let keys: Vec<Expr> = (0..grouping.keys.len()).map(group_key).collect();
            let by: Vec<Expr> = keys.iter().map(|key| key.clone().filter(kept())).collect();
            let least = |list: Expr| {
                list.filter(kept())
                    .sort_by(by.clone(), SortMultipleOptions::default())
                    .head(Some(*limit))
                    .implode(true)
            };
            as_struct(keys.into_iter().chain([column(SIZE)]).map(least).collect())
        }
    }
}

/// Returns an expression that is true for each of the largest groups.
fn is_mode() -> Expr {
    let kept = column(KEPT);
    kept.clone().and(column(SIZE).eq(column(SIZE).filter(kept).max()))
}

/// Returns the expression of the entropy of groups with these sizes.
fn entropy(sizes: &Expr) -> Expr {
    computed(sizes.clone().implode(true), DataType::Float64, |lists| {
        let mut entropies = Vec::with_capacity(lists.len());
        for sizes in lists.list()?.amortized_iter() {
            let sizes = sizes.map(|sizes| sizes.as_ref().u64().map(|sizes| sizes.iter().flatten().collect()));
            entropies.push(sizes.transpose()?.and_then(entropy_of));
        }
        Ok(Float64Chunked::from_iter_options(lists.name().clone(), entropies.into_iter()).into_column())
    })
}

/// Computes the entropy of groups with these sizes; `None` without rows.
fn entropy_of(mut sizes: Vec<u64>) -> Option<f64> {
    sizes.sort_unstable();
    let counted = sizes.chunk_by(u64::eq).filter_map(|equal| Some((*equal.first()?, equal.len() as u64)));
    metric::entropy(&counted.collect::<Vec<_>>())
}

fn outside(grouping: &Grouping, values: &[Value]) -> Expr {
    column(KEPT).and(inside(grouping, values).not())
}

fn inside(grouping: &Grouping, values: &[Value]) -> Expr {
    match grouping.keys.first() {
        Some(typed) if !values.is_empty() => {
            group_key(0).is_in(lit(value_series(values, &typed.data_type)).implode(true), false)
        }
        _ => lit(false),
    }
}

/// Returns an expression that is true if the rows of a group pass the filter.
pub(in crate::engine::polars) fn kept() -> Expr {
    column(KEPT)
}

/// Returns the expression of the number of rows of a group.
pub(in crate::engine::polars) fn size() -> Expr {
    column(SIZE)
}

/// Returns a key of a group, over the frame of groups.
pub(in crate::engine::polars) fn group_key(index: usize) -> Expr {
    Expr::Column(key_name(index))
}

/// Returns a key of the group that encloses a group, over the frame of groups.
pub(in crate::engine::polars) fn outer_key(index: usize) -> Expr {
    Expr::Column(outer_name(index))
}

fn outer_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}outer{index}"))
}

fn key_name(index: usize) -> PlSmallStr {
    PlSmallStr::from(format!("\u{1}key{index}"))
}

fn column(name: &'static str) -> Expr {
    Expr::Column(PlSmallStr::from_static(name))
}
