//! A page of the catalogue, taken apart.

/// What a test needs of a page.
pub(super) struct Page {
    pub(super) headings: Vec<String>,
    pub(super) parameters: Vec<Row>,
    pub(super) bare: Option<String>,
    pub(super) suite: String,
    pub(super) data: Data,
    /// Other datasets by their names; `previous` is an earlier version of the same.
    pub(super) others: Vec<(String, String)>,
    pub(super) outcomes: Vec<String>,
}

/// The data of an example.
pub(super) enum Data {
    /// Rows with the types of their columns.
    Frame(String),
    /// A file of text, as it is.
    File(String),
}

/// A row of the table of parameters.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) default: String,
}

impl Page {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let outside = outside_of_blocks(text);
        let outcomes = block(text, "text outcome")?;
        Ok(Self {
            headings: outside
                .iter()
                .filter(|line| line.starts_with('#'))
                .map(|line| (*line).to_owned())
                .collect(),
            parameters: parameters(&outside)?,
            bare: outside.iter().find_map(|line| bare(line)),
            suite: block(text, "yaml suite")?,
            data: match block(text, "csv file") {
                Ok(file) => Data::File(file),
                Err(_) => Data::Frame(block(text, "csv data")?),
            },
            others: named_blocks(text, "csv data "),
            outcomes: outcomes.lines().map(str::to_owned).collect(),
        })
    }
}

fn outside_of_blocks(text: &str) -> Vec<&str> {
    let mut inside = false;
    text.lines()
        .filter(|line| {
            let fence = line.starts_with("```");
            inside ^= fence;
            !inside && !fence
        })
        .collect()
}

/// The one block of a kind.
fn block(text: &str, kind: &str) -> Result<String, String> {
    let open = format!("```{kind}\n");
    let mut blocks = text.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    match (blocks.next(), blocks.next()) {
        (Some(block), None) => Ok(block.to_owned()),
        (None, _) => Err(format!("no block {kind:?}")),
        _ => Err(format!("two blocks {kind:?}")),
    }
}

/// The blocks of a kind by their names.
fn named_blocks(text: &str, kind: &str) -> Vec<(String, String)> {
    let open = format!("```{kind}");
    let blocks = text.split(&open).skip(1).filter_map(|rest| rest.split_once('\n'));
    blocks
        .map(|(name, rest)| (name.to_owned(), rest.split("```").next().unwrap_or_default().to_owned()))
        .collect()
}

/// The rows of the table of parameters; none where there is no such table.
fn parameters(lines: &[&str]) -> Result<Vec<Row>, String> {
    let table = lines.iter().skip_while(|line| !line.starts_with("| parameter |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        match cells.as_slice() {
            [name, kind, default, _meaning] => {
                let name = name.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
                let name = name.ok_or_else(|| format!("no name in {line:?}"))?;
                Ok(Row { name: name.to_owned(), kind: (*kind).to_owned(), default: (*default).to_owned() })
            }
            _ => Err(format!("not four cells in {line:?}")),
        }
    })
    .collect()
}

/// `values` of the sentence "A bare list is `values`."
fn bare(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(" bare ").or_else(|| line.split_once("A bare "))?;
    let (_, rest) = rest.split_once(" is `")?;
    rest.split_once('`').map(|(name, _)| name.to_owned())
}
