//! A table, written as text and read back, is the same to every check.

use polars::prelude::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{Text, verdicts};

/// A column's values as texts, with its type.
#[derive(Clone, Debug)]
enum Cells {
    Whole(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    Flag(Vec<Option<bool>>),
    Day(Vec<Option<i32>>),
    Text(Vec<Option<String>>),
}

const ROWS: usize = 12;

fn cells() -> impl Strategy<Value = Cells> {
    let texts = prop_oneof![
        Just(String::new()),
        Just("a,b".to_owned()),
        Just("\"".to_owned()),
        Just("x\r\ny".to_owned()),
        Just("01".to_owned()),
        Just("NULL".to_owned()),
        "[ -~é列]{0,6}",
    ];
    prop_oneof![
        vec(option::of(any::<i64>()), ROWS).prop_map(Cells::Whole),
        vec(option::of(-1e9..1e9_f64), ROWS).prop_map(Cells::Number),
        vec(option::of(any::<bool>()), ROWS).prop_map(Cells::Flag),
        vec(option::of(-50_000..100_000), ROWS).prop_map(Cells::Day),
        vec(option::of(texts), ROWS).prop_map(Cells::Text),
    ]
}

fn day(days: i32) -> String {
    chrono::NaiveDate::from_epoch_days(days).unwrap().to_string()
}

impl Cells {
    fn column(&self) -> Column {
        let name = "a".into();
        match self {
            Self::Whole(values) => Column::new(name, values),
            Self::Number(values) => Column::new(name, values),
            Self::Flag(values) => Column::new(name, values),
            Self::Day(values) => Column::new(name, values).cast(&DataType::Date).unwrap(),
            Self::Text(values) => Column::new(name, values),
        }
    }

    fn data_type(&self) -> &'static str {
        match self {
            Self::Whole(_) => "int64",
            Self::Number(_) => "float64",
            Self::Flag(_) => "boolean",
            Self::Day(_) => "date",
            Self::Text(_) => "string",
        }
    }

    fn csv(&self, row: usize) -> String {
        match self {
            Self::Whole(values) => values[row].map_or_else(String::new, |value| value.to_string()),
            Self::Number(values) => values[row].map_or_else(String::new, |value| value.to_string()),
            Self::Flag(values) => values[row].map_or_else(String::new, |value| value.to_string()),
            Self::Day(values) => values[row].map_or_else(String::new, day),
            Self::Text(values) => {
                let quoted = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
                values[row].as_ref().map_or_else(String::new, quoted)
            }
        }
    }

    fn json(&self, row: usize) -> serde_json::Value {
        match self {
            Self::Whole(values) => values[row].into(),
            Self::Number(values) => values[row].into(),
            Self::Flag(values) => values[row].into(),
            Self::Day(values) => values[row].map(day).into(),
            Self::Text(values) => values[row].clone().into(),
        }
    }
}

const SUITE: &str = "
columns:
  a: [not_null, unique, distinct_count: {min: 0}]
  id: [{in_set: [0, 3, 5]}]
table: [row_count: 12, {rows: a = a, id: same}]
";

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn text_comes_to_the_verdicts_of_its_table(cells in cells()) {
        let ids: Vec<u32> = (0..).take(ROWS).collect();
        let frame = DataFrame::new(ROWS, vec![Column::new("id".into(), ids), cells.column()]).unwrap();
        let given = format!("suite: s\nschema: {{a: {}}}\n{SUITE}", cells.data_type());
        let suite = karat::Suite::from_yaml(&format!("suite: s\n{SUITE}")).unwrap();
        let wanted = verdicts(&karat::check(&suite, frame, &karat::CheckOptions::default()));
        let mut csv = "id,a\n".to_owned();
        let mut json = String::new();
        for row in 0..ROWS {
            csv += &format!("{row},{}\n", cells.csv(row));
            json += &format!("{}\n", serde_json::json!({"id": row, "a": cells.json(row)}));
        }
        for text in [Text::new("a.csv", &csv), Text::new("a.json", &json)] {
            prop_assert_eq!(verdicts(&text.run(&given)), wanted.clone(), "{}", text.name);
            // What is inferred tells as much, but a column of nulls alone tells no type.
            if cells.column().null_count() < ROWS {
                prop_assert_eq!(verdicts(&text.run(&format!("suite: s\n{SUITE}"))), wanted.clone(), "{}", text.name);
            }
        }
    }
}
