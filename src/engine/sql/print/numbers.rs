//! Prints arithmetic, in types in which nothing overflows and nothing is rounded that karat would not round.

use super::printer::{Printed, Printer};
use crate::data::{DataType, decimal_of, is_wide};
use crate::engine::sql::NotPushable;
use crate::predicate::{Arithmetic, Typed};

/// Decimals of so many digits are exact quotients of two doubles, and so become the double nearest to them everywhere.
const EXACT_DIGITS: u8 = 15;

impl Printer<'_> {
    pub(super) fn arithmetic(
        &mut self,
        how: Arithmetic,
        left: &Typed,
        right: &Typed,
        whole: &DataType,
    ) -> Printed {
        self.is_exact(whole)?;
        let sign = how.symbol();
        match (how, whole) {
            (Arithmetic::Divide, _) => {
                let (one, other) = (self.double(left)?, self.double(right)?);
                Ok(format!("({one} / NULLIF({other}, 0))"))
            }
            (Arithmetic::Remainder, DataType::Integer { .. }) => {
                let (one, other) = (self.whole(left, whole)?, self.whole(right, whole)?);
                Ok(format!("({one} % NULLIF({other}, 0))"))
            }
            (Arithmetic::Remainder, _) => {
                let (one, other) = (self.print(left)?, self.print(right)?);
                self.dialect
                    .decimal_remainder(&one, &other)
                    .ok_or_else(|| self.refuse("the remainder of decimals is not exact"))
            }
            (_, DataType::Integer { .. }) => {
                let (one, other) = (self.whole(left, whole)?, self.whole(right, whole)?);
                Ok(format!("({one} {sign} {other})"))
            }
            (_, DataType::Float { .. }) => {
                let (one, other) = (self.double(left)?, self.double(right)?);
                Ok(format!("({one} {sign} {other})"))
            }
            _ if self.dialect.has_unlimited_decimals() => {
                let (one, other) = (self.numeric(left)?, self.numeric(right)?);
                Ok(format!("({one} {sign} {other})"))
            }
            (Arithmetic::Multiply, _) => {
                let (one, other) = (self.decimal(left)?, self.decimal(right)?);
                Ok(format!("CAST(({one} * {other}) AS {})", self.type_name(whole)?))
            }
            _ => {
                let (one, other) = (self.whole(left, whole)?, self.whole(right, whole)?);
                Ok(format!("CAST(({one} {sign} {other}) AS {})", self.type_name(whole)?))
            }
        }
    }

    pub(super) fn negated(&mut self, of: &Typed, whole: &DataType) -> Printed {
        self.fits(whole)?;
        Ok(format!("(- {})", self.whole(of, whole)?))
    }

    /// Asserts that a number has no more digits than those of the dialect.
    pub(super) fn fits(&self, number: &DataType) -> Result<(), NotPushable> {
        if is_wide(number) && !self.dialect.has_unlimited_decimals() {
            return Err(self.has_more_digits(number));
        }
        Ok(())
    }

    /// Asserts that a sum, a difference or a product loses no digit behind the point.
    fn is_exact(&self, whole: &DataType) -> Result<(), NotPushable> {
        let most = self.dialect.most_computed_digits();
        match whole {
            DataType::Decimal { precision, scale: 1.. }
                if *precision > most && !self.dialect.has_unlimited_decimals() =>
            {
                Err(self.has_more_digits(whole))
            }
            _ => self.fits(whole),
        }
    }

    fn has_more_digits(&self, number: &DataType) -> NotPushable {
        self.refuse(&format!("a {number} has more digits than a number there"))
    }

    /// Prints a number in the type of what is computed with it.
    pub(super) fn whole(&mut self, of: &Typed, whole: &DataType) -> Printed {
        if let DataType::Float { .. } = whole {
            return self.double(of);
        }
        let text = self.print(of)?;
        Ok(format!("CAST({text} AS {})", self.type_name(whole)?))
    }

    fn numeric(&mut self, of: &Typed) -> Printed {
        self.whole(of, &DataType::INT128)
    }

    /// Prints an integer or a decimal as a decimal of its own digits.
    fn decimal(&mut self, of: &Typed) -> Printed {
        match decimal_of(&of.data_type) {
            Some((whole, scale)) => {
                let own = DataType::Decimal { precision: whole.saturating_add(scale), scale };
                self.whole(of, &own)
            }
            None => self.print(of),
        }
    }

    /// Prints a number as the double that karat makes of it.
    pub(super) fn double(&mut self, of: &Typed) -> Printed {
        match &of.data_type {
            DataType::Decimal { precision, .. } if *precision > EXACT_DIGITS => {
                let reason = format!("a {} may become another double than karat's", of.data_type);
                return Err(self.refuse(&reason));
            }
            DataType::Integer { bits: 65.., .. } => {
                return Err(self.refuse("an integer of more than 64 bits may become another double"));
            }
            _ => {}
        }
        self.lifted(of, &DataType::FLOAT64)
    }
}
