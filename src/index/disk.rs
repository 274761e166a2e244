//! The store on disk.
//!
//! Documents are appended to a log. What was learnt lately is also in memory, as in [`Memory`](super::Memory); when that grows large it is
//! sorted and written as a *generation*: four runs, sorted files that never change, from which keys, scopes, names and documents are found.
//! Four generations of one size become one of the next. What is forgotten is written as a generation that takes away. When more documents
//! are gone than are left, and when the caller asks for it, all is written anew without them.
//!
//! A document is acknowledged when the log is on the disk up to its end and `commit` says so. Opening cuts off what stands behind, and
//! reads the documents after the last generation from the log.

mod cache;
mod folder;
mod generation;
mod log;
mod run;
mod state;
#[cfg(test)]
mod tests;
mod view;
mod write;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use cache::Cache;
use folder::Folder;
use generation::{FAMILIES, Generation};
use log::{Event, Tail};
use state::{Commits, State};
use view::{Burial, View};
use write::Writer;

use super::Index;
use super::memory;
use super::parameters::Parameters;
use super::store::{Found, Frequent, Query, Record, Store, Stored};
use crate::error::IndexError;
use crate::options::Options;

/// Bytes of memory, unless the caller says otherwise.
const MEMORY: usize = 256 << 20;

/// What a segment takes in memory until it is in a run.
const SEGMENT: usize = 48;

/// How often a reader tries again when a writer replaces files under its hands.
const TRIES: u32 = 20;

/// Keeps everything in a folder: for what must last, and what is larger than memory.
///
/// What was acknowledged, by [`Index::sync`], outlasts the process however it ends; what was learnt since may be lost, whole documents at
/// a time, the last ones first. Closing acknowledges as well, as far as that goes without an error. One process at a time can write; any number can read, and
/// each sees what was acknowledged when it opened the index.
///
/// A file that is not as it was written is an error when it is read: every piece has a checksum. [`Index::check`] reads them all.
///
/// It holds 2³² − 2 documents, forgotten ones included; a single one can have 2³¹ − 1 segments.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    view: RwLock<View>,
    writer: Option<Mutex<Writer>>,
    /// How many segments are in memory before they are put into runs.
    most: usize,
}

impl Index<Disk> {
    /// Opens the index in a folder for reading and writing, or makes one, for documents that are read with these options. It takes some
    /// 256 MB of memory.
    ///
    /// ```
    /// use refrain::index::Disk;
    /// use refrain::{Document, Index, Options};
    ///
    /// # let folder = std::env::temp_dir().join(format!("refrain-doc-{}", std::process::id()));
    /// let doc = Document::new("One.\nTwo.");
    /// let index = Index::<Disk>::open(&folder, &Options::new())?;
    /// index.learn("1", "a.example", &doc)?;
    /// index.sync()?;
    /// drop(index);
    ///
    /// let index = Index::<Disk>::open(&folder, &Options::new())?;
    /// assert_eq!(index.look("a.example", &doc)?.documents(1), 1);
    /// # drop(index);
    /// # std::fs::remove_dir_all(folder).ok();
    /// # Ok::<(), refrain::error::IndexError>(())
    /// ```
    ///
    /// # Complexity
    ///
    /// Reads what was learnt since the last generation was written, and a few bytes of each file.
    ///
    /// # Errors
    ///
    /// Another process has it open for writing; it was made for other documents, with another scheme or format; a file is damaged or cannot be
    /// read or written.
    pub fn open(path: impl AsRef<Path>, options: &Options) -> Result<Self, IndexError> {
        Self::open_within(path, options, MEMORY)
    }

    /// Opens or makes an index that takes about so many bytes of memory: half of them for pages that were read lately, the rest for
    /// what was learnt lately. More memory makes it faster, and changes no answer.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open).
    pub fn open_within(path: impl AsRef<Path>, options: &Options, memory: usize) -> Result<Self, IndexError> {
        Self::open_folder(&Folder::new(path.as_ref()), options, memory)
    }

