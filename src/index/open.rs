//! Creating an index in a store, and opening one in a folder.

use std::path::Path;

use super::Index;
use super::parameters::Parameters;
use crate::error::IndexError;
use crate::options::Options;
use crate::store::{Open, Store, check_description};

/// The name of the store of an index in its folder.
const STORE: &str = "segments";

impl<S: Open> Index<S> {
    /// Opens the index in `folder`, or creates one, for documents that are read with `options`.
    ///
    /// The type parameter `S` selects the store, which defines the files in the folder. With the
    /// package `refrain-disk`, call `Index::<Disk>::open`. An [`LshIndex`](crate::near::LshIndex)
    /// can be in the same folder.
    ///
    /// # Errors
    ///
    /// [`IndexError::InUse`], [`IndexError::WrongParameters`], [`IndexError::WrongVersion`],
    /// [`IndexError::NotAnIndex`] or [`IndexError::Io`]; [`IndexError::Damaged`] if a file was
    /// changed, or is missing.
    pub fn open(folder: impl AsRef<Path>, options: &Options) -> Result<Self, IndexError> {
        Self::open_with(folder, options, S::open)
    }

    /// Opens the index in `folder`, which must exist, with the options that it was created with.
    /// [`options`](Self::options) returns them.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`] if there is no index, and those of [`open`](Self::open).
    /// [`IndexError::WrongParameters`] is also returned for an index of sentences or words if the
    /// feature `uax29` is not enabled, or if this build has the rules of another Unicode version.
    pub fn open_existing(folder: impl AsRef<Path>) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let (store, line) = S::open(folder, STORE, None)?;
        let parameters = Parameters::parse(&folder.display().to_string(), &line)?;
        Ok(Self { store, parameters })
    }
}

impl<S: Store> Index<S> {
    /// Creates an index in a store of your own, for documents that are read with these options.
    ///
    /// If the store is not empty, its documents must come from an index with the same options. This
    /// is not checked: with other options, equal segments may not be found, and results are wrong.
    pub fn with_store(store: S, options: &Options) -> Self {
        Self { store, parameters: Parameters::new(options) }
    }

    /// Opens an index like [`open`](Self::open), with a function that opens the store in place of
    /// [`Open::open`]. Use this method for stores that have options of their own.
    pub fn open_with(
        folder: impl AsRef<Path>,
        options: &Options,
        open: impl FnOnce(&Path, &str, Option<&str>) -> Result<(S, String), IndexError>,
    ) -> Result<Self, IndexError> {
        let folder = folder.as_ref();
        let parameters = Parameters::new(options);
        let line = parameters.line();
        let (store, stored) = open(folder, STORE, Some(&line))?;
        check_description(&folder.display().to_string(), &stored, &line)?;
        Ok(Self { store, parameters })
    }
}
