//! Files that are judged with a table before they are a part of it, and that become one if the gate lets them.

mod fit;
mod judged;
mod killed;
mod lake;
mod page;
mod published;
mod races;
mod refused;
