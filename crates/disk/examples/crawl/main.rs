//! Crawls two small sites with an index on disk, and cleans every page.
//!
//! ```sh
//! cargo run --release -p refrain-disk --example crawl -- [--resume] [FOLDER]
//! ```
//!
//! The program serves the sites on loopback and fetches them with four workers. Then it removes
//! from each page the boilerplate of its site, the passages that an earlier page has, and the
//! second copy of a body that the page has twice. The sites are generated, so the expected text of
//! each page is known: the last line has the number of pages with this text.
//!
//! Without a folder, the program uses a temporary one and removes it. A crawl in a folder can be
//! stopped by any signal and continued with `--resume`; the output is the same. Without `--resume`,
//! a folder that has an index is refused, and with it, a folder that has none.
//!
//! Two things make the result independent of threads and interruptions. Workers fetch in parallel,
//! but pages are inserted in the order in which their links were found. And each page is written to
//! a log before it is inserted, so the index always has a prefix of the pages in the log.

mod site;

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use refrain::error::IndexError;
use refrain::index::{Detail, Index, Page, Thresholds};
use refrain::{Cleaner, Document, Options};
use refrain_disk::Disk;
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};

const USAGE: &str = "usage: crawl [--resume] [FOLDER]";
const WORKERS: usize = 4;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A fetched page: its paragraphs, one per line, and the paths of its links.
struct Fetched {
    path: String,
    text: String,
    links: Vec<String>,
}

fn main() -> ExitCode {
    match arguments().and_then(|(resume, folder)| run(resume, folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crawl: {}", with_sources(&*error));
            ExitCode::from(2)
        }
    }
}

/// Returns the message of `error`, followed by those of its sources that it does not repeat.
fn with_sources(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let cause = source.to_string();
        if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
        next = source.source();
    }
    message
}

fn arguments() -> Result<(bool, Option<PathBuf>), Error> {
    let (mut resume, mut folder) = (false, None);
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--resume") => resume = true,
            Some(option) if option.starts_with('-') => {
                return Err(format!("unknown option `{option}`; {USAGE}").into());
            }
            _ if folder.is_some() => return Err(format!("expected one folder, found two; {USAGE}").into()),
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    if resume && folder.is_none() {
        return Err(format!("expected the folder of the crawl to resume; {USAGE}").into());
    }
    Ok((resume, folder))
}

