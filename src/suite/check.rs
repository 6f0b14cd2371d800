//! One use of an expectation.

use std::sync::Arc;

use crate::data::ColumnPath;
use crate::document::{Node, NodeKind, Span};
use crate::expectation::{Claim, Definition, Expectation, ParameterKind, Place, claim_on};
use crate::predicate::logic::Formula;
use crate::predicate::{Expression, Kind};

use super::fingerprint::sorted;
use super::{Origin, Thresholds};

/// A check of a suite.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Check {
    /// Its name within the suite, by which history follows it.
    pub id: String,
    /// What it is called: its expectation's id, or the name of what stands for that.
    pub name: String,
    /// What holds when it passes.
    pub summary: String,
    /// Its kind.
    pub definition: &'static Definition,
    /// The column it stands on; none on the table.
    pub column: Option<ColumnPath>,
    /// The expectation with its arguments.
    pub expectation: Arc<dyn Expectation>,
    /// The arguments of its kind by name, as JSON.
    pub arguments: serde_json::Value,
    /// The rows it is asked of: those on which all of these hold.
    pub filters: Vec<Filter>,
    /// The columns whose values make the groups that it is asked of; empty for all rows at once.
    pub group_by: Vec<ColumnPath>,
    /// What failing rows lead to.
    pub thresholds: Thresholds,
    /// What a violation is at most.
    pub severity: Severity,
    /// What the author says of it.
    pub description: Option<String>,
    /// Words to select it by.
    pub tags: Vec<String>,
    /// How many failing rows to show, where the check says so.
    pub samples: Option<usize>,
    /// What it was in the suite of another tool, where it comes from one.
    pub origin: Option<Origin>,
    /// Where it stands.
    pub span: Span,
    /// What it was given, for the places of errors.
    pub(super) argument: Option<Node>,
    /// The use of an expectation made of others that it stands for, alone or as a part.
    pub(super) usage: Option<Usage>,
}

/// A use of an expectation made of others.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    /// The check's name among several parts.
    pub(super) part: Option<String>,
    /// What the use gives, by name.
    pub(super) arguments: serde_json::Value,
    /// The same for people.
    pub(super) demand: String,
}

/// A check's `where`.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The condition.
    pub condition: Expression,
    /// Where it stands.
    pub node: Node,
}

/// What a violated check becomes at most. It never caps an error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A pass with a note.
    Info,
    /// A warning.
    Warning,
    /// A failure.
    #[default]
    Critical,
}

impl Severity {
    /// The severities by name, the default first.
    pub(super) const NAMES: [(&'static str, Self); 3] =
        [("critical", Self::Critical), ("warning", Self::Warning), ("info", Self::Info)];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

impl Check {
    /// What it demands: `between 0 and 10`, `row_count exactly 5 for each month`.
    #[must_use]
    pub fn demand(&self) -> String {
        let (name, demand) = match &self.usage {
            Some(Usage { part: Some(part), demand, .. }) => (format!("{}.{part}", self.name), demand.clone()),
            Some(Usage { part: None, demand, .. }) => (self.name.clone(), demand.clone()),
            None => (self.name.clone(), self.expectation.demand()),
        };
        let groups: Vec<_> = self.group_by.iter().map(ToString::to_string).collect();
        let groups =
            if groups.is_empty() { String::new() } else { format!("for each {}", groups.join(", ")) };
        [name, demand, groups].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What is given by name to what the check is called.
    #[must_use]
    pub fn given(&self) -> &serde_json::Value {
        self.usage.as_ref().map_or(&self.arguments, |usage| &usage.arguments)
    }

    /// What was written of it and means nothing here, and why.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        self.origin.as_ref().map_or(&[], |origin| &origin.ignored)
    }

    /// What it claims of the rows that its `where`s let through, before a schema gives types.
    #[must_use]
    pub fn claim(&self) -> Claim {
        claim_on(self.expectation.as_ref(), self.column.as_ref()).unwrap_or_else(|| Claim::Whole {
            subject: format!("{} of {:?} with {}", self.definition.id, self.column, sorted(&self.arguments)),
            needs: Vec::new(),
            considered: Formula::always(),
            grows: false,
        })
    }

    /// The rows that its `where`s let through.
    #[must_use]
    pub fn filter(&self) -> Formula {
        Formula::All(self.filters.iter().map(|filter| Formula::is_true(&filter.condition)).collect())
    }

    /// Returns whether it is asked of the elements of a list.
    #[must_use]
    pub fn is_elementwise(&self) -> bool {
        self.column.as_ref().is_some_and(|column| column.elements().is_some())
    }

    /// The one condition that its `where`s come to.
    #[must_use]
    pub fn condition(&self) -> Option<Expression> {
        let mut conditions: Vec<_> = self.filters.iter().map(|filter| filter.condition.clone()).collect();
        if conditions.len() > 1 { Some(Expression::new(Kind::And(conditions))) } else { conditions.pop() }
    }

    /// Where a part of the check stands in the suite.
    #[must_use]
    pub fn place(&self, place: Place) -> Span {
        let argument = self.argument.as_ref();
        match place {
            Place::Arguments => argument.map_or(self.span, |argument| argument.span),
            Place::Predicate(inner) => {
                argument.map_or(self.span, |argument| sql(argument, self.definition).within(inner))
            }
            Place::Where { index, inner } => {
                self.filters.get(index).map_or(self.span, |filter| filter.node.within(inner))
            }
        }
    }
}

/// The SQL that a check was given, bare or by name.
fn sql<'a>(argument: &'a Node, definition: &Definition) -> &'a Node {
    let NodeKind::Map(entries) = &argument.kind else { return argument };
    let is_sql = |name: &str| {
        definition
            .parameters
            .iter()
            .any(|parameter| parameter.name == name && parameter.kind == ParameterKind::Sql)
    };
    entries.iter().find(|(key, _)| is_sql(&key.text)).map_or(argument, |(_, value)| value)
}
