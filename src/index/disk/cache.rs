//! Pages of runs that were read lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::IndexError;

/// Bytes in a page.
pub(super) const PAGE: usize = 4096;

/// A page as it was read, checked.
pub(super) type Page = Arc<[u8]>;

/// How many parts there are, so that threads seldom wait for one another.
const PARTS: usize = 16;

/// Keeps a limited number of pages; the ones that were not used since the hand came by go first.
#[derive(Debug)]
pub(super) struct Cache {
    parts: Vec<Mutex<Part>>,
    limit: usize,
}

#[derive(Debug, Default)]
struct Part {
    places: HashMap<(u64, u64), usize>,
    pages: Vec<Kept>,
    hand: usize,
}

#[derive(Debug)]
struct Kept {
    key: (u64, u64),
    page: Page,
    used: bool,
}

impl Cache {
    /// Room for about so many bytes, and for one page a part at least.
    pub(super) fn new(bytes: usize) -> Self {
        let parts = (0..PARTS).map(|_| Mutex::default()).collect();
        Self { parts, limit: (bytes / PAGE / PARTS).max(1) }
    }

    /// A page of a file, which `read` gets if it is not there.
    pub(super) fn get(
        &self,
        file: u64,
        page: u64,
        read: impl FnOnce() -> Result<Page, IndexError>,
    ) -> Result<Page, IndexError> {
        let key = (file, page);
        let part = usize::try_from((page ^ file.wrapping_mul(7)) % PARTS as u64);
        let part = part.ok().and_then(|part| self.parts.get(part));
        let Some(part) = part else { return read() };
        let lock = || part.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut part = lock();
            let place = part.places.get(&key).copied();
            if let Some(kept) = place.and_then(|place| part.pages.get_mut(place)) {
                kept.used = true;
                return Ok(Arc::clone(&kept.page));
            }
        }
        let page = read()?;
        lock().keep(key, Arc::clone(&page), self.limit);
        Ok(page)
    }
}

impl Part {
    fn keep(&mut self, key: (u64, u64), page: Page, limit: usize) {
        if self.places.contains_key(&key) {
            return;
        }
        let kept = Kept { key, page, used: false };
        if self.pages.len() < limit {
            self.places.insert(key, self.pages.len());
            self.pages.push(kept);
            return;
        }
        loop {
            self.hand = (self.hand + 1) % self.pages.len();
            let Some(old) = self.pages.get_mut(self.hand) else { return };
            if old.used {
                old.used = false;
                continue;
            }
            self.places.remove(&old.key);
            self.places.insert(key, self.hand);
            *old = kept;
            return;
        }
    }
}
