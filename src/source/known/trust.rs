//! Whose statistics count.

/// Whose word on rows is taken without reading them. Each takes the word of those before it, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// Nobody's: all rows are read.
    None,
    /// That of the footers of Parquet files.
    Footer,
    /// That of the log of a table.
    #[default]
    Log,
}

impl Trust {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Footer, Self::Log];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Footer => "footer",
            Self::Log => "log",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.name() == name)
    }
}
