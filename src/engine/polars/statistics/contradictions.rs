//! Compares the statistics of the log with those of the footers, and trusts neither where they contradict.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::row_chunk::RowChunk;
use crate::data::{ColumnBound, ColumnPath, KnownColumn};
use crate::engine::polars::scan::FileSet;
use crate::privacy::Untrusted;
use crate::source::{Dispute, SourceError, Trust};

/// The statistics of a dataset from every trusted source, without those that another source contradicts.
#[derive(Debug, Default)]
pub(crate) struct TrustedStatistics {
    /// Statistics from the log: one chunk for each file.
    pub(crate) log: Vec<RowChunk>,
    /// Statistics from footers: one chunk for each row group.
    pub(crate) footers: Vec<RowChunk>,
    /// The files for which only the log has statistics, which no footer confirms, by column.
    unconfirmed: BTreeMap<ColumnPath, BTreeSet<usize>>,
    /// The contradictions that were found.
    pub(crate) disputes: Vec<Dispute>,
}

impl FileSet {
    /// Returns the statistics of columns from the trusted sources. Where the log contradicts the footer of a
    /// file, neither is used for that column of that file, whatever is trusted: one of them is wrong, and it
    /// is unknown which.
    ///
    /// # Errors
    /// A footer cannot be read, or is not the one that was opened.
    pub(crate) fn trusted_statistics(
        &self,
        trust: Trust,
        columns: &BTreeSet<ColumnPath>,
    ) -> Result<TrustedStatistics, SourceError> {
        let mut trusted = TrustedStatistics::default();
        if trust > Trust::None {
            trusted.log = self.log_statistics(columns);
        }
        // Without columns, the log has all that is needed: the row counts.
        if trust == Trust::None || (trust == Trust::Log && columns.is_empty()) {
            return Ok(trusted);
        }
        let files: Vec<usize> = (0..self.files.len()).collect();
        trusted.footers = self.footer_statistics(&files, columns)?;
        trusted.compare(self);
        if trust < Trust::Log {
            trusted.log.clear();
            trusted.unconfirmed.clear();
        }
        Ok(trusted)
    }
}

impl TrustedStatistics {
    /// Removes the statistics of columns that no footer confirms. Returns whether there were any.
    pub(crate) fn forget_unconfirmed(&mut self, columns: &BTreeSet<ColumnPath>) -> bool {
        let before = self.unconfirmed.len();
        for column in columns {
            for file in self.unconfirmed.remove(column).into_iter().flatten() {
                if let Some(chunk) = self.log.get_mut(file) {
                    chunk.known.columns.remove(column);
                }
            }
        }
        self.unconfirmed.len() < before
    }

    /// Returns whether the log has statistics that no footer confirms.
    pub(crate) fn has_unconfirmed(&self) -> bool {
        !self.unconfirmed.is_empty()
    }

    /// Removes the statistics of a column in the file of a row group whose dictionary contradicts them, and
    /// records the contradiction.
    pub(crate) fn distrust(&mut self, set: &FileSet, chunk: usize, column: &ColumnPath) {
        let Some(file) = self.footers.get(chunk).map(|chunk| chunk.file) else { return };
        self.forget(file, column);
        self.dispute(set, file, column, "the bounds of its footer do not hold what its dictionary has");
    }

    fn forget(&mut self, file: usize, column: &ColumnPath) {
        for chunk in self.log.iter_mut().chain(&mut self.footers).filter(|chunk| chunk.file == file) {
            chunk.known.columns.remove(column);
        }
        if let Some(files) = self.unconfirmed.get_mut(column) {
            files.remove(&file);
        }
    }

    fn dispute(&mut self, set: &FileSet, file: usize, column: &ColumnPath, what: &str) {
        let Some(named) = set.files.get(file) else { return };
        let file = Untrusted::places(&named.name);
        let dispute = Dispute { file, column: column.to_string(), what: what.to_owned() };
        if !self.disputes.contains(&dispute) {
            self.disputes.push(dispute);
        }
    }

