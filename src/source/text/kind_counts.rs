//! Finds text columns most of whose values have another type, and the first value that has not.

use super::texts::Place;
use crate::data::DataType;

/// The counts of a column's texts by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct KindCounts {
    /// Number of all texts.
    pub(crate) texts: u64,
    pub(crate) numbers: Kind,
    pub(crate) dates: Kind,
    pub(crate) instants: Kind,
    pub(crate) wall_clock: Kind,
}

/// The texts of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kind {
    /// Number of texts of the kind.
    count: u64,
    /// The first text after which not all texts were of the kind; only the beginning of a long one.
    first_other: Option<Box<Other>>,
}

#[derive(Clone, Debug)]
struct Other {
    text: String,
    file: String,
    line: u64,
}

/// The value that keeps a column from having the type of most of its values.
#[derive(Clone, Debug)]
pub(crate) struct Outlier {
    /// The type of most texts.
    pub(crate) wanted: DataType,
    /// The first text that does not have the type.
    pub(crate) text: String,
    pub(crate) file: String,
    pub(crate) line: u64,
}

impl Kind {
    /// Counts a text. `is` is true if the text is of the kind, `not_all` if some text so far is not.
    pub(crate) fn add(&mut self, is: bool, not_all: bool, text: &str, place: Place<'_>) {
        self.count += u64::from(is);
        if not_all && self.first_other.is_none() {
            const MOST: usize = 100;
            let Place { file, line } = place;
            let other = Other { text: text.chars().take(MOST).collect(), file: file.to_owned(), line };
            self.first_other = Some(Box::new(other));
        }
    }
}

impl KindCounts {
    /// Returns the first text that is not of the most common kind, if more than half of the texts are of this
    /// kind. `types` are the types of the kinds.
    pub(crate) fn outlier(&self, types: [DataType; 4]) -> Option<Outlier> {
        let kinds = [&self.numbers, &self.dates, &self.instants, &self.wall_clock];
        let (kind, wanted) = kinds.into_iter().zip(types).max_by_key(|(kind, _)| kind.count)?;
        let Other { text, file, line } =
            kind.first_other.as_deref().filter(|_| kind.count * 2 > self.texts)?;
        Some(Outlier { wanted, text: text.clone(), file: file.clone(), line: *line })
    }
}
