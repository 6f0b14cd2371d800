//! Parts that `increasing` and `decreasing` share.

use super::super::{
    Arguments, Claim, FailureRule, LowerError, Lowered, Need, Parameter, ParameterKind, RowRule, Site,
};
use crate::data::ColumnPath;
use crate::document::Diagnostic;
use crate::metric::Sequence;
use crate::predicate::Comparison;

pub(in crate::expectation) const PARAMETERS: &[Parameter] = &[
    Parameter::optional("strictly", ParameterKind::Boolean, "whether equal values are not allowed"),
    Parameter::optional(
        "order_by",
        ParameterKind::Columns,
        "the order of the rows; the snapshot's unless given",
    ),
];

/// The demand that values go in one direction, row by row.
#[derive(Debug)]
pub(super) struct Ordered {
    strictly: bool,
    order_by: Vec<ColumnPath>,
}

impl Ordered {
    pub(super) fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        Ok(Self {
            strictly: arguments.flag("strictly", false)?,
            order_by: arguments.columns_or_none("order_by")?,
        })
    }

    /// Returns the rule that every value stands in a relation to the value before: `strict`, or `lax`, which
    /// allows equality.
    pub(super) fn lower(
        &self,
        site: &Site<'_>,
        strict: Comparison,
        lax: Comparison,
    ) -> Result<Lowered, LowerError> {
        let value = site.ordered_column()?;
        let order_by = self.order_by.iter().map(|path| site.named(path)).collect::<Result<Vec<_>, _>>()?;
        if let Some(by) = order_by.iter().find(|by| !by.data_type.is_ordered()) {
            return Err(LowerError::new(format!("values of type {} have no order", by.data_type)));
        }
        let considered = site.filter_not_null(std::iter::once(&value).chain(&order_by));
        Ok(Lowered::Rows(RowRule {
            considered: considered.clone(),
            fails: FailureRule::OutOfOrder(Box::new(Sequence {
                filter: considered,
                within: Vec::new(),
                order_by,
                must_be: if self.strictly { strict } else { lax },
                before: value.clone(),
                value,
                greatest: false,
            })),
        }))
    }

    /// What it claims of a column whose values go some way.
    pub(super) fn claim(&self, way: &str, column: Option<&ColumnPath>) -> Option<Claim> {
        let by: Vec<_> = self.order_by.iter().map(ToString::to_string).collect();
        let claim = Claim::whole(format!("{way} {} by [{}]", column?, by.join(", ")));
        Some(if self.strictly { claim.needing("strictly", Need::Strictly) } else { claim })
    }

    pub(super) fn demand(&self) -> String {
        let by: Vec<_> = self.order_by.iter().map(ToString::to_string).collect();
        let strictly = if self.strictly { "strictly" } else { "" };
        let by = if by.is_empty() { String::new() } else { format!("by {}", by.join(", ")) };
        [strictly, &by].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
