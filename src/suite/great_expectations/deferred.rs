//! Expectations with arguments that are relative to the time of the run and are computed then.

use super::kwargs::Kwargs;
use super::mapping::{Mapping, argument};
use super::parameters::{describe_parameters, resolve};
use crate::document::{Diagnostic, Node};
use crate::expectation::{Arguments, Definition, Expectation, Scope, Site};
use crate::suite::adopted::DeferredArguments;

/// The arguments before the time of the run is known.
pub(super) struct DeferredKwargs {
    pub(super) mapping: &'static Mapping,
    pub(super) kwargs: Node,
    pub(super) parameters: Option<Node>,
}

impl std::fmt::Debug for DeferredKwargs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("LateKwargs").field(&self.mapping.gx_type).field(&self.formula()).finish()
    }
}

impl DeferredArguments for DeferredKwargs {
    fn read(
        &self,
        definition: &'static Definition,
        site: &Site<'_>,
    ) -> Result<Box<dyn Expectation>, Diagnostic> {
        let resolved = resolve(&self.kwargs, self.parameters.as_ref(), Some(site.now));
        let kwargs = resolved.map_err(|problem| problem.into_diagnostic(&self.kwargs))?;
        let mapped = (self.mapping.arguments)(&mut Kwargs::new(&kwargs)?)?;
        let node = argument(definition.id, mapped.arguments, kwargs.span);
        let place = if site.column.is_some() { Scope::Column } else { Scope::Table };
        (definition.read)(&Arguments::read(definition, place, kwargs.span, Some(&node))?)
    }

    fn formula(&self) -> String {
        describe_parameters(&self.kwargs)
    }
}
