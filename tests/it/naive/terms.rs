//! Evaluates typed predicates on one row.

use karat::data::{ColumnPath, DataType, Schema, TimeUnit, Value};
use karat::predicate::{Comparison, Function, Term, Typed, TypedBranch};

use crate::oracle::calls::call;
use crate::oracle::casts::cast;
use crate::oracle::digits::{digits, number, ten};
use crate::oracle::evaluate::{compared, computed, kleene, order};

/// A row of values, with the schema that names them.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    pub schema: &'a Schema,
    pub values: &'a [Value],
}

/// Returns whether two values are equal, where null equals null.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left.is_null(), right.is_null()) {
        (false, false) => equal(left, right),
        (left, right) => left && right,
    }
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Binary(_) | Value::List(_) | Value::Struct(_), _) => left == right,
        _ => order(left, right).is_eq(),
    }
}

impl Row<'_> {
    /// Returns whether a condition is true on the row.
    pub fn holds(&self, condition: &Typed) -> bool {
        self.value(condition) == Value::Boolean(true)
    }

    pub fn values(&self, of: &[Typed]) -> Vec<Value> {
        of.iter().map(|one| self.value(one)).collect()
    }

    fn truth(&self, condition: &Typed) -> Option<bool> {
        match self.value(condition) {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the value of a term on the row.
    pub fn value(&self, typed: &Typed) -> Value {
        match &typed.term {
            Term::Column(path) => self.column(path),
            Term::Literal(value) => value.clone(),
            Term::Compare(how, left, right) => Self::compared(*how, &self.value(left), &self.value(right)),
            Term::Never(of) => {
                if self.value(of).is_null() {
                    Value::Null
                } else {
                    Value::Boolean(false)
                }
            }
            Term::Arithmetic(how, left, right) => computed(*how, &self.value(left), &self.value(right)),
            Term::Negate(of) => match self.value(of) {
                Value::Float(value) => Value::float(-value.0),
                exact => digits(&exact).map_or(exact.clone(), |of| number(-of.unscaled, of.scale, &[&exact])),
            },
            Term::And(all) => kleene(all.iter().map(|one| self.truth(one)), false),
            Term::Or(all) => kleene(all.iter().map(|one| self.truth(one)), true),
            Term::Not(of) => self.truth(of).map_or(Value::Null, |value| Value::Boolean(!value)),
            Term::IsNull(of) => Value::Boolean(self.value(of).is_null()),
            Term::IsTrue(of) => Value::Boolean(self.truth(of) == Some(true)),
            Term::InSet(of, set) => match self.value(of) {
                Value::Null => Value::Null,
                value => Value::Boolean(set.iter().any(|one| equal(&value, one))),
            },
            Term::InPairs(left, right, pairs) => {
                let (left, right) = (self.value(left), self.value(right));
                Value::Boolean(pairs.iter().any(|(one, other)| same(&left, one) && same(&right, other)))
            }
            Term::Matches(of, regex) => {
                let regex = regex::Regex::new(regex).unwrap();
                text(&self.value(of), |text| regex.is_match(text))
            }
            Term::Test(of, test) => text(&self.value(of), |text| test.holds(text)),
            Term::Cast(of) => as_type(self.value(of), &typed.data_type),
            Term::AnyElement(of, condition) => match self.value(of) {
                Value::List(items) => {
                    Value::Boolean(items.iter().any(|item| holds_of_element(item, condition)))
                }
                _ => Value::Boolean(false),
            },
            Term::Call(function, arguments) => within(self.call(*function, arguments), &typed.data_type),
            Term::Case(branches, otherwise) => {
                let taken = branches.iter().find(|branch| self.holds(&branch.when));
                self.value(taken.map_or(otherwise, |TypedBranch { then, .. }| then))
            }
        }
    }

    fn column(&self, path: &ColumnPath) -> Value {
        let mut names = path.parts().iter();
        let position = self.schema.position(names.next().unwrap()).unwrap();
        names.fold(self.values[position].clone(), |value, name| {
            value.field(name).cloned().unwrap_or(Value::Null)
        })
    }

    fn compared(how: Comparison, left: &Value, right: &Value) -> Value {
        match (left, right) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (Value::Binary(left), Value::Binary(right)) => {
                Value::Boolean((left == right) == (how == Comparison::Equal))
            }
            _ => compared(how, left, right),
        }
    }

    fn call(&self, function: Function, arguments: &[Typed]) -> Value {
        let values = self.values(arguments);
        let known = || values.iter().filter(|value| !value.is_null()).cloned();
        match function {
            Function::Coalesce => known().next().unwrap_or(Value::Null),
            Function::Greatest => known()
                .reduce(|one, next| if order(&next, &one).is_gt() { next } else { one })
                .unwrap_or(Value::Null),
            Function::Least => known()
                .reduce(|one, next| if order(&next, &one).is_lt() { next } else { one })
                .unwrap_or(Value::Null),
            Function::NullIf => {
                if !values.iter().any(Value::is_null) && equal(&values[0], &values[1]) {
                    Value::Null
                } else {
                    values[0].clone()
                }
            }
            _ if values.iter().any(Value::is_null) => Value::Null,
            _ => {
                let single =
                    matches!(arguments.first(), Some(Typed { data_type: DataType::Float { bits: 32 }, .. }));
                call(function, &values, single)
            }
        }
    }
}

/// Returns whether a condition, whose only column is the element, is true on an element.
fn holds_of_element(item: &Value, condition: &Typed) -> bool {
    let mut names = Vec::new();
    condition.each_column(&mut |path: &ColumnPath| names.push((path.root().to_owned(), path.clone())));
    let Some((name, _)) = names.first() else {
        return Row { schema: &Schema::default(), values: &[] }.holds(condition);
    };
    let schema = Schema { fields: vec![karat::data::Field::new(name, DataType::Boolean)] };
    Row { schema: &schema, values: std::slice::from_ref(item) }.holds(condition)
}

fn text(value: &Value, test: impl Fn(&str) -> bool) -> Value {
    match value {
        Value::String(text) => Value::Boolean(test(text)),
        _ => Value::Null,
    }
}

/// Returns a computed value, or null if it is a timestamp beyond the range of 64-bit nanoseconds.
fn within(value: Value, of: &DataType) -> Value {
    match (of, &value) {
        (DataType::Timestamp { unit: TimeUnit::Nanoseconds, .. }, Value::Timestamp { nanoseconds, .. })
            if i64::try_from(*nanoseconds).is_err() =>
        {
            Value::Null
        }
        _ => value,
    }
}

/// Casts a value. The types of computed numbers hold more than columns do, so that a number keeps its value.
fn as_type(value: Value, to: &DataType) -> Value {
    match (to, &value) {
        (DataType::Integer { bits: 65.., .. }, _) => match digits(&value) {
            Some(of) if of.scale > 0 => number(of.unscaled / ten(of.scale), 0, &[&value]),
            _ => value,
        },
        (DataType::Decimal { precision: 39.., .. }, _) => value,
        _ => cast(&value, to),
    }
}
