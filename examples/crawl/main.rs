//! A crawl that remembers: two small sites on loopback, four workers, an index on disk; then every page
//! without its furniture, without the second copy of its body, and without what another page had first.
//!
//! ```sh
//! cargo run --release --features disk --example crawl -- [--resume] [FOLDER]
//! ```
//!
//! Without a folder it takes a temporary one and removes it. Stop it when you like, with any signal, and go
//! on with `--resume`: what it prints in the end is the same. The sites are made up, so it is known what was
//! written for each page: the last line says for how many that is what was left.
//!
//! Two things make the outcome independent of threads and interruptions. Workers fetch side by side, but
//! pages are learnt in the order in which their links were found. And a page is written down before it is
//! learnt, so that what is learnt is a part of what is written, from its beginning.

mod site;

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use refrain::index::{Disk, Index, Page, Thresholds};
use refrain::{Cleaner, Document, Options};
use scraper::{ElementRef, Html, Selector};
use serde_json::{Value, json};

const USAGE: &str = "usage: crawl [--resume] [FOLDER]";
const WORKERS: usize = 4;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A page as it was fetched: its paragraphs, one a line, and the paths that it links to.
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
                return Err(format!("no option `{option}`; {USAGE}").into());
            }
            _ if folder.is_some() => return Err(format!("one folder at a time; {USAGE}").into()),
            _ => folder = Some(PathBuf::from(argument)),
        }
    }
    if resume && folder.is_none() {
        return Err(format!("what is to be resumed is in a folder; {USAGE}").into());
    }
    Ok((resume, folder))
}

fn run(resume: bool, folder: Option<PathBuf>) -> Result<(), Error> {
    let own = folder.is_none();
    let folder =
        folder.unwrap_or_else(|| std::env::temp_dir().join(format!("refrain-crawl-{}", std::process::id())));
    if !resume && folder.join("pages.jsonl").exists() {
        return Err(format!("{} has a crawl already: go on with --resume", folder.display()).into());
    }
    fs::create_dir_all(&folder)?;
    let report = crawl_and_report(&folder);
    // Whether it went well or not, nobody asked for this folder.
    if own {
        fs::remove_dir_all(&folder)?;
    }
    match io::stdout().lock().write_all(report?.as_bytes()) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn crawl_and_report(folder: &Path) -> Result<String, Error> {
    let index = Index::<Disk>::open_within(folder.join("index"), &Options::new(), 16 << 20)?;
    let pages = crawl(folder, &index)?;
    report(&index, &pages)
}

/// The scope of a page: its site, as with real sites the host is.
fn scope(path: &str) -> &str {
    path.trim_start_matches('/').split('/').next().unwrap_or_default()
}

/// Fetches every page that can be reached, and learns it.
fn crawl(folder: &Path, index: &Index<Disk>) -> Result<Vec<Fetched>, Error> {
    let server = site::serve()?;
    let (mut pages, mut log) = written(&folder.join("pages.jsonl"))?;
    let mut frontier: Vec<String> = site::SITES.iter().map(|site| format!("/{site}/0")).collect();
    let mut known: HashSet<String> = frontier.iter().cloned().collect();
    let mut find = |page: &Fetched, frontier: &mut Vec<String>| {
        frontier.extend(page.links.iter().filter(|link| known.insert((*link).clone())).cloned());
    };
    for page in &pages {
        find(page, &mut frontier);
        // What was written down and not learnt before the end came.
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
        let wave = &frontier[pages.len()..frontier.len().min(pages.len() + WORKERS)];
        let fetched: Vec<Result<Fetched, Error>> = std::thread::scope(|threads| {
            let fetch = |path: &String| {
                let agent = &agent;
                let path = path.clone();
                threads.spawn(move || fetch(agent, &format!("http://{server}"), &path))
            };
            let workers: Vec<_> = wave.iter().map(fetch).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|_| Err("a worker failed".into())))
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
            find(&page, &mut frontier);
            pages.push(page);
            progress.inc(1);
        }
        log.sync_data()?;
        index.sync()?;
    }
    progress.finish_and_clear();
    if io::stderr().is_terminal() {
        eprintln!("{} pages, {} known to the index", pages.len(), index.len());
    }
    Ok(pages)
}

