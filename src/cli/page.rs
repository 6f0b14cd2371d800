//! Lays out a page of Markdown for a terminal.

use std::iter::Peekable;
use std::str::Lines;

use crate::report::{display_width, padded, wrapped};

/// Wraps a page to lines of at most `width` characters. Code stays as it is. A table becomes columns, or a
/// list if the columns do not fit.
pub(super) fn fitted(page: &str, width: usize) -> String {
    let mut laid: Vec<String> = Vec::new();
    let mut lines = page.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with(FENCE) {
            laid.push(line.to_owned());
            let inside = lines.by_ref().take_while(|line| !line.starts_with(FENCE));
            laid.extend(inside.map(str::to_owned));
            laid.push(FENCE.to_owned());
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            table(&mut laid, &rows, width);
        } else if line.is_empty() || line.starts_with('#') {
            laid.push(line.to_owned());
        } else {
            let indent = if line.starts_with("- ") { "  " } else { "" };
            hanging(&mut laid, "", indent, &paragraph(line, &mut lines), width);
        }
    }
    laid.join("\n") + "\n"
}

const FENCE: &str = "```";

/// Joins the lines of a paragraph or of a list item.
fn paragraph(first: &str, lines: &mut Peekable<Lines<'_>>) -> String {
    let ends = |line: &str| line.is_empty() || line.starts_with("- ") || line.starts_with(['#', '|']);
    let mut text = first.to_owned();
    while let Some(line) = lines.next_if(|line| !ends(line) && !line.starts_with(FENCE)) {
        text = format!("{text} {}", line.trim_start());
    }
    text
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split(" | ").map(|cell| cell.trim().replace("\\|", "|")).collect()
}

/// Lays out a table as columns, the last of which is wrapped, or as a list with one item for each row if
/// columns do not fit.
fn table(laid: &mut Vec<String>, rows: &[Vec<String>], width: usize) {
    const ROOM: usize = 24;
    let Some((head, body)) = rows.split_first() else { return };
    // The second line of the table consists of dashes.
    let body = body.get(1..).unwrap_or_default();
    let all = || std::iter::once(head).chain(body);
    let widths: Vec<usize> = (0..head.len())
        .map(|column| all().filter_map(|row| Some(display_width(row.get(column)?))).max().unwrap_or(0))
        .collect();
    let Some((_, leading)) = widths.split_last() else { return };
    let leading_width: usize = leading.iter().map(|column| column + 2).sum();
    if leading_width + ROOM <= width {
        for row in all().filter(|row| row.iter().any(|cell| !cell.is_empty())) {
            let Some((last, firsts)) = row.split_last() else { continue };
            let firsts = firsts.iter().zip(leading).map(|(cell, column)| padded(cell, column + 2));
            hanging(laid, &firsts.collect::<String>(), &" ".repeat(leading_width), last, width);
        }
        return;
    }
    for row in body {
        for (position, (name, cell)) in head.iter().zip(row).enumerate() {
            match (position, cell.as_str()) {
                (0, _) => hanging(laid, "", "  ", &format!("- {cell}"), width),
                (_, "" | NOTHING) => {}
                _ if name.is_empty() => hanging(laid, "  ", "  ", cell, width),
                _ => hanging(laid, "  ", "    ", &format!("{name}: {cell}"), width),
            }
        }
    }
}

/// The text of an empty cell in a table.
const NOTHING: &str = "·";

/// Wraps a text that starts after `first` and continues after `indent` on the following lines.
fn hanging(laid: &mut Vec<String>, first: &str, indent: &str, text: &str, width: usize) {
    let room = width.saturating_sub(display_width(indent).max(display_width(first))).max(20);
    for (line, part) in wrapped(text, room).iter().enumerate() {
        let line = format!("{}{part}", if line == 0 { first } else { indent });
        laid.push(line.trim_end().to_owned());
    }
}
