//! Generates random well-typed expressions over the schema of [`super::table`].

use chrono::NaiveDate;
use karat::data::{ColumnPath, DataType, Literal, Moment, TypeName, Value};
use karat::predicate::{Arithmetic, Branch, Comparison, Expression, Function, Kind};
use proptest::prelude::*;

use super::table::{TEXTS, schema, value};

type Expressions = BoxedStrategy<Expression>;

/// Generators of expressions of every type, up to a depth.
struct Level {
    integer: Expressions,
    float: Expressions,
    decimal: Expressions,
    text: Expressions,
    date: Expressions,
    time: Expressions,
    condition: Expressions,
}

/// Generates conditions.
pub fn condition() -> Expressions {
    let deepest = (0..3).fold(Level::leaves(), |inner, _| Level::above(&inner));
    deepest.condition
}

fn new(kind: Kind) -> Expression {
    Expression::new(kind)
}

pub fn column(name: &str) -> Expression {
    Expression::column(&ColumnPath::column(name))
}

fn columns(names: &[&'static str]) -> Expressions {
    prop::sample::select(names.to_vec()).prop_map(column).boxed()
}

fn number(text: impl Into<String>) -> Expression {
    new(Kind::Literal(Literal::Number(text.into())))
}

fn boxed(of: Expression) -> Box<Expression> {
    Box::new(of)
}

fn call(function: Function, arguments: Vec<Expression>) -> Expression {
    new(Kind::Call(function, arguments))
}

fn cast(of: Expression, to: &str) -> Expression {
    new(Kind::Cast(boxed(of), TypeName::parse(to).unwrap()))
}

fn comparisons() -> impl Strategy<Value = Comparison> {
    prop::sample::select(Comparison::ALL.to_vec())
}

fn compare((how, left, right): (Comparison, Expression, Expression)) -> Expression {
    new(Kind::Compare(how, boxed(left), boxed(right)))
}

fn compute((how, left, right): (Arithmetic, Expression, Expression)) -> Expression {
    new(Kind::Arithmetic(how, boxed(left), boxed(right)))
}

const DECIMAL: [Arithmetic; 4] =
    [Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply, Arithmetic::Remainder];
const EXACT: [Arithmetic; 3] = [Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply];

fn arithmetic(hows: &[Arithmetic], left: &Expressions, right: &Expressions) -> Expressions {
    (prop::sample::select(hows.to_vec()), left.clone(), right.clone()).prop_map(compute).boxed()
}

fn negated_or_absolute(of: &Expressions) -> Expressions {
    let negated = of.clone().prop_map(|of| new(Kind::Negate(boxed(of))));
    prop_oneof![negated, of.clone().prop_map(|of| call(Function::Abs, vec![of]))].boxed()
}

fn to(names: &[&'static str], of: &Expressions) -> Expressions {
    (prop::sample::select(names.to_vec()), of.clone()).prop_map(|(name, of)| cast(of, name)).boxed()
}

fn text(text: &str) -> Expression {
    new(Kind::Literal(Literal::Text(text.to_owned())))
}

fn one_of(functions: &[Function], of: &Expressions) -> Expressions {
    (prop::sample::select(functions.to_vec()), of.clone())
        .prop_map(|(function, of)| call(function, vec![of]))
        .boxed()
}

/// Generates `CASE`, `greatest`, `least` and `coalesce` of values of one type.
fn chosen(conditions: &Expressions, of: &Expressions) -> Expressions {
    let branch = (conditions.clone(), of.clone()).prop_map(|(when, then)| Branch { when, then });
    let case = (prop::collection::vec(branch, 1..3), prop::option::of(of.clone()))
        .prop_map(|(branches, otherwise)| new(Kind::Case(branches, otherwise.map(Box::new))));
    let functions = prop::sample::select(vec![Function::Greatest, Function::Least, Function::Coalesce]);
    let several =
        (functions, prop::collection::vec(of.clone(), 2..4)).prop_map(|(function, all)| call(function, all));
    prop_oneof![2 => case, 1 => several].boxed()
}

/// Generates `nullif` of two values of one type.
fn null_if(of: &Expressions) -> Expressions {
    (of.clone(), of.clone()).prop_map(|(of, other)| call(Function::NullIf, vec![of, other])).boxed()
}

/// Generates `round`, `floor` and `ceil`.
fn rounded(of: &Expressions) -> Expressions {
    let digits = prop_oneof![3 => -3_i32..4, 1 => -38_i32..=38];
    let round = (of.clone(), prop::option::of(digits)).prop_map(|(of, digits)| {
        call(
            Function::Round,
            std::iter::once(of).chain(digits.map(|digits| number(digits.to_string()))).collect(),
        )
    });
    prop_oneof![round.boxed(), one_of(&[Function::Floor, Function::Ceil], of)].boxed()
}

const OF_DAYS: [&str; 5] = ["year", "quarter", "month", "week", "day"];
const UNITS: [&str; 8] = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"];

fn units(names: &[&'static str]) -> Expressions {
    prop::sample::select(names.to_vec()).prop_map(text).boxed()
}

/// Generates dates or timestamps that are some units later.
fn later(names: &[&'static str], integers: &Expressions, of: &Expressions) -> Expressions {
    let written =
        prop_oneof![3 => -40_i64..40, 1 => any::<i64>()].prop_map(|count| number(count.to_string()));
    let counts = prop_oneof![3 => written, 1 => integers.clone()];
    (units(names), counts, of.clone())
        .prop_map(|(unit, count, of)| call(Function::DateAdd, vec![unit, count, of]))
        .boxed()
}

fn begun(of: &Expressions) -> Expressions {
    (units(&UNITS), of.clone()).prop_map(|(unit, of)| call(Function::DateTrunc, vec![unit, of])).boxed()
}

/// Generates `coalesce` of a column, and of a column of its type or a literal.
fn coalesce(names: &[&'static str], literal: &BoxedStrategy<Literal>) -> Expressions {
    let other = prop_oneof![columns(names), literal.clone().prop_map(|literal| new(Kind::Literal(literal)))];
    (columns(names), other).prop_map(|(first, second)| call(Function::Coalesce, vec![first, second])).boxed()
}

fn small() -> Expressions {
    let numbers = prop_oneof![5 => (-10_i64..300).prop_map(|n| n.to_string()), 1 => any::<i64>().prop_map(|n| n.to_string())];
    numbers.prop_map(number).boxed()
}

fn fractional() -> BoxedStrategy<String> {
    let some =
        ["66.6", "-0.5", "0.0", "1.00", "1e2", "2.5E0", "0.1", "-66.61", "127.5", "12345678.905", "1e-3"];
    prop_oneof![
        prop::sample::select(some.to_vec()).prop_map(str::to_owned),
        (-500_i32..500).prop_map(|n| n.to_string())
    ]
    .boxed()
}

fn texts() -> BoxedStrategy<String> {
    prop_oneof![4 => prop::sample::select(TEXTS.to_vec()).prop_map(str::to_owned), 1 => "[ab]{0,2}"].boxed()
}

const INTEGERS: [&str; 9] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "j64"];
const TIMES: [&str; 7] = ["utc", "utc_ns", "berlin", "wall", "wall_ms", "wall_ns", "other_ns"];
const FORMATS: [&str; 6] = ["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%m/%d/%y", "%d %b %Y", "%F"];

impl Level {
    fn leaves() -> Self {
        let fractions = fractional().prop_filter("a double is no decimal", |text| !text.contains(['e', 'E']));
        Self {
            integer: prop_oneof![5 => columns(&INTEGERS), 1 => small()].boxed(),
            float: columns(&["f32", "f64", "g64"]),
            decimal: prop_oneof![3 => columns(&["d10", "e10", "d38"]), 1 => fractions.prop_map(number)]
                .boxed(),
            text: columns(&["a.b", "select"]),
            date: columns(&["Tag", "day"]),
            time: columns(&TIMES),
            condition: prop_oneof![columns(&["yes", "x`y"]), column_with_literal(), column_in_set()].boxed(),
        }
    }

    fn above(inner: &Self) -> Self {
        let Self { integer, float, decimal, text, date, time, condition } = inner;
        let numbers = prop_oneof![integer.clone(), float.clone(), decimal.clone()].boxed();
        let moment = prop_oneof![date.clone(), time.clone()].boxed();
        let written = (-9_i32..300).prop_map(|n| number(n.to_string())).boxed();
        let counts =
            prop_oneof![2 => (-4_i32..6).prop_map(|n| number(n.to_string())), 1 => integer.clone()].boxed();
        let text_literal = texts().prop_map(|text| new(Kind::Literal(Literal::Text(text)))).boxed();
        let one = |function| move |of| call(function, vec![of]);
        let texts = texts().prop_map(Literal::Text).boxed();
        Self {
            integer: prop_oneof![
                3 => integer.clone(),
                4 => arithmetic(&EXACT, integer, integer),
                2 => arithmetic(&[Arithmetic::Remainder], integer, integer),
                2 => negated_or_absolute(integer),
                3 => to(&["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"], &numbers),
                2 => to(&["int8", "int64", "uint8", "uint64"], text),
                1 => coalesce(&["i64", "j64"], &(-9_i64..9).prop_map(|n| Literal::Number(n.to_string())).boxed()),
                1 => (date.clone(), date.clone()).prop_map(|(end, start)| call(Function::DateDiff, vec![end, start])),
                1 => (moment.clone(), moment.clone()).prop_map(|(end, start)| call(Function::DateDiff, vec![end, start])),
                1 => (units(&UNITS), moment.clone(), moment.clone())
                    .prop_map(|(unit, start, end)| call(Function::TimestampDiff, vec![unit, start, end])),
                2 => one_of(&[
                    Function::Day, Function::Month, Function::Year, Function::Quarter, Function::DayOfWeek,
                    Function::DayOfYear,
                ], &moment),
                1 => one_of(&[Function::Hour, Function::Minute, Function::Second], time),
                1 => rounded(integer),
                2 => chosen(condition, &prop_oneof![2 => integer.clone(), 1 => written.clone()].boxed()),
                1 => null_if(integer),
                2 => text.clone().prop_map(one(Function::Length)),
            ].boxed(),
            float: prop_oneof![
                3 => float.clone(),
                3 => arithmetic(&[Arithmetic::Divide], &numbers, &numbers),
                2 => arithmetic(&EXACT, float, &numbers),
                2 => arithmetic(&EXACT, &numbers, float),
                2 => negated_or_absolute(float),
                2 => to(&["float32", "float64"], &numbers),
                1 => to(&["float32", "float64"], text),
                1 => coalesce(&["f64", "g64"], &fractional().prop_map(Literal::Number).boxed()),
                2 => rounded(float),
                1 => chosen(condition, &prop_oneof![3 => float.clone(), 1 => numbers.clone(), 1 => written.clone()].boxed())
                    .prop_map(|of| cast(of, "float64")),
                1 => chosen(condition, float),
                1 => null_if(float),
            ].boxed(),
            decimal: prop_oneof![
                3 => decimal.clone(),
                4 => arithmetic(&DECIMAL, decimal, decimal),
                1 => arithmetic(&EXACT, decimal, integer),
                1 => arithmetic(&EXACT, integer, decimal),
                2 => negated_or_absolute(decimal),
                2 => to(&["decimal(5,2)", "decimal(10,2)", "decimal(38,0)", "decimal(20,1)"], integer),
                1 => coalesce(&["d10", "e10"], &Just(Literal::Number("1.5".to_owned())).boxed()),
                2 => rounded(decimal),
                // At least one operand is a decimal, so that the result is a decimal too.
                1 => (condition.clone(), decimal.clone(), prop_oneof![decimal.clone(), integer.clone(), written.clone()])
                    .prop_map(|(when, then, otherwise)| new(Kind::Case(vec![Branch { when, then }], Some(boxed(otherwise))))),
                1 => null_if(decimal),
            ].boxed(),
            text: prop_oneof![
                3 => text.clone(),
                3 => one_of(&[Function::Lower, Function::Upper, Function::Trim, Function::Ltrim, Function::Rtrim], text),
                1 => prop::collection::vec(prop_oneof![3 => text.clone(), 1 => text_literal.clone()], 1..4)
                    .prop_map(|all| call(Function::Concat, all)),
                2 => (prop::sample::select(vec![Function::Left, Function::Right, Function::Substring]), text.clone(), counts.clone())
                    .prop_map(|(function, of, count)| call(function, vec![of, count])),
                1 => (text.clone(), counts.clone(), counts)
                    .prop_map(|(of, start, length)| call(Function::Substring, vec![of, start, length])),
                1 => (text.clone(), prop_oneof![text.clone(), text_literal.clone()], prop_oneof![text.clone(), text_literal.clone()])
                    .prop_map(|(of, part, other)| call(Function::Replace, vec![of, part, other])),
                1 => chosen(condition, &prop_oneof![2 => text.clone(), 1 => text_literal].boxed()),
                1 => null_if(text),
                1 => to(&["string"], integer),
                1 => to(&["string"], &prop_oneof![date.clone(), inner.condition.clone()].boxed()),
                1 => coalesce(&["a.b", "select"], &texts),
            ].boxed(),
            date: prop_oneof![
                3 => date.clone(),
                2 => to(&["date"], &prop_oneof![text.clone(), time.clone()].boxed()),
                2 => (text.clone(), prop::sample::select(FORMATS.to_vec())).prop_map(|(of, format)| {
                    call(Function::ToDate, vec![of, new(Kind::Literal(Literal::Text(format.to_owned())))])
                }),
                1 => coalesce(&["Tag", "day"], &Just(Literal::Text("2000-02-29".to_owned())).boxed()),
                2 => later(&OF_DAYS, integer, date),
                1 => begun(date),
                1 => Just(call(Function::CurrentDate, Vec::new())),
                1 => chosen(condition, date),
                1 => null_if(date),
            ].boxed(),
            time: prop_oneof![
                4 => columns(&TIMES),
                1 => later(&UNITS, integer, time),
                1 => later(&["hour", "minute", "second"], integer, date),
                1 => begun(time),
                1 => to(&["timestamp", "timestamp_ntz"], time),
                1 => Just(call(Function::CurrentTimestamp, Vec::new())),
            ].boxed(),
            condition: inner.conditions(&numbers, time),
        }
    }

    fn conditions(&self, numbers: &Expressions, time: &Expressions) -> Expressions {
        let Self { integer, text, date, condition, decimal, float, .. } = self;
        let anything = prop_oneof![numbers.clone(), text.clone(), date.clone(), condition.clone()].boxed();
        let same = |of: &Expressions, other: &Expressions| {
            (comparisons(), of.clone(), other.clone()).prop_map(compare).boxed()
        };
        let against = |of: &Expressions, literal: BoxedStrategy<Literal>| {
            let literal = literal.prop_map(|literal| new(Kind::Literal(literal)));
            (comparisons(), of.clone(), literal, any::<bool>())
                .prop_map(|(how, of, literal, flip)| {
                    compare(if flip { (how, literal, of) } else { (how, of, literal) })
                })
                .boxed()
        };
        let wall = columns(&["wall", "wall_ms", "wall_ns"]);
        let midnight = to(&["timestamp_ntz"], date);
        let texts = || texts().prop_map(Literal::Text).boxed();
        prop_oneof![
            1 => condition.clone(),
            1 => chosen(condition, condition)
                .prop_filter("booleans have no order", |of| !matches!(of.kind, Kind::Call(Function::Greatest | Function::Least, _))),
            3 => column_with_literal(),
            2 => column_in_set(),
            4 => same(numbers, numbers),
            2 => same(integer, integer),
            2 => against(&prop_oneof![integer.clone(), float.clone(), decimal.clone()].boxed(), fractional().prop_map(Literal::Number).boxed()),
            1 => same(text, text),
            2 => against(text, texts()),
            1 => same(date, date),
            1 => against(date, prop::sample::select(vec!["2024-02-29", "1999-12-31", "0001-01-01"]).prop_map(|text| Literal::Text(text.to_owned())).boxed()),
            1 => same(time, time),
            1 => same(&prop_oneof![wall, self.time.clone()].boxed(), date),
            1 => same(date, time),
            1 => same(&columns(&["wall"]), &midnight),
            3 => (condition.clone(), condition.clone(), any::<bool>())
                .prop_map(|(left, right, and)| new(if and { Kind::And(vec![left, right]) } else { Kind::Or(vec![left, right]) })),
            2 => condition.clone().prop_map(|of| new(Kind::Not(boxed(of)))),
            1 => condition.clone().prop_map(|of| new(Kind::IsTrue(boxed(of)))),
            2 => anything.prop_map(|of| new(Kind::IsNull(boxed(of)))),
            2 => (text.clone(), prop::collection::vec(prop_oneof![5 => texts(), 1 => Just(Literal::Null)], 1..4))
                .prop_map(|(of, set)| new(Kind::InSet(boxed(of), set))),
            2 => (prop_oneof![integer.clone(), float.clone(), decimal.clone()], prop::collection::vec(prop_oneof![
                    5 => (-9_i32..200).prop_map(|n| Literal::Number(n.to_string())), 1 => Just(Literal::Null)], 1..4))
                .prop_map(|(of, set)| new(Kind::InSet(boxed(of), set))),
            2 => (text.clone(), prop::sample::select(vec!["^a", "b$", "^$", "(?i)A", ".", "[0-9]+", "\\s", "é|ß", "^.$", "\\bA\\b", "a\\nb", "\\p{L}"]))
                .prop_map(|(of, regex)| new(Kind::Matches(boxed(of), regex.to_owned()))),
            2 => (text.clone(), prop_oneof![texts(), "[ab%_\\\\]{0,4}".prop_map(Literal::Text)]).prop_map(|(of, pattern)| {
                let Literal::Text(pattern) = pattern else { unreachable!() };
                new(Kind::Like(boxed(of), pattern))
            }),
            2 => (prop::sample::select(vec![Function::Contains, Function::StartsWith, Function::EndsWith]), text.clone(), texts())
                .prop_map(|(function, of, part)| call(function, vec![of, new(Kind::Literal(part))])),
        ]
        .boxed()
    }
}

/// Converts a value to a literal of SQL.
pub fn literal(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Boolean(value) => Literal::Boolean(*value),
        Value::Integer(value) => Literal::Number(value.to_string()),
        Value::Decimal(value) => Literal::Number(value.to_string()),
        Value::Float(value) => Literal::Number(value.0.to_string()),
        Value::String(text) => Literal::Text(text.clone()),
        Value::Date(days) => Literal::Text(NaiveDate::from_epoch_days(*days).unwrap().to_string()),
        Value::Timestamp { nanoseconds, .. } => {
            let (seconds, rest) =
                (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
            let time = chrono::DateTime::from_timestamp(
                i64::try_from(seconds).unwrap(),
                u32::try_from(rest).unwrap(),
            );
            Literal::Text(time.unwrap().naive_utc().format("%Y-%m-%dT%H:%M:%S%.f").to_string())
        }
        other => panic!("{other:?} has no literal"),
    }
}

/// Generates a literal of a type that SQL can write.
fn literal_of(data_type: &DataType) -> BoxedStrategy<Literal> {
    value(data_type)
        .prop_filter(
            "SQL has no such number",
            |value| !matches!(value, Value::Float(float) if !float.0.is_finite()),
        )
        .prop_map(|value| literal(&value))
        .boxed()
}

/// Turns a text into a literal that names its kind, `DATE` or `TIMESTAMP`.
fn said(moment: Moment, literal: Literal) -> Literal {
    match literal {
        Literal::Text(text) => Literal::Moment(moment, text),
        other => other,
    }
}

fn fields() -> impl Strategy<Value = (String, DataType)> {
    let fields: Vec<_> = schema().fields.into_iter().map(|field| (field.name, field.data_type)).collect();
    prop::sample::select(fields)
}

fn column_with_literal() -> Expressions {
    let precise = |data_type: &DataType| {
        match data_type {
        // Some literals are finer than the column can hold.
        DataType::Timestamp { .. } => prop_oneof![
            3 => literal_of(data_type),
            2 => literal_of(data_type).prop_map(|literal| said(Moment::Timestamp, literal)),
            1 => Just(Literal::Moment(Moment::Date, "2024-02-29".to_owned())),
            1 => Just(Literal::Text("2024-02-29T00:00:00.000000001".to_owned())),
            1 => Just(Literal::Text("0001-01-01".to_owned())),
        ]
        .boxed(),
        DataType::Date => prop_oneof![
            2 => literal_of(data_type),
            1 => literal_of(data_type).prop_map(|literal| said(Moment::Date, literal)),
            1 => prop::sample::select(vec!["2024-02-29T00:00:00", "2024-02-29T10:00:00", "2024-02-28T23:59:59.999999"])
                .prop_map(|text| Literal::Moment(Moment::Timestamp, text.to_owned())),
        ]
        .boxed(),
        DataType::Integer { .. } => {
            prop_oneof![3 => literal_of(data_type), 1 => fractional().prop_map(Literal::Number)].boxed()
        }
        _ => literal_of(data_type),
    }
    };
    let pair = fields().prop_flat_map(move |(name, data_type)| {
        (Just(name), comparisons(), precise(&data_type), Just(data_type))
    });
    pair.prop_map(|(name, how, literal, data_type)| {
        let ordered = data_type != DataType::Boolean;
        compare((if ordered { how } else { Comparison::Equal }, column(&name), new(Kind::Literal(literal))))
    })
    .boxed()
}

fn column_in_set() -> Expressions {
    let pair = fields().prop_flat_map(|(name, data_type)| {
        let item = prop_oneof![8 => literal_of(&data_type), 1 => Just(Literal::Null)];
        (Just(name), prop::collection::vec(item, 1..5))
    });
    pair.prop_map(|(name, set)| new(Kind::InSet(boxed(column(&name)), set))).boxed()
}
