//! Prints casts, which give null where they fail, and fail where karat's do.

use super::printer::{Printed, Printer};
use crate::data::{DataType, TimeUnit, decimal_of, integer_range};
use crate::engine::sql::NotPushable;
use crate::predicate::Typed;

impl Printer<'_> {
    pub(super) fn cast(&mut self, of: &Typed, to: &DataType) -> Printed {
        use DataType::{Boolean, Date, Decimal, Float, Integer, String as Text, Timestamp};
        let from = &of.data_type;
        if from == to {
            return self.print(of);
        }
        self.fits(to)?;
        let refused = |printer: &Self| printer.refuse(&format!("a {from} is not cast to {to} as karat does"));
        let text = self.print(of)?;
        match (from, to) {
            (Integer { .. }, Integer { .. }) => self.in_range(&text, to),
            (Decimal { .. }, Integer { .. }) => self.in_range(&self.dialect.cut_off(&text, from), to),
            (Float { .. }, Integer { bits: ..=64, signed: true }) => self.cut_off(&text, to),
            (Float { .. }, Integer { bits: ..=64, .. }) if !self.dialect.has_unlimited_decimals() => {
                self.cut_off(&text, to)
            }
            (Integer { .. } | Decimal { .. }, Decimal { precision, scale }) => {
                let own = decimal_of(from);
                if own.is_none_or(|(_, own)| own > *scale) {
                    return Err(refused(self));
                }
                let name = self.type_name(to)?;
                let digits = precision.saturating_sub(*scale);
                if own.is_some_and(|(whole, _)| whole <= digits) {
                    return Ok(format!("CAST({text} AS {name})"));
                }
                let most = format!("1{}", "0".repeat(usize::from(digits)));
                if digits > 37 && !self.dialect.has_unlimited_decimals() {
                    return Err(refused(self));
                }
                Ok(format!(
                    "(CASE WHEN {text} > -{most} AND {text} < {most} THEN CAST({text} AS {name}) END)"
                ))
            }
            (Integer { .. } | Decimal { .. } | Float { bits: 32 }, Float { bits: 64 }) => self.double(of),
            (Integer { bits: ..=25, .. }, Float { .. }) => self.lifted(of, to),
            (Text, Integer { bits: ..=64, .. }) => self.integer_of_text(&text, to),
            (Text, Date) => {
                let is_written = self.found(&text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")?;
                Ok(format!("(CASE WHEN {is_written} THEN {} END)", self.dialect.date_of_text(&text)))
            }
            (Integer { .. } | Boolean, Text) => Ok(format!("CAST({text} AS {})", self.type_name(to)?)),
            (Decimal { .. }, Text) => self.dialect.shown(&text, from).ok_or_else(|| refused(self)),
            (Date, Text) => {
                self.within_years(&text, from)?;
                Ok(format!("CAST({text} AS {})", self.type_name(to)?))
            }
            (Timestamp { .. }, Date) => {
                self.within_years(&text, from)?;
                Ok(format!("CAST({text} AS {})", self.type_name(to)?))
            }
            (Timestamp { unit: from_unit, .. }, Timestamp { unit, .. }) if from_unit == unit => Ok(text),
            (Date, Timestamp { zone: None, .. }) => {
                self.within_years(&text, from)?;
                Ok(format!("CAST({text} AS {})", self.type_name(to)?))
            }
            (Date | Timestamp { .. }, Integer { .. }) => self.nanoseconds(of),
            (DataType::Null, _) => Ok(format!("CAST({text} AS {})", self.type_name(to)?)),
            _ => Err(refused(self)),
        }
    }

    /// Casts a whole number to an integer, where that has it.
    fn in_range(&self, text: &str, to: &DataType) -> Printed {
        let name = self.type_name(to)?;
        let DataType::Integer { bits, signed } = to else { return Err(self.refuse("no integer")) };
        if *bits >= 128 {
            return Ok(format!("CAST({text} AS {name})"));
        }
        let (least, most) = integer_range(*bits, *signed);
        Ok(format!("(CASE WHEN {text} BETWEEN {least} AND {most} THEN CAST({text} AS {name}) END)"))
    }

    /// Cuts off a double, where an integer has what is left.
    fn cut_off(&self, text: &str, to: &DataType) -> Printed {
        let name = self.type_name(to)?;
        let double = self.type_name(&DataType::FLOAT64)?;
        let DataType::Integer { bits, signed } = to else { return Err(self.refuse("no integer")) };
        let (least, most) = integer_range(*bits, *signed);
        // Both bounds are powers of two or zero, and so exact.
        let bound = |number: i128| format!("CAST('{number}' AS {double})");
        let cut = self.dialect.cut_off(&format!("CAST({text} AS {double})"), &DataType::FLOAT64);
        Ok(format!(
            "(CASE WHEN {cut} >= {} AND {cut} < {} THEN CAST({cut} AS {name}) END)",
            bound(least),
            bound(most + 1)
        ))
    }

    /// Reads digits with a sign, if any.
    fn integer_of_text(&self, text: &str, to: &DataType) -> Printed {
        let widest = self.dialect.widest_integer();
        let is_written = self.found(text, "^[-+]?0*[0-9]{1,20}$")?;
        let plus = self.text("+")?;
        let digits = format!("trim(LEADING {plus} FROM {text})");
        let number = format!("CAST(CASE WHEN {is_written} THEN {digits} END AS {widest})");
        self.in_range(&number, to)
    }

    /// Demands that no date or time is beyond the years that all calendars write alike, or is cut otherwise: nanoseconds before
    /// 1970 are cut towards it.
    pub(super) fn within_years(&mut self, text: &str, of: &DataType) -> Result<(), NotPushable> {
        let (start, end) = match of {
            // Nanoseconds of 64 bits reach no further than the year 2262.
            DataType::Timestamp { unit: TimeUnit::Nanoseconds, .. } => {
                if let Some(nanoseconds) = self.dialect.nanoseconds(text, of) {
                    let why = "a time of nanoseconds lies before 1970";
                    self.guard(format!("({nanoseconds} < 0)"), why);
                }
                return Ok(());
            }
            DataType::Timestamp { .. } => (" 00:00:00", " 23:59:59.999999"),
            _ => ("", ""),
        };
        let name = self.type_name(of)?;
        let (first, last) =
            (format!("CAST('0001-01-01{start}' AS {name})"), format!("CAST('9999-12-31{end}' AS {name})"));
        self.guard(
            format!("({text} NOT BETWEEN {first} AND {last})"),
            "a date lies beyond the years 1 to 9999",
        );
        Ok(())
    }
}
