//! The expectations of karat that have counterparts in Great Expectations.

/// An expectation of karat and its counterpart, with karat's and their names of the arguments.
pub(super) struct Counterpart {
    pub(super) id: &'static str,
    pub(super) theirs: &'static str,
    pub(super) arguments: &'static [(&'static str, &'static str)],
}

const fn counterpart(
    id: &'static str,
    theirs: &'static str,
    arguments: &'static [(&'static str, &'static str)],
) -> Counterpart {
    Counterpart { id, theirs, arguments }
}

const BOUNDS: &[(&str, &str)] = &[
    ("min", "min_value"),
    ("max", "max_value"),
    ("strict_min", "strict_min"),
    ("strict_max", "strict_max"),
    ("equal", "min_value"),
    ("equal", "max_value"),
];
const SEVERAL: &[(&str, &str)] = &[("columns", "column_list"), ("ignore_row_if", "ignore_row_if")];

/// The counterparts. If an id has several, the first one that has all given arguments applies.
pub(super) const COUNTERPARTS: &[Counterpart] = &[
    counterpart("between", "expect_column_values_to_be_between", BOUNDS),
    counterpart("column_count", "expect_table_column_count_to_equal", &[("equal", "value")]),
    counterpart("column_count", "expect_table_column_count_to_be_between", BOUNDS),
    counterpart("columns", "expect_table_columns_to_match_ordered_list", &[("ordered", "column_list")]),
    counterpart(
        "columns",
        "expect_table_columns_to_match_set",
        &[("set", "column_set"), ("exact", "exact_match")],
    ),
    counterpart("date_parseable", "expect_column_values_to_be_dateutil_parseable", &[]),
    counterpart(
        "datetime_format",
        "expect_column_values_to_match_strftime_format",
        &[("format", "strftime_format")],
    ),
    counterpart("decreasing", "expect_column_values_to_be_decreasing", &[("strictly", "strictly")]),
    counterpart("distinct_count", "expect_column_unique_value_count_to_be_between", BOUNDS),
    counterpart("distinct_ratio", "expect_column_proportion_of_unique_values_to_be_between", BOUNDS),
    counterpart("distinct_values", "expect_column_distinct_values_to_be_in_set", &[("in", "value_set")]),
    counterpart(
        "distinct_values",
        "expect_column_distinct_values_to_contain_set",
        &[("contain", "value_set")],
    ),
    counterpart("distinct_values", "expect_column_distinct_values_to_equal_set", &[("equal", "value_set")]),
    counterpart("equal_columns", "expect_multicolumn_values_to_be_equal", SEVERAL),
    counterpart("exists", "expect_column_to_exist", &[("index", "column_index")]),
    counterpart("in_set", "expect_column_values_to_be_in_set", &[("values", "value_set")]),
    counterpart("increasing", "expect_column_values_to_be_increasing", &[("strictly", "strictly")]),
    counterpart("json", "expect_column_values_to_be_json_parseable", &[]),
    counterpart("json_schema", "expect_column_values_to_match_json_schema", &[("schema", "json_schema")]),
    counterpart(
        "kl_divergence",
        "expect_column_kl_divergence_to_be_less_than",
        &[
            ("partition", "partition_object"),
            ("threshold", "threshold"),
            ("tail_weight_holdout", "tail_weight_holdout"),
            ("internal_weight_holdout", "internal_weight_holdout"),
            ("bucketize_data", "bucketize_data"),
            ("min", "min_value"),
            ("max", "max_value"),
        ],
    ),
    counterpart("length_between", "expect_column_value_lengths_to_be_between", BOUNDS),
    counterpart("length_equal", "expect_column_value_lengths_to_equal", &[("value", "value")]),
    counterpart(
        "like",
        "expect_column_values_to_match_like_pattern",
        &[("pattern", "like_pattern"), ("escape", "escape"), ("match_on", "match_on")],
    ),
    counterpart(
        "matches",
        "expect_column_values_to_match_regex",
        &[("regex", "regex"), ("match_on", "match_on")],
    ),
    counterpart("max", "expect_column_max_to_be_between", BOUNDS),
    counterpart("mean", "expect_column_mean_to_be_between", BOUNDS),
    counterpart("median", "expect_column_median_to_be_between", BOUNDS),
    counterpart("min", "expect_column_min_to_be_between", BOUNDS),
    counterpart(
        "most_common",
        "expect_column_most_common_value_to_be_in_set",
        &[("values", "value_set"), ("ties_okay", "ties_okay")],
    ),
    counterpart("non_null_ratio", "expect_column_proportion_of_non_null_values_to_be_between", BOUNDS),
    counterpart("not_in_set", "expect_column_values_to_not_be_in_set", &[("values", "value_set")]),
    counterpart(
        "not_like",
        "expect_column_values_to_not_match_like_pattern",
        &[("pattern", "like_pattern"), ("escape", "escape")],
    ),
    counterpart("not_matches", "expect_column_values_to_not_match_regex", &[("regex", "regex")]),
    counterpart("not_null", "expect_column_values_to_not_be_null", &[]),
    counterpart(
        "not_outlier",
        "expect_column_values_to_not_be_outliers",
        &[("method", "method"), ("multiplier", "multiplier")],
    ),
    counterpart("null", "expect_column_values_to_be_null", &[]),
    counterpart(
        "pair_in_set",
        "expect_column_pair_values_to_be_in_set",
        &[
            ("left", "column_A"),
            ("right", "column_B"),
            ("values", "value_pairs_set"),
            ("ignore_row_if", "ignore_row_if"),
        ],
    ),
    counterpart("row_count", "expect_table_row_count_to_equal", &[("equal", "value")]),
    counterpart("row_count", "expect_table_row_count_to_be_between", BOUNDS),
    counterpart(
        "row_count_same_as",
        "expect_table_row_count_to_equal_other_table",
        &[("data", "other_table_name")],
    ),
    counterpart(
        "row_sum",
        "expect_multicolumn_sum_to_equal",
        &[("columns", "column_list"), ("equal", "sum_total"), ("ignore_row_if", "ignore_row_if")],
    ),
    counterpart("stddev", "expect_column_stdev_to_be_between", BOUNDS),
    counterpart("sum", "expect_column_sum_to_be_between", BOUNDS),
    counterpart("type", "expect_column_values_to_be_of_type", &[("type", "type_")]),
    counterpart("type_in", "expect_column_values_to_be_in_type_list", &[("types", "type_list")]),
    counterpart("unexpected_rows", "unexpected_rows_expectation", &[("query", "unexpected_rows_query")]),
    counterpart("unique", "expect_compound_columns_to_be_unique", SEVERAL),
    counterpart("unique_within_row", "expect_select_column_values_to_be_unique_within_record", SEVERAL),
    counterpart(
        "z_score",
        "expect_column_value_z_scores_to_be_less_than",
        &[("threshold", "threshold"), ("double_sided", "double_sided")],
    ),
];
