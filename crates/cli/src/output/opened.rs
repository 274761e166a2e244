//! The names of files that are open already.

use std::fs::File;
use std::path::Path;

/// Returns standard output if `path` names the file that it is redirected to, as `/dev/stdout`
/// does.
pub fn stdout_at(path: &Path) -> Option<File> {
    redirected(std::io::stdout(), path)
}

/// Returns standard output or standard error if `path` names the file that it is redirected to.
pub fn standard_at(path: &Path) -> Option<File> {
    stdout_at(path).or_else(|| redirected(std::io::stderr(), path))
}

#[cfg(unix)]
fn redirected(stream: impl std::os::fd::AsFd, path: &Path) -> Option<File> {
    if !path.is_file() {
        return None;
    }
    let file = File::from(stream.as_fd().try_clone_to_owned().ok()?);
    is_named(&file, path).then_some(file)
}

#[cfg(not(unix))]
fn redirected<S>(_: S, _: &Path) -> Option<File> {
    None
}

/// Returns whether `path` is the name of the open file `file`.
pub fn is_named(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let place = |file: std::fs::Metadata| (file.dev(), file.ino());
        let is_same = |file| path.metadata().is_ok_and(|other| place(file) == place(other));
        file.metadata().is_ok_and(is_same)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}
