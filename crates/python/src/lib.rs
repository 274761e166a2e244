//! The Python module `_refrain`, which is linked from `refrain-python-binding`.
//!
//! The crate that is linked decides how the library is optimized: for speed. The binding, which
//! only passes texts on, is compiled for size, and so needs a crate of its own.

use refrain_python_binding as _;
