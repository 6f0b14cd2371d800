//! A check: one use of an expectation.

use std::sync::Arc;

use crate::data::ColumnPath;
use crate::document::{Diagnostic, Node, NodeKind, Span};
use crate::expectation::{Claim, Definition, Expectation, Nature, Place, claim_on};
use crate::predicate::logic::Formula;
use crate::predicate::{Expression, Kind};

use super::adopted::RefusedExpectation;
use super::composed::is_sql;
use super::fingerprint::sorted;
use super::{CatalogueEntry, OnFail, Origin, Thresholds};

/// A check of a suite.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The name within the suite, by which history identifies the check.
    pub id: String,
    /// The name in the suite: the id of the expectation, or the name of the composed one or of another
    /// tool's.
    pub name: String,
    /// The statement that holds when the check passes.
    pub summary: String,
    /// The definition of the expectation.
    pub definition: &'static Definition,
    /// The column of the check; `None` for a check on the table.
    pub column: Option<ColumnPath>,
    /// The expectation with its arguments.
    pub expectation: Arc<dyn Expectation>,
    /// The arguments of the definition by name, as JSON.
    pub arguments: serde_json::Value,
    /// The conditions that select the rows to judge; all of them must hold.
    pub filters: Vec<Filter>,
    /// The columns whose values form the groups to judge; empty for all rows at once.
    pub group_by: Vec<ColumnPath>,
    /// The limits on failing rows.
    pub thresholds: Thresholds,
    /// The worst verdict of a violation.
    pub severity: Severity,
    /// What a split does if it is violated.
    pub on_fail: OnFail,
    /// The author's description.
    pub description: Option<String>,
    /// Words to select the check by.
    pub tags: Vec<String>,
    /// Number of failing rows to show, if the check sets one.
    pub samples: Option<usize>,
    /// The origin in the suite of another tool, if there is one.
    pub origin: Option<Origin>,
    /// The place in the suite.
    pub span: Span,
    /// The argument as it is written, for the places of errors.
    pub(super) argument: Option<Node>,
    /// The use of a composed expectation that the check results from.
    pub(super) usage: Option<Usage>,
}

/// A use of a composed expectation.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    /// The name of the part, if the expectation has several parts.
    pub(super) part: Option<String>,
    /// The arguments of the use, by name.
    pub(super) arguments: serde_json::Value,
    /// The arguments of the use, for people.
    pub(super) demand: String,
}

/// The `where` of a check.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The condition.
    pub condition: Expression,
    /// The node that holds the condition.
    pub node: Node,
}

/// The worst verdict of a violated check. An error is never capped.
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

    /// Returns the name of the severity.
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
    /// Returns a check that cannot be judged, with the reason, under the id of its definition.
    pub(super) fn refused(definition: &'static Definition, why: &Diagnostic) -> Self {
        Self {
            id: definition.id.to_owned(),
            name: definition.id.to_owned(),
            summary: definition.summary.to_owned(),
            definition,
            column: None,
            expectation: Arc::new(RefusedExpectation::new(why)),
            arguments: serde_json::json!({}),
            filters: Vec::new(),
            group_by: Vec::new(),
            thresholds: Thresholds::default(),
            severity: Severity::default(),
            on_fail: OnFail::Keep,
            description: None,
            tags: Vec::new(),
            samples: None,
            argument: Some(Node::derived_plain("", why.span)),
            origin: None,
            span: why.span,
            usage: None,
        }
    }

    /// Returns whether the check judges single rows, each of which passes or fails.
    #[must_use]
    pub fn judges_rows(&self) -> bool {
        self.definition.nature == Nature::Rows
    }

    /// Returns the demand of the check: `between 0 and 10`, `row_count exactly 5 for each month`.
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

    /// Returns the arguments by name, as the suite gives them.
    #[must_use]
    pub fn given(&self) -> &serde_json::Value {
        self.usage.as_ref().map_or(&self.arguments, |usage| &usage.arguments)
    }

    /// Returns the parts of the check that karat ignores, and why.
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

    /// Returns the conjunction of the check's filters, if there are any.
    #[must_use]
    pub fn condition(&self) -> Option<Expression> {
        let mut conditions: Vec<_> = self.filters.iter().map(|filter| filter.condition.clone()).collect();
        if conditions.len() > 1 { Some(Expression::new(Kind::And(conditions))) } else { conditions.pop() }
    }

    /// Returns the place of a part of the check in the suite.
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

/// Returns the SQL that a check was given, bare or by name.
fn sql<'a>(argument: &'a Node, definition: &'static Definition) -> &'a Node {
    let NodeKind::Map(entries) = &argument.kind else { return argument };
    let named = CatalogueEntry::BuiltIn(definition);
    let found = entries.iter().find(|(key, _)| is_sql(named, Some(&key.text)));
    found.map_or(argument, |(_, value)| value)
}
