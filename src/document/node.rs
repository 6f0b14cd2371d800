//! The tree of a document: scalars, lists and mappings with their places.

use super::spelling::locate;
use super::{Diagnostic, Span};

/// A value of a document, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The value.
    pub kind: NodeKind,
    /// The range of bytes of the value in the document.
    pub span: Span,
}

/// The three shapes that YAML and JSON share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A string, number, boolean or null, as it was written.
    Scalar(Scalar),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the text; its keys are distinct.
    Map(Vec<(Key, Node)>),
}

/// The key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The text of the key.
    pub text: String,
    /// The range of bytes of the key in the document.
    pub span: Span,
}

/// A scalar with its source text, because only the type of the column that it is compared with decides its
/// meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes and with escapes resolved.
    pub text: String,
    /// True if the scalar is written in quotes, and so is a string whatever its text.
    pub quoted: bool,
    /// The spelling in the document, where it differs from the text by more than quotes: by escapes, several
    /// lines or an alias. Empty if the scalar is not written in the document.
    pub(super) spelling: Option<String>,
}

impl Scalar {
    /// Returns a scalar with a text and its spelling in the document.
    pub(super) fn new(text: String, quoted: bool, spelling: &str) -> Self {
        let quotes = usize::from(quoted);
        let plain =
            spelling.len().checked_sub(quotes).and_then(|end| spelling.get(quotes..end)) == Some(&text);
        let spelling = if plain { None } else { Some(spelling.to_owned()) };
        Self { text, quoted, spelling }
    }

    /// Returns whether the scalar is a null of the YAML 1.2 core schema.
    #[must_use]
    pub fn is_null(&self) -> bool {
        !self.quoted && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

impl Node {
    /// Returns a scalar at a place of the document where it is not written.
    #[must_use]
    pub fn derived_scalar(text: String, quoted: bool, span: Span) -> Self {
        // An empty spelling has no places within, so every inner range becomes the node's span.
        Self { kind: NodeKind::Scalar(Scalar { text, quoted, spelling: Some(String::new()) }), span }
    }

    /// Returns the node and all its children, moved to another place of the document where they are not
    /// written.
    #[must_use]
    pub fn moved(&self, span: Span) -> Self {
        let kind = match &self.kind {
            NodeKind::Scalar(scalar) => {
                return Self::derived_scalar(scalar.text.clone(), scalar.quoted, span);
            }
            NodeKind::List(items) => NodeKind::List(items.iter().map(|item| item.moved(span)).collect()),
            NodeKind::Map(entries) => {
                let moved =
                    |(key, value): &(Key, Self)| (Key { text: key.text.clone(), span }, value.moved(span));
                NodeKind::Map(entries.iter().map(moved).collect())
            }
        };
        Self { kind, span }
    }

    /// Returns the scalar with another text of the same length, so that places within it stay valid. A list
    /// or mapping is returned unchanged.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        match &self.kind {
            NodeKind::Scalar(scalar) => {
                Self { kind: NodeKind::Scalar(Scalar { text, ..scalar.clone() }), span: self.span }
            }
            NodeKind::List(_) | NodeKind::Map(_) => self.clone(),
        }
    }

    /// Returns the number of nodes. A scalar counts once more for every 64 bytes of its text, because aliases
    /// can repeat a long text, too.
    #[must_use]
    pub fn size(&self) -> usize {
        const TEXT: usize = 64;
        match &self.kind {
            NodeKind::Scalar(scalar) => 1 + scalar.text.len() / TEXT,
            NodeKind::List(items) => items.iter().map(Self::size).sum::<usize>() + 1,
            NodeKind::Map(entries) => entries.iter().map(|(_, value)| value.size() + 1).sum::<usize>() + 1,
        }
    }

    /// Returns the shape of the node in words, for messages.
    #[must_use]
    pub fn shape(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar(scalar) if scalar.is_null() => "nothing",
            NodeKind::Scalar(scalar) if scalar.quoted => "a string",
            NodeKind::Scalar(scalar) => scalar.plain_shape(),
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }

