//! How suites have changed, as text and as Markdown.

mod markdown;
mod phrases;
mod text;

pub use markdown::diff_markdown;
pub use text::diff_text;
