//! What a table may ask of its writers, and which of it is done here. The rest is refused by name.

use delta_kernel::schema::{DataType, StructField, StructType};
use delta_kernel::snapshot::Snapshot;
use delta_kernel::table_features::{ColumnMappingMode, TableFeature};

use crate::sink::options::{Mode, WriteOptions};

/// A feature of writers that is not known by name to the kernel, and asks nothing of those who append.
const CHECKPOINT_PROTECTION: &str = "checkpointProtection";

/// What a table is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sink) enum Purpose {
    Write {
        overwrites: bool,
        evolves: bool,
    },
    /// Rows are marked deleted in the files as they stand.
    Delete,
}

/// Why a table is not changed.
pub(super) enum Refusal {
    Unsupported(String),
    /// It keeps no deletion vectors.
    NoVectors(String),
}

impl Purpose {
    pub(super) fn of(options: &WriteOptions) -> Self {
        Self::Write { overwrites: options.mode == Mode::Overwrite, evolves: options.evolve }
    }

    /// Returns why this cannot be done right to a table; `None` if it can.
    pub(super) fn refusal(self, snapshot: &Snapshot) -> Option<Refusal> {
        match self {
            Self::Write { overwrites, evolves } => {
                refusal(snapshot, overwrites, evolves).map(Refusal::Unsupported)
            }
            Self::Delete => deletion_refusal(snapshot),
        }
    }
}

/// Returns why rows cannot be marked deleted in a table. What rules its columns does not matter, since no value is written; nor
/// does how they are mapped or clustered, since the log's words on a file stay.
fn deletion_refusal(snapshot: &Snapshot) -> Option<Refusal> {
    let properties = snapshot.table_configuration().metadata().configuration();
    let is_on = |name: &str| properties.get(name).is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let asked = protocol_refusal(snapshot, |feature| match feature {
        TableFeature::ClusteredTable | TableFeature::VariantType | TableFeature::VariantTypePreview => None,
        feature => unknown(feature),
    });
    if let Some(reason) = asked {
        return Some(Refusal::Unsupported(reason));
    }
    let refused = if is_on("delta.appendOnly") {
        Some("it is append-only, by its property delta.appendOnly")
    } else if is_on("delta.enableChangeDataFeed") {
        Some(
            "it keeps a feed of its changes, which would have to say what is deleted (delta.enableChangeDataFeed)",
        )
    } else {
        None
    };
    if let Some(reason) = refused {
        return Some(Refusal::Unsupported(reason.to_owned()));
    }
    let protocol = snapshot.table_configuration().protocol();
    let has = |features: Option<&[TableFeature]>| {
        features.unwrap_or_default().contains(&TableFeature::DeletionVectors)
    };
    if !has(protocol.reader_features()) || !has(protocol.writer_features()) {
        let reason = "its protocol does not know deletion vectors (deletionVectors)";
        return Some(Refusal::NoVectors(reason.to_owned()));
    }
    if !is_on("delta.enableDeletionVectors") {
        let reason = "its property delta.enableDeletionVectors is not true";
        return Some(Refusal::NoVectors(reason.to_owned()));
    }
    None
}

/// Returns what the protocol of a table asks for that is not done here, by what `refused` says of a feature.
fn protocol_refusal(
    snapshot: &Snapshot,
    refused: impl Fn(&TableFeature) -> Option<String>,
) -> Option<String> {
    let protocol = snapshot.table_configuration().protocol();
    if protocol.min_writer_version() > 7 || protocol.min_reader_version() > 3 {
        return Some(format!(
            "its protocol asks for version {} of readers and {} of writers, and 3 and 7 are the last that are known",
            protocol.min_reader_version(),
            protocol.min_writer_version()
        ));
    }
    let asked = protocol.writer_features().into_iter().flatten();
    asked.chain(protocol.reader_features().into_iter().flatten()).find_map(refused)
}

