//! Prints comparisons: of two types by all digits of their values, or not at all.

use super::printer::{Printed, Printer};
use crate::data::{DataType, EXACT_IN_DOUBLE, common_number, is_wide, signed_bits};
use crate::predicate::{Comparison, Typed};

impl Printer<'_> {
    pub(super) fn compared(&mut self, how: Comparison, left: &Typed, right: &Typed) -> Printed {
        let (one, other) = self.comparable(left, right)?;
        Ok(format!("({one} {} {other})", how.symbol()))
    }

    /// Prints both sides of a comparison in a form in which they compare as they do in karat.
    pub(in crate::engine::sql) fn comparable(
        &mut self,
        left: &Typed,
        right: &Typed,
    ) -> Result<(String, String), super::super::NotPushable> {
        use DataType::{Date, Decimal, Float, Integer, Timestamp};
        let (left_type, right_type) = (&left.data_type, &right.data_type);
        match (left_type, right_type) {
            (Date | Timestamp { .. }, Date | Timestamp { .. }) if left_type != right_type => {
                let same = |of: &DataType| match of {
                    Timestamp { unit, .. } => Some(*unit),
                    _ => None,
                };
                // A zone says how an instant is shown; here, all are on the wall clock of UTC.
                if same(left_type).is_some() && same(left_type) == same(right_type) {
                    return Ok((self.print(left)?, self.print(right)?));
                }
                Ok((self.nanoseconds(left)?, self.nanoseconds(right)?))
            }
            (Integer { .. } | Decimal { .. }, Integer { .. } | Decimal { .. }) if left_type != right_type => {
                if self.dialect.has_unlimited_decimals() {
                    return Ok((self.print(left)?, self.print(right)?));
                }
                match common_number(left_type, right_type).filter(|common| !is_wide(common)) {
                    Some(common) => Ok((self.lifted(left, &common)?, self.lifted(right, &common)?)),
                    None => {
                        Err(self
                            .refuse(&format!("{left_type} and {right_type} are not compared by all digits")))
                    }
                }
            }
            (Float { .. }, Float { .. }) => {
                Ok((self.lifted(left, &DataType::FLOAT64)?, self.lifted(right, &DataType::FLOAT64)?))
            }
            (Float { .. }, Integer { .. }) => {
                Ok((self.lifted(left, &DataType::FLOAT64)?, self.in_double(right)?))
            }
            (Integer { .. }, Float { .. }) => {
                Ok((self.in_double(left)?, self.lifted(right, &DataType::FLOAT64)?))
            }
            (Float { .. }, Decimal { .. }) | (Decimal { .. }, Float { .. }) => {
                Err(self.refuse(&format!("{left_type} and {right_type} are compared after rounding")))
            }
            (one, other) if is_wide(one) && !self.dialect.has_unlimited_decimals() => {
                Err(self.refuse(&format!("{one} and {other} have more digits than a number there")))
            }
            _ => Ok((self.key_side(left)?, self.key_side(right)?)),
        }
    }

    /// Prints a side that is compared with one of the same type.
    fn key_side(&mut self, of: &Typed) -> Printed {
        let text = self.print(of)?;
        Ok(if of.data_type == DataType::String { self.dialect.by_code_point(&text) } else { text })
    }

    /// Prints a value in a type that holds it.
    pub(super) fn lifted(&mut self, of: &Typed, to: &DataType) -> Printed {
        let text = self.print(of)?;
        if of.data_type == *to {
            return Ok(text);
        }
        Ok(format!("CAST({text} AS {})", self.type_name(to)?))
    }

    /// Prints an integer as a double, if that is exact on every row.
    fn in_double(&mut self, of: &Typed) -> Printed {
        let text = self.lifted(of, &DataType::FLOAT64)?;
        if signed_bits(&of.data_type).is_none_or(|bits| bits > EXACT_IN_DOUBLE) {
            let whole = self.print(of)?;
            self.guard(
                format!("({whole} NOT BETWEEN -9007199254740992 AND 9007199254740992)"),
                "an integer beyond 2^53 is compared with a double after rounding",
            );
        }
        Ok(text)
    }

    /// Prints a date or time as nanoseconds since 1970.
    pub(super) fn nanoseconds(&mut self, of: &Typed) -> Printed {
        let text = self.print(of)?;
        self.dialect
            .nanoseconds(&text, &of.data_type)
            .ok_or_else(|| self.refuse(&format!("a {} is not counted in nanoseconds", of.data_type)))
    }
}
