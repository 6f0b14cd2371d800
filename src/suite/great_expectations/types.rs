//! Expectations on the type of a column.

use super::kwargs::Kwargs;
use super::mapping::{MappedArguments, Mapping};
use super::type_names::type_names;
use crate::document::{Diagnostic, Node, Span};

pub(super) const MAPPINGS: &[Mapping] = &[
    Mapping::column("expect_column_values_to_be_of_type", "type", type_of),
    Mapping::column("expect_column_type_to_be", "type", type_of),
    Mapping::column("expect_column_values_to_be_in_type_list", "type_in", |kwargs| {
        let Some(list) = kwargs.take("type_list") else {
            return Ok(MappedArguments::other("exists", Vec::new()));
        };
        any_of(list.list("a list of types")?, list.span)
    }),
];

/// Takes a type. Without one, the column need only exist.
fn type_of(kwargs: &mut Kwargs) -> Result<MappedArguments, Diagnostic> {
    let Some(name) = kwargs.take("type_") else { return Ok(MappedArguments::other("exists", Vec::new())) };
    let span = name.span;
    let mapped = any_of(std::slice::from_ref(&name), span)?;
    match type_names(name.text("the name of a type")?).as_slice() {
        [only] => Ok(vec![("type", Node::derived_text(only.clone(), span))].into()),
        _ => Ok(MappedArguments { id: Some("type_in"), ..mapped }),
    }
}

/// Returns the demand for one of some types. A name that no engine knows matches no column's type.
fn any_of(given: &[Node], span: Span) -> Result<MappedArguments, Diagnostic> {
    let mut names: Vec<Node> = Vec::new();
    let mut unknown = false;
    for node in given {
        let text = node.text("the name of a type")?;
        let mut known = type_names(text);
        if known.is_empty() {
            unknown = true;
            known.push(text.to_owned());
        }
        for name in known {
            if !names.iter().any(|other| other.text("") == Ok(&name)) {
                names.push(Node::derived_text(name, node.span));
            }
        }
    }
    let mut arguments = vec![("types", Node::derived_list(names, span))];
    if unknown {
        arguments.push(("unknown_types", Node::derived_plain("match_nothing", span)));
    }
    Ok(arguments.into())
}
