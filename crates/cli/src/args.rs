//! Groups of options that several commands have.

mod comparison;
mod input;
mod output;
mod protect;
mod running;
mod stages;
mod writing;

pub use comparison::{Comparison, PolicyArgs};
pub use input::{Bad, InputArgs};
pub use output::{FolderArgs, OffsetArgs, OutputArgs, RemovalArgs, Target};
pub use protect::{Written, check_output};
pub use running::{RunArgs, When};
pub use stages::{Memory, Part, StageArgs, Step};
pub use writing::WritingArgs;
