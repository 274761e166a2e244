//! `report`: the repeats of a text and the decisions about them, for people.

use std::io::Write as _;
use std::path::PathBuf;

use pyo3::prelude::*;
use refrain::Document;
use refrain::error::IndexError;
use refrain::report::Report as Rendered;

use crate::clean::cleaner;
use crate::files;
use crate::options::value_error;

/// A report on a text: a page, and text for a terminal.
#[pyclass(frozen, module = "refrain")]
#[derive(Debug)]
pub struct Report {
    /// The report as a self-contained HTML page.
    #[pyo3(get)]
    html: String,
    /// The report as text for a terminal.
    #[pyo3(get)]
    text: String,
    /// The number of removals.
    #[pyo3(get)]
    edits: usize,
}

#[pymethods]
impl Report {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("<refrain.Report: {} edits>", self.edits)
    }

    /// Returns the page in a frame of its own, so that its styles and its script do not mix with
    /// those of a notebook.
    fn _repr_html_(&self) -> String {
        let page = self.html.replace('&', "&amp;").replace('"', "&quot;");
        format!(
            "<iframe srcdoc=\"{page}\" sandbox=\"allow-scripts\" title=\"refrain report\" \
             style=\"width: 100%; height: 640px; border: 0\"></iframe>"
        )
    }

    /// Writes the page to a file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| {
            files::write(&path, |file| {
                let what = path.display().to_string();
                file.write_all(self.html.as_bytes()).map_err(|source| IndexError::Io { what, source })
            })
        })
    }
}

/// Returns a report on the repeats of a text and the decisions about them.
///
/// In a notebook, the report is shown as a page with the text in colors, a dot plot and the
/// reasons. The options are those of `clean`.
#[pyfunction]
#[pyo3(signature = (text, policy=None, *, segmentation="auto", normalization="text", skip_leading=None, min_segments=0, min_weight=0))]
#[expect(clippy::too_many_arguments, reason = "these are the options of `clean`")]
pub fn report(
    py: Python<'_>,
    text: &str,
    policy: Option<&Bound<'_, PyAny>>,
    segmentation: &str,
    normalization: &str,
    skip_leading: Option<&str>,
    min_segments: usize,
    min_weight: u32,
) -> PyResult<Report> {
    let (cleaner, options) =
        cleaner(policy, segmentation, normalization, skip_leading, (min_segments, min_weight))?;
    py.detach(|| {
        let document = Document::try_with_options(text, &options)?;
        let edits = cleaner.edits_of(&document);
        let report = Rendered::new(&document, &edits);
        Ok(Report { html: report.html(), text: report.text(), edits: edits.len() })
    })
    .map_err(|error: refrain::error::DocumentError| value_error(error))
}
