//! Outputs: frames of compressed bytes, files that appear when they are finished, and the manifest
//! of an output folder.

mod claims;
mod folder;
mod frames;
mod lock;
mod manifest;
mod offsets;
mod opened;
mod part;
mod parts;
mod plan;
mod removals;
mod stale;
mod stream;

use std::fmt::Display;
use std::io::Write as _;

pub use folder::{Folder, Place, check, refuse_inputs};
pub use frames::{Encoder, Level};
pub use lock::Lock;
pub use manifest::{FOLDER, INPUTS, MANIFEST, Settings, State};
pub use offsets::Offsets;
pub use opened::stdout_at;
pub use part::{MANY, MUCH, PartFile, check_writable, is_closed_pipe, sync_all, write_whole};
pub use plan::{Job, plan};
pub use stream::{Nothing, Stream};

/// Writes a message to standard error. A reader that is gone, or a full disk, changes nothing.
pub fn tell(message: impl Display) {
    let _ = write!(std::io::stderr().lock(), "{message}");
}
