//! Reads how a suite describes the files of its data: `format`, `csv` and `schema`.

use crate::data::{Csv, DataType, Dialect, Encoding, Field, FileFormat, Spelling, TypeName};
use crate::document::{Diagnostic, Node, NodeKind, did_you_mean};

/// The keys below `csv` and their meanings.
pub(super) const CSV_KEYS: [(&str, &str); 7] = [
    ("separator", "the character between fields; a comma, or a tab in .tsv files, unless given"),
    ("quote", "the character around fields; \"\" for none"),
    ("header", "whether the first row names the columns"),
    ("null", "the text or texts that stand for null"),
    ("encoding", "how its characters are written: utf-8 unless given, or utf-16, windows-1252, latin-1, …"),
    ("nan", "the text or texts that stand for NaN among numbers, beside NaN"),
    ("infinity", "the text or texts that stand for infinity among numbers, beside Infinity"),
];

/// Reads a key that describes the files of a dataset; returns `false` if it is another one.
///
/// # Errors
/// Something else than the key takes.
pub(crate) fn read_dialect(dialect: &mut Dialect, key: &str, node: &Node) -> Result<bool, Diagnostic> {
    match key {
        "format" => dialect.format = Some(format(node)?),
        "csv" => (dialect.csv, dialect.spelling) = csv(node)?,
        "schema" => dialect.schema = schema(node)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn format(node: &Node) -> Result<FileFormat, Diagnostic> {
    const WANTED: &str = "parquet, csv, ndjson or arrow";
    let text = node.text(WANTED)?;
    let names = FileFormat::ALL.map(FileFormat::name);
    FileFormat::parse(text).ok_or_else(|| node.expected_error(WANTED).maybe_help(did_you_mean(text, names)))
}

fn csv(node: &Node) -> Result<(Csv, Spelling), Diagnostic> {
    let (mut csv, mut spelling) = (Csv::default(), Spelling::default());
    for (key, value) in node.map("a mapping of how the CSV is written")? {
        match key.text.as_str() {
            "separator" => csv.separator = Some(mark(value)?.ok_or_else(|| value.expected_error(MARK))?),
            "quote" => csv.quote = mark(value)?,
            "header" => csv.header = value.boolean("true or false")?,
            "null" => csv.null = texts(value)?,
            "encoding" => spelling.encoding = encoding(value)?,
            "nan" => spelling.nan = texts(value)?,
            "infinity" => spelling.infinity = texts(value)?,
            other => {
                let help = did_you_mean(other, CSV_KEYS.map(|(name, _)| name));
                return Err(
                    Diagnostic::new(key.span, format!("csv has no option {other:?}")).maybe_help(help)
                );
            }
        }
    }
    if csv.separator.is_some() && csv.separator == csv.quote {
        return Err(Diagnostic::new(node.span, "the separator and the quote are the same character"));
    }
    Ok((csv, spelling))
}

fn encoding(node: &Node) -> Result<Encoding, Diagnostic> {
    const WANTED: &str = "an encoding, such as utf-8, utf-16 or windows-1252";
    let text = node.text(WANTED)?;
    Encoding::parse(text)
        .ok_or_else(|| node.expected_error(WANTED).maybe_help(did_you_mean(text, Encoding::COMMON)))
}

const MARK: &str = "one ASCII character";

/// Reads a single character; nothing if the text is empty.
fn mark(node: &Node) -> Result<Option<u8>, Diagnostic> {
    let NodeKind::Scalar(scalar) = &node.kind else { return Err(node.expected_error(MARK)) };
    match scalar.text.as_bytes() {
        [] if scalar.quoted => Ok(None),
        [mark] if mark.is_ascii() && !matches!(mark, b'\n' | b'\r' | 0) => Ok(Some(*mark)),
        _ => Err(node.expected_error(MARK)),
    }
}

/// Reads one text or several. An empty text in quotes is valid.
fn texts(node: &Node) -> Result<Vec<String>, Diagnostic> {
    let text = |node: &Node| match &node.kind {
        // A null of YAML, `null` or `~`, may be the very text.
        NodeKind::Scalar(scalar) if scalar.quoted || !scalar.text.is_empty() => Ok(scalar.text.clone()),
        _ => Err(node.expected_error("a text")),
    };
    match &node.kind {
        NodeKind::List(items) => items.iter().map(text).collect(),
        _ => Ok(vec![text(node)?]),
    }
}

/// Reads the types of columns by name.
fn schema(node: &Node) -> Result<Vec<Field>, Diagnostic> {
    let entries = node.map("a mapping from columns to their types")?;
    let field = |(key, node): &(_, Node)| {
        let key: &crate::document::Key = key;
        Ok(Field::new(key.text.as_str(), data_type(node)?))
    };
    entries.iter().map(field).collect()
}

/// Reads a type that text can be parsed as.
fn data_type(node: &Node) -> Result<DataType, Diagnostic> {
    let text = node.text("the name of a type")?;
    let found = TypeName::parse(text).map_err(|near| {
        Diagnostic::new(node.span, format!("no type {text:?}"))
            .maybe_help(near.map(|near| format!("did you mean {near:?}?")))
    })?;
    let help = match found {
        TypeName::Exact(DataType::Binary | DataType::Duration | DataType::Null) => "string",
        TypeName::Exact(exact) => return Ok(exact),
        TypeName::Integer | TypeName::Number => "int64",
        TypeName::Float => "float64",
        TypeName::Decimal => "decimal(15,2)",
        TypeName::List | TypeName::Struct => {
            let message = format!("no text is read as the type {text:?}");
            return Err(Diagnostic::new(node.span, message).help("lists and structs of NDJSON are inferred"));
        }
    };
    let message = format!("no text is read as the type {text:?}");
    Err(Diagnostic::new(node.span, message).help(format!("one type is wanted, such as {help}")))
}
