//! Takes the rows of a commit out of a table again.

use std::collections::HashSet;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::commit::{MOST_TRIES, Outcome, Tried};
use super::earlier::search;
use super::features::Purpose;
use super::lines::{Operation, transaction};
use super::logged::logged_files;
use super::others::file_name;
use super::table::Table;
use crate::sink::committed::Committed;
use crate::sink::destination::Destination;
use crate::sink::error::SinkError;
use crate::sink::provenance::Provenance;

/// Takes the rows out of a table again that a commit has brought which was to be followed by their deletion elsewhere. Afterwards the
/// table says that `last` is the newest version whose rows it has. Returns `None` if there is no such commit, or no table but a file.
///
/// # Errors
/// The table cannot be read or written, or the files of the commit are not as they were.
pub fn withdraw(
    from: &Destination,
    provenance: &Provenance,
    last: Option<u64>,
) -> Result<Option<Committed>, SinkError> {
    if from.is_file() {
        return Ok(None);
    }
    let mut table = Table::open(from, Purpose::Write { overwrites: true, evolves: false })?;
    let (newest, asked) = (table.version().unwrap_or_default(), provenance.clone());
    let found = table.read(move |log| search(log, newest, &asked))?;
    let Some(commit) = found.and_then(|earlier| earlier.version) else { return Ok(None) };
    let Some(commit) =
        table.commit_of(commit)?.filter(|commit| commit.note.as_ref().is_some_and(|note| note.in_place))
    else {
        return Ok(None);
    };
    let rows = commit.note.map(|note| note.rows).unwrap_or_default();
    let token = Uuid::new_v4().to_string();
    for _ in 0..MOST_TRIES {
        let removes = table.removes_of(commit.files.clone(), provenance.now.timestamp_millis())?;
        let version = table.version().unwrap_or_default() + 1;
        let text = text(&table, provenance, &removes, rows, &token, last);
        match table.put(version, text, &token).map_err(Outcome::into_error)? {
            Tried::Done => {
                table.after(version);
                return Ok(Some(Committed { version: Some(version), rows, files: removes.len(), bytes: 0 }));
            }
            Tried::Taken => table.load()?,
        }
    }
    Err(table.conflict("too many others write to it at once"))
}

impl Table {
    /// Returns the actions that take files away which must all be there as they were written.
    fn removes_of(&self, names: HashSet<String>, now: i64) -> Result<Vec<Json>, SinkError> {
        let Some(state) = &self.state else { return Err(self.conflict("it is no table any more")) };
        let (snapshot, count) = (state.snapshot.clone(), names.len());
        let files = self.read(move |log| {
            logged_files(log.engine(None).as_ref(), &snapshot, &|path| names.contains(&file_name(path)))
        })?;
        if files.len() != count || files.iter().any(|file| file.deleted.is_some()) {
            return Err(self.conflict("the files with rows that are to go again are others"));
        }
        Ok(files.iter().map(|file| file.remove(now)).collect())
    }
}

/// Returns the lines of the commit.
fn text(
    table: &Table,
    provenance: &Provenance,
    removes: &[Json],
    rows: u64,
    token: &str,
    last: Option<u64>,
) -> String {
    let predicate = "rows that could not be deleted where they came from";
    let operation = Operation {
        name: "DELETE",
        parameters: json!({"predicate": json!([predicate]).to_string()}),
        is_blind_append: false,
        metrics: json!({
            "numDeletedRows": rows.to_string(),
            "numRemovedFiles": removes.len().to_string(),
            "numAddedFiles": "0",
        }),
        rows,
        read: table.version(),
        withdraws: true,
    };
    let before = table.state.as_ref().and_then(|state| state.committed);
    let mut transaction = transaction(provenance);
    if let Some(version) = transaction.pointer_mut("/txn/version") {
        *version = last.map_or_else(|| json!(-1), |last| json!(last));
    }
    let actions = [operation.information(provenance, token, before), transaction];
    let lines = actions.iter().chain(removes).map(Json::to_string);
    lines.fold(String::new(), |text, line| text + &line + "\n")
}