fn run(resume: bool, folder: Option<PathBuf>) -> Result<(), Error> {
    let is_temporary = folder.is_none();
    let folder =
        folder.unwrap_or_else(|| std::env::temp_dir().join(format!("refrain-crawl-{}", std::process::id())));
    let report = open(&folder, resume).and_then(|index| report(&index, &crawl(&folder, &index)?));
    // The temporary folder is removed after an error too.
    if is_temporary && folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    match io::stdout().lock().write_all(report?.as_bytes()) {
        // The reader of a pipe may close it early.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Opens the index of the crawl to resume, or creates one where there is no crawl.
fn open(folder: &Path, resume: bool) -> Result<Index<Disk>, Error> {
    let (path, folder_name) = (folder.join("index"), folder.display());
    match Index::<Disk>::open_existing(&path) {
        Err(IndexError::Missing { .. }) if resume => {
            Err(format!("{folder_name} has no crawl: start one without --resume").into())
        }
        Err(IndexError::Missing { .. }) if !folder.join("pages.jsonl").exists() => {
            Ok(Index::open(&path, &Options::new())?)
        }
        Ok(_) | Err(IndexError::Missing { .. }) if !resume => {
            Err(format!("{folder_name} already has a crawl: continue it with --resume").into())
        }
        index => Ok(index?),
    }
}

/// Returns the scope of a page: its site, as the host is for real sites.
fn scope(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// Fetches and inserts every page that can be reached.
fn crawl(folder: &Path, index: &Index<Disk>) -> Result<Vec<Fetched>, Error> {
    let server = site::serve()?;
    let (mut pages, mut log) = read_log(&folder.join("pages.jsonl"))?;
    let mut frontier: Vec<String> = site::SITES.iter().map(|site| format!("/{site}/0")).collect();
    let mut known: HashSet<String> = frontier.iter().cloned().collect();
    let mut follow = |page: &Fetched, frontier: &mut Vec<String>| {
        frontier.extend(page.links.iter().filter(|link| known.insert((*link).clone())).cloned());
    };
    for page in &pages {
        follow(page, &mut frontier);
        // This page was logged but not inserted before the interruption.
        if !index.contains(&page.path)? {
            index.insert(Page {
                id: &page.path,
                scope: scope(&page.path),
                document: &Document::new(&page.text),
            })?;
        }
    }
    let progress = ProgressBar::new((site::SITES.len() * site::PAGES) as u64);
    progress.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} pages, {elapsed}")?);
    progress.set_position(pages.len() as u64);
    let agent = ureq::Agent::new_with_defaults();
    while pages.len() < frontier.len() {
        let batch = &frontier[pages.len()..frontier.len().min(pages.len() + WORKERS)];
        let fetched: Vec<Result<Fetched, Error>> = std::thread::scope(|threads| {
            let fetch = |path: &String| {
                let agent = &agent;
                let path = path.clone();
                threads.spawn(move || fetch(agent, &format!("http://{server}"), &path))
            };
            let workers: Vec<_> = batch.iter().map(fetch).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|_| Err("a worker thread panicked".into())))
                .collect()
        });
        for page in fetched {
            let page = page?;
            writeln!(log, "{}", json!({ "path": page.path, "text": page.text, "links": page.links }))?;
            index.insert(Page {
                id: &page.path,
                scope: scope(&page.path),
                document: &Document::new(&page.text),
            })?;
            follow(&page, &mut frontier);
            pages.push(page);
            progress.inc(1);
        }
        log.sync_data()?;
        index.sync()?;
    }
    progress.finish_and_clear();
    if io::stderr().is_terminal() {
        eprintln!("{} pages, {} of them in the index", pages.len(), index.len()?);
    }
    Ok(pages)
}

/// Returns the logged pages and the log, from which an incomplete last line is removed.
fn read_log(path: &Path) -> Result<(Vec<Fetched>, File), Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    };
    let mut pages = Vec::new();
    let mut len = 0;
    // The length counts bytes of the file, because an incomplete line may end inside a character.
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
        let page = serde_json::from_slice::<Value>(line).ok().and_then(|value| page_of(&value));
        let page = page.ok_or_else(|| {
            format!(
                "{}, line {}: expected an object with `path`, `text` and `links`",
                path.display(),
                pages.len() + 1
            )
        })?;
        pages.push(page);
        len += line.len() as u64;
    }
    let log = OpenOptions::new().create(true).append(true).open(path)?;
    log.set_len(len)?;
    Ok((pages, log))
}

fn page_of(value: &Value) -> Option<Fetched> {
    let string = |value: &Value| value.as_str().map(str::to_owned);
    let links = value["links"].as_array()?.iter().map(string).collect::<Option<_>>()?;
    Some(Fetched { path: string(&value["path"])?, text: string(&value["text"])?, links })
}

fn fetch(agent: &ureq::Agent, server: &str, path: &str) -> Result<Fetched, Error> {
    let html = agent.get(format!("{server}{path}")).call()?.body_mut().read_to_string()?;
    let html = Html::parse_document(&html);
    let select = |selector: &str| Selector::parse(selector).map_err(|error| error.to_string());
    let (paragraphs, links) = (select("h1, p, li")?, select("a[href]")?);
    let line = |element: ElementRef<'_>| {
        let text: String = element.text().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text: Vec<String> = html.select(&paragraphs).map(line).collect();
    let links = html.select(&links).filter_map(|link| link.value().attr("href").map(str::to_owned)).collect();
    Ok(Fetched { path: path.to_owned(), text: text.join("\n"), links })
}

