//! How the columns of a table differ from those that were locked.

use crate::data::{DataType, TimeUnit};

/// A column as it is locked, or as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// Whether it may be null.
    pub nullable: bool,
}

/// A difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The column, by the name that is locked; of a new one, by its own.
    pub column: String,
    /// What has become of it.
    pub change: Change,
}

/// What has become of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added {
        /// Its type.
        data_type: DataType,
        /// Whether it may be null.
        nullable: bool,
    },
    /// It is gone.
    Removed,
    /// It is gone, and there is a new one of its type in its place.
    Renamed {
        /// The new one.
        to: String,
    },
    /// It has another type that holds all values that it had.
    Widened {
        /// The type that it had.
        from: DataType,
        /// Its type.
        to: DataType,
    },
    /// It has another type.
    Retyped {
        /// The type that it had.
        from: DataType,
        /// Its type.
        to: DataType,
    },
    /// It may be null, and was not.
    MayBeNull,
    /// It is never null, and might be.
    NeverNull,
}

impl Change {
    /// Returns whether who reads the table as it was locked may not be able to.
    #[must_use]
    pub const fn is_breaking(&self) -> bool {
        match self {
            Self::Removed | Self::Renamed { .. } | Self::Retyped { .. } | Self::MayBeNull => true,
            Self::Added { .. } | Self::Widened { .. } | Self::NeverNull => false,
        }
    }

    /// What it is, in words that follow the column.
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Added { data_type, nullable: true } => format!("is new, of type {data_type}"),
            Self::Added { data_type, nullable: false } => {
                format!("is new, of type {data_type}, and never null")
            }
            Self::Removed => "is gone".to_owned(),
            Self::Renamed { to } => format!("is gone; it may be called {to:?} now"),
            Self::Widened { from, to } => format!("is widened from {} to {}", exact(from), exact(to)),
            Self::Retyped { from, to } => format!("was {} and is {}", exact(from), exact(to)),
            Self::MayBeNull => "may be null now".to_owned(),
            Self::NeverNull => "is never null now".to_owned(),
        }
    }
}

/// A type with what distinguishes it from others of its name.
fn exact(data_type: &DataType) -> String {
    match data_type {
        DataType::Timestamp { unit, zone } => {
            let unit = unit.symbol();
            let zone = zone.as_ref().map_or_else(String::new, |zone| format!(", {zone}"));
            format!("{data_type}({unit}{zone})")
        }
        other => other.to_string(),
    }
}

/// How columns differ from those that were locked: in the order of these, then of the new ones.
#[must_use]
pub fn drift(locked: &[Column], found: &[Column]) -> Vec<Drift> {
    let find = |name: &str| found.iter().find(|column| column.name == name);
    let is_locked = |name: &str| locked.iter().any(|column| column.name == name);
    let mut taken: Vec<&str> = Vec::new();
    let mut drifts = Vec::new();
    for (place, column) in locked.iter().enumerate() {
        let mut tell = |change| drifts.push(Drift { column: column.name.clone(), change });
        if let Some(now) = find(&column.name) {
            if let Some(change) = retyped(&column.data_type, &now.data_type) {
                tell(change);
            }
            match (column.nullable, now.nullable) {
                (false, true) => tell(Change::MayBeNull),
                (true, false) => tell(Change::NeverNull),
                _ => {}
            }
            continue;
        }
        let at = found.get(place).filter(|now| {
            let is_free = !is_locked(&now.name) && !taken.contains(&now.name.as_str());
            is_free && now.data_type == column.data_type
        });
        tell(at.map_or(Change::Removed, |now| Change::Renamed { to: now.name.clone() }));
        taken.extend(at.map(|now| now.name.as_str()));
    }
    let new = found.iter().filter(|now| !is_locked(&now.name) && !taken.contains(&now.name.as_str()));
    drifts.extend(new.map(|now| Drift {
        column: now.name.clone(),
        change: Change::Added { data_type: now.data_type.clone(), nullable: now.nullable },
    }));
    drifts
}

fn retyped(from: &DataType, to: &DataType) -> Option<Change> {
    if from == to {
        return None;
    }
    let (from_type, to_type) = (from.clone(), to.clone());
    Some(if holds_all(to, from) {
        Change::Widened { from: from_type, to: to_type }
    } else {
        Change::Retyped { from: from_type, to: to_type }
    })
}

/// Returns whether a type holds every value of another one, and stands beside the same literals.
fn holds_all(wide: &DataType, narrow: &DataType) -> bool {
    match (wide, narrow) {
        _ if wide == narrow => true,
        (_, DataType::Null) => true,
        (DataType::Integer { bits, signed }, DataType::Integer { bits: fewer, signed: sign }) => {
            if signed == sign { bits >= fewer } else { *signed && bits > fewer }
        }
        (DataType::Float { bits }, DataType::Float { bits: fewer }) => bits >= fewer,
        (DataType::Decimal { precision, scale }, DataType::Decimal { precision: fewer, scale: less }) => {
            scale >= less && precision.saturating_sub(*scale) >= fewer.saturating_sub(*less)
        }
        (DataType::Timestamp { unit, zone }, DataType::Timestamp { unit: coarse, zone: other }) => {
            zone.is_some() == other.is_some() && unit.nanoseconds() <= coarse.nanoseconds()
                // Nanoseconds do not reach as far.
                && *unit != TimeUnit::Nanoseconds
        }
        (DataType::List(wide), DataType::List(narrow)) => holds_all(wide, narrow),
        (DataType::Struct(wide), DataType::Struct(narrow)) => narrow.iter().all(|field| {
            wide.iter().any(|other| other.name == field.name && holds_all(&other.data_type, &field.data_type))
        }),
        _ => false,
    }
}
