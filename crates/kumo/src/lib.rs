#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

use std::fmt;
use std::sync::Arc;

use kumo::prelude::{KumoError, Pipeline};
use refrain::error::IndexError;
use refrain::index::store::Store;
use refrain::index::{Block, Thresholds};
use refrain::{Document, Index, Span};
use serde_json::{Value, json};

/// A stage that says of every item what other pages have of its text, takes out what is furniture, and learns it.
///
/// Items have a `url` and a `text`; see the page above for what is added. An item without them is handed on as it is.
pub struct Remember<S> {
    index: Arc<Index<S>>,
    thresholds: Thresholds,
}

impl<S: Store + 'static> Remember<S> {
    /// A stage that keeps what it learns in `index`, whose documents are read with the default options.
    pub fn new(index: Arc<Index<S>>) -> Self {
        Self { index, thresholds: Thresholds::new() }
    }

    /// Takes other segments for furniture.
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
        let done = tokio::task::spawn_blocking(move || remember(&index, thresholds, &url, &text)).await;
        let found = done.map_err(failed)?.map_err(failed)?;
        if let (Value::Object(item), Value::Object(found)) = (&mut item, found) {
            item.extend(found);
        }
        Ok(Some(item))
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> KumoError {
    KumoError::Store { context: "the index".to_owned(), source: Box::new(error) }
}

/// The fields that are added to an item.
fn remember<S: Store>(
    index: &Index<S>,
    thresholds: Thresholds,
    url: &str,
    text: &str,
) -> Result<Value, IndexError> {
    let doc = Document::new(text);
    let seen = index.look_and_learn(url, host(url), &doc)?;
    let span = |span: Span| json!([span.start(), span.end()]);
    let place = |block: &Block| json!({ "url": block.document(), "here": span(block.here().span()), "there": span(block.there().span()) });
    Ok(json!({
        "clean": doc.without(&seen.boilerplate(thresholds)),
        "seen": seen.share(),
        "matches": seen.blocks()?.iter().map(place).collect::<Vec<_>>(),
    }))
}

/// The host of an address, which is the scope of a page.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}
