//! The threads of a run: each reads a batch, works on it, and waits for its turn to write.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::input::{Batch, Batches};
use crate::interrupt;
use crate::totals::Totals;

/// The result of the work on a batch.
#[derive(Debug, Default)]
pub struct Outcome {
    pub input: usize,
    pub is_first: bool,
    pub is_last: bool,
    /// The bytes of the output, compressed.
    pub output: Vec<u8>,
    /// Lines for the list of removals.
    pub removed: Vec<u8>,
    pub totals: Totals,
    /// The entries of a list that documents have used, by their numbers, each with the line.
    pub uses: Vec<(u32, u64)>,
}

/// The place for the results of batches, in the order of the inputs.
pub trait Sink<O = Outcome>: Send {
    /// Takes the result of the next batch.
    fn take(&mut self, outcome: O) -> Result<()>;
}

/// The end of a run without an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Done,
    Interrupted,
}

/// Works on all `batches` with `threads` threads, each with a state of its own, and passes the
/// results to `sink` in order.
///
/// Each thread has one batch, and as many results may wait for their turn, so the memory does not
/// depend on the size of the inputs.
pub fn run<S, O: Send>(
    batches: Batches<'_>,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &Batch) -> Result<O> + Sync,
    sink: &mut dyn Sink<O>,
) -> Result<End> {
    let source = Mutex::new((0_u64, batches));
    let turn = Mutex::new(Turn { next: 0, waiting: BTreeMap::new(), sink: Some(sink), end: None });
    let moved = Condvar::new();
    // Returns the next batch and its number, or the number and the error.
    let next = |buffer: Vec<u8>| {
        let mut source = lock(&source);
        // Results must not pile up behind a slow batch.
        let mut turn = lock(&turn);
        while turn.end.is_none() && source.0 >= turn.next + 2 * threads as u64 {
            turn = moved.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        if turn.end.is_some() {
            return None;
        }
        drop(turn);
        let batch = source.1.next(buffer).transpose()?;
        source.0 += 1;
        Some((source.0 - 1, batch))
    };
    let one_thread = || {
        let _waker = Waker { moved: &moved, is_ended: || lock(&turn).end = Some(Ok(())) };
        let mut state = state();
        let mut buffer = Vec::new();
        while !interrupt::is_requested() {
            let Some((number, batch)) = next(std::mem::take(&mut buffer)) else { break };
            let outcome = batch.and_then(|batch| {
                let outcome = work(&mut state, &batch)?;
                buffer = batch.bytes;
                Ok(outcome)
            });
            lock(&turn).waiting.insert(number, outcome);
            if write(&turn, &moved) {
                break;
            }
        }
    };
    // Beside others, the first thread only waits. With glibc, memory that it has allocated before
    // is in another arena than that of the others, which would wait for the lock of the arena.
    match threads {
        1 => one_thread(),
        _ => std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(one_thread)))),
    }
    let turn = turn.into_inner().unwrap_or_else(PoisonError::into_inner);
    match turn.end {
        Some(Err(error)) => Err(error),
        _ if interrupt::is_requested() => Ok(End::Interrupted),
        _ => Ok(End::Done),
    }
}

/// Ends the run of all threads if one of them panics, so that no thread waits for it.
struct Waker<'m, F: Fn()> {
    moved: &'m Condvar,
    is_ended: F,
}

impl<F: Fn()> Drop for Waker<'_, F> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            (self.is_ended)();
            self.moved.notify_all();
        }
    }
}

/// The order of the results.
struct Turn<'s, O> {
    /// The number of the batch whose result is due.
    next: u64,
    /// Results, and errors: the first error in the order of the batches ends the run.
    waiting: BTreeMap<u64, Result<O>>,
    /// `None` while a thread passes results on.
    sink: Option<&'s mut dyn Sink<O>>,
    /// The reason to stop before the end.
    end: Option<Result<()>>,
}

impl<O> Turn<'_, O> {
    /// Returns the result that is due, if there is one.
    fn due(&mut self) -> Option<Result<O>> {
        if self.end.is_some() { None } else { self.waiting.remove(&self.next) }
    }
}

/// Passes on all results that are due, unless another thread does, and returns whether the run is
/// to end. The other threads go on meanwhile.
fn write<O>(turn: &Mutex<Turn<'_, O>>, moved: &Condvar) -> bool {
    let mut guard = lock(turn);
    let Some(sink) = guard.sink.take() else { return guard.end.is_some() };
    while let Some(outcome) = guard.due() {
        drop(guard);
        let written = outcome.and_then(|outcome| sink.take(outcome));
        guard = lock(turn);
        guard.next += 1;
        if let Err(error) = written {
            guard.end = Some(Err(error));
        }
        moved.notify_all();
    }
    guard.sink = Some(sink);
    guard.end.is_some()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
