//! Stages: work that needs all inputs, in three steps that can be interrupted, repeated, and run by
//! different processes.
//!
//! 1. *Map* reads each input, and writes a file for it, such as the fingerprints of its segments.
//! 2. *Reduce* reads these files, and writes the result, such as the list of the segments that an
//!    earlier document has.
//! 3. *Apply* reads the inputs again, and writes the outputs.
//!
//! "Earlier" is the order of the inputs and of the documents in them, so the result depends neither
//! on the number of threads nor on the order in which processes end.

mod bytes;
mod drops;
mod file;
mod keyed;
mod map;
mod prints;
mod reduce;
mod shingles;

pub use drops::{Drop, Drops};
pub use file::{Header, StageFile, begins_with, open_checked};
pub use map::MapSink;
pub use prints::{Documents, Prints};
pub use reduce::{Reduced, reduce};
pub use shingles::{ShinglesFile, ShinglesWriter};
