//! Columns that are nearly of a type: what most of their texts are, and the first that is not.

use super::texts::Place;
use crate::data::DataType;

/// How many texts of a column are of each kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nearly {
    /// All texts.
    pub(crate) texts: u64,
    pub(crate) numbers: Kind,
    pub(crate) dates: Kind,
    pub(crate) instants: Kind,
    pub(crate) wall_clock: Kind,
}

/// The texts of a kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kind {
    /// How many there are.
    count: u64,
    /// The first text with which not all were of it any more; of a long one its beginning.
    first_other: Option<Box<Other>>,
}

#[derive(Clone, Debug)]
struct Other {
    text: String,
    file: String,
    line: u64,
}

/// What spoils a column.
#[derive(Clone, Debug)]
pub(crate) struct Spoiler {
    /// The type that most texts have.
    pub(crate) wanted: DataType,
    /// The first one that does not.
    pub(crate) text: String,
    pub(crate) file: String,
    pub(crate) line: u64,
}

impl Kind {
    /// Takes in a text: whether it is of the kind, and whether not all are, this one among them.
    pub(crate) fn see(&mut self, is: bool, not_all: bool, text: &str, place: Place<'_>) {
        self.count += u64::from(is);
        if not_all && self.first_other.is_none() {
            const MOST: usize = 100;
            let Place { file, line } = place;
            let other = Other { text: text.chars().take(MOST).collect(), file: file.to_owned(), line };
            self.first_other = Some(Box::new(other));
        }
    }
}

impl Nearly {
    /// What spoils the kind that more than half of the texts are of; `types` are those of the kinds.
    pub(crate) fn spoiler(&self, types: [DataType; 4]) -> Option<Spoiler> {
        let kinds = [&self.numbers, &self.dates, &self.instants, &self.wall_clock];
        let (kind, wanted) = kinds.into_iter().zip(types).max_by_key(|(kind, _)| kind.count)?;
        let Other { text, file, line } =
            kind.first_other.as_deref().filter(|_| kind.count * 2 > self.texts)?;
        Some(Spoiler { wanted, text: text.clone(), file: file.clone(), line: *line })
    }
}
