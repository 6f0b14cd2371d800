//! Columns that karat computes itself within a query of Polars, without ever failing there.
//!
//! A query that fails midway may do lasting harm: Polars cancels tasks that still wait for a thread, and a
//! thread that reaches a cancelled task may end. Once the last thread has ended, every later query of the
//! process waits forever. So a function of karat that fails or panics returns nulls from then on, and the
//! code that runs the query takes the failure afterwards: see [`take_failure`].

use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use polars::prelude::{Column, DataType as PlType, Expr, Field, PlSmallStr, PolarsResult, Schema};
use polars_core::prelude::{PolarsError, polars_err};
use polars_plan::dsl::{AnonymousColumnsUdf, ColumnsUdf, LazySerde, new_column_udf};
use polars_plan::plans::AExpr;
use polars_plan::prelude::FunctionOptions;

use crate::data::caught;

/// The name of these functions in query plans.
const NAME: &str = "karat";

type Function = dyn Fn(&[Column]) -> PolarsResult<Column> + Send + Sync;

/// Returns an expression that computes a column of the type `gives`, or else of the type of `of`. The
/// function works row by row, so that Polars may evaluate it wherever it evaluates the rest.
pub(crate) fn computed(
    of: Expr,
    gives: impl Into<Option<PlType>>,
    function: impl Fn(&Column) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    let of_one = move |columns: &[Column]| match columns {
        [column] => function(column),
        _ => Err(polars_err!(ComputeError: "one column is wanted")),
    };
    expression(vec![of], gives.into(), Box::new(of_one))
}

/// Like `computed`, from several columns, each of the same length or a single value; the result has the name
/// of the first.
pub(crate) fn computed_of(
    of: Vec<Expr>,
    gives: PlType,
    function: impl Fn(&[Column]) -> PolarsResult<Column> + Send + Sync + 'static,
) -> Expr {
    expression(of, Some(gives), Box::new(function))
}

fn expression(input: Vec<Expr>, gives: Option<PlType>, function: Box<Function>) -> Expr {
    Expr::AnonymousFunction {
        input,
        function: new_column_udf(Computed { function, gives, failed: Mutex::default() }),
        options: FunctionOptions::elementwise(),
        fmt_str: Box::new(PlSmallStr::from_static(NAME)),
    }
}

/// Returns the function of an expression of a plan, if it is one of karat's.
pub(crate) fn function_of(expression: &AExpr) -> Option<Arc<dyn AnonymousColumnsUdf>> {
    match expression {
        AExpr::AnonymousFunction { function: LazySerde::Deserialized(function), fmt_str, .. }
            if fmt_str.as_str() == NAME =>
        {
            Some(Arc::clone(function))
        }
        _ => None,
    }
}

/// Takes the first failure of one of these functions since the last call.
pub(crate) fn take_failure(function: &dyn AnonymousColumnsUdf) -> Option<PolarsError> {
    function.as_any().downcast_ref::<Computed>()?.failed().take()
}

/// A function of columns, with its first failure.
struct Computed {
    function: Box<Function>,
    /// The type of the result; `None` if it is the type of the first column.
    gives: Option<PlType>,
    failed: Mutex<Option<PolarsError>>,
}

impl Computed {
    fn failed(&self) -> MutexGuard<'_, Option<PolarsError>> {
        // The lock only guards whole values, so a panic leaves none half-written.
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn field(&self, first: &Field) -> Field {
        let data_type = self.gives.as_ref().unwrap_or(first.dtype());
        Field::new(first.name().clone(), data_type.clone())
    }
}

impl ColumnsUdf for Computed {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn call_udf(&self, columns: &mut [Column]) -> PolarsResult<Column> {
        let first = columns.first().map_or_else(unnamed, |column| column.field().into_owned());
        let field = self.field(&first);
        if self.failed().is_none() {
            let panicked = |panic| Err(polars_err!(ComputeError: "it panicked: {panic}"));
            match caught(|| (self.function)(columns)).unwrap_or_else(panicked) {
                Ok(column) => return Ok(column.with_name(field.name)),
                Err(error) => *self.failed() = Some(error),
            }
        }
        let rows = columns.iter().map(Column::len).find(|rows| *rows != 1).unwrap_or(1);
        Ok(Column::full_null(field.name, rows, &field.dtype))
    }
}

impl AnonymousColumnsUdf for Computed {
    fn as_column_udf(self: Arc<Self>) -> Arc<dyn ColumnsUdf> {
        self
    }

    fn deep_clone(self: Arc<Self>) -> Arc<dyn AnonymousColumnsUdf> {
        self
    }

    fn get_field(&self, _: &Schema, fields: &[Field]) -> PolarsResult<Field> {
        Ok(self.field(fields.first().unwrap_or(&unnamed())))
    }
}

fn unnamed() -> Field {
    Field::new(PlSmallStr::EMPTY, PlType::Null)
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataFrame, IntoColumn as _, IntoLazy as _, col, df};

    use super::*;

    fn frame() -> DataFrame {
        df!("n" => [1_i64, 2, 3], "text" => ["a", "b", "c"]).unwrap()
    }

    /// Evaluates an expression in a query, and returns the column and the failure of its function.
    fn evaluated(expression: &Expr) -> (Column, Option<PolarsError>) {
        let Expr::AnonymousFunction { function: LazySerde::Deserialized(function), .. } = expression else {
            panic!("{expression:?} is no function")
        };
        #[expect(clippy::disallowed_methods, reason = "a query of a test")]
        let frame = frame().lazy().select([expression.clone()]).collect().unwrap();
        (frame.columns()[0].clone(), take_failure(function.as_ref()))
    }

    #[test]
    fn what_does_not_fail_is_as_it_was_computed() {
        let twice = computed(col("n"), None, |numbers| Ok(numbers.i64()?.clone().into_column()));
        let (column, failure) = evaluated(&twice);
        assert_eq!(column, frame().columns()[0]);
        assert!(failure.is_none());
    }

    #[test]
    fn a_query_ends_well_and_tells_the_first_failure_once() {
        let error = |columns: &[Column]| -> PolarsResult<Column> {
            Err(polars_err!(ComputeError: "no {}", columns[1].name()))
        };
        let panics = |columns: &[Column]| -> PolarsResult<Column> { panic!("no {}", columns[1].name()) };
        let of = || vec![col("n"), col("text")];
        let failing = [computed_of(of(), PlType::Int64, error), computed_of(of(), PlType::Int64, panics)];
        for (expression, said) in failing.iter().zip(["no text", "it panicked: no text"]) {
            // Several queries may contain the same expression.
            for _ in 0..2 {
                let (column, failure) = evaluated(expression);
                assert_eq!(column, Column::full_null("n".into(), 3, &PlType::Int64));
                assert_eq!(failure.unwrap().to_string(), said);
            }
        }
    }
}
