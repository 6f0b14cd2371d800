//! Parses YAML 1.2 through the events of `saphyr-parser`. The tree is karat's own because a scalar must keep
//! its source text, and because aliases are resolved only up to a limit.

use std::collections::HashMap;
use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks};

use super::parse::{MAX_DEPTH, MAX_NODES};
use super::{Diagnostic, Key, Node, NodeKind, Scalar, Span};

pub(super) fn parse(text: &str) -> Result<Node, Diagnostic> {
    let mut builder = Builder::new(text);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, marks)) => builder.take(event, marks)?,
            Err(error) => {
                let at = builder.offsets.byte(error.marker().index());
                return Err(diagnostic_of(error.info(), Span::new(at, at)));
            }
        }
    }
    Ok(builder.root.unwrap_or_else(|| null(Span::default())))
}

/// A list or mapping whose end has not been read.
struct Open {
    start: usize,
    anchor: usize,
    items: Vec<Node>,
    mapping: bool,
}

struct Builder<'a> {
    document: &'a str,
    offsets: Offsets,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
}

impl<'a> Builder<'a> {
    fn new(document: &'a str) -> Self {
        let offsets = Offsets::new(document);
        Self { document, offsets, open: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None }
    }

    fn spelling(&self, span: Span) -> &'a str {
        self.document.get(span.start..span.end).unwrap_or_default()
    }

    fn take(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Diagnostic> {
        let span = Span::new(self.offsets.byte(marks.start.index()), self.offsets.byte(marks.end.index()));
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let quoted = style != ScalarStyle::Plain;
                let scalar = Scalar::new(text.into_owned(), quoted, self.spelling(span));
                let node = Node { kind: NodeKind::Scalar(scalar), span };
                let size = node.size();
                self.close(node, anchor, size, size)
            }
            Event::SequenceStart(anchor, _) => self.start(span, anchor, false),
            Event::MappingStart(anchor, _) => self.start(span, anchor, true),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((mut node, size)) => {
                    node.span = span;
                    if let NodeKind::Scalar(scalar) = &mut node.kind {
                        scalar.spelling = Some(self.spelling(span).to_owned());
                    }
                    self.close(node, 0, size, size)
                }
                None => Err(Diagnostic::new(span, "an alias of something that is not complete")),
            },
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Diagnostic::new(span, "a second document; a file holds one"))
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, span: Span, anchor: usize, mapping: bool) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Diagnostic::new(span, format!("nested more than {MAX_DEPTH} deep")));
        }
        self.open.push(Open { start: span.start, anchor, items: Vec::new(), mapping });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // An indented block ends where its last item does, not at the next token.
        let flow = matches!(self.spelling(span), "]" | "}");
        let last = open.items.last().filter(|_| !flow);
        let span = Span::new(open.start, last.map_or(span.end, |last| last.span.end.max(open.start)));
        let size = open.items.iter().map(Node::size).sum::<usize>() + 1;
        let kind =
            if open.mapping { NodeKind::Map(entries(open.items)?) } else { NodeKind::List(open.items) };
        self.close(Node { kind, span }, open.anchor, size, 1)
    }

    /// Adds a complete node of a size to its parent; `new` nodes of it have not been counted yet.
    fn close(&mut self, node: Node, anchor: usize, size: usize, new: usize) -> Result<(), Diagnostic> {
        self.nodes += new;
        if self.nodes > MAX_NODES {
            return Err(Diagnostic::new(node.span, format!("more than {MAX_NODES} nodes")));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }
}

/// Pairs the keys and values of a mapping, which the parser returns alternately.
fn entries(items: Vec<Node>) -> Result<Vec<(Key, Node)>, Diagnostic> {
    let mut entries = Vec::with_capacity(items.len() / 2);
    let mut seen = HashSet::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        let NodeKind::Scalar(scalar) = key.kind else {
            return Err(Diagnostic::new(key.span, "a key that is a list or a mapping"));
        };
        if !seen.insert(scalar.text.clone()) {
            return Err(Diagnostic::new(key.span, format!("the key {:?} stands twice", scalar.text))
                .help("put what stands below both under the first of them"));
        }
        entries.push((Key { text: scalar.text, span: key.span }, value));
    }
    Ok(entries)
}

/// Returns an error of the parser as a diagnostic, with the most likely remedy.
fn diagnostic_of(info: &str, span: Span) -> Diagnostic {
    let ways_out = [
        ("block scalar", "a text that begins with > or | stands in quotes"),
        ("mapping values are not allowed", "a colon is missing on the line above, or the text needs quotes"),
        ("tabs disallowed", "indent with blanks"),
        ("unknown escape character", "put the text in single quotes, in which a backslash is a backslash"),
        (
            "expected key",
            "a line is indented otherwise than those above it, or a bracket or quote is left open",
        ),
        ("did not find expected", "a bracket, brace or quote is left open, or a comma is missing"),
        ("quoted scalar, found unexpected end", "a quote is left open"),
        ("unknown anchor", "a text that begins with * stands in quotes"),
        ("cannot start any token", "a text that begins with @, ` or % stands in quotes"),
    ];
    let way_out = ways_out.iter().find(|(part, _)| info.contains(part)).map(|(_, help)| (*help).to_owned());
    // The recursion limit of the parser is a little higher than that of the tree.
    let too_deep = info.contains("recursion limit").then(|| format!("nested more than {MAX_DEPTH} deep"));
    Diagnostic::new(span, too_deep.unwrap_or_else(|| info.to_owned())).maybe_help(way_out)
}

fn null(span: Span) -> Node {
    Node { kind: NodeKind::Scalar(Scalar::new(String::new(), false, "")), span }
}

/// The byte offsets of characters, because the parser counts in characters.
struct Offsets {
    /// The offsets by character index; empty if the text is ASCII, so that both are the same.
    bytes: Vec<usize>,
    length: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        let bytes =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            character.min(self.length)
        } else {
            self.bytes.get(character).copied().unwrap_or(self.length)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn keeps_the_source_text_and_place_of_scalars() {
        let text = "é: [01, 'NO', 1e3]\n";
        let node = parse(text).unwrap();
        let list = node.map("").unwrap()[0].1.list("").unwrap();
        let texts: Vec<_> =
            list.iter().map(|item| (item.text("").unwrap(), &text[item.span.start..item.span.end])).collect();
        assert_eq!(texts, [("01", "01"), ("NO", "'NO'"), ("1e3", "1e3")]);
    }

    #[test]
    fn refuses_bombs_and_duplicates() {
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            writeln!(bomb, "a{level}: &a{level} [{}]", [before.as_str(); 10].join(", ")).unwrap();
        }
        assert!(parse(&bomb).unwrap_err().message.contains("more than 500000 nodes"));
        let texts = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), vec!["*a"; 100_000].join(", "));
        assert!(parse(&texts).unwrap_err().message.contains("more than 500000 nodes"));
        assert!(parse(&"[".repeat(100_000)).unwrap_err().message.contains("nested"));
        assert!(parse("a: 1\na: 2\n").unwrap_err().message.contains("stands twice"));
        assert!(parse("a: &x [*x]\n").is_err());
    }
}
