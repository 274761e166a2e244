//! Groups of options that several commands have.

mod comparison;
mod input;
mod output;
mod running;
mod stages;

pub use comparison::{Comparison, PolicyArgs};
pub use input::{Bad, InputArgs};
pub use output::{FolderArgs, OffsetArgs, OutputArgs, RemovalArgs, Target};
pub use running::{RunArgs, When};
pub use stages::{Memory, StageArgs, Step};
