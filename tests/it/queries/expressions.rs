//! Expressions by chance, each as karat's SQL and as SQL that asks DuckDB for the same meaning.

use super::random::Random;

/// The type of an expression, as far as both must agree on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Type {
    /// An integer of so many bits, which DuckDB computes with 128.
    Int(u32),
    /// A decimal of so many digits before and behind the point.
    Decimal(u32, u32),
    Double,
    Text,
    Date,
    Time,
    Boolean,
}

/// An expression in both languages.
#[derive(Clone, Debug)]
pub(super) struct Both {
    pub(super) karat: String,
    pub(super) duck: String,
    pub(super) of: Type,
}

pub(super) fn both(karat: impl Into<String>, duck: impl Into<String>, of: Type) -> Both {
    Both { karat: karat.into(), duck: duck.into(), of }
}

/// The digits of an integer of so many bits.
pub(super) fn digits(bits: u32) -> u32 {
    (bits * 302).div_ceil(1000)
}

/// The type's name to DuckDB.
pub(super) fn duck_type(of: Type) -> String {
    match of {
        Type::Int(_) => "HUGEINT".to_owned(),
        Type::Decimal(whole, scale) => format!("DECIMAL({},{scale})", (whole + scale).max(1)),
        Type::Double => "DOUBLE".to_owned(),
        Type::Text => "VARCHAR".to_owned(),
        Type::Date => "DATE".to_owned(),
        Type::Time => "TIMESTAMP".to_owned(),
        Type::Boolean => "BOOLEAN".to_owned(),
    }
}

/// The columns of the table.
pub(super) fn columns(qualifier: &str) -> Vec<Both> {
    use Type::{Boolean, Date, Decimal, Double, Int, Text, Time};
    let all = [
        ("g", Int(32)),
        ("k", Int(32)),
        ("i8", Int(8)),
        ("i32", Int(32)),
        ("u32", Int(33)),
        ("i64", Int(64)),
        ("d1", Decimal(7, 2)),
        ("d2", Decimal(14, 4)),
        ("f", Double),
        ("s", Text),
        ("v", Text),
        ("dt", Date),
        ("ts", Time),
        ("b", Boolean),
    ];
    all.iter().map(|(name, of)| column(&format!("{qualifier}{name}"), *of)).collect()
}

/// A column, in DuckDB of the very type.
pub(super) fn column(name: &str, of: Type) -> Both {
    let duck = match of {
        Type::Int(_) | Type::Decimal(..) => format!("CAST({name} AS {})", duck_type(of)),
        _ => name.to_owned(),
    };
    both(name, duck, of)
}

/// What makes expressions over some columns.
pub(super) struct Expressions<'a> {
    pub(super) random: &'a mut Random,
    pub(super) columns: Vec<Both>,
}