/// Returns why rows cannot be written right to a table; `None` if they can.
pub(crate) fn refusal(snapshot: &Snapshot, overwrites: bool, evolves: bool) -> Option<String> {
    let configuration = snapshot.table_configuration();
    let (protocol, metadata) = (configuration.protocol(), configuration.metadata());
    if let Some(reason) = protocol_refusal(snapshot, unknown) {
        return Some(reason);
    }
    if configuration.column_mapping_mode() != ColumnMappingMode::None {
        return Some("its columns are mapped to others (columnMapping)".to_owned());
    }
    let properties = metadata.configuration();
    let constraints = properties.keys().filter_map(|name| name.strip_prefix("delta.constraints."));
    if let Some(name) = constraints.min() {
        return Some(format!("it has the CHECK constraint {name} (checkConstraints)"));
    }
    let is_widened = |feature: &TableFeature| {
        matches!(feature, TableFeature::TypeWidening | TableFeature::TypeWideningPreview)
    };
    if evolves && protocol.writer_features().into_iter().flatten().any(is_widened) {
        return Some(
            "it may have columns whose types were widened (typeWidening), and is to get new ones".to_owned(),
        );
    }
    let is_append_only = properties.get("delta.appendOnly").is_some_and(|it| it.eq_ignore_ascii_case("true"));
    if overwrites && is_append_only {
        return Some("it is append-only, by its property delta.appendOnly".to_owned());
    }
    rule(&configuration.logical_schema())
}

/// Returns what a feature asks for that is not done here.
fn unknown(feature: &TableFeature) -> Option<String> {
    let why = match feature {
        // What these ask for is looked at in the properties and the columns.
        TableFeature::AppendOnly
        | TableFeature::Invariants
        | TableFeature::CheckConstraints
        | TableFeature::GeneratedColumns
        | TableFeature::IdentityColumns
        | TableFeature::AllowColumnDefaults
        | TableFeature::ColumnMapping
        | TableFeature::TypeWidening
        | TableFeature::TypeWideningPreview
        // Rows that are added, and files that are taken away, are changes as they stand.
        | TableFeature::ChangeDataFeed
        | TableFeature::InCommitTimestamp
        | TableFeature::DomainMetadata
        | TableFeature::DeletionVectors
        | TableFeature::TimestampWithoutTimezone
        | TableFeature::V2Checkpoint
        | TableFeature::VacuumProtocolCheck => return None,
        TableFeature::Unknown(name) if name == CHECKPOINT_PROTECTION => return None,
        TableFeature::CatalogManaged | TableFeature::CatalogOwnedPreview => "its commits are kept by a catalog",
        TableFeature::RowTracking => "its rows have ids that their writer gives",
        TableFeature::ClusteredTable => "its rows are clustered",
        _ => "it asks its writers for more than is known here",
    };
    Some(format!("{why} ({feature})"))
}

/// Returns the first rule of a column that its writer would have to hold to.
fn rule(fields: &StructType) -> Option<String> {
    fields.fields().find_map(|field| rule_of(field).or_else(|| rule_within(field.data_type())))
}

fn rule_within(of: &DataType) -> Option<String> {
    match of {
        DataType::Struct(fields) => rule(fields),
        DataType::Array(array) => rule_within(array.element_type()),
        DataType::Map(map) => rule_within(map.key_type()).or_else(|| rule_within(map.value_type())),
        DataType::Variant(_) => Some("it has a column of type variant".to_owned()),
        DataType::Primitive(_) => None,
    }
}

fn rule_of(field: &StructField) -> Option<String> {
    let has = |key: &str| field.metadata().contains_key(key);
    let name = field.name();
    if has("delta.invariants") {
        Some(format!("its column {name} has an invariant (invariants)"))
    } else if has("delta.generationExpression") {
        Some(format!("its column {name} is generated (generatedColumns)"))
    } else if has("delta.identity.start") || has("delta.identity.step") {
        Some(format!("its column {name} is an identity (identityColumns)"))
    } else {
        None
    }
}