/// Cleans each page, and lists the removals with their reasons, in bytes of the page. Compares the
/// remaining text with the expected one.
fn report(index: &Index<Disk>, pages: &[Fetched]) -> Result<String, Error> {
    let mut report = String::new();
    let thresholds = Thresholds::new().min_documents(5).min_share(0.5)?;
    let mut boilerplate = Vec::new();
    for site in site::SITES {
        let of_site = index.boilerplate(site, thresholds)?;
        report += &format!("boilerplate of {site}, {} pages:\n", of_site.document_count());
        for segment in &of_site {
            let example = segment.example();
            let page = pages.iter().find(|page| page.path == example.document_id());
            let text = page.and_then(|page| page.text.get(example.span().range())).unwrap_or_default();
            report += &format!("  on {:>3} pages: {text}\n", segment.document_count());
        }
        boilerplate.push((site, of_site));
    }
    let cleaner = Cleaner::new();
    let mut correct = 0;
    for (number, page) in pages.iter().enumerate() {
        let path = &page.path;
        let document = Document::new(&page.text);
        let of_site = boilerplate.iter().find(|(site, _)| *site == scope(path));
        let common = of_site.map_or_else(|| Ok(Vec::new()), |(_, of_site)| of_site.segments(&document))?;
        let mut removed = common.clone();
        // A run of at least three segments that an earlier page has is a copied passage.
        // Boilerplate does not count.
        let result = index
            .query_excluding(Page { id: path, scope: scope(path), document: &document }, Detail::Runs)?;
        for matched in result.matched_runs() {
            let run = matched.occurrence().segments().filter(|segment| !common.contains(segment));
            let is_earlier = pages[..number].iter().any(|earlier| earlier.path == matched.document_id());
            if is_earlier && run.clone().count() >= 3 {
                removed.extend(run);
            }
        }
        let removals = result.removals(&document, &removed)?;
        for removal in removals.removals() {
            let (copy, source) = (removal.run().occurrence(), removal.run().source().span());
            if copy.segments().any(|segment| !common.contains(&segment)) {
                let (span, reason, document) = (copy.span(), removal.reason(), removal.run().document_id());
                report += &format!("{path}: {span} removed ({reason}): equals {source} of {document}\n");
            }
        }
        let runs = removals
            .removals()
            .iter()
            .filter(|r| r.run().occurrence().segments().all(|s| common.contains(&s)));
        report += &format!("{path}: {} runs of boilerplate removed\n", runs.count());
        let text = removals.apply();
        let edits = cleaner.edits(&text);
        for removal in &edits {
            let [copy, original] = [removal.copy(), removal.original()].map(|span| removals.origin(span));
            report += &format!("{path}: {copy} removed ({}): equals {original}\n", removal.reason());
        }
        let text = edits.apply();
        correct += usize::from(text.lines().eq(expected(path, pages, number).iter().map(String::as_str)));
    }
    report += &format!("{correct} of {} pages have the expected text\n", pages.len());
    Ok(report)
}

/// Returns the lines that should remain of a page. If two pages have the same body, the page that
/// was crawled first keeps it.
fn expected(path: &str, pages: &[Fetched], number: usize) -> Vec<String> {
    let page_number =
        |path: &str| path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    let site = site::SITES.iter().position(|site| *site == scope(path)).unwrap_or_default();
    let page = site::page(site, page_number(path));
    let is_twin =
        |other: &Fetched| scope(&other.path) != scope(path) && page_number(&other.path) == page_number(path);
    let was_seen = page.shared && pages[..number].iter().any(is_twin);
    let body = if was_seen { Vec::new() } else { page.body };
    let titles = page.related.into_iter().map(|(_, title)| title);
    std::iter::once(page.title).chain(body).chain(titles).collect()
}