    fn open_folder(folder: &Folder, options: &Options, memory: usize) -> Result<Self, IndexError> {
        let parameters = Parameters::new(options);
        folder.create_folder()?;
        let lock = folder.lock()?;
        if !state::check_head(folder, &parameters)? {
            create(folder, &parameters)?;
        }
        let cache = Arc::new(Cache::new(memory / 2));
        let state = State::read(folder)?;
        let (log, len, count) = Commits::read(folder)?;
        let acknowledged = acknowledged(folder, &state, log, len)?;
        let (tail, read) = Tail::open(folder, state.log, acknowledged)?;
        let commits = Commits::open(folder, count)?;
        let (view, places) = View::open(folder, &state, &cache, read, acknowledged)?;
        folder.remove_others(|name| {
            let of_state = |number: u64| name == run::Run::name_of(number);
            name == log::name(state.log)
                || state.generations.iter().flat_map(|made| made.files).any(|files| of_state(files.number))
        })?;
        let folder = folder.clone();
        let path = folder.path().to_owned();
        let writer = Writer { folder, cache, tail, commits, state, places, broken: false, _lock: lock };
        let most = (memory / 4 / SEGMENT).max(1);
        let store = Disk { path, view: RwLock::new(view), writer: Some(Mutex::new(writer)), most };
        Ok(Self { store, parameters })
    }

    /// Opens an index for reading, as it was when last acknowledged, while another process may write to it. It takes about so many bytes
    /// of memory as are given, and what was learnt since the last generation.
    ///
    /// # Errors
    ///
    /// There is no index; those of [`open`](Self::open), but for the first.
    pub fn open_to_read(
        path: impl AsRef<Path>,
        options: &Options,
        memory: usize,
    ) -> Result<Self, IndexError> {
        let folder = Folder::new(path.as_ref());
        let parameters = Parameters::new(options);
        if !state::check_head(&folder, &parameters)? {
            return Err(IndexError::Missing { path: folder.path().to_owned() });
        }
        let cache = Arc::new(Cache::new(memory));
        let mut tries = 0;
        let view = loop {
            match read_view(&folder, &cache) {
                // The writer may just replace what is read.
                Err(IndexError::Damaged { .. } | IndexError::Io { .. }) if tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(Duration::from_millis(5));
                }
                view => break view?,
            }
        };
        let store = Disk { path: folder.path().to_owned(), view: RwLock::new(view), writer: None, most: 0 };
        Ok(Self { store, parameters })
    }

    /// Writes everything anew, without what was forgotten, in as few files as it can be. This happens by itself when more documents are gone than are left.
    ///
    /// # Complexity
    ///
    /// Reads and writes all of it, and takes as much room again while it does.
    ///
    /// # Errors
    ///
    /// It is open for reading only; reading or writing fails. What was acknowledged is there all the same.
    pub fn compact(&self) -> Result<(), IndexError> {
        let mut writer = self.store.writer()?;
        writer.check()?;
        writer.compact(&self.store.view)
    }

    /// Reads every file, and says whether all is as it was written.
    ///
    /// # Errors
    ///
    /// The first damage that was found; reading fails.
    pub fn check(&self) -> Result<(), IndexError> {
        let view = self.store.read();
        view.generations.iter().try_for_each(|generation| generation.check_all())?;
        let mut offset = 0;
        while offset < view.log_len {
            offset = log::read(&view.log, offset, view.log_len)?.1;
        }
        Ok(())
    }
}

/// Makes the files of an empty index.
fn create(folder: &Folder, parameters: &Parameters) -> Result<(), IndexError> {
    // If a crash comes in between there is no head, and all begins again. Where documents are, a head was.
    if folder.read(&log::name(0))?.is_some_and(|log| !log.is_empty()) {
        return Err(folder.damaged("head", "it is missing"));
    }
    folder.remove_others(|_| false)?;
    folder.create(&log::name(0))?.finish()?;
    Commits::create(folder)?;
    State::default().prepare(folder)?;
    folder.publish("state")?;
    state::write_head(folder, parameters)
}

