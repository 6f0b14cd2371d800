//! The list of all expectations, by id.

use super::{Definition, aggregate, column, cross, multi, table, time, values};

/// All expectations, sorted by id. A new expectation is added to this list only.
static CATALOGUE: &[&Definition] = &[
    &values::between::DEFINITION,
    &aggregate::chi_square::DEFINITION,
    &table::column_count::DEFINITION,
    &table::columns::DEFINITION,
    &aggregate::correlation::DEFINITION,
    &values::country_code::DEFINITION,
    &aggregate::cramers_phi::DEFINITION,
    &values::credit_card::DEFINITION,
    &values::currency_code::DEFINITION,
    &values::date_parseable::DEFINITION,
    &values::datetime_format::DEFINITION,
    &values::decreasing::DEFINITION,
    &aggregate::distinct_count::DEFINITION,
    &aggregate::distinct_ratio::DEFINITION,
    &aggregate::distinct_values::DEFINITION,
    &aggregate::distinctness::DEFINITION,
    &aggregate::entropy::DEFINITION,
    &multi::equal_columns::DEFINITION,
    &column::exists::DEFINITION,
    &cross::exists_in::DEFINITION,
    &time::fresh::DEFINITION,
    &values::iban::DEFINITION,
    &values::in_future::DEFINITION,
    &values::in_past::DEFINITION,
    &values::in_set::DEFINITION,
    &values::increasing::DEFINITION,
    &values::ip_address::DEFINITION,
    &values::json::DEFINITION,
    &values::json_schema::DEFINITION,
    &aggregate::kl_divergence::DEFINITION,
    &aggregate::ks_test::DEFINITION,
    &values::language_code::DEFINITION,
    &values::length_between::DEFINITION,
    &values::length_equal::DEFINITION,
    &values::like::DEFINITION,
    &values::matches::DEFINITION,
    &aggregate::max::DEFINITION,
    &aggregate::mean::DEFINITION,
    &aggregate::measure::DEFINITION,
    &aggregate::median::DEFINITION,
    &aggregate::min::DEFINITION,
    &aggregate::most_common::DEFINITION,
    &time::no_gaps::DEFINITION,
    &time::no_overlaps::DEFINITION,
    &aggregate::non_null_ratio::DEFINITION,
    &values::not_in_set::DEFINITION,
    &values::not_like::DEFINITION,
    &values::not_matches::DEFINITION,
    &values::not_null::DEFINITION,
    &values::not_outlier::DEFINITION,
    &values::null::DEFINITION,
    &multi::pair::DEFINITION,
    &multi::pair_in_set::DEFINITION,
    &aggregate::quantiles::DEFINITION,
    &cross::query_matches::DEFINITION,
    &table::readable::DEFINITION,
    &table::row_count::DEFINITION,
    &cross::row_count_change::DEFINITION,
    &cross::row_count_same_as::DEFINITION,
    &multi::row_sum::DEFINITION,
    &multi::rows::DEFINITION,
    &cross::same_as::DEFINITION,
    &cross::same_rows_as::DEFINITION,
    &aggregate::stddev::DEFINITION,
    &aggregate::sum::DEFINITION,
    &column::r#type::DEFINITION,
    &column::type_in::DEFINITION,
    &table::unexpected_rows::DEFINITION,
    &values::unique::DEFINITION,
    &multi::unique_within_row::DEFINITION,
    &aggregate::uniqueness::DEFINITION,
    &values::z_score::DEFINITION,
];

/// Returns all expectations, sorted by id.
#[must_use]
pub fn all() -> &'static [&'static Definition] {
    CATALOGUE
}

/// Finds the expectation with an id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Definition> {
    CATALOGUE.iter().find(|definition| definition.id == id).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_distinct_and_well_formed() {
        assert!(CATALOGUE.is_sorted_by(|left, right| left.id < right.id));
        for definition in all() {
            assert!(definition.id.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{}", definition.id);
            assert!(!definition.summary.ends_with('.'), "{}", definition.id);
            assert!(std::ptr::eq(find(definition.id).unwrap(), *definition));
            let bare = definition.bare;
            assert!(
                bare.is_none_or(|bare| definition.parameters.iter().any(|parameter| parameter.name == bare))
            );
        }
    }
}
