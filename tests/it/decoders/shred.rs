//! Values → the levels and values of columns.

use karat::data::Value;

use super::generate::{Kind, Node, Shape};

/// A column of values, with its levels.
pub struct Leaf {
    pub kind: Kind,
    pub values: Vec<Value>,
    pub definitions: Vec<i16>,
    pub repetitions: Vec<i16>,
}

/// The columns of values of a column, without any.
pub fn leaves(node: &Node) -> Vec<Leaf> {
    match &node.shape {
        Shape::Leaf(kind) => {
            vec![Leaf { kind: *kind, values: Vec::new(), definitions: Vec::new(), repetitions: Vec::new() }]
        }
        Shape::Struct(fields) => fields.iter().flat_map(leaves).collect(),
        Shape::List(_, element) => leaves(element),
        Shape::Map(key, value, _) => leaves(key).into_iter().chain(leaves(value)).collect(),
    }
}

/// The levels where a value stands.
#[derive(Clone, Copy)]
pub struct Place {
    pub repetition: i16,
    pub definition: i16,
    /// How many lists it is in.
    pub depth: i16,
}

/// Adds a value; `None`, where something around it is not there.
pub fn put(node: &Node, value: Option<&Value>, mut at: Place, into: &mut [Leaf]) {
    let value = match value {
        Some(Value::Null) | None => None,
        Some(value) => {
            at.definition += i16::from(node.optional);
            Some(value)
        }
    };
    match (&node.shape, value) {
        (Shape::Leaf(_), value) => {
            into[0].values.extend(value.cloned());
            into[0].definitions.push(at.definition);
            into[0].repetitions.push(at.repetition);
        }
        (Shape::Struct(fields), value) => {
            let mut from = 0;
            for (index, field) in fields.iter().enumerate() {
                let own = value.map(|value| match value {
                    Value::Struct(values) => &values[index].1,
                    other => panic!("{other}"),
                });
                let count = leaves(field).len();
                put(field, own, at, &mut into[from..from + count]);
                from += count;
            }
        }
        (Shape::List(_, element), value) => elements(value, at, |item, at| put(element, item, at, into)),
        (Shape::Map(key, of, _), value) => elements(value, at, |entry, at| {
            let (own, other) = match entry {
                Some(Value::Struct(fields)) => (Some(&fields[0].1), Some(&fields[1].1)),
                _ => (None, None),
            };
            let keys = leaves(key).len();
            put(key, own, at, &mut into[..keys]);
            put(of, other, at, &mut into[keys..]);
        }),
    }
}

fn elements(list: Option<&Value>, at: Place, mut each: impl FnMut(Option<&Value>, Place)) {
    let items = match list {
        Some(Value::List(items)) => items.as_slice(),
        _ => &[],
    };
    if items.is_empty() {
        return each(None, at);
    }
    for (index, item) in items.iter().enumerate() {
        let repetition = if index == 0 { at.repetition } else { at.depth + 1 };
        each(Some(item), Place { repetition, definition: at.definition + 1, depth: at.depth + 1 });
    }
}
