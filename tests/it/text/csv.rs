//! What the fields of CSV are.

use karat::data::{Csv, Dialect, Value};

use super::{Text, verdicts};
use crate::support::outcome;

#[test]
fn columns_have_the_type_that_all_their_fields_have() {
    let text = Text::new(
        "a.csv",
        "whole,number,flag,day,instant,wall,text,code,empty,big\n\
         1,1,true,2026-01-31,2026-01-31T10:00:00Z,2026-01-31 10:00:00,x,01,,12345678901234567890\n\
         ,,,,,,,,,\n\
         -7,2.5,false,2026-02-01,2026-01-31T10:00:00.25+01:00,2026-01-31T10:00:01,1,2,,1\n",
    );
    assert_eq!(
        text.schema(),
        "whole int64, number float64, flag boolean, day date, instant timestamp, wall timestamp_ntz, \
         text string, code string, empty null, big decimal(38,0)"
    );
    let run = text.run(
        "{suite: s, columns: {whole: [{in_set: [1, -7]}, not_null], number: [{sum: {min: 3.5, max: 3.5}}], flag: [{in_set: [true, false]}],
          day: [{max: {max: '2026-02-01'}}], instant: [{between: {min: '2026-01-31T09:00:00.25Z', max: '2026-01-31T10:00:00Z'}}],
          wall: [{not_in_set: ['2026-01-31T10:00:01']}], code: [{in_set: ['01', '2']}], empty: ['null']}}",
    );
    assert_eq!(
        verdicts(&run),
        [
            "whole.in_set pass 0/2",
            "whole.not_null fail 1/3",
            "number.sum pass",
            "flag.in_set pass 0/2",
            "day.max pass",
            "instant.between pass 0/2",
            "wall.not_in_set fail 1/2",
            "code.in_set pass 0/2",
            "empty.null pass 0/3",
        ]
    );
}

#[test]
fn the_last_row_of_millions_has_a_say() {
    let mut rows: String = "id\n".to_owned();
    (0..20_000).for_each(|id| rows += &format!("{id}\n"));
    assert_eq!(Text::new("a.csv", &rows).schema(), "id int64");
    assert_eq!(Text::new("a.csv", rows + "none\n").schema(), "id string");
}

#[test]
fn an_empty_field_is_a_null_and_an_empty_text_stands_in_quotes() {
    let text = Text::new("a.csv", "a,b\n,1\n\"\",2\n\" \",3\n");
    let run = text.run("{suite: s, columns: {a: [not_null, {in_set: ['', ' ']}]}}");
    assert_eq!(verdicts(&run), ["a.not_null fail 1/3", "a.in_set pass 0/2"]);
}

#[test]
fn quotes_line_ends_and_a_byte_order_mark_are_no_part_of_values() {
    let text =
        Text::new("a.csv", "\u{feff}\"id\",text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,5\" disk\r\n\r\n3,\"\"\"\"");
    let run = text.run(
        r#"{suite: s, columns: {id: [{in_set: [1, 2, 3]}], text: [{in_set: ["a, \"b\"\r\nc", "5\" disk", "\""]}]}, table: [row_count: 3]}"#,
    );
    assert_eq!(verdicts(&run), ["id.in_set pass 0/3", "text.in_set pass 0/3", "row_count pass"]);
}

#[test]
fn in_a_table_of_one_column_an_empty_line_is_a_null() {
    let run = Text::new("a.csv", "a\n1\n\n2\n").run("{suite: s, columns: {a: [not_null]}}");
    assert_eq!(verdicts(&run), ["a.not_null fail 1/3"]);
}

#[test]
fn a_row_is_told_by_its_number_in_the_file() {
    let text = Text::new("a.csv", "id,a\n1,x\n2,\n3,x\n4,\n");
    let run = text.run("{suite: s, key: id, columns: {a: [not_null]}}");
    let samples = &outcome(&run, "a.not_null").samples.rows;
    let rows: Vec<_> = samples.iter().map(|row| (row.file.as_deref(), row.row, &row.key[0].1)).collect();
    assert_eq!(
        rows,
        [(Some("a.csv"), Some(1), &Value::Integer(2)), (Some("a.csv"), Some(3), &Value::Integer(4))]
    );
}

#[test]
fn the_suite_says_how_csv_is_written() {
    let text = Text::new("a.txt", "1;'a;b';NA\n2;c;\n");
    let dialect = Dialect {
        format: Some(karat::data::FileFormat::Csv),
        csv: Csv { separator: Some(b';'), quote: Some(b'\''), header: false, null: vec!["NA".to_owned()] },
        ..Dialect::default()
    };
    assert_eq!(text.schema_as(&dialect), "column_1 int64, column_2 string, column_3 null");
    let run = text.run(
        "{suite: s, format: csv, csv: {separator: ;, quote: \"'\", header: false, null: NA}, schema: {column_3: int32},
          columns: {column_2: [{in_set: ['a;b', c]}], column_3: ['null', type: int32]}}",
    );
    assert_eq!(verdicts(&run), ["column_2.in_set pass 0/2", "column_3.null pass 0/2", "column_3.type pass"]);
    assert_eq!(Text::new("a.tsv", "a\tb\n1\t2,5\n").schema(), "a int64, b string");
    let bare = Dialect { csv: Csv { quote: None, ..Csv::default() }, ..Dialect::default() };
    assert_eq!(Text::new("a.csv", "a,b\n\"1,2\n").schema_as(&bare), "a string, b int64");
}

#[test]
fn the_suite_gives_types() {
    let text = Text::new("a.csv", "id,zip,amount,at,on\n1,01234,10.50,2026-01-31T10:00:00+01:00,23:59:59\n");
    let run = text.run(
        "{suite: s, schema: {id: int32, zip: string, amount: 'decimal(12,2)', at: timestamp, on: time},
          columns: {id: [type: int32], zip: [type: string], amount: [{in_set: [10.5]}, type: 'decimal(12,2)'],
                    at: [{in_set: ['2026-01-31T09:00:00Z']}], on: [{between: {min: '23:00:00'}}]}}",
    );
    assert!(run.passed(), "{:?}", verdicts(&run));
}
