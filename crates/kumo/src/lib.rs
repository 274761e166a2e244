#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::fmt;
use std::sync::Arc;

use kumo::prelude::{KumoError, Pipeline};
use refrain::error::IndexError;
use refrain::index::store::Store;
use refrain::index::{Detail, Index, MatchedRun, Page, SourcedRemoval, Thresholds};
use refrain::{Document, Span};
use serde_json::{Value, json};
use url::Url;

/// A stage that looks up the text of each item in an index, removes the boilerplate, and inserts
/// the text.
///
/// Items need the fields `url` and `text`; the [crate documentation](crate) lists the fields that
/// are added. An item without them is passed on unchanged.
pub struct Remember<S> {
    index: Arc<Index<S>>,
    thresholds: Thresholds,
}

impl<S: Store + 'static> Remember<S> {
    /// Creates a stage that inserts pages into `index`, which must expect documents that are read
    /// with the default options.
    pub fn new(index: Arc<Index<S>>) -> Self {
        Self { index, thresholds: Thresholds::new() }
    }

    /// Sets the thresholds from which a segment is boilerplate.
    #[must_use]
    pub fn thresholds(self, thresholds: Thresholds) -> Self {
        Self { thresholds, ..self }
    }
}

impl<S> fmt::Debug for Remember<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remember").field("thresholds", &self.thresholds).finish_non_exhaustive()
    }
}

#[async_trait::async_trait]
impl<S: Store + 'static> Pipeline for Remember<S> {
    async fn process(&self, mut item: Value) -> Result<Option<Value>, KumoError> {
        let field = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
        let (Some(url), Some(text)) = (field("url"), field("text")) else { return Ok(Some(item)) };
        let (index, thresholds) = (Arc::clone(&self.index), self.thresholds);
        let joined = tokio::task::spawn_blocking(move || remember(&index, thresholds, &url, &text)).await;
        let fields = joined.map_err(failed)?.map_err(failed)?;
        if let (Value::Object(item), Value::Object(fields)) = (&mut item, fields) {
            item.extend(fields);
        }
        Ok(Some(item))
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> KumoError {
    KumoError::Store { context: "the index".to_owned(), source: Box::new(error) }
}

/// Queries and inserts a page, and returns the fields that are added to its item.
fn remember<S: Store>(
    index: &Index<S>,
    thresholds: Thresholds,
    url: &str,
    text: &str,
) -> Result<Value, IndexError> {
    let (scope, document) = (host(url), Document::new(text));
    let page = Page { id: url, scope: &scope, document: &document };
    let (result, _) = index.query_and_insert(page, Detail::Runs)?;
    let removals = result.removals(&document, &result.boilerplate(thresholds))?;
    let span = |span: Span| json!([span.start(), span.end()]);
    let of_run = |run: &MatchedRun| json!({ "url": run.document_id(), "span": span(run.occurrence().span()), "source": span(run.source().span()) });
    let of_removal = |removal: &SourcedRemoval| {
        let mut fields = of_run(removal.run());
        fields["reason"] = removal.reason().to_string().into();
        fields
    };
    Ok(json!({
        "clean": removals.apply(),
        "removed": removals.removals().iter().map(of_removal).collect::<Vec<_>>(),
        "seen": result.seen_share(),
        "matches": result.matched_runs().iter().map(of_run).collect::<Vec<_>>(),
    }))
}

/// Returns the host of an address, which is the scope of a page, in the form that all its spellings
/// have: in lower case, without user and port, and with letters outside ASCII in Punycode. Returns
/// an empty string if `url` is not an address with a host.
fn host(url: &str) -> String {
    Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn spellings_of_a_host_are_one_scope() {
        for url in ["http://a.example/1", "HTTPS://A.Example:443?x", "https://me:secret@a.example#top"] {
            assert_eq!(host(url), "a.example");
        }
        assert_eq!(host("https://b\u{FC}cher.example/"), "xn--bcher-kva.example");
        for url in ["", "a.example/1", "mailto:a@a.example"] {
            assert_eq!(host(url), "");
        }
    }
}
