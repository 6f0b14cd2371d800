//! Prints calls of functions.

use super::printer::{Printed, Printer};
use crate::data::{DataType, TimeUnit, Value};
use crate::engine::sql::MovedBy;
use crate::engine::sql::dialects::DAY_OF_WEEK;
use crate::predicate::calendar::Unit;
use crate::predicate::{Function, Term, Typed};

/// The white space of Unicode, which `trim` takes away.
const WHITE_SPACE: &str = "\t\n\u{b}\u{c}\r \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\
    \u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

impl Printer<'_> {
    pub(super) fn call(&mut self, function: Function, arguments: &[Typed], whole: &DataType) -> Printed {
        self.fits(whole)?;
        let [first, ..] = arguments else { return Err(self.refuse("a function without arguments")) };
        let of = self.print(first)?;
        match function {
            Function::Abs => Ok(format!("abs({})", self.whole(first, whole)?)),
            Function::Ceil | Function::Floor | Function::Round => self.rounded(function, arguments, whole),
            Function::Coalesce => Ok(format!("COALESCE({})", self.listed(arguments)?)),
            Function::Greatest | Function::Least => {
                let keys = arguments.iter().map(|one| self.key(one)).collect::<Result<Vec<_>, _>>()?;
                let name = if function == Function::Greatest { "GREATEST" } else { "LEAST" };
                Ok(format!("{name}({})", keys.join(", ")))
            }
            Function::Concat => {
                let texts = arguments.iter().map(|one| self.print(one)).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("({})", texts.join(" || ")))
            }
            Function::Contains => {
                let part = self.part(arguments)?;
                Ok(self.dialect.contains(&of, &part))
            }
            Function::StartsWith => {
                let part = self.part(arguments)?;
                Ok(self.dialect.starts_with(&self.dialect.by_code_point(&of), &part))
            }
            Function::EndsWith => {
                let (part, length) = (self.part(arguments)?, text_of(arguments, 1).chars().count());
                let text = self.dialect.by_code_point(&of);
                if length == 0 {
                    return Ok(format!("({text} = {text})"));
                }
                Ok(format!("(right({text}, {length}) = {part})"))
            }
            Function::Length => Ok(format!("CAST(length({of}) AS {})", self.type_name(whole)?)),
            Function::Lower | Function::Upper => {
                let text = self.dialect.by_code_point(&of);
                self.guard(
                    format!("(NOT {})", self.dialect.is_ascii(&of)),
                    "a text has letters beyond ASCII, whose case is another one there",
                );
                Ok(format!("{}({text})", function.name()))
            }
            Function::Trim => Ok(format!("trim(BOTH {} FROM {of})", self.text(WHITE_SPACE)?)),
            Function::Ltrim => Ok(format!("trim(LEADING {} FROM {of})", self.text(WHITE_SPACE)?)),
            Function::Rtrim => Ok(format!("trim(TRAILING {} FROM {of})", self.text(WHITE_SPACE)?)),
            Function::Left | Function::Right | Function::Substring => {
                self.part_of_text(function, &of, arguments)
            }
            Function::Replace => {
                let parts =
                    arguments.iter().skip(1).map(|one| self.key(one)).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("replace({}, {})", self.dialect.by_code_point(&of), parts.join(", ")))
            }
            Function::DateDiff => {
                let [end, start] = arguments else { return Err(self.refuse("two dates are needed")) };
                let (end, start) = (self.print(end)?, self.print(start)?);
                let days = self.dialect.days_between(&start, &end);
                Ok(format!("CAST({days} AS {})", self.type_name(whole)?))
            }
            Function::Day
            | Function::DayOfWeek
            | Function::DayOfYear
            | Function::Month
            | Function::Quarter
            | Function::Year
            | Function::Hour
            | Function::Minute
            | Function::Second => self.part_of_date(function, &of, first, whole),
            Function::DateAdd => self.date_add(arguments, whole),
            Function::DateTrunc => self.date_trunc(arguments, whole),
            Function::TimestampDiff => self.between(arguments, whole),
            Function::ToDate if text_of(arguments, 1) == "%Y-%m-%d" => {
                Err(self.refuse("to_date reads other texts than a cast"))
            }
            Function::ToDate => Err(self.refuse("to_date reads formats that others read otherwise")),
            Function::CurrentDate | Function::CurrentTimestamp | Function::NullIf => {
                Err(self.refuse("the function was to be resolved before"))
            }
        }
    }

    fn listed(&mut self, all: &[Typed]) -> Printed {
        let all = all.iter().map(|one| self.print(one)).collect::<Result<Vec<_>, _>>()?;
        Ok(all.join(", "))
    }

    fn part(&mut self, arguments: &[Typed]) -> Printed {
        self.text(text_of(arguments, 1))
    }

    fn rounded(&mut self, function: Function, arguments: &[Typed], whole: &DataType) -> Printed {
        let [first, ..] = arguments else { return Err(self.refuse("a function without arguments")) };
        let of = self.print(first)?;
        let digits = match arguments.get(1).map(|digits| &digits.term) {
            Some(Term::Literal(Value::Integer(digits))) => i8::try_from(*digits).unwrap_or(0),
            _ => 0,
        };
        let name = self.type_name(whole)?;
        match (&first.data_type, function) {
            (DataType::Integer { .. }, Function::Ceil | Function::Floor) => Ok(of),
            (DataType::Integer { .. }, _) if digits >= 0 => Ok(of),
            (DataType::Integer { .. }, _) if !self.dialect.has_unlimited_decimals() => {
                Err(self.refuse("integers are not rounded to tens"))
            }
            (DataType::Float { .. }, Function::Ceil | Function::Floor) => {
                let double = self.lifted(first, &DataType::FLOAT64)?;
                let name_there = if function == Function::Ceil { "ceil" } else { "floor" };
                Ok(format!("CAST({} AS {name})", self.dialect.whole_double(name_there, &double)))
            }
            (DataType::Float { bits: 64 }, _) if digits == 0 => Ok(self.dialect.rounded_double(&of)),
            (DataType::Float { .. }, _) => {
                Err(self.refuse("a float is rounded by its bits, not by its text"))
            }
            (_, Function::Ceil) => Ok(format!("CAST(ceil({of}) AS {name})")),
            (_, Function::Floor) => Ok(format!("CAST(floor({of}) AS {name})")),
            (DataType::Decimal { scale, .. }, _) if i16::from(digits) >= i16::from(*scale) => Ok(of),
            // DuckDB rounds null to 0 where no digit of the type would be left.
            _ if digits < 0 => {
                Ok(format!("(CASE WHEN {of} IS NOT NULL THEN CAST(round({of}, {digits}) AS {name}) END)"))
            }
            _ => Ok(format!("CAST(round({of}, {digits}) AS {name})")),
        }
    }

    /// Prints parts of texts by literal numbers of characters, of which every system has the same idea.
    fn part_of_text(&mut self, function: Function, of: &str, arguments: &[Typed]) -> Printed {
        let count = |index: usize| match arguments.get(index).map(|one| &one.term) {
            Some(Term::Literal(Value::Integer(number))) => Some(*number),
            _ => None,
        };
        // No text has more characters.
        let bounded = |number: i128| number.clamp(0, 2_000_000_000);
        match (function, count(1), arguments.len()) {
            (Function::Left, Some(number), _) => Ok(format!("substr({of}, 1, {})", bounded(number))),
            (Function::Right, Some(..1), _) => Ok(format!("substr({of}, 1, 0)")),
            (Function::Right, Some(number), _) => Ok(format!("right({of}, {})", bounded(number))),
            (Function::Substring, Some(start @ 1..), 2) => Ok(format!("substr({of}, {})", bounded(start))),
            (Function::Substring, Some(0), 2) => Ok(of.to_owned()),
            (Function::Substring, Some(start @ 0..), 3) if count(2).is_some() => {
                let length = bounded(count(2).unwrap_or(0));
                Ok(format!("substr({of}, {}, {length})", bounded(start).max(1)))
            }
            _ => Err(self.refuse("a part of a text is counted from its start, by literal numbers")),
        }
    }

    fn part_of_date(&mut self, function: Function, of: &str, first: &Typed, whole: &DataType) -> Printed {
        self.within_years(of, &first.data_type)?;
        let part = match function {
            Function::Day => "day",
            Function::DayOfWeek => DAY_OF_WEEK,
            Function::DayOfYear => "doy",
            Function::Month => "month",
            Function::Quarter => "quarter",
            Function::Year => "year",
            Function::Hour => "hour",
            Function::Minute => "minute",
            _ => "second",
        };
        let part = self.dialect.part_of_date(part, of);
        Ok(format!("CAST(floor({part}) AS {})", self.type_name(whole)?))
    }

    fn unit(arguments: &[Typed]) -> Option<Unit> {
        Unit::parse(text_of(arguments, 0))
    }

    fn date_add(&mut self, arguments: &[Typed], whole: &DataType) -> Printed {
        let ([_, count, of], Some(unit)) = (arguments, Self::unit(arguments)) else {
            return Err(self.refuse("a date is moved by a unit"));
        };
        let Term::Literal(Value::Integer(number)) = &count.term else {
            return Err(self.refuse("a date is moved by a literal number"));
        };
        if number.unsigned_abs() > 100_000 {
            return Err(self.refuse("a date is moved by no more than 100,000 units"));
        }
        let text = self.print(of)?;
        self.within_years(&text, &of.data_type)?;
        let (factor, by) = match unit {
            Unit::Year => (12, MovedBy::Months),
            Unit::Quarter => (3, MovedBy::Months),
            Unit::Month => (1, MovedBy::Months),
            Unit::Week => (7, MovedBy::Days),
            Unit::Day => (1, MovedBy::Days),
            Unit::Hour => (3_600, MovedBy::Seconds),
            Unit::Minute => (60, MovedBy::Seconds),
            Unit::Second => (1, MovedBy::Seconds),
        };
        let moved = self.dialect.moved(&text, number * factor, by);
        Ok(format!("CAST({moved} AS {})", self.type_name(whole)?))
    }

    fn date_trunc(&mut self, arguments: &[Typed], whole: &DataType) -> Printed {
        let ([_, of], Some(unit)) = (arguments, Self::unit(arguments)) else {
            return Err(self.refuse("a date is cut off at a unit"));
        };
        let text = self.print(of)?;
        if *whole == DataType::Date && !unit.is_of_days() {
            return Ok(text);
        }
        self.within_years(&text, &of.data_type)?;
        let clock = match &of.data_type {
            DataType::Date => {
                let clock = DataType::Timestamp { unit: TimeUnit::Microseconds, zone: None };
                format!("CAST({text} AS {})", self.type_name(&clock)?)
            }
            _ => text,
        };
        Ok(format!("CAST({} AS {})", self.dialect.cut_off_at(unit.name(), &clock), self.type_name(whole)?))
    }

    fn between(&mut self, arguments: &[Typed], whole: &DataType) -> Printed {
        let ([_, start, end], Some(unit)) = (arguments, Self::unit(arguments)) else {
            return Err(self.refuse("times are counted in a unit"));
        };
        let seconds: i64 = match unit {
            Unit::Week => 7 * 86_400,
            Unit::Day => 86_400,
            Unit::Hour => 3_600,
            Unit::Minute => 60,
            Unit::Second => 1,
            Unit::Year | Unit::Quarter | Unit::Month => {
                return Err(self.refuse("whole months between two times are not counted"));
            }
        };
        let (start, end) = (self.print(start)?, self.print(end)?);
        let whole_units = self
            .dialect
            .whole_quotient(&format!("({end} - {start})"), &format!("{}", seconds * 1_000_000_000));
        Ok(format!("CAST({whole_units} AS {})", self.type_name(whole)?))
    }
}

/// Returns a literal text among arguments.
fn text_of(arguments: &[Typed], index: usize) -> &str {
    match arguments.get(index).map(|typed| &typed.term) {
        Some(Term::Literal(Value::String(text))) => text,
        _ => "",
    }
}
