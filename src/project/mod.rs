//! Projects: `karat.yml` marks the root folder and sets the gate policy and trust of each layer and the
//! storage options. The project also provides the expectations of its `expectations` folder.

mod config;
mod find;

pub use config::{Project, ProjectError};
pub use find::{find, root};
