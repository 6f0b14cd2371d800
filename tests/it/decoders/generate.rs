//! Schemas of all shapes, and values that fit them.

use karat::data::{Decimal, Float, Value};

use crate::fuzz::Random;

/// What a single value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Int8,
    Int32,
    Unsigned32,
    Int64,
    Unsigned64,
    Float,
    Double,
    Half,
    Text,
    Bytes,
    Fixed(i32),
    Uuid,
    Date,
    TimeMillis,
    TimeMicros,
    Millis,
    Micros,
    Nanos,
    Int96,
    /// A decimal of so many digits, and of so many behind the point, in 32 or 64 bits, or in bytes.
    Decimal(i32, i32, Stored),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    Int32,
    Int64,
    Fixed,
    Bytes,
}

/// How a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// A group in a group, of these names.
    Three(&'static str, &'static str),
    /// The repeated group is the element, a struct of one field, for it is called so.
    Array,
    Tuple,
    /// The repeated field is the element.
    Two,
    /// There is no list around the repeated field.
    Bare,
}

#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub optional: bool,
    pub shape: Shape,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Leaf(Kind),
    Struct(Vec<Node>),
    List(Written, Box<Node>),
    /// The key and the value, and whether the obsolete name marks it.
    Map(Box<Node>, Box<Node>, bool),
}

const KINDS: [Kind; 20] = [
    Kind::Boolean,
    Kind::Int8,
    Kind::Int32,
    Kind::Unsigned32,
    Kind::Int64,
    Kind::Unsigned64,
    Kind::Float,
    Kind::Double,
    Kind::Half,
    Kind::Text,
    Kind::Bytes,
    Kind::Uuid,
    Kind::Date,
    Kind::TimeMillis,
    Kind::TimeMicros,
    Kind::Millis,
    Kind::Micros,
    Kind::Nanos,
    Kind::Int96,
    Kind::Text,
];

fn kind(random: &mut Random) -> Kind {
    match random.below(25) {
        0 => Kind::Fixed(1 + random.below(20) as i32),
        1 => Kind::Decimal(9, 2, Stored::Int32),
        2 => Kind::Decimal(18, 4, Stored::Int64),
        3 => Kind::Decimal(38, 10, Stored::Fixed),
        4 => Kind::Decimal(20, 3, Stored::Bytes),
        _ => KINDS[random.below(KINDS.len())],
    }
}

/// A column, nested at most so deep. A bare repeated field cannot be null.
pub fn node(random: &mut Random, name: &str, depth: usize) -> Node {
    let optional = random.below(3) > 0;
    let name = name.to_owned();
    let leaf = |random: &mut Random| Shape::Leaf(kind(random));
    if depth == 0 {
        return Node { name, optional, shape: leaf(random) };
    }
    let shape = match random.below(10) {
        0..=3 => leaf(random),
        4 | 5 => {
            let fields = 1 + random.below(3);
            let fields = (0..fields).map(|index| node(random, ["x", "y", "z"][index], depth - 1));
            Shape::Struct(fields.collect())
        }
        6 if random.below(2) == 0 => {
            let key = Node { name: "key".into(), optional: false, shape: leaf(random) };
            Shape::Map(Box::new(key), Box::new(node(random, "value", depth - 1)), random.below(2) == 0)
        }
        _ => return list(random, name, optional, depth),
    };
    Node { name, optional, shape }
}

fn list(random: &mut Random, name: String, optional: bool, depth: usize) -> Node {
    let names =
        [("list", "element"), ("list", "item"), ("bag", "array_element"), ("bag", "array"), ("element", "v")];
    let required = |random: &mut Random, name: &str, least: usize| {
        let fields = least + random.below(2);
        let fields = (0..fields).map(|index| node(random, ["p", "q", "r"][index], depth - 1)).collect();
        Node { name: name.to_owned(), optional: false, shape: Shape::Struct(fields) }
    };
    let single = |random: &mut Random, name: &str| Node {
        name: name.to_owned(),
        optional: false,
        shape: Shape::Leaf(kind(random)),
    };
    let (written, element) = match random.below(9) {
        0..=3 => {
            let (group, element) = names[random.below(names.len())];
            (Written::Three(group, element), node(random, element, depth - 1))
        }
        4 => {
            let field = node(random, "only", depth - 1);
            (
                Written::Array,
                Node { name: "array".into(), optional: false, shape: Shape::Struct(vec![field]) },
            )
        }
        5 => {
            let field = node(random, "only", depth - 1);
            let own = format!("{name}_tuple");
            (Written::Tuple, Node { name: own, optional: false, shape: Shape::Struct(vec![field]) })
        }
        6 if random.below(2) == 0 => (Written::Two, required(random, "element", 2)),
        6 => (Written::Two, single(random, "element")),
        7 => (Written::Bare, required(random, &name, 1)),
        _ => (Written::Bare, single(random, &name)),
    };
    // The one field of such a group must not be repeated itself: it would be the element, then.
    let repeats = |node: &Node| matches!(&node.shape, Shape::List(Written::Bare, _));
    let element = match (&written, element) {
        (Written::Array | Written::Tuple, Node { shape: Shape::Struct(fields), name, .. })
            if fields.iter().any(repeats) =>
        {
            let fields = vec![single(random, "only")];
            Node { name, optional: false, shape: Shape::Struct(fields) }
        }
        (Written::Three(_, element), node) if repeats(&node) => single(random, element),
        (_, element) => element,
    };
    let optional = optional && written != Written::Bare;
    Node { name, optional, shape: Shape::List(written, Box::new(element)) }
}

