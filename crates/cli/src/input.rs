//! Inputs: finding them, opening them, and cutting them into batches of whole documents.

mod batches;
mod discover;
mod expand;
mod kind;
mod open;
pub mod wet;

pub use batches::{Batch, Batches};
pub use discover::{Input, STDIN, discover};
pub use kind::{Compression, Format};
pub use open::stdin;
