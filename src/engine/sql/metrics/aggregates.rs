//! Aggregates of values: least and greatest, sums, deviations, quantiles and correlations, exact as karat's are.

use num_bigint::BigInt;

use super::recipe::{Context, Finish, Recipe, only};
use crate::data::{DataType, Float, Value};
use crate::engine::sql::NotPushable;
use crate::engine::sql::print::Printer;
use crate::engine::sql::read_values::{self, Cell, Unreadable};
use crate::metric::{Aggregate, Comoments, Interpolation, Measured, Moments, Position, Sum, Unit};
use crate::predicate::Typed;

pub(super) fn aggregate(
    function: Aggregate,
    of: &Typed,
    filter: &Typed,
    context: Context<'_>,
) -> Result<Recipe, NotPushable> {
    match function {
        Aggregate::Min => extreme("min", of, filter, context),
        Aggregate::Max => extreme("max", of, filter, context),
        Aggregate::Sum => sum(of, filter, context),
        Aggregate::StandardDeviation => deviation(of, filter, context),
        Aggregate::Quantile { at, interpolation } => quantile(of, filter, at, interpolation, context),
    }
}

fn extreme(function: &str, of: &Typed, filter: &Typed, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let mut printer = Printer::new(context.dialect);
    let key = printer.key(of)?;
    let value = format!("{function}({})", printer.where_true(&key, filter)?);
    let data_type = of.data_type.clone();
    let shown = shown(&value, &data_type, context)?;
    let guards = context.guards(printer);
    Ok(Recipe {
        from: context.relation.to_owned(),
        columns: vec![shown],
        tail: String::new(),
        rows: None,
        guards,
        finish: Finish::Row(Box::new(move |cells| {
            Ok(Measured::Scalar(read_values::value(cell(cells, 0), &data_type)?))
        })),
    })
}

/// Returns a value of a type as a text.
pub(super) fn shown(value: &str, of: &DataType, context: Context<'_>) -> Result<String, NotPushable> {
    context
        .dialect
        .shown(value, of)
        .ok_or_else(|| context.refuse(&format!("a value of the type {of} is not shown")))
}

fn cell(cells: &[Cell], index: usize) -> &Cell {
    cells.get(index).unwrap_or(&None)
}

/// Returns the number of digits behind the point in which values are added.
fn scale(of: &DataType, context: Context<'_>) -> Result<u32, NotPushable> {
    match of {
        DataType::Integer { .. } => Ok(0),
        DataType::Decimal { scale, .. } => Ok(u32::from(*scale)),
        DataType::Float { .. } => {
            Err(context.refuse("a sum of floats is rounded there in an order of its own"))
        }
        other => Err(context.refuse(&format!("values of the type {other} are not added"))),
    }
}

fn sum(of: &Typed, filter: &Typed, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let (scale, unit) = (scale(&of.data_type, context)?, Unit::of(&of.data_type));
    let mut printer = Printer::new(context.dialect);
    let value = printer.print(of)?;
    let value = printer.where_true(&value, filter)?;
    let columns = vec![added(&value, &of.data_type, context)];
    Ok(context.row(printer, columns, move |cells| {
        let total = read_values::sum(cell(cells, 0), scale)?;
        Ok(Measured::Scalar(Sum::of_units(unit, total).value()))
    }))
}

/// Returns the sum of integers or decimals.
fn added(value: &str, of: &DataType, context: Context<'_>) -> String {
    match of {
        DataType::Integer { .. } => context.dialect.integer_sum(value, of),
        _ => format!("sum({value})"),
    }
}

/// Returns the sum of the products of two numbers, exact or an error.
fn product(
    left: &Typed,
    right: &Typed,
    filter: &Typed,
    printer: &mut Printer<'_>,
    context: Context<'_>,
) -> Result<String, NotPushable> {
    let unlimited = context.dialect.has_unlimited_decimals();
    let digits = |of: &DataType| match of {
        DataType::Decimal { precision, .. } => *precision,
        _ => 19,
    };
    let has_decimal = [left, right].iter().any(|side| matches!(side.data_type, DataType::Decimal { .. }));
    if !unlimited
        && has_decimal
        && digits(&left.data_type).saturating_add(digits(&right.data_type))
            > context.dialect.most_computed_digits()
    {
        return Err(context.refuse("a product of decimals has more digits than a number there"));
    }
    let widest = context.dialect.widest_integer();
    let mut side = |of: &Typed| -> Result<String, NotPushable> {
        let text = printer.print(of)?;
        Ok(match of.data_type {
            DataType::Integer { .. } if has_decimal && !unlimited => format!("CAST({text} AS DECIMAL(19,0))"),
            DataType::Integer { .. } => format!("CAST({text} AS {widest})"),
            _ => text,
        })
    };
    let product = format!("({} * {})", side(left)?, side(right)?);
    Ok(format!("sum({})", printer.where_true(&product, filter)?))
}

fn moments(
    count: &Cell,
    total: &Cell,
    squares: &Cell,
    scale: u32,
    unit: Unit,
) -> Result<Moments, Unreadable> {
    let mut moments = Moments::new(unit);
    moments.count = read_values::count(count)?;
    moments.sum = Sum::of_units(unit, read_values::sum(total, scale)?);
    moments.squares = read_values::sum(squares, 2 * scale)?;
    Ok(moments)
}

