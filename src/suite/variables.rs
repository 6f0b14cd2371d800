//! Variables: `${NAME}` and `${NAME:-default}` in where a suite's data lies, in `where`, and in arguments.
//!
//! A scalar that is one variable takes the variable's value with its type. Within other text, the value is inserted as
//! text; within SQL, as a literal, so that a value is never read as SQL. `$${NAME}` stands for `${NAME}` itself.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::CatalogueEntry;
use super::composed::{fill, fill_item};
use super::item::Item;
use crate::document::{Diagnostic, Node, Scalar, Span, did_you_mean};
use crate::predicate::{End, end_of};

/// The values of variables, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables(BTreeMap<String, Variable>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Variable {
    text: String,
    /// True if the value is a text, whatever it looks like.
    quoted: bool,
}

/// A variable in a text.
struct Reference<'a> {
    name: &'a str,
    default: Option<&'a str>,
    /// True if a `$` in front says that the text itself is meant.
    is_escaped: bool,
    /// The bytes of the text from the `$` to the `}`.
    span: Span,
}

impl Variables {
    /// Returns no variables.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: LazyLock<Variables> = LazyLock::new(Variables::default);
        &NONE
    }

    /// Sets a variable to a value that is written as in YAML: `1` is a number, `"1"` a text.
    ///
    /// # Errors
    /// The name is not one of a variable.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        if !is_name(name) {
            return Err(format!("{name:?} is not the name of a variable: letters, digits and _, as in LAKE"));
        }
        let unquoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
        let variable = match unquoted {
            Some(text) => Variable { text: text.to_owned(), quoted: true },
            None => Variable { text: value.to_owned(), quoted: false },
        };
        self.0.insert(name.to_owned(), variable);
        Ok(())
    }

    /// Reads a mapping from names to values, which take precedence over those that are known.
    ///
    /// # Errors
    /// Something else than a mapping from names to scalars.
    pub fn read(&mut self, node: &Node) -> Result<(), Diagnostic> {
        for (name, value) in node.map("a mapping from the names of variables to their values")? {
            if !is_name(&name.text) {
                let message = format!("{:?} is not the name of a variable", name.text);
                return Err(Diagnostic::new(name.span, message).help("letters, digits and _, as in LAKE"));
            }
            let Scalar { text, quoted, .. } = value.scalar("a text, a number or a date")?;
            self.0.insert(name.text.clone(), Variable { text: text.clone(), quoted: *quoted });
        }
        Ok(())
    }

    /// Takes in other variables, which take precedence.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(name, variable)| (name.clone(), variable.clone())));
    }

    /// Returns a text with the values of its variables. Lists and mappings are filled in item by item.
    ///
    /// # Errors
    /// A variable that has no value.
    pub fn fill(&self, node: &Node) -> Result<Node, Diagnostic> {
        fill(node, false, None, &mut |node, text, is_sql| self.scalar(node, text, is_sql))
    }

    /// Returns an entry of a list of checks with the values of its variables.
    pub(super) fn item(&self, item: &Item, named: CatalogueEntry<'_>) -> Result<Item, Diagnostic> {
        let Item { key, argument, options } = item;
        fill_item(key, argument.as_ref(), options, named, None, &mut |node, text, is_sql| {
            self.scalar(node, text, is_sql)
        })
    }

    fn scalar(&self, node: &Node, text: &str, is_sql: bool) -> Result<Node, Diagnostic> {
        if !text.contains("${") {
            return Ok(node.clone());
        }
        let references = references(text);
        if let [one] = references.as_slice()
            && !is_sql
            && !one.is_escaped
            && one.span == Span::new(0, text.len())
        {
            let Variable { text, quoted } = self.value(one).map_err(|error| error.inside(node))?;
            return Ok(Node::derived_scalar(text, quoted, node.span));
        }
        let (mut filled, mut from) = (String::with_capacity(text.len()), 0);
        for reference in &references {
            filled.push_str(&text[from..reference.span.start]);
            from = reference.span.end;
            if reference.is_escaped {
                filled.push_str(&text[reference.span.start + 1..from]);
                continue;
            }
            let variable = self.value(reference).map_err(|error| error.inside(node))?;
            let inserted = if is_sql { as_sql(&variable, &filled) } else { Ok(variable.text) };
            let inserted =
                inserted.map_err(|message| Diagnostic::new(reference.span, message).inside(node))?;
            filled.push_str(&inserted);
        }
        filled.push_str(&text[from..]);
        Ok(if references.is_empty() { node.clone() } else { Node::derived_scalar(filled, true, node.span) })
    }

    fn value(&self, reference: &Reference<'_>) -> Result<Variable, Diagnostic> {
        let Reference { name, default, span, .. } = reference;
        if default.is_some_and(|default| default.contains("${")) {
            let message = format!("the default of {name} holds a variable, which a default cannot");
            return Err(Diagnostic::new(*span, message));
        }
        let known = self.0.get(*name).cloned();
        let default = || default.map(|text| Variable { text: text.to_owned(), quoted: false });
        known.or_else(default).ok_or_else(|| {
            let help = did_you_mean(name, self.0.keys().map(String::as_str)).unwrap_or_else(|| {
                format!("give it with --var {name}=…, under variables: in karat.yml, or write ${{{name}:-default}}")
            });
            Diagnostic::new(*span, format!("the variable {name} has no value")).help(help)
        })
    }
}

fn is_name(name: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| is_of_name(c) && !c.is_ascii_digit()) && name.chars().all(is_of_name)
}

/// Returns the variables in a text. `${` without the name of a variable is text, as in a regex.
fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("${").map(|at| from + at) {
        from = at + 2;
        let Some(length) = text[from..].find('}') else { break };
        let inner = &text[from..from + length];
        let (name, default) =
            inner.split_once(":-").map_or((inner, None), |(name, default)| (name, Some(default)));
        if is_name(name) {
            from += length + 1;
            let is_escaped = text[..at].ends_with('$');
            let span = Span::new(at - usize::from(is_escaped), from);
            found.push(Reference { name, default, is_escaped, span });
        }
    }
    found
}

/// Returns a value as a literal of SQL; within a quoted text, as a part of that.
fn as_sql(variable: &Variable, before: &str) -> Result<String, String> {
    let Variable { text, quoted } = variable;
    let escaped = text.replace('\'', "''");
    match end_of(before) {
        End::Words => {}
        End::Text => return Ok(escaped),
        End::Name => {
            return Err("a variable stands within a quoted name, where no value can be".to_owned());
        }
        End::Comment => return Err("a variable stands within a comment, where no value can be".to_owned()),
    }
    let is_word = ["true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word));
    Ok(match (quoted, is_word || is_number(text)) {
        // A minus sign beside another one would begin a comment.
        (false, true) if text.starts_with('-') => format!("({text})"),
        (false, true) => text.clone(),
        _ => format!("'{escaped}'"),
    })
}

/// Returns whether a text is a decimal number, with or without a sign, a fraction and an exponent.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(number, exponent)| (number, Some(exponent)));
    let (whole, fraction) =
        number.split_once('.').map_or((number, None), |(whole, part)| (whole, Some(part)));
    digits(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)))
}
