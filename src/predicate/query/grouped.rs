//! Groups the rows of a SELECT: binds keys and aggregates, and rewrites expressions to read them.

use chrono::{DateTime, Utc};

use super::super::{Arithmetic, Expression, Kind, Summary, TypeError, Typed, check};
use super::bind::Binder;
use super::placeholders::{MARK, call_column, calls_in};
use super::select::Stage;
use super::tree::{Call, Item};
use super::{Aggregation, Relation, Step};
use crate::data::{ColumnPath, DataType, Field, Literal, Schema};

/// The keys and the means of grouped rows.
pub(super) struct Groups {
    /// Each key, resolved and without positions, and the name of its column.
    keys: Vec<(Expression, String)>,
    /// Means of exact numbers, which have columns for their sums and counts, too.
    means: Vec<Mean>,
}

struct Mean {
    column: String,
    sum: String,
    count: String,
}

/// Groups the rows of a stage by the keys of its SELECT.
pub(super) fn group(stage: &mut Stage<'_>, binder: &mut Binder<'_>) -> Result<(), TypeError> {
    let (mut keys, mut values, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    for key in &stage.select.keys {
        let key = stage.with_aliases(selected(key, &stage.select.items)?);
        if let Some(call) = calls_in(&key).first().and_then(|call| stage.select.calls.get(*call)) {
            let message = "an aggregate cannot be a key of the groups it is of".to_owned();
            return Err(TypeError { message, span: call.span, help: None });
        }
        let value = stage.typed(binder, &key)?;
        if !value.data_type.is_comparable() {
            let message = format!("values of type {} cannot be grouped by", value.data_type);
            return Err(TypeError { message, span: key.span, help: None });
        }
        let column = Field { name: binder.fresh(), data_type: value.data_type.clone() };
        keys.push((stage.scope.resolve(&key)?.without_places(), column.name.clone()));
        columns.push(column);
        values.push(value);
    }
    let (mut aggregates, mut means) = (Vec::new(), Vec::new());
    let mut add = |name: String, aggregation: Aggregation| {
        columns.push(Field { name, data_type: aggregation.data_type.clone() });
        aggregates.push(aggregation);
    };
    for (index, call) in stage.select.calls.iter().enumerate() {
        let aggregation = aggregation(stage, binder, call)?;
        let column = call_column(index);
        if call.function == Summary::Average && aggregation.data_type != DataType::FLOAT64 {
            let (sum, count) = (format!("{MARK}sum {index}"), format!("{MARK}count {index}"));
            let of = |function, data_type: &DataType| Aggregation {
                function,
                data_type: data_type.clone(),
                ..aggregation.clone()
            };
            if let Some(sum_type) =
                aggregation.of.as_ref().and_then(|of| Aggregation::sum_type(&of.data_type))
            {
                add(sum.clone(), of(Summary::Sum, &sum_type));
                add(count.clone(), of(Summary::Count, &DataType::INT64));
                means.push(Mean { column: column.clone(), sum, count });
            }
        }
        add(column, aggregation);
    }
    if columns.is_empty() {
        // Without keys and aggregates, all rows still make one group.
        let count = Aggregation::new(Summary::Count, false, None, None, stage.select.first.span)?;
        columns.push(Field { name: binder.fresh(), data_type: count.data_type.clone() });
        aggregates.push(count);
    }
    let step = Step::Aggregate(stage.relation.clone(), values, aggregates);
    stage.relation = Relation { step: Box::new(step), columns };
    stage.groups = Some(Groups { keys, means });
    Ok(())
}

/// Returns the key itself, or the selected value at the position that the key gives.
fn selected<'a>(key: &'a Expression, items: &'a [Item]) -> Result<&'a Expression, TypeError> {
    let Kind::Literal(Literal::Number(digits)) = &key.kind else { return Ok(key) };
    let at = digits.parse::<usize>().ok().and_then(|number| items.get(number.checked_sub(1)?));
    if let Some(Item::Value { of, .. }) = at {
        return Ok(of);
    }
    let message = format!("{digits} is not the place of a value that is selected");
    Err(TypeError { message, span: key.span, help: None })
}

fn aggregation(
    stage: &mut Stage<'_>,
    binder: &mut Binder<'_>,
    call: &Call,
) -> Result<Aggregation, TypeError> {
    let of = call.of.as_ref().map(|of| stage.typed(binder, of)).transpose()?;
    let filter = call.filter.as_ref().map(|filter| stage.condition(binder, filter)).transpose()?;
    let span = call.of.as_ref().map_or(call.span, |of| of.span);
    Aggregation::new(call.function, call.distinct, of, filter, span)
}

impl Groups {
    /// Rewrites an expression on the rows to one on the groups.
    pub(super) fn resolve(
        &self,
        mut of: Expression,
        schema: &Schema,
        now: DateTime<Utc>,
    ) -> Result<Expression, TypeError> {
        self.replace_keys(&mut of);
        of.rewrite(&mut |expression| {
            match &expression.kind {
                Kind::Column(path) if schema.position(path.root()).is_none() => {
                    let is_made = path.root().starts_with(MARK);
                    let what = if is_made { "this column".to_owned() } else { format!("\"{path}\"") };
                    let message = format!("{what} is neither a key of the groups nor in an aggregate");
                    return Err(TypeError { message, span: expression.span, help: None });
                }
                Kind::Compare(..) => self.compare_means(expression, schema, now),
                _ => {}
            }
            Ok(())
        })?;
        Ok(of)
    }

    /// Replaces every part that equals a key by the key's column.
    fn replace_keys(&self, of: &mut Expression) {
        let bare = of.clone().without_places();
        match self.keys.iter().find(|(key, _)| *key == bare) {
            Some((_, column)) => of.kind = Kind::Column(ColumnPath::column(column)),
            None => of.children_mut().into_iter().for_each(|child| self.replace_keys(child)),
        }
    }

    /// Compares a mean with an exact number without division, and thus without rounding: the sum with the
    /// number times the count.
    fn compare_means(&self, compared: &mut Expression, schema: &Schema, now: DateTime<Utc>) {
        let Kind::Compare(how, left, right) = &compared.kind else { return };
        let mean = |of: &Expression| match &of.kind {
            Kind::Column(path) => self.means.iter().find(|mean| mean.column == path.root()),
            _ => None,
        };
        let (mean, beside, how) = match (mean(left), mean(right)) {
            (Some(mean), None) => (mean, right, *how),
            (None, Some(mean)) => (mean, left, how.flipped()),
            _ => return,
        };
        let exact =
            |typed: Typed| matches!(typed.data_type, DataType::Integer { .. } | DataType::Decimal { .. });
        if !check(beside, schema, now).is_ok_and(exact) {
            return;
        }
        let column =
            |name: &str| Expression { kind: Kind::Column(ColumnPath::column(name)), span: compared.span };
        let times = Kind::Arithmetic(Arithmetic::Multiply, beside.clone(), Box::new(column(&mean.count)));
        let times = Box::new(Expression { kind: times, span: compared.span });
        let exactly = Kind::Compare(how, Box::new(column(&mean.sum)), times);
        let exactly = Expression { kind: exactly, span: compared.span };
        // Where the product may have more digits than a number can have, the rounded mean is compared.
        if check(&exactly, schema, now).is_ok() {
            *compared = exactly;
        }
    }
}
