//! The statistics that may replace reading rows.

/// The sources of statistics that may replace reading rows. Each level includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// No statistics: all rows are read.
    None,
    /// The statistics in the footers of Parquet files.
    Footer,
    /// The statistics in the log of a table.
    #[default]
    Log,
}

impl Trust {
    /// All levels, from the least to the most trust.
    pub const ALL: [Self; 3] = [Self::None, Self::Footer, Self::Log];

    /// Returns the name of the level.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Footer => "footer",
            Self::Log => "log",
        }
    }

    /// Returns the level of a name, or `None` if there is no such level.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.name() == name)
    }
}
