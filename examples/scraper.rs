//! A scraper: parses a page, extracts the paragraphs, prints what repeats, and keeps the rest.
//!
//! ```sh
//! cargo run --release --example scraper
//! ```

use std::fmt::Write as _;

use refrain::{Cleaner, Options};
use scraper::{ElementRef, Html, Selector};

/// A page as a content system sent it out: a teaser, and the body of the story twice.
const PAGE: &str = r#"<!doctype html>
<html lang="en"><head><title>Ferry returns</title></head><body>
<nav><ul><li>Home</li><li>Harbour</li></ul></nav>
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

struct Item {
    title: String,
    text: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = Html::parse_document(PAGE);
    let text_of = |selector: &str| -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let selector = Selector::parse(selector).map_err(|error| error.to_string())?;
        // HTML may be wrapped anywhere; a paragraph is one line.
        let line = |element: ElementRef<'_>| {
            let text: String = element.text().collect();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        Ok(page.select(&selector).map(line).collect())
    };
    let title = text_of("h1")?.concat();
    // One paragraph a line: the form in which the library expects them by default.
    let scraped = text_of("article p")?.join("\n");

    // A real pipeline creates the cleaner once. Lines of fewer than ten letters are no evidence.
    let cleaner = Cleaner::new().options(Options::new().min_weight(10));
    let edits = cleaner.edits(&scraped);
    for removal in &edits {
        println!("{} repeats {}: {}", removal.copy(), removal.original(), removal.reason());
    }
    let item = Item { title, text: edits.apply().into_owned() };
    assert_eq!(item.text.lines().count(), 4, "the story once");

    let mut printed = format!("\n{}\n", item.title);
    for paragraph in item.text.lines() {
        writeln!(printed, "\n{paragraph}")?;
    }
    print!("{printed}");
    Ok(())
}