impl Expressions<'_> {
    /// A column of a type that fits, if there is one.
    pub(super) fn column(&mut self, fits: impl Fn(Type) -> bool) -> Option<Both> {
        let fitting: Vec<Both> = self.columns.iter().filter(|column| fits(column.of)).cloned().collect();
        (!fitting.is_empty()).then(|| self.random.of(&fitting))
    }

    /// An expression of a kind of type.
    pub(super) fn any(&mut self, depth: u32) -> Both {
        match self.random.below(12) {
            0..=2 => self.integer(depth),
            3 | 4 => self.decimal(depth),
            5 | 6 => self.double(depth),
            7 | 8 => self.text(depth),
            9 => self.date(depth),
            10 => self.time(depth),
            _ => self.condition(depth),
        }
    }

    /// One of the same kind of type.
    pub(super) fn like(&mut self, of: Type, depth: u32) -> Both {
        match of {
            Type::Int(_) => self.integer(depth),
            Type::Decimal(..) => self.decimal(depth),
            Type::Double => self.double(depth),
            Type::Text => self.text(depth),
            Type::Date => self.date(depth),
            Type::Time => self.time(depth),
            Type::Boolean => self.condition(depth),
        }
    }

    /// `CASE` or `coalesce` of two of the same type.
    pub(super) fn either(&mut self, one: Both, other: Both, of: Type, depth: u32) -> Both {
        if self.random.once_in(2) {
            let (karat, duck) = (&one.karat, &one.duck);
            return both(
                format!("coalesce({karat}, {})", other.karat),
                format!("COALESCE({duck}, {})", other.duck),
                of,
            );
        }
        let when = self.condition(depth.saturating_sub(1));
        let (karat, duck) = (&when.karat, &when.duck);
        let otherwise = match self.random.below(3) {
            0 => (String::new(), String::new()),
            _ => (format!(" ELSE {}", other.karat), format!(" ELSE {}", other.duck)),
        };
        both(
            format!("CASE WHEN {karat} THEN {}{} END", one.karat, otherwise.0),
            format!("CASE WHEN {duck} THEN {}{} END", one.duck, otherwise.1),
            of,
        )
    }

    pub(super) fn integer(&mut self, depth: u32) -> Both {
        let bits = |of: Type| match of {
            Type::Int(bits) => bits,
            _ => 0,
        };
        if depth == 0 || self.random.once_in(3) {
            let column = self.column(|of| matches!(of, Type::Int(_)));
            if let Some(column) = column.filter(|_| !self.random.once_in(4)) {
                return column;
            }
            return self.integer_literal();
        }
        let deeper = depth - 1;
        match self.random.below(13) {
            how @ 0..=4 => {
                let (left, right) = (self.integer(deeper), self.integer(deeper));
                let (sign, width) = match how {
                    0 | 1 => ("+", bits(left.of).max(bits(right.of)) + 1),
                    2 => ("-", bits(left.of).max(bits(right.of)) + 1),
                    _ => ("*", bits(left.of) + bits(right.of)),
                };
                if width > 110 {
                    return left;
                }
                let of = |left: &str, right: &str| format!("({left} {sign} {right})");
                both(of(&left.karat, &right.karat), of(&left.duck, &right.duck), Type::Int(width))
            }
            5 => {
                let (left, right) = (self.integer(deeper), self.integer(deeper));
                let width = bits(left.of).max(bits(right.of));
                both(
                    format!("({} % {})", left.karat, right.karat),
                    format!("({} % NULLIF({}, CAST(0 AS HUGEINT)))", left.duck, right.duck),
                    Type::Int(width),
                )
            }
            6 => {
                let of = self.integer(deeper);
                let width = Type::Int(bits(of.of) + 1);
                match self.random.once_in(2) {
                    true => both(format!("(-{})", of.karat), format!("(-({}))", of.duck), width),
                    false => both(format!("abs({})", of.karat), format!("abs({})", of.duck), width),
                }
            }
            7 => {
                let of = self.text(deeper);
                both(
                    format!("length({})", of.karat),
                    format!("CAST(length({}) AS HUGEINT)", of.duck),
                    Type::Int(64),
                )
            }
            8 => {
                let of = if self.random.once_in(2) { self.date(deeper) } else { self.time(deeper) };
                let part = self.random.of(&["year", "month", "day", "quarter", "dayofyear"]);
                both(
                    format!("{part}({})", of.karat),
                    format!("CAST({part}({}) AS HUGEINT)", of.duck),
                    Type::Int(64),
                )
            }
            9 => {
                let (end, start) = (self.date(deeper), self.date(deeper));
                both(
                    format!("datediff({}, {})", end.karat, start.karat),
                    format!("CAST(date_diff('day', {}, {}) AS HUGEINT)", start.duck, end.duck),
                    Type::Int(64),
                )
            }
            10 => {
                let of = if self.random.once_in(2) { self.double(deeper) } else { self.decimal(deeper) };
                both(
                    format!("CAST({} AS int64)", of.karat),
                    format!("CAST(TRY_CAST(trunc({}) AS BIGINT) AS HUGEINT)", of.duck),
                    Type::Int(64),
                )
            }
            11 => {
                let of = self.integer(deeper);
                let (karat, duck, width) = self.random.of(&[
                    ("int8", "TINYINT", 8),
                    ("int32", "INTEGER", 32),
                    ("int64", "BIGINT", 64),
                ]);
                both(
                    format!("CAST({} AS {karat})", of.karat),
                    format!("CAST(TRY_CAST({} AS {duck}) AS HUGEINT)", of.duck),
                    Type::Int(width),
                )
            }
            _ => {
                let (one, other) = (self.integer(deeper), self.integer(deeper));
                let width = match bits(one.of).max(bits(other.of)) {
                    ..=8 => 8,
                    ..=16 => 16,
                    ..=32 => 32,
                    ..=64 => 64,
                    wider => wider,
                };
                self.either(one, other, Type::Int(width), depth)
            }
        }
    }

    fn integer_literal(&mut self) -> Both {
        let value = match self.random.below(6) {
            0 => self.random.of(&[2_147_483_647, -2_147_483_648, 4_294_967_296, i64::MAX, i64::MIN + 1]),
            1 => self.random.within(-100_000, 100_000),
            _ => self.random.within(-9, 9),
        };
        let bits = 65 - (if value < 0 { !value } else { value }).leading_zeros();
        let karat = if value < 0 { format!("({value})") } else { value.to_string() };
        both(karat, format!("CAST({value} AS HUGEINT)"), Type::Int(bits))
    }

    pub(super) fn decimal(&mut self, depth: u32) -> Both {
        let width = |of: Type| match of {
            Type::Decimal(whole, scale) => (whole, scale),
            Type::Int(bits) => (digits(bits), 0),
            _ => (0, 0),
        };
        if depth == 0 || self.random.once_in(3) {
            let column = self.column(|of| matches!(of, Type::Decimal(..)));
            if let Some(column) = column.filter(|_| !self.random.once_in(4)) {
                return column;
            }
            let value = self.random.of(&["0.5", "1.25", "100.01", "0.005", "19.99", "-7.5"]);
            let (whole, fraction) = value.trim_start_matches('-').split_once('.').unwrap();
            // Of 0.5, karat counts one digit.
            let of = Type::Decimal(if whole == "0" { 0 } else { whole.len() as u32 }, fraction.len() as u32);
            let karat = if value.starts_with('-') { format!("({value})") } else { value.to_owned() };
            return both(karat, format!("CAST({value} AS {})", duck_type(of)), of);
        }
        let deeper = depth - 1;
        match self.random.below(8) {
            how @ 0..=4 => {
                let left = self.decimal(deeper);
                let mut right = if self.random.once_in(3) { self.integer(0) } else { self.decimal(deeper) };
                let ((left_whole, left_scale), (right_whole, right_scale)) =
                    (width(left.of), width(right.of));
                if let Type::Int(_) = right.of {
                    right.duck = format!("CAST({} AS DECIMAL({right_whole},0))", right.duck);
                }
                let (sign, whole, scale) = match how {
                    0 | 1 => ("+", left_whole.max(right_whole) + 1, left_scale.max(right_scale)),
                    2 => ("-", left_whole.max(right_whole) + 1, left_scale.max(right_scale)),
                    _ => ("*", left_whole + right_whole, left_scale + right_scale),
                };
                if whole + scale > 36 {
                    return left;
                }
                let of = Type::Decimal(whole, scale);
                // Where DuckDB would compute with fewer digits, it is told how many there are.
                let (wide_left, wide_right) = match sign {
                    // Of few digits, it computes with 64 bits.
                    "*" => {
                        let wide = Type::Decimal((left_whole + left_scale).max(19) - left_scale, left_scale);
                        (format!("CAST({} AS {})", left.duck, duck_type(wide)), right.duck)
                    }
                    _ => {
                        let wide = duck_type(of);
                        (format!("CAST({} AS {wide})", left.duck), format!("CAST({} AS {wide})", right.duck))
                    }
                };
                both(
                    format!("({} {sign} {})", left.karat, right.karat),
                    format!("CAST(({wide_left} {sign} {wide_right}) AS {})", duck_type(of)),
                    of,
                )
            }
            5 => {
                let of = self.decimal(deeper);
                match self.random.once_in(2) {
                    true => both(format!("(-{})", of.karat), format!("(-({}))", of.duck), of.of),
                    false => both(format!("abs({})", of.karat), format!("abs({})", of.duck), of.of),
                }
            }
            _ => {
                let (one, other) = (self.decimal(deeper), self.decimal(deeper));
                let ((whole, scale), (other_whole, other_scale)) = (width(one.of), width(other.of));
                let (whole, scale) = (whole.max(other_whole), scale.max(other_scale));
                if whole + scale > 36 {
                    return one;
                }
                let of = Type::Decimal(whole, scale);
                let wide =
                    |side: Both| Both { duck: format!("CAST({} AS {})", side.duck, duck_type(of)), ..side };
                let (one, other) = (wide(one), wide(other));
                self.either(one, other, of, depth)
            }
        }
    }

    pub(super) fn double(&mut self, depth: u32) -> Both {
        if depth == 0 || self.random.once_in(3) {
            let column = self.column(|of| of == Type::Double);
            if let Some(column) = column.filter(|_| !self.random.once_in(4)) {
                return column;
            }
            let value = self.random.of(&["1.5e0", "-2.25e0", "1e3", "0e0", "2.5e-1"]);
            let karat = if value.starts_with('-') { format!("({value})") } else { value.to_owned() };
            return both(karat, format!("CAST({value} AS DOUBLE)"), Type::Double);
        }
        let deeper = depth - 1;
        let divided = |left: &Both, right: &Both| {
            both(
                format!("({} / {})", left.karat, right.karat),
                format!("(CAST({} AS DOUBLE) / NULLIF(CAST({} AS DOUBLE), 0))", left.duck, right.duck),
                Type::Double,
            )
        };
        match self.random.below(9) {
            0..=2 => {
                let (left, right) = (self.double(deeper), self.double(deeper));
                let sign = self.random.of(&["+", "-", "*"]);
                both(
                    format!("({} {sign} {})", left.karat, right.karat),
                    format!("({} {sign} {})", left.duck, right.duck),
                    Type::Double,
                )
            }
            3 => divided(&self.double(deeper), &self.double(deeper)),
            4 => {
                let small = |of: Type| matches!(of, Type::Int(..=33));
                match (self.column(small), self.column(small)) {
                    (Some(left), Some(right)) => divided(&left, &right),
                    _ => self.double(deeper),
                }
            }
            5 => {
                let of = self
                    .column(|of| matches!(of, Type::Int(..=64)))
                    .unwrap_or_else(|| self.integer_literal());
                both(
                    format!("CAST({} AS double)", of.karat),
                    format!("CAST(CAST({} AS BIGINT) AS DOUBLE)", of.duck),
                    Type::Double,
                )
            }
            6 => {
                let of = self.double(deeper);
                match self.random.below(4) {
                    0 => both(format!("(-{})", of.karat), format!("(-({}))", of.duck), Type::Double),
                    1 => both(format!("abs({})", of.karat), format!("abs({})", of.duck), Type::Double),
                    2 => both(format!("round({})", of.karat), format!("round({})", of.duck), Type::Double),
                    _ => both(format!("floor({})", of.karat), format!("floor({})", of.duck), Type::Double),
                }
            }
            _ => {
                let (one, other) = (self.double(deeper), self.double(deeper));
                self.either(one, other, Type::Double, depth)
            }
        }
    }

    pub(super) fn text(&mut self, depth: u32) -> Both {
        if depth == 0 || self.random.once_in(3) {
            let column = self.column(|of| of == Type::Text);
            if let Some(column) = column.filter(|_| !self.random.once_in(4)) {
                return column;
            }
            let value = self.random.of(&["'a'", "'Zed'", "''", "'it''s'", "'é'"]);
            return both(value, value, Type::Text);
        }
        let deeper = depth - 1;
        match self.random.below(6) {
            0 | 1 => {
                let of = self.text(deeper);
                let function = self.random.of(&["lower", "upper", "trim", "ltrim", "rtrim"]);
                both(format!("{function}({})", of.karat), format!("{function}({})", of.duck), Type::Text)
            }
            2 => {
                let (left, right) = (self.text(deeper), self.text(deeper));
                both(
                    format!("({} || {})", left.karat, right.karat),
                    format!("({} || {})", left.duck, right.duck),
                    Type::Text,
                )
            }
            3 => {
                let (start, length) = (self.random.within(1, 4), self.random.within(0, 4));
                let of = |of: &str| format!("substring({of}, {start}, {length})");
                let inner = self.text(0);
                both(of(&inner.karat), of(&inner.duck), Type::Text)
            }
            4 => {
                let of = self.text(deeper);
                both(
                    format!("replace({}, 'a', 'xy')", of.karat),
                    format!("replace({}, 'a', 'xy')", of.duck),
                    Type::Text,
                )
            }
            _ => {
                let (one, other) = (self.text(deeper), self.text(deeper));
                self.either(one, other, Type::Text, depth)
            }
        }
    }

    pub(super) fn date(&mut self, depth: u32) -> Both {
        if depth == 0 || self.random.once_in(2) {
            let column = self.column(|of| of == Type::Date);
            if let Some(column) = column.filter(|_| !self.random.once_in(4)) {
                return column;
            }
            let value = self.random.of(&["2000-02-29", "1970-01-01", "1969-12-31", "2024-03-01"]);
            return both(format!("DATE '{value}'"), format!("DATE '{value}'"), Type::Date);
        }
        let deeper = depth - 1;
        match self.random.below(4) {
            0 => {
                let of = self.time(deeper);
                both(format!("CAST({} AS date)", of.karat), format!("CAST({} AS DATE)", of.duck), Type::Date)
            }
            1 => {
                let of = self.date(deeper);
                let (count, unit) = (self.random.within(-40, 40), self.random.of(&["DAY", "MONTH", "YEAR"]));
                both(
                    format!("({} + INTERVAL '{count}' {unit})", of.karat),
                    format!("CAST(({} + INTERVAL '{count}' {unit}) AS DATE)", of.duck),
                    Type::Date,
                )
            }
            _ => {
                let (one, other) = (self.date(deeper), self.date(deeper));
                self.either(one, other, Type::Date, depth)
            }
        }
    }

    pub(super) fn time(&mut self, depth: u32) -> Both {
        if depth == 0 || self.random.once_in(2) {
            let column = self.column(|of| of == Type::Time);
            if let Some(column) = column.filter(|_| !self.random.once_in(4)) {
                return column;
            }
            let of = self.date(0);
            return both(
                format!("CAST({} AS timestamp_ntz)", of.karat),
                format!("CAST({} AS TIMESTAMP)", of.duck),
                Type::Time,
            );
        }
        let (one, other) = (self.time(depth - 1), self.time(depth - 1));
        self.either(one, other, Type::Time, depth)
    }
}
