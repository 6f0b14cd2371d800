//! Expectations on distributions and outliers.

use super::kwargs::{Kwargs, NamedArguments};
use super::mapping::{MappedArguments, Mapping};
use crate::document::{Diagnostic, Node};

pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping::column("expect_column_kl_divergence_to_be_less_than", "kl_divergence", |kwargs| {
        partition(
            kwargs,
            &[
                ("threshold", "threshold"),
                ("tail_weight_holdout", "tail_weight_holdout"),
                ("internal_weight_holdout", "internal_weight_holdout"),
                ("bucketize_data", "bucketize_data"),
                ("min_value", "min"),
                ("max_value", "max"),
            ],
        )
    }),
    Mapping::column("expect_column_chisquare_test_p_value_to_be_greater_than", "chi_square", |kwargs| {
        partition(kwargs, &[("p", "p_value"), ("tail_weight_holdout", "tail_weight_holdout")])
    }),
    Mapping::column(
        "expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than",
        "ks_test",
        |kwargs| {
            let names = [("distribution", "distribution"), ("params", "params"), ("p_value", "p_value")];
            Ok(kwargs.renamed(&names).into())
        },
    ),
    Mapping::column("expect_column_value_z_scores_to_be_less_than", "z_score", |kwargs| {
        Ok(infinite_passes(kwargs, &[("threshold", "threshold"), ("double_sided", "double_sided")]).into())
    }),
    Mapping::column("expect_column_values_to_not_be_outliers", "not_outlier", |kwargs| {
        Ok(infinite_passes(kwargs, &[("method", "method"), ("multiplier", "multiplier")]).into())
    }),
    Mapping::table("expect_column_pair_cramers_phi_value_to_be_less_than", "cramers_phi", |kwargs| {
        let mut arguments = vec![("left", kwargs.column("column_A")?), ("right", kwargs.column("column_B")?)];
        arguments.extend(kwargs.renamed(&[
            ("threshold", "threshold"),
            ("bins_A", "left_bins"),
            ("bins_B", "right_bins"),
            ("n_bins_A", "left_bin_count"),
            ("n_bins_B", "right_bin_count"),
        ]));
        Ok(arguments.into())
    }),
];

/// Takes the arguments of an expectation on outliers. Where infinite values leave nothing to measure by,
/// Great Expectations finds no outliers.
fn infinite_passes(kwargs: &mut Kwargs, names: &[(&str, &'static str)]) -> NamedArguments {
    let mut arguments = kwargs.renamed(names);
    arguments.push(("infinite", Node::derived_plain("pass", kwargs.span)));
    arguments
}

fn partition(kwargs: &mut Kwargs, names: &[(&str, &'static str)]) -> Result<MappedArguments, Diagnostic> {
    let mut arguments = vec![("partition", kwargs.required("partition_object")?)];
    arguments.extend(kwargs.renamed(names));
    Ok(arguments.into())
}
