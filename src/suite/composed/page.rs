//! Writes the page of a composed expectation.

use std::fmt::Write as _;

use super::{Composed, DefinedIn};
use crate::expectation::Scope;

impl Composed {
    /// Returns the page in Markdown: for a pack its own page, for an expectation of a project a page made
    /// from the definition.
    #[must_use]
    pub fn page(&self) -> String {
        match &self.defined_in {
            DefinedIn::Pack { page } => (*page).to_owned(),
            DefinedIn::File { path } => self.own_page(path),
        }
    }

    fn own_page(&self, path: &str) -> String {
        let place = if self.scope == Scope::Column { "a column" } else { "the table" };
        let mut page = format!(
            "# {}\n\n{}\n\nStands on {place}; defined in {path}.\n",
            self.id,
            sentence(&self.summary)
        );
        if let Some(description) = &self.description {
            let _ = write!(page, "\n{description}\n");
        }
        page.push_str("\n## Parameters\n\n");
        if self.parameters.is_empty() {
            page.push_str("It takes no parameters.\n");
        } else {
            if let Some(bare) = &self.bare {
                let _ = writeln!(page, "A bare argument is `{bare}`.\n");
            }
            page.push_str("| parameter | type | default | meaning |\n|---|---|---|---|\n");
            for parameter in &self.parameters {
                let default = parameter.default_text().map_or_else(
                    || "required".to_owned(),
                    |default| if default.is_empty() { "none".to_owned() } else { format!("`{default}`") },
                );
                let (name, kind, meaning) = (&parameter.name, parameter.kind.name(), &parameter.meaning);
                let _ = writeln!(page, "| `{name}` | {kind} | {default} | {meaning} |");
            }
        }
        let _ = write!(page, "\n## Definition\n\n```yaml\n{}\n```\n", self.text.trim_end());
        page
    }
}

/// Returns a text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    format!("{first}{}.", letters.as_str())
}