    /// Compares the statistics of the log with those of each file's footer.
    fn compare(&mut self, set: &FileSet) {
        let mut disputed = Vec::new();
        let mut groups = self.footers.chunk_by(|left, right| left.file == right.file).peekable();
        for of_log in &mut self.log {
            let of_file =
                groups.next_if(|groups| groups.first().is_some_and(|first| first.file == of_log.file));
            let whole = set.files.get(of_log.file).is_some_and(|file| file.deleted.is_none());
            for (path, stated) in &mut of_log.known.columns {
                if set.partition_columns().any(|name| path.root() == name) || of_log.known.rows == 0 {
                    continue;
                }
                let footer = FooterStatistics::of(of_file.unwrap_or_default(), path);
                if let Some(what) = footer.contradicts(stated, whole) {
                    disputed.push((of_log.file, path.clone(), what));
                    continue;
                }
                if footer.confirm(stated) {
                    continue;
                }
                self.unconfirmed.entry(path.clone()).or_default().insert(of_log.file);
            }
        }
        for (file, column, what) in disputed {
            self.forget(file, &column);
            self.dispute(set, file, &column, &what);
        }
    }
}

/// The statistics of a column of a file, over all row groups of its footer.
struct FooterStatistics {
    /// The statistics that hold in all row groups.
    known: KnownColumn,
    /// True if all rows are null.
    only_nulls: bool,
    /// True if the bounds may be truncated, so that no value needs to attain them.
    truncated: bool,
}

impl FooterStatistics {
    fn of(groups: &[RowChunk], path: &ColumnPath) -> Self {
        let nothing = KnownColumn::default();
        let mut known = KnownColumn { nulls: Some(0), ..nothing.clone() };
        let (mut only_nulls, mut bounded) = (true, true);
        for group in groups.iter().filter(|group| group.known.rows > 0) {
            let stated = group.known.columns.get(path).unwrap_or(&nothing);
            known.nulls = known.nulls.zip(stated.nulls).map(|(sum, nulls)| sum + nulls);
            if stated.nulls == Some(group.known.rows) {
                continue;
            }
            only_nulls = false;
            bounded &= stated.lower.is_some() && stated.upper.is_some();
            known.lower = outer_bound(known.lower, stated.lower.as_ref(), Ordering::Less);
            known.upper = outer_bound(known.upper, stated.upper.as_ref(), Ordering::Greater);
        }
        if groups.is_empty() {
            return Self { known: nothing, only_nulls: false, truncated: false };
        }
        if !bounded {
            (known.lower, known.upper) = (None, None);
        }
        let truncated = groups.iter().any(|group| group.truncated.contains(path));
        Self { known, only_nulls, truncated }
    }

    /// Returns how the log contradicts the footer, or `None`. The log of a file that is not `whole` may
    /// describe fewer rows.
    fn contradicts(&self, log: &KnownColumn, whole: bool) -> Option<String> {
        if let (Some(here), Some(there)) = (self.known.nulls, log.nulls)
            && here != there
        {
            return Some(format!("its log counts {there} nulls, its footer {here}"));
        }
        let bounds = || Some("the bounds of its log do not hold those of its footer".to_owned());
        if self.only_nulls && (log.lower.is_some() || log.upper.is_some()) {
            return bounds();
        }
        let is =
            |left: &Option<ColumnBound>, order: Ordering, right: &Option<ColumnBound>| match (left, right) {
                (Some(left), Some(right)) => left.value.compare(&right.value) == Some(order),
                _ => false,
            };
        let KnownColumn { lower, upper, .. } = &self.known;
        let apart = is(upper, Ordering::Less, &log.lower) || is(lower, Ordering::Greater, &log.upper);
        let reach = is(lower, Ordering::Less, &log.lower) || is(upper, Ordering::Greater, &log.upper);
        if apart || (reach && whole && !self.truncated) { bounds() } else { None }
    }

    /// Weakens the statistics of the log to what the footer confirms. Returns whether the footer confirms
    /// them all.
    fn confirm(&self, log: &mut KnownColumn) -> bool {
        let KnownColumn { nulls, lower, upper } = &self.known;
        let bounds = log.lower.is_none() && log.upper.is_none() || lower.is_some() && upper.is_some();
        if bounds {
            log.lower = log
                .lower
                .take()
                .and_then(|lower_of_log| outer_bound(Some(lower_of_log), lower.as_ref(), Ordering::Less));
            log.upper = log
                .upper
                .take()
                .and_then(|upper_of_log| outer_bound(Some(upper_of_log), upper.as_ref(), Ordering::Greater));
        }
        bounds && (log.nulls.is_none() || nulls.is_some())
    }
}

/// Returns the outer one of two bounds: the lower one for `Less`, the upper one for `Greater`.
fn outer_bound(
    one: Option<ColumnBound>,
    other: Option<&ColumnBound>,
    order: Ordering,
) -> Option<ColumnBound> {
    match (one, other) {
        (Some(one), Some(other)) if other.value.compare(&one.value) == Some(order) => Some(other.clone()),
        (Some(one), _) => Some(one),
        (None, other) => other.cloned(),
    }
}
