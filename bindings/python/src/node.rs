//! Dicts and lists of Python → YAML, as a person would write it.

use karat::document::{Key, Node, NodeKind, Span, to_yaml, yaml_text};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// How deep dicts and lists may be: deeper than any suite, and shallow enough for one that holds itself.
const DEEPEST: usize = 64;

/// Returns dicts, lists and scalars as YAML: numbers and times plain, texts so that they stay texts.
#[pyfunction]
pub(crate) fn yaml(tree: &Bound<'_, PyAny>) -> PyResult<String> {
    let node = node(tree, 0)?;
    let NodeKind::Map(entries) = &node.kind else { return Ok(format!("{}\n", to_yaml(&node, 0, 0))) };
    let mut text = String::new();
    for (key, value) in entries {
        match &value.kind {
            // The checks of each column stand on a line of their own, whatever fits on one.
            NodeKind::Map(inner) if !inner.is_empty() => {
                line(&mut text, "", key, "");
                for (key, value) in inner {
                    line(&mut text, "  ", key, &below(key, value, 2));
                }
            }
            _ => line(&mut text, "", key, &below(key, value, 0)),
        }
    }
    Ok(text)
}

fn line(text: &mut String, margin: &str, key: &Key, value: &str) {
    let blank = if value.is_empty() || value.starts_with('\n') { "" } else { " " };
    text.extend([margin, &yaml_text(&key.text), ":", blank, value, "\n"]);
}

/// Returns the value of a key.
fn below(key: &Key, value: &Node, indent: usize) -> String {
    to_yaml(value, indent, yaml_text(&key.text).chars().count() + 2)
}

fn node(value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Node> {
    if depth > DEEPEST {
        return Err(PyTypeError::new_err("dicts and lists are nested too deep for a suite"));
    }
    let (text, quoted) = if let Ok(text) = value.cast::<PyString>() {
        (text.to_str()?.to_owned(), true)
    } else if let Ok(map) = value.cast::<PyDict>() {
        let entries = map.iter().map(|(key, value)| {
            let key = key.cast::<PyString>().map_err(|_| {
                PyTypeError::new_err(format!("a key of a suite is a str, and {} is none", shown(&key)))
            })?;
            Ok((Key { text: key.to_str()?.to_owned(), span: Span::default() }, node(&value, depth + 1)?))
        });
        return Ok(of(NodeKind::Map(entries.collect::<PyResult<_>>()?)));
    } else if value.cast::<PyList>().is_ok() || value.cast::<PyTuple>().is_ok() {
        let items = value.try_iter()?.map(|item| node(&item?, depth + 1));
        return Ok(of(NodeKind::List(items.collect::<PyResult<_>>()?)));
    } else {
        (plain(value)?, false)
    };
    Ok(Node::derived_scalar(text, quoted, Span::default()))
}

fn of(kind: NodeKind) -> Node {
    Node { kind, span: Span::default() }
}

/// Returns a scalar that is written without quotes.
fn plain(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if value.is_none() {
        return Ok("null".to_owned());
    }
    if let Ok(truth) = value.cast::<PyBool>() {
        return Ok(truth.is_true().to_string());
    }
    // Enumerations and numbers of NumPy are such numbers, too, and show themselves otherwise.
    if value.cast::<PyInt>().is_ok() {
        return value.py().get_type::<PyInt>().call_method1("__repr__", (value,))?.extract();
    }
    if let Ok(float) = value.cast::<PyFloat>() {
        let float = float.value();
        return Ok(match float {
            _ if float.is_nan() => ".nan".to_owned(),
            _ if float.is_infinite() => if float > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
            _ => PyFloat::new(value.py(), float).repr()?.to_str()?.to_owned(),
        });
    }
    let (class, py) = (value.get_type(), value.py());
    let is = |module: &str, name: &str| -> PyResult<bool> {
        value.is_instance(&py.import(module)?.getattr(name)?)
    };
    if is("datetime", "date")? || is("datetime", "time")? {
        return Ok(value.call_method0("isoformat")?.str()?.to_str()?.to_owned());
    }
    if is("decimal", "Decimal")? {
        return Ok(value.call_method1("__format__", ("f",))?.str()?.to_str()?.to_owned());
    }
    // Numbers of NumPy, which are none of Python's own.
    if is("numbers", "Integral")? {
        return Ok(py.import("operator")?.call_method1("index", (value,))?.str()?.to_str()?.to_owned());
    }
    if class.module()? == "numpy" && class.name()?.to_string().starts_with("bool") {
        return Ok(value.is_truthy()?.to_string());
    }
    Err(PyTypeError::new_err(format!("{} cannot stand in a suite", class.fully_qualified_name()?)))
}

fn shown(value: &Bound<'_, PyAny>) -> String {
    value.repr().map_or_else(|_| "it".to_owned(), |text| text.to_string())
}
