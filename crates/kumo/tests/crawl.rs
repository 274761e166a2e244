//! A crawl of generated pages through the whole engine.

use std::sync::{Arc, Mutex};

use kumo::prelude::*;
use kumo::store::ItemStore;
use refrain::index::Index;
use refrain_kumo::Remember;
use serde_json::{Value, json};

const PAGES: usize = 12;

struct Site;

#[async_trait::async_trait]
impl Spider for Site {
    type Item = Value;

    fn name(&self) -> &str {
        "site"
    }

    fn start_urls(&self) -> Vec<String> {
        vec![address(0)]
    }

    async fn parse(&self, page: &Response) -> Result<Output<Self::Item>, KumoError> {
        let lines: Vec<String> = page.css("p").iter().map(|element| element.text()).collect();
        let links = page.css("a").iter().filter_map(|link| link.attr("href")).collect();
        let item = json!({ "url": page.url(), "text": lines.join("\n") });
        Ok(Output::new().item(item).follow_many(links))
    }
}

/// A store that keeps the items in memory.
#[derive(Clone, Default)]
struct Items(Arc<Mutex<Vec<Value>>>);

#[async_trait::async_trait]
impl ItemStore for Items {
    async fn store(&self, item: &Value) -> Result<(), KumoError> {
        self.0.lock().expect("no thread has panicked").push(item.clone());
        Ok(())
    }
}

fn address(page: usize) -> String {
    format!("http://site.example/{page}")
}

#[tokio::test]
async fn boilerplate_is_removed_and_matches_are_added() {
    let mut pages = MockFetcher::new();
    for page in 0..PAGES {
        let html = format!(
            "<p>Home</p><p>The story of page {page}.</p><p>Imprint</p><a href=\"{}\">Next</a>",
            address((page + 1) % PAGES)
        );
        pages = pages.with_response(&address(page), 200, html);
    }
    let (index, items) = (Arc::new(Index::new()), Items::default());
    let engine = CrawlEngine::builder()
        .fetcher(pages)
        .respect_robots_txt(false)
        .pipeline(Remember::new(Arc::clone(&index)))
        .store(items.clone());
    engine.run(Site).await.expect("the crawl succeeds");
    let items = items.0.lock().expect("no thread has panicked");
    assert_eq!((items.len(), index.len().expect("it is read")), (PAGES, PAGES as u64));
    // Each page links to the next, so the pages arrive in order.
    for (page, item) in items.iter().enumerate() {
        assert_eq!(item["url"], address(page));
        let own = format!("The story of page {page}.");
        let clean = if page < 3 { format!("Home\n{own}\nImprint") } else { format!("{own}\n") };
        assert_eq!(item["clean"], clean);
        assert_eq!(item["matches"].as_array().map_or(0, Vec::len), if page == 0 { 0 } else { 2 });
        assert_eq!(item["seen"] == json!(0.0), page == 0);
    }
    assert_eq!(items[5]["matches"][0], json!({ "url": address(0), "span": [0, 4], "source": [0, 4] }));
}
