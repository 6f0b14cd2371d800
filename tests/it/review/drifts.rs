//! How columns differ from those that were locked.

use karat::data::{DataType, Field, TimeUnit};
use karat::review::{Change, Column, drift};

fn column(name: &str, data_type: DataType, nullable: bool) -> Column {
    Column { name: name.to_owned(), data_type, nullable }
}

fn told(locked: &[Column], found: &[Column]) -> Vec<(String, String, bool)> {
    let drifts = drift(locked, found).into_iter();
    drifts.map(|drift| (drift.column, drift.change.description(), drift.change.is_breaking())).collect()
}

#[test]
fn nothing_has_drifted_where_all_is_as_it_was() {
    let columns = [column("a", DataType::INT64, false), column("b", DataType::String, true)];
    assert!(drift(&columns, &columns).is_empty());
}

#[test]
fn each_change_is_compatible_or_breaking() {
    let decimal = |precision, scale| DataType::Decimal { precision, scale };
    let int = |bits| DataType::Integer { bits, signed: true };
    let timestamp = |unit| DataType::Timestamp { unit, zone: None };
    let list = |of| DataType::List(Box::new(of));
    let fields = |names: &[&str]| {
        DataType::Struct(names.iter().map(|name| Field::new(*name, DataType::String)).collect())
    };
    for (from, to, breaks) in [
        (int(32), int(64), false),
        (int(64), int(32), true),
        (int(64), DataType::String, true),
        (int(8), DataType::Integer { bits: 8, signed: false }, true),
        (DataType::Integer { bits: 8, signed: false }, int(16), false),
        (DataType::Float { bits: 32 }, DataType::FLOAT64, false),
        (int(32), DataType::FLOAT64, true),
        (decimal(10, 2), decimal(12, 4), false),
        (decimal(10, 2), decimal(12, 5), true),
        (decimal(10, 2), decimal(10, 3), true),
        (timestamp(TimeUnit::Milliseconds), timestamp(TimeUnit::Microseconds), false),
        (timestamp(TimeUnit::Microseconds), timestamp(TimeUnit::Nanoseconds), true),
        (list(int(32)), list(int(64)), false),
        (fields(&["a"]), fields(&["a", "b"]), false),
        (fields(&["a", "b"]), fields(&["a"]), true),
        (DataType::Null, DataType::String, false),
    ] {
        let drifts = drift(&[column("a", from.clone(), true)], &[column("a", to.clone(), true)]);
        assert_eq!(drifts.len(), 1, "{from} {to}");
        assert_eq!(drifts[0].change.is_breaking(), breaks, "{from} {to}");
    }
}

#[test]
fn columns_come_and_go_and_change_their_names() {
    let text = || DataType::String;
    let locked = [column("a", text(), true), column("b", DataType::INT64, true), column("c", text(), false)];
    let found =
        [column("a", text(), false), column("bb", DataType::INT64, true), column("d", DataType::Date, true)];
    let wanted = [
        ("a", "is never null now", false),
        ("b", "is gone; it may be called \"bb\" now", true),
        ("c", "is gone", true),
        ("d", "is new, of type date", false),
    ];
    let wanted = wanted.map(|(column, told, breaks)| (column.to_owned(), told.to_owned(), breaks));
    assert_eq!(told(&locked, &found), wanted);
    assert!(matches!(&drift(&locked, &found)[1].change, Change::Renamed { to } if to == "bb"));
}