/// How much of the log is acknowledged: what `state` says when it was the last to be written, what `commit` says otherwise.
fn acknowledged(folder: &Folder, state: &State, log: u64, len: u64) -> Result<u64, IndexError> {
    match log.cmp(&state.log) {
        std::cmp::Ordering::Less => Ok(state.acknowledged),
        std::cmp::Ordering::Equal => Ok(len.max(state.acknowledged)),
        std::cmp::Ordering::Greater => Err(folder.damaged("state", "`commit` is of a later log")),
    }
}

fn read_view(folder: &Folder, cache: &Arc<Cache>) -> Result<View, IndexError> {
    let state = State::read(folder)?;
    let (log, len, _) = Commits::read(folder)?;
    let acknowledged = acknowledged(folder, &state, log, len)?;
    let read = Arc::new(folder.open(&log::name(state.log))?);
    let there = read.len()?;
    if there < acknowledged {
        return Err(read.damaged(format!("it has {there} bytes, and {acknowledged} were acknowledged")));
    }
    Ok(View::open(folder, &state, cache, read, acknowledged)?.0)
}

impl View {
    /// What files say; also where the documents that are in no run are in the log.
    fn open(
        folder: &Folder,
        state: &State,
        cache: &Arc<Cache>,
        log: Arc<folder::In>,
        log_len: u64,
    ) -> Result<(Self, Vec<(u64, u64)>), IndexError> {
        let open = |made: &generation::Made| Generation::open(folder, made.clone(), cache).map(Arc::new);
        let generations = state.generations.iter().map(open).collect::<Result<_, _>>()?;
        let mut view = Self {
            generations,
            log: Arc::clone(&log),
            log_len,
            next: state.next,
            minus: [const { BTreeSet::new() }; FAMILIES],
            alive: state.alive,
            dead: state.dead,
            delta: memory::State::default(),
            scopes: Mutex::new(HashMap::new()),
        };
        let mut places = Vec::new();
        let mut offset = state.covered;
        while offset < log_len {
            let (event, next) = log::read(&log, offset, log_len)?;
            let confused = || log.damaged(format!("what stands at byte {offset} does not belong there"));
            match event {
                Event::Learnt(number, stored) => {
                    if number != view.next_number() {
                        return Err(confused());
                    }
                    view.delta.add(&[stored.record()])?;
                    places.push((offset, next - offset));
                }
                Event::Forgotten(number) => {
                    let stored = view.document(number)?.ok_or_else(confused)?;
                    match view.burial(&stored.id)? {
                        Some((_, burial)) if number < view.next => view.bury(burial),
                        _ => drop(view.delta.remove(&stored.id)),
                    }
                }
            }
            offset = next;
        }
        Ok((view, places))
    }
}

impl Disk {
    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn read(&self) -> RwLockReadGuard<'_, View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writer(&self) -> Result<MutexGuard<'_, Writer>, IndexError> {
        match &self.writer {
            Some(writer) => Ok(writer.lock().unwrap_or_else(PoisonError::into_inner)),
            None => Err(IndexError::ReadOnly { path: self.path.clone() }),
        }
    }

