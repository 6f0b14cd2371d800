//! Rows of this dataset beside those of another: what is fetched there, and what is told here.

use polars::prelude::{
    DataFrame, DataType as PlType, Expr, IntoLazy as _, JoinArgs, JoinCoalesce, JoinType, LazyFrame,
    PlSmallStr, SortMultipleOptions, as_struct, lit,
};

use super::groups::{group_key, groups, kept, size};
use super::rows::chosen;
use crate::metric::{Correspondence, Grouping, Lookup, Unmatched};
use crate::predicate::to_polars;

/// How the names of columns begin that come from another dataset.
pub(super) const OTHER: &str = "\u{1}other";
/// Whether a row is there at all.
const HERE: &str = "\u{1}here";
const THERE: &str = "\u{1}other row";

/// The distinct keys of the other dataset.
pub(super) fn keys_there(frame: &LazyFrame, lookup: &Lookup, query: usize) -> LazyFrame {
    let grouping = Grouping { keys: lookup.there.clone(), filter: lookup.filter.clone() };
    let keys = (0..lookup.there.len()).map(|index| group_key(index).filter(kept()).alias(other(index)));
    groups(frame, &grouping, query).select(keys.collect::<Vec<_>>())
}

/// The groups of this dataset's rows whose keys are not among those.
pub(super) fn unmatched(frame: &LazyFrame, lookup: &Lookup, there: &DataFrame, query: usize) -> LazyFrame {
    let keys = 0..lookup.there.len();
    let here: Vec<Expr> = keys.clone().map(group_key).collect();
    let there_keys: Vec<Expr> = keys.map(|index| Expr::Column(other(index))).collect();
    groups(frame, &lookup.grouping, query).join(
        there.clone().lazy(),
        here,
        there_keys,
        JoinArgs::new(JoinType::Anti),
    )
}

/// What is told of those groups.
pub(super) fn told(lookup: &Lookup, told: &Unmatched) -> Expr {
    match told {
        Unmatched::Rows => size().filter(kept()).sum(),
        Unmatched::Keys { limit } => {
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

/// The keys and values of the other dataset.
pub(super) fn rows_there(frame: &LazyFrame, of: &Correspondence, query: usize) -> LazyFrame {
    let there = of.keys.iter().chain(&of.values).map(|(_, there)| there);
    let fields = there.enumerate().map(|(index, term)| (other(index), to_polars(term)));
    chosen(frame, fields.chain([(THERE.into(), lit(true))]).collect(), &of.there, query)
}

/// This dataset's rows beside the other one's with the same keys.
pub(super) fn beside(frame: &LazyFrame, of: &Correspondence, there: &DataFrame, query: usize) -> LazyFrame {
    let here = of.keys.iter().chain(&of.values).map(|(here, _)| here);
    let fields = here.enumerate().map(|(index, term)| (own(index), to_polars(term)));
    let fields = fields.chain([(HERE.into(), lit(true))]).collect();
    let keys = 0..of.keys.len();
    chosen(frame, fields, &of.filter, query).join(
        there.clone().lazy(),
        keys.clone().map(|index| Expr::Column(own(index))).collect::<Vec<_>>(),
        keys.map(|index| Expr::Column(other(index))).collect::<Vec<_>>(),
        JoinArgs::new(JoinType::Full).with_coalesce(JoinCoalesce::KeepColumns),
    )
}

/// How many rows are only here, only there, and in both but different.
pub(super) fn differences(of: &Correspondence) -> Expr {
    let is = |name: &'static str| Expr::Column(PlSmallStr::from_static(name)).fill_null(lit(false));
    let differ = of.values.iter().enumerate().map(|(index, (here, _))| {
        let index = of.keys.len() + index;
        let (left, right) = (Expr::Column(own(index)), Expr::Column(other(index)));
        let apart = left.clone().neq_missing(right.clone());
        if of.tolerance.0 == 0.0 || !here.data_type.is_numeric() {
            return apart;
        }
        let double = |of: Expr| of.cast(PlType::Float64);
        let near = (double(left) - double(right)).abs().lt_eq(lit(of.tolerance.0)).fill_null(lit(false));
        apart.and(near.not())
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
