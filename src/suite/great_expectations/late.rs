//! An expectation that is relative to the time of the run: its arguments are computed then.

use super::kwargs::Kwargs;
use super::mapping::{Mapping, argument};
use super::parameters::{resolve, told};
use crate::document::{Diagnostic, Node};
use crate::expectation::{Arguments, Definition, Expectation, LowerError, Lowered, Scope, Site};

/// What is known before the time is.
pub(in crate::suite) struct Late {
    pub(super) mapping: &'static Mapping,
    pub(super) kwargs: Node,
    pub(super) parameters: Option<Node>,
}

impl std::fmt::Debug for Late {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Late").field(&self.mapping.theirs).field(&self.told()).finish()
    }
}

impl Late {
    /// What is relative to the time.
    pub(super) fn told(&self) -> String {
        told(&self.kwargs)
    }

    fn read(
        &self,
        definition: &'static Definition,
        site: &Site<'_>,
    ) -> Result<Box<dyn Expectation>, Diagnostic> {
        let resolved = resolve(&self.kwargs, self.parameters.as_ref(), Some(site.now));
        let kwargs = resolved.map_err(|problem| problem.told(&self.kwargs))?;
        let mapped = (self.mapping.arguments)(&mut Kwargs::new(&kwargs)?)?;
        let node = argument(definition.id, mapped.arguments, kwargs.span);
        let place = if site.column.is_some() { Scope::Column } else { Scope::Table };
        (definition.read)(&Arguments::read(definition, place, kwargs.span, Some(&node))?)
    }
}

/// An expectation whose definition is known, and whose arguments are not yet.
#[derive(Debug)]
pub(in crate::suite) struct LateExpectation {
    pub(in crate::suite) definition: &'static Definition,
    pub(in crate::suite) late: Late,
}

impl Expectation for LateExpectation {
    fn lower(&self, site: &Site<'_>) -> Result<Lowered, LowerError> {
        let expectation = self.late.read(self.definition, site).map_err(|why| {
            let error = LowerError::new(why.message);
            LowerError { help: why.help, ..error }
        })?;
        expectation.lower(site)
    }

    fn demand(&self) -> String {
        self.late.told()
    }
}
