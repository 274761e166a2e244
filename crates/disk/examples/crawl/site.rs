//! Two small generated sites, served on loopback, and the expected text of their pages.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

/// The names of the sites, with which the paths of their pages begin.
pub const SITES: [&str; 2] = ["harbor", "daily"];

/// The number of pages of each site.
pub const PAGES: usize = 150;

const WORDS: [&str; 32] = [
    "ferry", "harbor", "council", "winter", "bridge", "morning", "ticket", "market", "school", "river",
    "storm", "captain", "island", "engine", "budget", "summer", "garden", "station", "letter", "window",
    "crossing", "lantern", "teacher", "orchard", "signal", "weather", "mayor", "library", "archive",
    "village", "cargo", "meadow",
];

/// The content of a page.
pub struct Page {
    pub title: String,
    pub body: Vec<String>,
    /// Set if the page has its body twice.
    pub doubled: bool,
    /// Set if the page with the same number on the other site has the same body.
    pub shared: bool,
    /// The paths and titles of the pages that the page links to.
    pub related: Vec<(String, String)>,
}

/// Returns a pseudorandom number that is the same in every run.
fn number(seed: usize, step: usize) -> usize {
    let mixed = (seed as u64 + 1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add((step as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
    usize::try_from((mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 40).unwrap_or_default()
}

fn path(site: usize, page: usize) -> String {
    format!("/{}/{page}", SITES[site])
}

fn title(site: usize, page: usize) -> String {
    let word = |step| WORDS[number(site * PAGES + page, step) % WORDS.len()];
    format!("The {} and the {}, report {page} of the {}", word(1), word(2), SITES[site])
}

fn sentence(seed: usize) -> String {
    let words: Vec<&str> = (0..9 + seed % 7).map(|step| WORDS[number(seed, step) % WORDS.len()]).collect();
    format!("On day {seed} the {}.", words.join(" "))
}

fn body(site: usize, page: usize) -> Vec<String> {
    let seed = (site * PAGES + page) * 10;
    (seed..seed + 4 + page % 5).map(sentence).collect()
}

/// Returns a page of a site, both by number.
pub fn page(site: usize, page: usize) -> Page {
    let shared = page % 13 == 7;
    let related = (0..4).map(|step| {
        let number = number(site * PAGES + page, 50 + step) % PAGES;
        // Each page links to the next one, so every page is reached.
        let number = if step == 0 { (page + 1) % PAGES } else { number };
        (path(site, number), title(site, number))
    });
    Page {
        title: title(site, page),
        body: body(if shared { 0 } else { site }, page),
        doubled: page % 17 == 5,
        shared,
        related: related.collect(),
    }
}

fn html(site: usize, page: &Page) -> String {
    let mut html = format!("<!doctype html><html><head><title>{}</title></head><body><nav><ul>", page.title);
    for item in ["Home", "News from the coast", "Timetables and tickets", "Pictures", "Letters to the editor"]
    {
        let _ = write!(html, "<li>{item}</li>");
    }
    let _ = write!(html, "</ul></nav><article><h1>{}</h1><div>", page.title);
    for _ in 0..1 + usize::from(page.doubled) {
        for paragraph in &page.body {
            let _ = write!(html, "<p>{paragraph}</p>");
        }
    }
    html.push_str("</div></article><aside><ul>");
    for (path, title) in &page.related {
        let _ = write!(html, "<li><a href=\"{path}\">{title}</a></li>");
    }
    let _ = write!(
        html,
        "</ul></aside><footer><p>The {0} is written by those who live there.</p><p>Imprint of the {0}</p></footer>",
        SITES[site]
    );
    html.push_str("</body></html>");
    html
}

/// Serves the sites in the background until the process ends, and returns their address.
pub fn serve() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    Ok(address)
}

fn answer(stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(&stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).unwrap_or("/");
    let found = path.trim_start_matches('/').split_once('/').and_then(|(site, number)| {
        let site = SITES.iter().position(|name| *name == site)?;
        let number: usize = number.parse().ok().filter(|number| *number < PAGES)?;
        Some(html(site, &page(site, number)))
    });
    let (status, html) = found.map_or(("404 Not Found", String::new()), |html| ("200 OK", html));
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        html.len()
    );
    let mut stream = &stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(html.as_bytes())
}
