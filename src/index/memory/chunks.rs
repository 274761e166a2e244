//! A list that never moves its items.

/// How many items a chunk has. The first one grows to that; each of the others is made whole.
const CHUNK: usize = 1 << 12;

/// A list that grows chunk by chunk: growing neither copies it nor leaves half of it empty.
#[derive(Debug, Clone)]
pub(super) struct Chunks<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T> Chunks<T> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn push(&mut self, item: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(item),
            last => {
                let mut chunk = Vec::with_capacity(if last.is_some() { CHUNK } else { 16 });
                chunk.push(item);
                self.chunks.push(chunk);
            }
        }
        self.len += 1;
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    #[inline]
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.chunks.get_mut(index / CHUNK)?.get_mut(index % CHUNK)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// How many bytes it has taken from the allocator.
    pub(super) fn bytes(&self) -> usize {
        let lists: usize = self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum();
        lists + self.chunks.capacity() * size_of::<Vec<T>>()
    }
}
