//! Conditions by chance.

use super::expressions::{Both, Expressions, Type, both, digits};

impl Expressions<'_> {
    pub(super) fn condition(&mut self, depth: u32) -> Both {
        let condition = |karat: String, duck: String| both(karat, duck, Type::Boolean);
        if depth == 0 || self.random.once_in(6) {
            let column = self.column(|of| of == Type::Boolean);
            if let Some(column) = column.filter(|_| self.random.once_in(3)) {
                return column;
            }
            return self.compared(0);
        }
        let deeper = depth - 1;
        match self.random.below(14) {
            0..=3 => self.compared(deeper),
            4 | 5 => {
                let (left, right) = (self.condition(deeper), self.condition(deeper));
                let how = self.random.of(&["AND", "OR"]);
                condition(
                    format!("({} {how} {})", left.karat, right.karat),
                    format!("({} {how} {})", left.duck, right.duck),
                )
            }
            6 => {
                let of = self.condition(deeper);
                condition(format!("(NOT {})", of.karat), format!("(NOT {})", of.duck))
            }
            7 => {
                let of = self.any(deeper);
                let not = self.random.of(&["", "NOT "]);
                condition(format!("({} IS {not}NULL)", of.karat), format!("({} IS {not}NULL)", of.duck))
            }
            8 => {
                let of = self.condition(deeper);
                let (words, duck) = self.random.of(&[
                    ("IS TRUE", "COALESCE(?, false)"),
                    ("IS NOT TRUE", "NOT COALESCE(?, false)"),
                    ("IS FALSE", "NOT COALESCE(?, true)"),
                    ("IS NOT FALSE", "COALESCE(?, true)"),
                ]);
                condition(format!("({} {words})", of.karat), format!("({})", duck.replace('?', &of.duck)))
            }
            9 => {
                let of = self.integer(deeper);
                let (least, most) = (self.random.within(-9, 3), self.random.within(0, 100));
                let not = self.random.of(&["", "NOT "]);
                condition(
                    format!("({} {not}BETWEEN ({least}) AND {most})", of.karat),
                    format!("({} {not}BETWEEN ({least}) AND {most})", of.duck),
                )
            }
            10 => {
                let of = if self.random.once_in(2) { self.text(deeper) } else { self.integer(deeper) };
                let set = match of.of {
                    Type::Text => self.random.of(&["'a', 'B'", "''", "'a', NULL"]),
                    _ => self.random.of(&["1, 2, 3", "0", "-1, NULL", "2147483647, 5"]),
                };
                let not = self.random.of(&["", "NOT "]);
                condition(format!("({} {not}IN ({set}))", of.karat), format!("({} {not}IN ({set}))", of.duck))
            }
            11 => {
                let of = self.text(deeper);
                let pattern = self.random.of(&["'a%'", "'%a%'", "'_b'", "'%\\%'", "'a\\_b'", "''", "'%'"]);
                let not = self.random.of(&["", "NOT "]);
                condition(
                    format!("({} {not}LIKE {pattern})", of.karat),
                    format!("({} {not}LIKE {pattern} ESCAPE '\\')", of.duck),
                )
            }
            12 => {
                let of = self.text(deeper);
                let function = self.random.of(&["contains", "starts_with", "ends_with"]);
                condition(format!("{function}({}, 'a')", of.karat), format!("{function}({}, 'a')", of.duck))
            }
            _ => {
                let (one, other) = (self.condition(deeper), self.condition(deeper));
                self.either(one, other, Type::Boolean, depth)
            }
        }
    }

    fn compared(&mut self, depth: u32) -> Both {
        let equality = ["=", "<>", "<", "<=", ">", ">="];
        let how = self.random.of(&equality);
        let (left, right) = match self.random.below(8) {
            0 | 1 => (self.integer(depth), self.integer(depth)),
            2 => (self.decimal(depth), self.decimal(depth)),
            3 => {
                let mut side = self.integer(0);
                if let Type::Int(bits) = side.of {
                    side.duck = format!("CAST({} AS DECIMAL({},0))", side.duck, digits(bits).min(38));
                }
                (self.decimal(depth), side)
            }
            4 => (self.double(depth), self.double(depth)),
            5 => (self.text(depth), self.text(depth)),
            6 => (self.date(depth), self.date(depth)),
            _ => (self.time(depth), self.time(depth)),
        };
        let width = |of: Type| match of {
            Type::Decimal(whole, scale) => (whole, scale),
            Type::Int(bits) => (digits(bits), 0),
            _ => (0, 0),
        };
        let ((whole, scale), (other_whole, other_scale)) = (width(left.of), width(right.of));
        if matches!(left.of, Type::Decimal(..)) && whole.max(other_whole) + scale.max(other_scale) > 38 {
            return both(
                format!("({} IS NULL)", left.karat),
                format!("({} IS NULL)", left.duck),
                Type::Boolean,
            );
        }
        both(
            format!("({} {how} {})", left.karat, right.karat),
            format!("({} {how} {})", left.duck, right.duck),
            Type::Boolean,
        )
    }
}
