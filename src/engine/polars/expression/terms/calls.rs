//! Converts function calls to vectorised expressions.

use polars::prelude::{DataType as PlType, Expr, Null, lit};

use super::{computed_type, in_utc, rows, texts, to_date, to_polars, wide};
use crate::data::{DataType, Value, is_wide};
use crate::predicate::{Function, Term, Typed};

pub(super) fn call(function: Function, arguments: &[Typed], whole: &DataType) -> Expr {
    let argument = |index: usize| arguments.get(index).map_or_else(|| lit(Null {}), to_polars);
    let text = |index: usize| match arguments.get(index).map(|typed| &typed.term) {
        Some(Term::Literal(Value::String(text))) => text.clone(),
        _ => String::new(),
    };
    let moment =
        || arguments.first().map_or_else(|| lit(Null {}), |typed| in_utc(to_polars(typed), &typed.data_type));
    let part = |of: Expr| of.cast(PlType::Int64);
    match function {
        Function::Abs if is_wide(whole) => {
            arguments.first().map_or_else(|| lit(Null {}), |of| wide::magnitude(of, whole))
        }
        Function::Abs => argument(0).cast(computed_type(whole)).abs(),
        Function::Coalesce => polars::prelude::coalesce(&arguments.iter().map(to_polars).collect::<Vec<_>>()),
        Function::Concat => {
            let texts = arguments.iter().map(to_polars);
            texts.reduce(|left, right| left + right).unwrap_or_else(|| lit(Null {}))
        }
        Function::Contains => texts::contains(argument(0), &text(1)),
        Function::StartsWith => argument(0).str().starts_with(lit(text(1))),
        Function::EndsWith => argument(0).str().ends_with(lit(text(1))),
        Function::DateDiff => days(argument(0)) - days(argument(1)),
        Function::Day => part(moment().dt().day()),
        // The engine's week begins with Monday as 1.
        Function::DayOfWeek => part(moment().dt().weekday()) % lit(7_i64) + lit(1_i64),
        Function::DayOfYear => part(moment().dt().ordinal_day()),
        Function::Month => part(moment().dt().month()),
        Function::Quarter => part(moment().dt().quarter()),
        Function::Year => part(moment().dt().year()),
        Function::Hour => part(moment().dt().hour()),
        Function::Minute => part(moment().dt().minute()),
        Function::Second => part(moment().dt().second()),
        Function::Length => texts::characters(argument(0)),
        Function::Lower => argument(0).str().to_lowercase(),
        Function::Upper => argument(0).str().to_uppercase(),
        Function::Trim => argument(0).str().strip_chars(lit(Null {})),
        Function::Ltrim => argument(0).str().strip_chars_start(lit(Null {})),
        Function::Rtrim => argument(0).str().strip_chars_end(lit(Null {})),
        Function::ToDate => to_date(argument(0), &text(1)),
        Function::Greatest => rows::extreme(arguments, true),
        Function::Least => rows::extreme(arguments, false),
        Function::Left | Function::Right | Function::Substring | Function::Replace => {
            rows::of_text(function, arguments)
        }
        Function::Ceil | Function::Floor | Function::Round => rows::rounded(function, arguments, whole),
        Function::DateAdd | Function::DateTrunc => rows::moved(function, arguments, whole),
        Function::TimestampDiff => rows::between(arguments),
        // The types interpreter has replaced these by values or a CASE.
        Function::CurrentDate | Function::CurrentTimestamp | Function::NullIf => {
            lit(Null {}).cast(super::polars_type(whole))
        }
    }
}

/// Returns the number of days since 1970-01-01.
fn days(date: Expr) -> Expr {
    date.cast(PlType::Int32).cast(PlType::Int64)
}
