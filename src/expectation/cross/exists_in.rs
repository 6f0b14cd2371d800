//! `exists_in`: every value, or every combination of values of several columns, occurs in another dataset.

use super::super::{
    Arguments, Claim, Definition, Expectation, FailureRule, Family, LowerError, Lowered, Nature, Parameter,
    ParameterKind, RowRule, Scope, Site,
};
use super::counterparts::Counterparts;
use crate::data::{ColumnPath, Dataset};
use crate::document::Diagnostic;
use crate::metric::{Grouping, Lookup};
use crate::predicate::logic::{Formula, Subject};
use crate::predicate::{Expression, Typed, parse};

pub(in crate::expectation) const DEFINITION: Definition = Definition {
    id: "exists_in",
    family: Family::Cross,
    scope: Scope::Either,
    nature: Nature::Rows,
    summary: "every value is found in another dataset",
    parameters: &[
        Parameter::required("data", ParameterKind::Dataset, "where the other dataset lies"),
        Parameter::optional(
            "column",
            ParameterKind::Column,
            "its column; that of the same name unless given",
        )
        .on_column(),
        Parameter::required(
            "columns",
            ParameterKind::Counterparts,
            "the columns that are looked up together",
        )
        .on_table(),
        Parameter::optional(
            "data_where",
            ParameterKind::Sql,
            "the rows there that count, as a SQL predicate",
        ),
    ],
    bare: Some("data"),
    page: include_str!("../../../expectations/cross/exists_in.md"),
    read: |arguments| Ok(Box::new(ExistsIn::read(arguments)?)),
};

#[derive(Debug)]
struct ExistsIn {
    data: String,
    /// The pairs of columns; none if the check stands on its column.
    columns: Option<Counterparts>,
    /// The column in the other dataset, if its name differs.
    column: Option<ColumnPath>,
    filter: Option<Expression>,
}

impl ExistsIn {
    fn read(arguments: &Arguments<'_>) -> Result<Self, Diagnostic> {
        let filter = arguments
            .node("data_where")
            .map(|node| parse(node.text("a predicate in SQL")?).map_err(|error| error.inside(node)));
        Ok(Self {
            data: arguments.dataset("data")?,
            columns: Counterparts::read_optional(arguments, "columns")?,
            column: arguments.column("column")?,
            filter: filter.transpose()?,
        })
    }

    fn dataset(&self) -> Dataset {
        Dataset::Named(self.data.clone())
    }
}

impl Expectation for ExistsIn {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let schema = site.others.schema(&self.dataset())?;
        let pairs = if let Some(columns) = &self.columns {
            columns.resolve(site, schema)?
        } else {
            let here = site.path()?;
            Counterparts::of(here.clone(), self.column.as_ref().unwrap_or(here).clone())
                .resolve(site, schema)?
        };
        let (keys, there): (Vec<Typed>, Vec<Typed>) = pairs.into_iter().unzip();
        let considered = site.filter_not_null(&keys);
        let filter = super::super::filter(&self.filter.iter().collect::<Vec<_>>(), schema, site.now)
            .map_err(|error| LowerError {
                message: error.message.replacen("in where", "in data_where", 1),
                place: super::super::Place::Arguments,
                ..error
            })?;
        Ok(Lowered::Rows(RowRule {
            considered: considered.clone(),
            fails: FailureRule::Unmatched(Box::new(Lookup {
                grouping: Grouping { keys, filter: considered },
                dataset: self.dataset(),
                there,
                filter,
            })),
        }))
    }

    fn datasets(&self) -> Vec<Dataset> {
        vec![self.dataset()]
    }

    fn claim(&self, column: Option<&ColumnPath>) -> Option<Claim> {
        let own =
            column.map(|here| Counterparts::of(here.clone(), self.column.as_ref().unwrap_or(here).clone()));
        let columns = self.columns.as_ref().or(own.as_ref())?;
        let present = columns.here().map(|path| Formula::present(&Subject::column(path))).collect();
        let filter = self.filter.as_ref().map_or_else(String::new, |filter| format!(" where {filter}"));
        let found = Formula::opaque(format!("{} is found in {}{filter}", columns.demand(), self.data));
        Some(Claim::of_rows("", Formula::All(present), &found))
    }

    fn demand(&self) -> String {
        let column = self.column.as_ref().map_or_else(String::new, |column| format!("{column} of "));
        let columns =
            self.columns.as_ref().map_or_else(String::new, |columns| format!(" by {}", columns.demand()));
        let filter = self.filter.as_ref().map_or_else(String::new, |filter| format!(" where {filter}"));
        format!("{column}{}{columns}{filter}", self.data)
    }
}