    /// Returns whether the node is null, as where nothing was written.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar(scalar) if scalar.is_null())
    }

    /// Returns the scalar. Here and below, `what` names the expected value in the error.
    ///
    /// # Errors
    /// Something else stands there, or nothing.
    pub fn scalar(&self, what: &str) -> Result<&Scalar, Diagnostic> {
        match &self.kind {
            NodeKind::Scalar(scalar) if !scalar.is_null() => Ok(scalar),
            _ => Err(self.expected_error(what)),
        }
    }

    /// Returns the text of a scalar.
    ///
    /// # Errors
    /// Something else stands there, or nothing.
    pub fn text(&self, what: &str) -> Result<&str, Diagnostic> {
        let one = |error: Diagnostic| match &self.kind {
            NodeKind::List(_) => error.help("write one, without brackets"),
            _ => error,
        };
        self.scalar(what).map(|scalar| scalar.text.as_str()).map_err(one)
    }

    /// Returns the items of a list.
    ///
    /// # Errors
    /// Something else stands there, or nothing.
    pub fn list(&self, what: &str) -> Result<&[Node], Diagnostic> {
        match &self.kind {
            NodeKind::List(items) => Ok(items),
            NodeKind::Map(_) => Err(self.expected_error(what).help("put \"- \" in front")),
            NodeKind::Scalar(scalar) if scalar.is_null() => Err(self.expected_error(what)),
            // Help that repeats a longer text is no help.
            NodeKind::Scalar(scalar) if scalar.text.len() > 60 => Err(self.expected_error(what)),
            NodeKind::Scalar(scalar) => {
                Err(self.expected_error(what).help(match scalar.text.strip_prefix('-') {
                    Some(item) => format!("a blank stands behind the dash: - {}", item.trim_start()),
                    None => format!("write [{}]", scalar.text),
                }))
            }
        }
    }

    /// Returns the entries of a mapping.
    ///
    /// # Errors
    /// Something else stands there, or nothing.
    pub fn map(&self, what: &str) -> Result<&[(Key, Node)], Diagnostic> {
        match &self.kind {
            NodeKind::Map(entries) => Ok(entries),
            _ => Err(self.expected_error(what)),
        }
    }

    /// Returns a number, which must not be in quotes.
    ///
    /// # Errors
    /// Something else stands there, or nothing.
    pub fn number<N: std::str::FromStr>(&self, what: &str) -> Result<N, Diagnostic> {
        match &self.kind {
            NodeKind::Scalar(scalar) if !scalar.quoted => {
                scalar.text.parse().map_err(|_| self.expected_error(what))
            }
            _ => Err(self.expected_error(what)),
        }
    }

    /// Returns the boolean of a scalar that is `true` or `false`, perhaps in capitals.
    ///
    /// # Errors
    /// Something else stands there, or nothing.
    pub fn boolean(&self, what: &str) -> Result<bool, Diagnostic> {
        match self.text(what)? {
            "true" | "True" | "TRUE" => Ok(true),
            "false" | "False" | "FALSE" => Ok(false),
            _ => Err(self.expected_error(what)),
        }
    }

    /// Returns the place in the document of a range within this scalar's text.
    #[must_use]
    pub fn within(&self, inner: Span) -> Span {
        let NodeKind::Scalar(scalar) = &self.kind else { return self.span };
        let inner = Span::new(inner.start, inner.end.max(inner.start + 1).min(scalar.text.len()));
        let (start, inner) = match &scalar.spelling {
            None => (self.span.start + usize::from(scalar.quoted), Some(inner)),
            Some(spelling) => (self.span.start, locate(spelling, &scalar.text, inner)),
        };
        inner.map_or(self.span, |inner| Span::new(start + inner.start, start + inner.end))
    }

    /// Returns the diagnostic that something else was expected here.
    #[must_use]
    pub fn expected_error(&self, what: &str) -> Diagnostic {
        Diagnostic::new(self.span, format!("expected {what}, found {}", self.found()))
    }

    /// Returns the node's shape, with its text if it is a scalar.
    #[must_use]
    pub fn found(&self) -> String {
        match &self.kind {
            NodeKind::Scalar(scalar) if !scalar.is_null() => format!("{} {:?}", self.shape(), scalar.text),
            _ => self.shape().to_owned(),
        }
    }
}

impl Scalar {
    fn plain_shape(&self) -> &'static str {
        if self.text.parse::<f64>().is_ok() {
            "the number"
        } else if matches!(self.text.to_lowercase().as_str(), "true" | "false") {
            "the boolean"
        } else {
            "the text"
        }
    }
}
