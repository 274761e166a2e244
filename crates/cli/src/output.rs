//! Outputs: frames of compressed bytes, files that appear when they are finished, and the manifest
//! of an output folder.

mod folder;
mod frames;
mod manifest;
mod offsets;
mod part;
mod plan;
mod stream;

pub use folder::{Folder, Place};
pub use frames::{Encoder, Level};
pub use manifest::{FOLDER, MANIFEST, Settings, State, check_settings, is_finished};
pub use offsets::Offsets;
pub use part::{PartFile, is_closed_pipe, write_whole};
pub use plan::{Job, plan};
pub use stream::{Nothing, Stream};
