//! Extracts the paragraphs of an HTML page, and removes the paragraphs that are repeated.
//!
//! ```sh
//! cargo run --release -p refrain-disk --example scraper
//! ```

use refrain::{Cleaner, Options};
use scraper::{Html, Selector};

/// A page that has the body of its story twice.
const PAGE: &str = r#"<!doctype html>
<html lang="en"><head><title>Ferry returns</title></head><body>
<nav><ul><li>Home</li><li>Harbor</li></ul></nav>
<article>
  <h1>Ferry returns to the northern route</h1>
  <p>After two winters in dock the ferry sails again.</p>
  <div class="body">
    <p>The first crossing left at nine, with &ldquo;more bicycles than cars&rdquo; on board.</p>
    <p>Tickets cost what they cost before.</p>
    <blockquote><p>We had stopped waiting.</p></blockquote>
  </div>
  <div class="body print-version">
    <p>The first crossing left at nine, with "more
       bicycles than cars" on board.</p>
    <p>Tickets cost what they cost before.</p>
    <blockquote><p>We had stopped waiting.</p></blockquote>
  </div>
</article>
</body></html>"#;

fn main() {
    let page = Html::parse_document(PAGE);
    let selector = Selector::parse("article p").expect("the selector is valid");
    // HTML wraps lines anywhere. The cleaner expects one paragraph per line.
    let paragraphs = page.select(&selector).map(|element| {
        let text: String = element.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let text = paragraphs.collect::<Vec<_>>().join("\n");

    // A pipeline creates the cleaner once, for all pages.
    let cleaner = Cleaner::new().options(Options::new().min_weight(10));
    let edits = cleaner.edits(&text);
    for removal in &edits {
        println!("{} repeats {}: {}", removal.copy(), removal.original(), removal.reason());
    }
    println!("\n{}", edits.apply());
}