pub fn value(random: &mut Random, node: &Node) -> Value {
    if node.optional && random.below(4) == 0 {
        return Value::Null;
    }
    match &node.shape {
        Shape::Leaf(kind) => single(random, *kind),
        Shape::Struct(fields) => {
            Value::Struct(fields.iter().map(|field| (field.name.clone(), value(random, field))).collect())
        }
        Shape::List(_, element) => {
            let length = [0, 1, 2, 3, 7][random.below(5)];
            Value::List((0..length).map(|_| value(random, element)).collect())
        }
        Shape::Map(key, of, _) => {
            let length = random.below(4);
            let mut entry = || {
                Value::Struct(vec![
                    ("key".to_owned(), value(random, key)),
                    ("value".to_owned(), value(random, of)),
                ])
            };
            Value::List((0..length).map(|_| entry()).collect())
        }
    }
}

/// Whole numbers at the edges of something, and others.
fn whole(random: &mut Random, bits: u32, signed: bool) -> i128 {
    let (least, greatest) = if signed {
        (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
    } else {
        (0, (1_i128 << bits) - 1)
    };
    match random.below(8) {
        0 => least,
        1 => greatest,
        2..=5 => (random.below(20) as i128).clamp(least, greatest),
        _ => least + (random.below(usize::MAX) as i128) % (greatest - least),
    }
}

fn text(random: &mut Random) -> String {
    const PARTS: [&str; 6] = ["", "a", "common prefix ", "列", "zebra", "\u{1f980}"];
    (0..random.below(4)).map(|_| PARTS[random.below(PARTS.len())]).collect()
}

fn single(random: &mut Random, kind: Kind) -> Value {
    let instant = |nanoseconds: i128| Value::Timestamp { nanoseconds, instant: true };
    match kind {
        Kind::Boolean => Value::Boolean(random.below(2) == 0),
        Kind::Int8 => Value::Integer(whole(random, 8, true)),
        Kind::Int32 => Value::Integer(whole(random, 32, true)),
        Kind::Unsigned32 => Value::Integer(whole(random, 32, false)),
        Kind::Int64 => Value::Integer(whole(random, 64, true)),
        Kind::Unsigned64 => Value::Integer(whole(random, 64, false)),
        Kind::Float => Value::Float(Float(f64::from(
            [0.0, -0.0, 1.5, f32::MAX, f32::NAN, f32::NEG_INFINITY, 0.1][random.below(7)],
        ))),
        Kind::Double => {
            Value::Float(Float([0.0, -0.0, 0.1, f64::MAX, f64::NAN, f64::INFINITY, 1e-310][random.below(7)]))
        }
        Kind::Half => Value::Float(Float([0.0, -0.0, 1.5, 65504.0, f64::NAN, -0.25][random.below(6)])),
        Kind::Text => Value::String(text(random)),
        Kind::Bytes => Value::Binary((0..random.below(5)).map(|_| random.below(256) as u8).collect()),
        Kind::Fixed(length) => Value::Binary((0..length).map(|_| random.below(3) as u8 * 127).collect()),
        Kind::Uuid => {
            let digits: Vec<String> = (0..16).map(|_| format!("{:02x}", random.below(3) * 127)).collect();
            let groups = [&digits[..4], &digits[4..6], &digits[6..8], &digits[8..10], &digits[10..]];
            Value::String(groups.map(<[String]>::concat).join("-"))
        }
        Kind::Date => Value::Date([0, -1, 18_000, 2_932_896, -719_162][random.below(5)]),
        Kind::TimeMillis => Value::Time(random.below(86_400_000) as i64 * 1_000_000),
        Kind::TimeMicros => Value::Time(random.below(86_400_000_000) as i64 * 1_000),
        Kind::Millis => instant((random.below(1 << 45) as i128 - (1 << 44)) * 1_000_000),
        Kind::Micros => instant((random.below(1 << 55) as i128 - (1 << 54)) * 1_000),
        Kind::Nanos => instant(random.below(1 << 62) as i128 - (1 << 61)),
        // Within nanoseconds, which is all that the engine reads in nested columns.
        Kind::Int96 => instant((random.below(1 << 52) as i128 - (1 << 51)) * 1_000),
        Kind::Decimal(digits, scale, _) => {
            let most = 10_i128.pow(digits as u32) - 1;
            let unscaled = match random.below(5) {
                0 => most,
                1 => -most,
                2 => 0,
                _ => (random.below(usize::MAX) as i128 * 1_000_003) % most,
            };
            Value::Decimal(Decimal { unscaled, scale: scale as u8 })
        }
    }
}
