//! Policies: which repetition is removed.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use refrain::Rule;

use crate::column::type_name;
use crate::options::parse;

/// A set of rules that decide which repetition is removed.
///
/// `Policy("default+box-far")` is the preset `default` with the rule `box` and without `far`. The
/// presets are `default`, `scraper`, `transcript`, `pdf`, `keep-all` and `drop-all`.
#[pyclass(frozen, eq, module = "refrain")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Policy {
    pub policy: refrain::Policy,
}

impl Policy {
    /// Reads a parameter: a policy or its name.
    pub fn read(policy: &Bound<'_, PyAny>) -> PyResult<refrain::Policy> {
        if let Ok(policy) = policy.cast::<Self>() {
            return Ok(policy.get().policy);
        }
        let name = policy.extract::<&str>().map_err(|_| {
            PyTypeError::new_err(format!("expected a Policy or the name of one, found {}", type_name(policy)))
        })?;
        parse(name)
    }
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (name="default"))]
    fn new(name: &str) -> PyResult<Self> {
        Ok(Self { policy: parse(name)? })
    }

    /// Returns the policy for any text, which removes what looks as if software repeated it.
    #[classmethod]
    fn default(_class: &Bound<'_, PyType>) -> Self {
        Self { policy: refrain::Policy::default() }
    }

    /// Returns the policy for text of web pages, which also removes boxes, menus and
    /// captions.
    #[classmethod]
    fn scraper(_class: &Bound<'_, PyType>) -> Self {
        Self { policy: refrain::Policy::scraper() }
    }

    /// Returns the policy for speech, subtitles, chats and the output of models.
    ///
    /// Leading times and numbers are not compared.
    #[classmethod]
    fn transcript(_class: &Bound<'_, PyType>) -> Self {
        Self { policy: refrain::Policy::transcript() }
    }

    /// Returns the policy for text of PDF files and OCR. It is not for verse.
    #[classmethod]
    fn pdf(_class: &Bound<'_, PyType>) -> Self {
        Self { policy: refrain::Policy::pdf() }
    }

    /// Returns the policy that removes nothing, for reports.
    #[classmethod]
    fn keep_all(_class: &Bound<'_, PyType>) -> Self {
        Self { policy: refrain::Policy::keep_all() }
    }

    /// Returns the policy that removes each segment that equals an earlier one.
    #[classmethod]
    fn drop_all(_class: &Bound<'_, PyType>) -> Self {
        Self { policy: refrain::Policy::drop_all() }
    }

    /// Returns this policy with rules added.
    #[pyo3(signature = (*rules))]
    fn with_rules(&self, rules: &Bound<'_, PyTuple>) -> PyResult<Self> {
        self.change(rules, refrain::Policy::with)
    }

    /// Returns this policy without some rules.
    #[pyo3(signature = (*rules))]
    fn without_rules(&self, rules: &Bound<'_, PyTuple>) -> PyResult<Self> {
        self.change(rules, refrain::Policy::without)
    }

    /// Returns this policy with the removal of edited copies and teasers. If the similarity of
    /// two segments with 60 letters and digits or more is at least the threshold, from 0.1 to 1,
    /// the one with fewer is removed, or the later one if both have as many; and so is a segment
    /// with 40 or more whose words are the beginning of a later, longer one.
    fn similar(&self, threshold: f64) -> PyResult<Self> {
        if (0.1..=1.0).contains(&threshold) {
            Ok(Self { policy: self.policy.similar(threshold) })
        } else {
            Err(PyValueError::new_err(format!("expected a number from 0.1 to 1, found {threshold}")))
        }
    }

    /// Returns the names of the rules, in the order of the documentation.
    #[getter]
    fn rules(&self) -> Vec<&'static str> {
        self.policy.rules().map(Rule::name).collect()
    }

    fn __contains__(&self, rule: &str) -> PyResult<bool> {
        Ok(self.policy.contains(parse(rule)?))
    }

    fn __str__(&self) -> String {
        self.policy.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Policy('{}')", self.policy)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.policy.to_string().hash(&mut hasher);
        hasher.finish()
    }

    fn __getnewargs__(&self) -> (String,) {
        (self.policy.to_string(),)
    }
}

impl Policy {
    fn change(
        &self,
        rules: &Bound<'_, PyTuple>,
        change: impl Fn(refrain::Policy, Rule) -> refrain::Policy,
    ) -> PyResult<Self> {
        let mut policy = self.policy;
        for rule in rules {
            let name = rule.extract::<&str>().map_err(|_| {
                PyTypeError::new_err(format!("expected the name of a rule, found {}", type_name(&rule)))
            })?;
            policy = change(policy, parse(name)?);
        }
        Ok(Self { policy })
    }
}