    fn add_with(&self, writer: &mut Writer, records: &[Record<'_>]) -> Result<(), IndexError> {
        writer.check()?;
        if self.read().is_full(self.most) {
            self.make_room(writer)?;
        }
        let mut bytes = Vec::new();
        let mut places = Vec::with_capacity(records.len());
        let mut burials: Vec<Burial> = Vec::new();
        {
            let view = self.read();
            view.delta.room_for(records)?;
            let next = view.next_number();
            if u32::MAX - next <= u32::try_from(records.len()).unwrap_or(u32::MAX) {
                return Err(IndexError::Full { limit: u64::from(u32::MAX - 1), of: "documents" });
            }
            let mut new: HashMap<&str, u32> = HashMap::new();
            for (number, record) in (next..).zip(records) {
                let offset = |bytes: &Vec<u8>| writer.tail.len + bytes.len() as u64;
                let mut forgotten = new.insert(record.id, number);
                if forgotten.is_none() {
                    forgotten = view.delta.number(record.id).map(|number| view.next + number);
                }
                if forgotten.is_none() {
                    if let Some((number, burial)) = view.burial(record.id)? {
                        forgotten = Some(number);
                        burials.push(burial);
                    }
                }
                if let Some(number) = forgotten {
                    let at = offset(&bytes);
                    log::put_forgotten(&mut bytes, at, number);
                }
                let at = offset(&bytes);
                log::put_learnt(&mut bytes, at, number, record);
                places.push((at, offset(&bytes) - at));
            }
        }
        writer.append(&bytes)?;
        writer.places.append(&mut places);
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        burials.into_iter().for_each(|burial| view.bury(burial));
        view.log_len = writer.tail.len;
        // There is room: that was asked before.
        view.delta.add(records)
    }

    /// Puts what is in memory into runs.
    fn make_room(&self, writer: &mut Writer) -> Result<(), IndexError> {
        writer.flush(&self.view)?;
        if writer.state.dead > writer.state.alive { writer.compact(&self.view) } else { Ok(()) }
    }
}

/// Closing acknowledges what was learnt. Whoever must know whether that went well calls [`Index::sync`] first.
impl Drop for Disk {
    fn drop(&mut self) {
        if let Some(writer) = &mut self.writer {
            drop(writer.get_mut().unwrap_or_else(PoisonError::into_inner).sync());
        }
    }
}

impl Store for Disk {
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        let mut writer = self.writer()?;
        self.add_with(&mut writer, records)
    }

    fn find(&self, query: &Query<'_>) -> Result<Found, IndexError> {
        self.read().find(query)
    }

    fn find_and_add(&self, record: &Record<'_>) -> Result<Found, IndexError> {
        let mut writer = self.writer()?;
        let query = Query { keys: record.keys, scope: record.scope, except: Some(record.id), limit: 0 };
        let found = self.read().find(&query)?;
        self.add_with(&mut writer, std::slice::from_ref(record))?;
        Ok(found)
    }

    fn document(&self, number: u32) -> Result<Option<Stored>, IndexError> {
        self.read().document(number)
    }

    fn number(&self, id: &str) -> Result<Option<u32>, IndexError> {
        self.read().number(id)
    }

    fn next_number(&self) -> u32 {
        self.read().next_number()
    }

    fn len(&self) -> u64 {
        self.read().len()
    }

    fn remove(&self, id: &str) -> Result<bool, IndexError> {
        let mut writer = self.writer()?;
        writer.check()?;
        if self.read().is_full(self.most) {
            self.make_room(&mut writer)?;
        }
        let (number, burial) = {
            let view = self.read();
            match (view.delta.number(id), view.burial(id)?) {
                (Some(number), _) => (view.next + number, None),
                (None, Some((number, burial))) => (number, Some(burial)),
                (None, None) => return Ok(false),
            }
        };
        let mut bytes = Vec::new();
        log::put_forgotten(&mut bytes, writer.tail.len, number);
        writer.append(&bytes)?;
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        view.log_len = writer.tail.len;
        match burial {
            Some(burial) => view.bury(burial),
            None => drop(view.delta.remove(id)),
        }
        Ok(true)
    }

    fn scope_documents(&self, scope: &str) -> Result<u32, IndexError> {
        self.read().scope_documents(scope)
    }

    fn frequent(&self, scope: &str, documents: u32) -> Result<Vec<Frequent>, IndexError> {
        self.read().frequent(scope, documents)
    }

    fn sync(&self) -> Result<(), IndexError> {
        self.writer()?.sync()
    }
}