/// The pages that were written down, without a last one that was not written to its end.
fn written(path: &Path) -> Result<(Vec<Fetched>, File), Error> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(format!("{}: {error}", path.display()).into()),
    };
    let mut pages = Vec::new();
    let mut len = 0;
    // Lengths are those of the file: a page cut within a character is no text, and has no line end either.
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
        let page = serde_json::from_slice::<Value>(line).ok().and_then(|value| page_of(&value));
        let page = page.ok_or_else(|| format!("{}: line {} is no page", path.display(), pages.len() + 1))?;
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

/// What is removed from each page, and why, in bytes of the page; what is left is compared with what was
/// written for it.
fn report(index: &Index<Disk>, pages: &[Fetched]) -> Result<String, Error> {
    let mut report = String::new();
    let thresholds = Thresholds::new().min_documents(5).min_share(0.5)?;
    let mut furniture = Vec::new();
    for site in site::SITES {
        let common = index.boilerplate(site, thresholds)?;
        report += &format!("furniture of {site}, {} pages:\n", common.document_count());
        for piece in &common {
            let example = piece.example();
            let page = pages.iter().find(|page| page.path == example.document());
            let text = page.and_then(|page| page.text.get(example.span().range())).unwrap_or_default();
            report += &format!("  on {:>3} pages: {text}\n", piece.document_count());
        }
        furniture.push((site, common));
    }
    let cleaner = Cleaner::new();
    let mut right = 0;
    for (number, page) in pages.iter().enumerate() {
        let path = &page.path;
        let doc = Document::new(&page.text);
        let common = furniture.iter().find(|(site, _)| *site == scope(path));
        let common = common.map_or_else(|| Ok(Vec::new()), |(_, common)| common.segments(&doc))?;
        let mut goes = common.clone();
        // A run of three and more that an earlier page has was taken over from there; furniture is furniture.
        let seen = index.query_excluding(Page { id: path, scope: scope(path), document: &doc })?;
        for block in seen.matched_runs()? {
            let run = block.occurrence().segments().filter(|segment| !common.contains(segment));
            let is_earlier = pages[..number].iter().any(|earlier| earlier.path == block.document());
            if is_earlier && run.clone().count() >= 3 {
                goes.extend(run);
            }
        }
        let removals = seen.removals(&goes)?;
        for removal in removals.removals() {
            let (here, there) = (removal.occurrence(), removal.source().span());
            if here.segments().any(|segment| !common.contains(&segment)) {
                let (from, why) = (removal.document(), removal.reason());
                report += &format!("{path}: {} removed ({why}): it repeats {there} of {from}\n", here.span());
            }
        }
        let pieces =
            removals.removals().iter().filter(|r| r.occurrence().segments().all(|s| common.contains(&s)));
        report += &format!("{path}: {} runs of boilerplate removed\n", pieces.count());
        let left = removals.apply();
        let edits = cleaner.edits(&left);
        for removal in &edits {
            let [copy, original] = [removal.copy(), removal.original()].map(|span| removals.origin(span));
            report += &format!("{path}: {copy} removed ({}): it repeats {original}\n", removal.reason());
        }
        let left = edits.apply();
        right += usize::from(left.lines().eq(truth(path, pages, number).iter().map(String::as_str)));
    }
    report += &format!("{right} of {} pages are what was written for them\n", pages.len());
    Ok(report)
}

/// The lines that a page should have in the end: whichever of two pages was crawled first keeps the story.
fn truth(path: &str, pages: &[Fetched], number: usize) -> Vec<String> {
    let page_number =
        |path: &str| path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    let site = site::SITES.iter().position(|site| *site == scope(path)).unwrap_or_default();
    let page = site::page(site, page_number(path));
    let is_twin =
        |other: &Fetched| scope(&other.path) != scope(path) && page_number(&other.path) == page_number(path);
    let had_first = page.shared && pages[..number].iter().any(is_twin);
    let body = if had_first { Vec::new() } else { page.body };
    let titles = page.related.into_iter().map(|(_, title)| title);
    std::iter::once(page.title).chain(body).chain(titles).collect()
}
