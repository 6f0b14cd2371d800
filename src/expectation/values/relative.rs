//! Rules that compare a value with all the others: what they measure first, and what they make of it.

use super::super::{Condition, Failing, Lowered, RowRule, Site};
use crate::data::{DataType, Value};
use crate::metric::{Aggregate, Metric};
use crate::predicate::{Arithmetic, Comparison, Function, Term, Typed};

/// How values spread around their mean.
pub(super) enum Spread {
    /// There are fewer than two, or all are equal.
    None,
    /// They do.
    Of { mean: f64, deviation: f64 },
}

/// The rule that no value of a column meets the condition that measured values make, if they make one.
pub(super) fn rule(
    site: &Site<'_>,
    column: &Typed,
    metrics: Vec<Metric>,
    failing: impl Fn(&[Value]) -> Result<Option<Typed>, String> + Send + Sync + 'static,
) -> Lowered {
    let considered = site.with_values([column]);
    let among = considered.clone();
    let condition = Condition::new(move |values| {
        let failing = failing(values)?.unwrap_or_else(|| Typed::always().negated());
        Ok(Typed::all([among.clone(), failing.is_true()]))
    });
    Lowered::Rows(RowRule { considered, fails: Failing::Relative { metrics, condition } })
}

/// What [`spread`] reads: count, sum and standard deviation.
pub(super) fn mean_and_deviation(site: &Site<'_>, column: &Typed) -> Vec<Metric> {
    let aggregate =
        |function| Metric::Aggregate { function, of: column.clone(), filter: site.filter.clone() };
    vec![
        Metric::Count(site.with_values([column])),
        aggregate(Aggregate::Sum),
        aggregate(Aggregate::StandardDeviation),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "a mean is a double")]
pub(super) fn spread(values: &[Value]) -> Result<Spread, String> {
    let number = |index: usize| values.get(index).and_then(Value::as_f64);
    let (Some(count), Some(sum)) = (values.first().and_then(Value::as_count), number(1)) else {
        return Err("the engine gave no mean".to_owned());
    };
    let mean = sum / count as f64;
    match number(2) {
        None => Ok(Spread::None),
        Some(0.0) => Ok(Spread::None),
        Some(deviation) if deviation.is_finite() && mean.is_finite() => Ok(Spread::Of { mean, deviation }),
        Some(_) => Err("the mean or the standard deviation is not finite".to_owned()),
    }
}

/// A number in double precision.
pub(super) fn double(of: Typed) -> Typed {
    if of.data_type == DataType::FLOAT64 {
        return of;
    }
    Typed { term: Term::Cast(Box::new(of)), data_type: DataType::FLOAT64 }
}

/// `of - from`
pub(super) fn difference(of: Typed, from: f64) -> Typed {
    computed(Arithmetic::Subtract, of, from)
}

/// `(of - mean) / deviation`
pub(super) fn score(of: Typed, mean: f64, deviation: f64) -> Typed {
    computed(Arithmetic::Divide, difference(of, mean), deviation)
}

/// A number without its sign.
pub(super) fn magnitude(of: Typed) -> Typed {
    Typed { term: Term::Call(Function::Abs, vec![of]), data_type: DataType::FLOAT64 }
}

/// A comparison with a number.
pub(super) fn compared(of: Typed, how: Comparison, with: f64) -> Typed {
    Typed::boolean(Term::Compare(how, Box::new(of), Box::new(literal(with))))
}

fn computed(how: Arithmetic, left: Typed, right: f64) -> Typed {
    Typed {
        term: Term::Arithmetic(how, Box::new(left), Box::new(literal(right))),
        data_type: DataType::FLOAT64,
    }
}

fn literal(number: f64) -> Typed {
    Typed { term: Term::Literal(Value::float(number)), data_type: DataType::FLOAT64 }
}
