//! Spark's SQL, of version 4 or later, in a session that is ANSI, whose zone is UTC and whose names have cases.

use super::dialect::{DAY_OF_WEEK, hexadecimal};
use super::{Dialect, MovedBy, RegexSyntax};
use crate::data::{DataType, TimeUnit};

/// The dialect of Spark and of what stands on it.
#[derive(Debug)]
pub struct Spark {
    pub(super) name: &'static str,
}

impl Spark {
    /// Spark itself, as Apache publishes it.
    pub const APACHE: Self = Self { name: "Spark" };
}

/// Java's regular expressions, in which classes and characters are spelled out.
static REGEXES: RegexSyntax = RegexSyntax {
    character: |character| format!("\\x{{{:x}}}", u32::from(character)),
    least: '\0',
    text: ("\\A", "\\z"),
    // Java's own beginning of a line is none behind the last line feed.
    line: Some(("(?:\\A|(?<=\\x{a}))", "(?=\\x{a}|\\z)")),
    most_repetitions: 1_000,
};

/// The type of integers with the most digits.
const WIDEST: &str = "DECIMAL(38,0)";

/// The least magnitude from which on every double is a whole number.
const WHOLE_FROM: &str = "4503599627370496";

impl Dialect for Spark {
    fn name(&self) -> &'static str {
        self.name
    }

    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn can_name(&self, name: &str) -> bool {
        // Wherever it stands in a statement, Spark takes this for a variable.
        !name.contains("${")
    }

    fn text(&self, text: &str) -> String {
        // What one version or setting takes for an escape, a variable or an end, another one does not.
        let is_plain = |character: char| !matches!(character, '\'' | '$') && !character.is_control();
        if !text.chars().all(is_plain) {
            return self.bytes(text.as_bytes());
        }
        if text.contains('\\') { format!("r'{text}'") } else { format!("'{text}'") }
    }

    fn type_name(&self, of: &DataType) -> Option<String> {
        let name = match of {
            DataType::Boolean => "BOOLEAN",
            DataType::Integer { bits: ..=8, signed: true } => "TINYINT",
            DataType::Integer { bits: ..=16, signed: true } => "SMALLINT",
            DataType::Integer { bits: ..=32, signed: true } => "INT",
            DataType::Integer { bits: ..=64, signed: true } => "BIGINT",
            // Sums, differences and products of two integers of 64 bits have no more digits.
            DataType::Integer { bits: ..=128, signed: true } => WIDEST,
            DataType::Float { bits: 32 } => "FLOAT",
            DataType::Float { .. } => "DOUBLE",
            DataType::Decimal { precision: precision @ ..=38, scale } if scale <= precision => {
                return Some(format!("DECIMAL({},{scale})", (*precision).max(1)));
            }
            DataType::String => "STRING",
            DataType::Binary => "BINARY",
            DataType::Date => "DATE",
            // Instants are read as the wall clock of UTC.
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => "TIMESTAMP_NTZ",
            _ => return None,
        };
        Some(name.to_owned())
    }

    fn has_unlimited_decimals(&self) -> bool {
        false
    }

    fn most_computed_digits(&self) -> u8 {
        // The type of a result has one digit more, and beyond 38 it loses some behind the point.
        37
    }

    fn by_code_point(&self, text: &str) -> String {
        // A column of another collation is read without it.
        text.to_owned()
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        format!("X'{}'", hexadecimal(bytes))
    }

    fn shown(&self, of: &str, data_type: &DataType) -> Option<String> {
        Some(match data_type {
            DataType::String => of.to_owned(),
            DataType::Binary => format!("hex({of})"),
            DataType::Date => format!("CAST(unix_date({of}) AS STRING)"),
            DataType::Timestamp { .. } => format!("CAST({} AS STRING)", self.nanoseconds(of, data_type)?),
            DataType::Boolean
            | DataType::Integer { .. }
            | DataType::Float { .. }
            | DataType::Decimal { .. } => format!("CAST({of} AS STRING)"),
            _ => return None,
        })
    }

    fn found(&self, text: &str, regex: &str) -> String {
        format!("({text} RLIKE {regex})")
    }

    fn regexes(&self) -> &'static RegexSyntax {
        &REGEXES
    }

    fn date_of_text(&self, text: &str) -> String {
        format!("try_cast({text} AS DATE)")
    }

    fn is_ascii(&self, text: &str) -> String {
        format!("(octet_length({text}) = length({text}))")
    }

    fn nanoseconds(&self, of: &str, data_type: &DataType) -> Option<String> {
        match data_type {
            DataType::Date => Some(format!("(CAST(unix_date({of}) AS {WIDEST}) * 86400000000000)")),
            DataType::Timestamp { unit: TimeUnit::Microseconds, .. } => {
                Some(format!("(CAST(unix_micros(CAST({of} AS TIMESTAMP)) AS {WIDEST}) * 1000)"))
            }
            _ => None,
        }
    }

    fn part_of_date(&self, part: &str, of: &str) -> String {
        let part = if part == DAY_OF_WEEK { "DAYOFWEEK" } else { part };
        format!("extract({part} FROM {of})")
    }

    fn days_between(&self, start: &str, end: &str) -> String {
        format!("datediff({end}, {start})")
    }

    fn whole_quotient(&self, dividend: &str, divisor: &str) -> String {
        // `div` wraps beyond 64 bits, and `/` rounds what it cannot write.
        format!("CAST((({dividend} - ({dividend} % {divisor})) / {divisor}) AS {WIDEST})")
    }

    fn cut_off(&self, of: &str, data_type: &DataType) -> String {
        match data_type {
            DataType::Float { .. } => {
                format!(
                    "(CASE WHEN abs({of}) < {WHOLE_FROM} THEN CAST(try_cast({of} AS BIGINT) AS DOUBLE) ELSE {of} END)"
                )
            }
            _ => format!("(CASE WHEN {of} < 0 THEN ceil({of}) ELSE floor({of}) END)"),
        }
    }

    fn whole_double(&self, function: &str, of: &str) -> String {
        // The functions give integers of 64 bits.
        format!("(CASE WHEN abs({of}) < {WHOLE_FROM} THEN CAST({function}({of}) AS DOUBLE) ELSE {of} END)")
    }

    fn starts_with(&self, text: &str, part: &str) -> String {
        format!("startswith({text}, {part})")
    }

    fn moved(&self, of: &str, count: i128, unit: MovedBy) -> String {
        let unit = match unit {
            MovedBy::Months => "MONTH",
            MovedBy::Days => "DAY",
            MovedBy::Seconds => "SECOND",
        };
        format!("({of} + INTERVAL '{count}' {unit})")
    }

    fn decimal_remainder(&self, _: &str, _: &str) -> Option<String> {
        // Its type may be too narrow for its digits.
        None
    }

    fn integer_sum(&self, of: &str, data_type: &DataType) -> String {
        match data_type {
            // A sum of these is of 64 bits, and an error beyond.
            DataType::Integer { bits: ..=32, .. } => format!("sum({of})"),
            _ => format!("sum(CAST({of} AS {WIDEST}))"),
        }
    }

    fn widest_integer(&self) -> &'static str {
        WIDEST
    }

    fn most_expressions(&self) -> usize {
        // Java compiles a select of many more in parts that its optimiser leaves alone.
        60
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::data::{Field, Schema};
    use crate::engine::sql::print;
    use crate::predicate::{check, parse};

    /// Prints an expression on a table that has a column of each type, named by a letter.
    fn printed(text: &str) -> Result<String, String> {
        let field = |name: &str, data_type: DataType| Field::new(name, data_type);
        let clock = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None };
        let fields = vec![
            field("i", DataType::INT64),
            field("f", DataType::FLOAT64),
            field("s", DataType::String),
            field("d", DataType::Date),
            field("t", clock),
            field("n", DataType::Decimal { precision: 12, scale: 2 }),
            field("w", DataType::Decimal { precision: 37, scale: 10 }),
            field("a`b", DataType::Boolean),
            field("${x}", DataType::Boolean),
        ];
        let typed = check(&parse(text).unwrap(), &Schema { fields }, DateTime::UNIX_EPOCH).unwrap();
        print(&typed, &Spark::APACHE).map(|sql| sql.text).map_err(|refused| refused.why)
    }

    #[test]
    fn names_and_texts_are_nothing_else() {
        assert_eq!(printed("`a``b`").unwrap(), "`a``b`");
        assert_eq!(printed("`${x}`").unwrap_err(), "Spark: a column of this name cannot be written");
        assert_eq!(printed("s = 'é x'").unwrap(), "(`s` = CAST('é x' AS STRING))");
        assert_eq!(printed(r"s = '\n'").unwrap(), r"(`s` = CAST(r'\n' AS STRING))");
        for (hostile, bytes) in
            [("''; --", "273b202d2d"), ("${env:HOME}", "247b656e763a484f4d457d"), ("\n", "0a")]
        {
            let hostile = format!("s = '{hostile}'");
            assert_eq!(printed(&hostile).unwrap(), format!("(`s` = CAST(X'{bytes}' AS STRING))"));
        }
    }

    #[test]
    fn numbers_neither_wrap_nor_round() {
        let factor = "CAST(`i` AS DECIMAL(38,0))";
        for (text, part) in [
            ("i * i > 5", format!("({factor} * {factor})")),
            ("i % 2 = 1", "(CAST(`i` AS BIGINT) % NULLIF(".to_owned()),
            ("CAST(f AS int64) = 1", "try_cast(CAST(`f` AS DOUBLE) AS BIGINT)".to_owned()),
            (
                "ceil(f) = 1",
                format!("WHEN abs(`f`) < {WHOLE_FROM} THEN CAST(ceil(`f`) AS DOUBLE) ELSE `f` END"),
            ),
        ] {
            let printed = printed(text).unwrap();
            assert!(printed.contains(&part), "{text}: {printed}");
        }
        for exact in ["n * n > 5", "n >= 900 * n", "-w < 0", "abs(w) > 1"] {
            assert!(printed(exact).is_ok(), "{exact}: {:?}", printed(exact));
        }
        assert!(printed("w + w > 5").unwrap_err().contains("more digits than a number there"));
    }

    #[test]
    fn dates_and_texts_have_the_functions_of_spark() {
        for (text, part) in [
            ("datediff(d, d) > 3", "datediff(`d`, `d`)"),
            ("dateadd('month', 2, d) > d", "(`d` + INTERVAL '2' MONTH)"),
            ("date_trunc('week', t) = t", "CAST(date_trunc('week', `t`) AS TIMESTAMP_NTZ)"),
            ("dayofweek(d) = 1", "floor(extract(DAYOFWEEK FROM `d`))"),
            ("t = d", "(CAST(unix_micros(CAST(`t` AS TIMESTAMP)) AS DECIMAL(38,0)) * 1000)"),
            ("trim(s) = 'a'", "trim(BOTH CAST(X'090a0b0c0d20c285c2a0"),
            ("starts_with(s, 'a')", "startswith(`s`, CAST('a' AS STRING))"),
            ("CAST(s AS date) = d", r"(`s` RLIKE CAST(r'\A(?:[\x{30}-\x{39}]){4,4}"),
            ("s IN ('a', 'b')", "(`s` IN (CAST('a' AS STRING), CAST('b' AS STRING)))"),
        ] {
            let printed = printed(text).unwrap_or_else(|why| panic!("{text}: {why}"));
            assert!(printed.contains(part), "{text}: {printed}");
        }
    }
}
