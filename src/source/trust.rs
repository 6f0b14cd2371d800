//! Which statistics may replace reading rows.

/// The sources of statistics that may replace reading rows. Each level includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// None: all rows are read.
    None,
    /// The footers of Parquet files.
    Footer,
    /// The log of a table.
    #[default]
    Log,
}

impl Trust {
    /// All levels.
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

    /// The level of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.name() == name)
    }
}
