//! Parses the formulas of `$PARAMETER` into trees.
//!
//! A formula has numbers, names, `+ - * / ^`, and calls with arguments by position or by name. A sign binds
//! closer than `^`, which is right-associative.

use std::iter::Peekable;
use std::str::CharIndices;

/// A formula.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Formula {
    /// A number as it is written.
    Number(String),
    /// The name of a parameter, or of a constant.
    Name(String),
    /// The negation of a formula.
    Negate(Box<Formula>),
    /// An operator with its two operands.
    Binary(char, Box<Formula>, Box<Formula>),
    /// A function with its arguments, some of them by name.
    Call(String, Vec<(Option<String>, Formula)>),
}

/// Maximum depth of a formula, and its maximum length in bytes.
const MAX_DEPTH: usize = 50;
const MAX_BYTES: usize = 1 << 10;

/// Parses a formula.
///
/// # Errors
/// What is wrong, as a lower-case fragment.
pub(super) fn parse(text: &str) -> Result<Formula, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("a formula of more than {MAX_BYTES} bytes"));
    }
    let mut parser = Parser { text, rest: text.char_indices().peekable(), depth: 0 };
    let formula = parser.sum()?;
    match parser.peek() {
        None => Ok(formula),
        Some(found) => Err(format!("unexpected {found:?} in the formula {text:?}")),
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
    depth: usize,
}

impl Parser<'_> {
    /// Returns the next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        while self.rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        self.rest.peek().map(|(_, c)| *c)
    }

    fn next_if(&mut self, wanted: &[char]) -> Option<char> {
        let found = self.peek().filter(|c| wanted.contains(c))?;
        self.rest.next();
        Some(found)
    }

    fn sum(&mut self) -> Result<Formula, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the formula nests too deep".to_owned());
        }
        let mut left = self.product()?;
        while let Some(operator) = self.next_if(&['+', '-']) {
            left = Formula::Binary(operator, Box::new(left), Box::new(self.product()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn product(&mut self) -> Result<Formula, String> {
        let mut left = self.power()?;
        while let Some(operator) = self.next_if(&['*', '/']) {
            left = Formula::Binary(operator, Box::new(left), Box::new(self.power()?));
        }
        Ok(left)
    }

    fn power(&mut self) -> Result<Formula, String> {
        let mut bases = vec![self.signed()?];
        while self.next_if(&['^']).is_some() {
            bases.push(self.signed()?);
        }
        let last = bases.pop().ok_or_else(|| "an operand is missing".to_owned())?;
        let raise = |to, base| Formula::Binary('^', Box::new(base), Box::new(to));
        Ok(bases.into_iter().rev().fold(last, raise))
    }

    fn signed(&mut self) -> Result<Formula, String> {
        let mut negative = false;
        while let Some(sign) = self.next_if(&['+', '-']) {
            negative ^= sign == '-';
        }
        let atom = self.atom()?;
        Ok(if negative { Formula::Negate(Box::new(atom)) } else { atom })
    }

    fn atom(&mut self) -> Result<Formula, String> {
        match self.peek() {
            Some('(') => {
                self.rest.next();
                let inner = self.sum()?;
                self.next_if(&[')']).map(|_| inner).ok_or_else(|| self.wanted("\")\""))
            }
            Some(c) if c.is_ascii_digit() || c == '.' => Ok(Formula::Number(self.number())),
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.word();
                if self.next_if(&['(']).is_some() { self.call(name) } else { Ok(Formula::Name(name)) }
            }
            _ => Err(self.wanted("a number, a name or \"(\"")),
        }
    }

    fn call(&mut self, name: String) -> Result<Formula, String> {
        let mut arguments = Vec::new();
        if self.next_if(&[')']).is_some() {
            return Ok(Formula::Call(name, arguments));
        }
        loop {
            let argument = match self.sum()? {
                Formula::Name(key) if self.next_if(&['=']).is_some() => (Some(key), self.sum()?),
                value => (None, value),
            };
            arguments.push(argument);
            match self.next_if(&[',', ')']) {
                Some(',') => {}
                Some(_) => return Ok(Formula::Call(name, arguments)),
                None => return Err(self.wanted("\",\" or \")\"")),
            }
        }
    }

    fn word(&mut self) -> String {
        let of_name = |(_, c): &(usize, char)| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
        std::iter::from_fn(|| self.rest.next_if(of_name)).map(|(_, c)| c).collect()
    }

    fn number(&mut self) -> String {
        let mut number = String::new();
        while let Some((_, c)) = self.rest.next_if(|(_, c)| {
            c.is_ascii_digit()
                || matches!(c, '.' | 'e' | 'E')
                || (matches!(c, '+' | '-') && number.ends_with(['e', 'E']))
        }) {
            number.push(c);
        }
        number
    }

    fn wanted(&mut self, what: &str) -> String {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |c| format!("{c:?}"));
        format!("expected {what}, found {found} in the formula {:?}", self.text)
    }
}
