//! Handles the pages of a crawl one by one, and prints a line for each: whether it is unchanged,
//! how much of it is boilerplate or seen elsewhere, and of which page it is a near duplicate.
//!
//! ```sh
//! cargo run --release --example pages
//! ```

use refrain::index::{Detail, Index, Insertion, Page, Thresholds};
use refrain::near::{LshIndex, NearOptions, Shingler};
use refrain::{Cleaner, Document};

/// The address and the text of each page, in the order of the crawl.
const PAGES: [(&str, &str); 7] = [
    (
        "a.example/1",
        "Home\nThe harbor ferry sails again from Monday at nine.\nTickets cost as before.\nImprint",
    ),
    ("a.example/2", "Home\nA storm closed the harbor.\nImprint"),
    ("a.example/3", "Home\nThe town plans a bridge.\nImprint"),
    ("a.example/2", "Home\nA storm closed the harbor.\nImprint"),
    ("a.example/4", "Home\nThe winter was mild.\nImprint"),
    ("b.example/1", "The harbor ferry sails again from Monday at nine.\nTickets cost as before.\nMore soon."),
    ("b.example/2", "The harbor ferry sails again from Monday at ten.\nTickets cost as before.\nMore soon."),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cleaner = Cleaner::new();
    let index = Index::new();
    let shingler = Shingler::new().words_per_shingle(3);
    let stories = LshIndex::new(&shingler, NearOptions::new(0.6)?);
    for (url, text) in PAGES {
        let host = url.split('/').next().unwrap_or_default();
        // Repetition inside the page.
        let clean = cleaner.clean(text);
        let document = Document::new(&clean);
        // The page among all others.
        let page = Page { id: url, scope: host, document: &document };
        let (result, insertion) = index.query_and_insert(page, Detail::Runs)?;
        if insertion == Insertion::Unchanged {
            println!("{url}: unchanged");
            continue;
        }
        // The boilerplate of the site is removed; the rest is the story.
        let boilerplate = result.boilerplate(Thresholds::new());
        let story = result.removals(&document, &boilerplate)?.apply();
        let copied = result.matched_runs().iter().find(|run| run.scope() != host);
        let (near, _) = stories.query_and_insert(url, &shingler.shingle(&story))?;
        println!(
            "{url}: {} of {} lines are boilerplate; {:.0} % seen{}{}",
            boilerplate.len(),
            document.len(),
            100.0 * result.seen_share(),
            copied.map(|run| format!("; copies {}", run.document_id())).unwrap_or_default(),
            near.iter().next().map(|near| format!("; near {}", near.document_id())).unwrap_or_default(),
        );
    }
    Ok(())
}
