//! The threads of a run: each reads a batch, works on it, and waits for its turn to write.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};

use anyhow::Result;

use crate::input::{Batch, Batches};
use crate::interrupt;
use crate::totals::Totals;

/// The cost of the items in memory for each thread, and for two more, in bytes: that of a batch.
const PER_THREAD: u64 = 9 << 20;

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

/// The place for the results of batches or of other items, in their order.
pub trait Sink<O = Outcome>: Send {
    /// Takes the result of the next item.
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
pub fn run<S, O: Send>(
    mut batches: Batches<'_>,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &mut Batch) -> Result<O> + Sync,
    sink: &mut dyn Sink<O>,
) -> Result<End> {
    // A thread that waits has no buffer, and a large document needs the memory of the others.
    let buffers = Mutex::new(Vec::new());
    let next = || {
        let buffer = lock(&buffers).pop().unwrap_or_default();
        batches.next(buffer).transpose()
    };
    let work = |own: &mut S, mut batch: Batch| {
        let outcome = match batch.is_large() {
            false => work(own, &mut batch),
            true => {
                lock(&buffers).clear();
                alone(|| work(&mut state(), &mut batch))?
            }
        }?;
        if batch.bytes.capacity() > 0 && !batch.is_large() {
            lock(&buffers).push(batch.bytes);
        }
        Ok(outcome)
    };
    in_turn(threads, next, Batch::memory, &state, work, sink)
}

/// Runs `work` in a thread of its own.
///
/// The state for a large document is large too, and would stay so in each thread that has once read
/// such a document. With glibc, memory is freed for the arena of a thread, and a thread that starts
/// takes the arena of one that has ended.
fn alone<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    let joined = thread::scope(|scope| Ok(Builder::new().spawn_scoped(scope, work)?.join()));
    let joined = joined.map_err(not_started)?;
    Ok(joined.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
}

fn not_started(error: io::Error) -> anyhow::Error {
    anyhow::Error::from(error).context("expected to start another thread; choose fewer with --threads")
}

/// Works on all items of `next` with `threads` threads, each with a state of its own, and passes
/// the results to `sink` in order.
///
/// Items are in memory, themselves or their results, until the results are written: at most twice
/// as many as there are threads, and as many as fit into a limit by their `cost` in bytes, or one.
/// So the memory does not depend on the number of items.
pub fn in_turn<S, I, O: Send>(
    threads: usize,
    next: impl FnMut() -> Option<Result<I>> + Send,
    cost: impl Fn(&I) -> u64 + Sync,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, I) -> Result<O> + Sync,
    sink: &mut dyn Sink<O>,
) -> Result<End> {
    let limit = PER_THREAD * (threads as u64 + 2);
    let source = Mutex::new((0_u64, next));
    let turn = Mutex::new(Turn { next: 0, cost: 0, waiting: BTreeMap::new(), sink: Some(sink), end: None });
    let moved = Condvar::new();
    let wait = |is_full: &dyn Fn(&Turn<'_, O>) -> bool| {
        let mut turn = lock(&turn);
        while turn.end.is_none() && is_full(&turn) {
            turn = moved.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        if turn.end.is_none() { Some(turn) } else { None }
    };
    // Returns the next item or an error, its number, and its cost.
    let next = || {
        let mut source = lock(&source);
        // Results must not pile up behind a slow item, and nothing is read beside a large one.
        drop(wait(&|turn| source.0 >= turn.next + 2 * threads as u64 || turn.cost > limit)?);
        let item = source.1()?;
        let cost = item.as_ref().map_or(0, &cost);
        // Items are let in one after the other, so that a large one is not kept out by small ones.
        wait(&|turn| turn.cost > 0 && turn.cost + cost > limit)?.cost += cost;
        source.0 += 1;
        Some((source.0 - 1, cost, item))
    };
    let one_thread = || {
        let _waker = Waker { moved: &moved, is_ended: || lock(&turn).end = Some(Ok(())) };
        let mut own = None;
        while !interrupt::is_requested() {
            let Some((number, cost, item)) = next() else { break };
            let own = own.get_or_insert_with(&state);
            let outcome = item.and_then(|item| work(own, item));
            lock(&turn).waiting.insert(number, (cost, outcome));
            if write(&turn, &moved) {
                break;
            }
        }
    };
    // Beside others, the first thread only waits. With glibc, memory that it has allocated before
    // is in another arena than that of the others, which would wait for the lock of the arena.
    match threads {
        1 => one_thread(),
        _ => thread::scope(|scope| {
            // All threads are started before the first one takes memory for its work.
            let _source = lock(&source);
            let start = |_| Builder::new().spawn_scoped(scope, one_thread).map(drop);
            if let Err(error) = (0..threads).try_for_each(start) {
                lock(&turn).end = Some(Err(not_started(error)));
                moved.notify_all();
            }
        }),
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
    /// The number of the item whose result is due.
    next: u64,
    /// The cost of the items from this one on that are in memory.
    cost: u64,
    /// Results with the costs of their items, and errors: the first error in the order of the items
    /// ends the run.
    waiting: BTreeMap<u64, (u64, Result<O>)>,
    /// `None` while a thread passes results on.
    sink: Option<&'s mut dyn Sink<O>>,
    /// The reason to stop before the end.
    end: Option<Result<()>>,
}

impl<O> Turn<'_, O> {
    /// Returns the result that is due, if there is one.
    fn due(&mut self) -> Option<(u64, Result<O>)> {
        if self.end.is_some() { None } else { self.waiting.remove(&self.next) }
    }
}

/// Passes on all results that are due, unless another thread does, and returns whether the run is
/// to end. The other threads go on meanwhile.
fn write<O>(turn: &Mutex<Turn<'_, O>>, moved: &Condvar) -> bool {
    let mut guard = lock(turn);
    let Some(sink) = guard.sink.take() else { return guard.end.is_some() };
    while let Some((cost, outcome)) = guard.due() {
        drop(guard);
        let written = outcome.and_then(|outcome| sink.take(outcome));
        guard = lock(turn);
        guard.next += 1;
        guard.cost -= cost;
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// Lists the results, and counts what is no longer in memory.
    struct List<'m> {
        in_memory: &'m AtomicU64,
        items: Vec<(u64, u64)>,
    }

    impl Sink<(u64, u64)> for List<'_> {
        fn take(&mut self, (number, cost): (u64, u64)) -> Result<()> {
            self.in_memory.fetch_sub(cost, Ordering::SeqCst);
            self.items.push((number, cost));
            Ok(())
        }
    }

    proptest! {
        #[test]
        fn items_in_memory_fit_into_the_limit(
            costs in prop::collection::vec(prop_oneof![1..PER_THREAD, 1..PER_THREAD * 9], 0..40),
            threads in 1_usize..5,
        ) {
            let limit = PER_THREAD * (threads as u64 + 2);
            let (in_memory, most) = (AtomicU64::new(0), AtomicU64::new(0));
            let items: Vec<(u64, u64)> = (0..).zip(costs).collect();
            let mut rest = items.iter().copied().map(Ok);
            let work = |(): &mut (), (number, cost): (u64, u64)| {
                let now = in_memory.fetch_add(cost, Ordering::SeqCst) + cost;
                // A single item may cost more.
                if now > cost {
                    most.fetch_max(now, Ordering::SeqCst);
                }
                std::thread::yield_now();
                Ok((number, cost))
            };
            let mut list = List { in_memory: &in_memory, items: Vec::new() };
            let end = in_turn(threads, || rest.next(), |(_, cost)| *cost, || (), work, &mut list).unwrap();
            prop_assert_eq!(end, End::Done);
            prop_assert_eq!(list.items, items);
            prop_assert!(most.into_inner() <= limit);
        }
    }
}
