//! Signals, such as Ctrl-C, during long calls.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use pyo3::intern;
use pyo3::prelude::*;

/// The time between two questions to the interpreter.
const INTERVAL: Duration = Duration::from_millis(50);

/// Asks the interpreter for signals from time to time, while other threads may use it.
///
/// Only the main thread of Python handles signals, so other threads never ask: each question would
/// wait for the interpreter for nothing.
///
/// A handler of the caller may use any object of this package, so no lock may be held meanwhile.
#[derive(Debug)]
pub struct Signals {
    is_main: bool,
    asked: Instant,
    error: Option<PyErr>,
}

impl Signals {
    /// Returns the signals for a call in this thread.
    pub fn new(py: Python<'_>) -> PyResult<Self> {
        let threading = py.import(intern!(py, "threading"))?;
        let main = threading.call_method0(intern!(py, "main_thread"))?;
        let this = threading.call_method0(intern!(py, "get_ident"))?;
        let is_main = main.getattr(intern!(py, "ident"))?.eq(this)?;
        Ok(Self { is_main, asked: Instant::now(), error: None })
    }

    /// Runs the handlers of signals that have arrived.
    ///
    /// # Errors
    ///
    /// The exception of a handler, such as `KeyboardInterrupt`.
    pub fn check(&mut self) -> PyResult<()> {
        if !self.is_main || self.asked.elapsed() < INTERVAL {
            return Ok(());
        }
        let checked = Python::attach(|py| py.check_signals());
        self.asked = Instant::now();
        checked
    }

    /// Checks for signals like [`check`](Self::check), as the library asks whether to continue. The
    /// error is kept for [`finish`](Self::finish).
    pub fn proceed(&mut self) -> ControlFlow<()> {
        match self.check() {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    /// Returns the result of work that may have been stopped.
    ///
    /// # Errors
    ///
    /// The exception that stopped the work.
    pub fn finish<T>(self, result: T) -> PyResult<T> {
        self.error.map_or(Ok(result), Err)
    }
}