fn deviation(of: &Typed, filter: &Typed, context: Context<'_>) -> Result<Recipe, NotPushable> {
    let (scale, unit) = (scale(&of.data_type, context)?, Unit::of(&of.data_type));
    let mut printer = Printer::new(context.dialect);
    let value = printer.print(of)?;
    let value = printer.where_true(&value, filter)?;
    let columns = vec![
        format!("count({value})"),
        added(&value, &of.data_type, context),
        product(of, of, filter, &mut printer, context)?,
    ];
    Ok(context.row(printer, columns, move |cells| {
        let moments = moments(cell(cells, 0), cell(cells, 1), cell(cells, 2), scale, unit)?;
        Ok(Measured::Scalar(moments.deviation()))
    }))
}

pub(super) fn correlation(
    left: &Typed,
    right: &Typed,
    filter: &Typed,
    context: Context<'_>,
) -> Result<Recipe, NotPushable> {
    let scales = [scale(&left.data_type, context)?, scale(&right.data_type, context)?];
    let units = [Unit::of(&left.data_type), Unit::of(&right.data_type)];
    let mut printer = Printer::new(context.dialect);
    // The filter lets through rows only on which both have a value.
    let mut columns = vec![format!("count({})", printer.where_true("1", filter)?)];
    for of in [left, right] {
        let value = printer.print(of)?;
        let value = printer.where_true(&value, filter)?;
        columns.push(added(&value, &of.data_type, context));
        columns.push(product(of, of, filter, &mut printer, context)?);
    }
    columns.push(product(left, right, filter, &mut printer, context)?);
    Ok(context.row(printer, columns, move |cells| {
        let of = |side: usize| {
            let [total, squares] = [1, 2].map(|index| cell(cells, 2 * side + index));
            moments(cell(cells, 0), total, squares, scales[side], units[side])
        };
        let mut both = Comoments::new(units[0], units[1]);
        both.left = of(0)?;
        both.right = of(1)?;
        both.products = read_values::sum(cell(cells, 5), scales[0] + scales[1])?;
        Ok(Measured::Scalar(both.correlation()))
    }))
}

/// Selects the values at both sides of a quantile's position, or the one that is at both, with the number of values.
fn quantile(
    of: &Typed,
    filter: &Typed,
    at: Float,
    interpolation: Interpolation,
    context: Context<'_>,
) -> Result<Recipe, NotPushable> {
    let (share, whole) = written(at).ok_or_else(|| context.refuse("the position has too many digits"))?;
    let mut printer = Printer::new(context.dialect);
    let (value, condition) = (printer.key(of)?, only(filter, &mut printer)?);
    let guards = context.guards(printer);
    let widest = context.dialect.widest_integer();
    let place =
        context.dialect.whole_quotient(&format!("(CAST((n - 1) AS {widest}) * {share})"), &whole.to_string());
    // What is sorted are not the rows, but the values, of which there are far fewer in most columns.
    let values = format!(
        "(SELECT {value} AS v, count(*) AS c\nFROM {}{condition}\nGROUP BY 1) AS x\nWHERE v IS NOT NULL",
        context.relation
    );
    let from = format!(
        "(SELECT v, c, sum(c) OVER () AS n, sum(c) OVER (ORDER BY v ROWS UNBOUNDED PRECEDING) AS r\nFROM {values}) AS q"
    );
    let tail = format!("\nWHERE r > {place} AND r - c <= {place} + 1\nORDER BY v");
    let data_type = of.data_type.clone();
    Ok(Recipe {
        from,
        columns: vec![context.as_text("n"), shown("v", &data_type, context)?],
        tail,
        rows: None,
        guards,
        finish: Finish::Rows(Box::new(move |rows| {
            let Some(first) = rows.first() else { return Ok(Measured::Scalar(Value::Null)) };
            let count = read_values::count(cell(first, 0))?;
            let low = read_values::value(cell(first, 1), &data_type)?;
            let high = match rows.get(1) {
                Some(row) => read_values::value(cell(row, 1), &data_type)?,
                None => low.clone(),
            };
            let position = Position::of(at, count).ok_or(Unreadable { wanted: "a position" })?;
            Ok(Measured::Scalar(position.between(&low, &high, interpolation)))
        })),
    })
}

/// Returns a position between 0 and 1 as a fraction of a power of ten.
fn written(at: Float) -> Option<(BigInt, BigInt)> {
    let decimal = crate::data::Decimal::parse(&at.0.to_string())?;
    let whole = BigInt::from(10_i128.checked_pow(u32::from(decimal.scale)).filter(|_| decimal.scale <= 17)?);
    Some((decimal.unscaled.into(), whole))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::ColumnPath;
    use crate::engine::sql::Spark;

    #[test]
    fn values_are_sorted_and_not_rows() {
        let context = Context { dialect: &Spark::APACHE, relation: "t", others: &|_| None };
        let of = Typed::column(&ColumnPath::column("n"), &DataType::INT64);
        let median = quantile(&of, &Typed::always(), Float(0.5), Interpolation::Linear, context)
            .map_err(|_| ())
            .unwrap();
        assert!(median.from.contains("SELECT `n` AS v, count(*) AS c"), "{}", median.from);
        let Finish::Rows(finish) = median.finish else { panic!("one value is read of all rows") };
        let median = |values: &[&str]| {
            let rows = values.iter().map(|value| vec![Some("4".to_owned()), Some((*value).to_owned())]);
            finish(&rows.collect::<Vec<_>>()).unwrap()
        };
        // Of 1, 7, 7, 9 both positions are in one row; of 1, 2, 4, 9 they are in two.
        assert_eq!(median(&["7"]), Measured::Scalar(Value::Integer(7)));
        assert_eq!(median(&["2", "4"]), Measured::Scalar(Value::Integer(3)));
        assert_eq!(median(&[]), Measured::Scalar(Value::Null));
    }
}
