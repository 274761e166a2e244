//! A report as a page of HTML.

use super::plot::{Cell, Plot};
use super::view::{COPIES, FAMILIES, Family, Mark, Role, View, count};
use crate::document::Segment;
use crate::edit::Verdict;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// The SHA-256 of the script: the only one that the page lets a browser run.
const SCRIPT_HASH: &str = "3jxhu0iTEU1hNoe72DRBCygUrocR5/dLmocvQ6O2nzg=";

/// How many colours there are in the style.
const HUES: usize = 10;

/// A browser lays a long text out part by part; a part has at least so many segments.
const PART: usize = 64;

pub(super) fn write(view: &View<'_>) -> String {
    let mut page = String::with_capacity(view.doc.text().len() + 16_384);
    head(&mut page, view);
    page.push_str("<main class=\"layout\">\n<div class=\"side\">\n");
    plot(&mut page, view);
    families(&mut page, view);
    page.push_str("</div>\n");
    text(&mut page, view);
    page.push_str("</main>\n<script>");
    page.push_str(SCRIPT);
    page.push_str("</script>\n</body>\n</html>\n");
    page
}

fn head(page: &mut String, view: &View<'_>) {
    page.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
    ));
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<title>What this text says twice</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n");
    page.push_str(STYLE);
    page.push_str(
        "</style>\n</head>\n<body>\n<header>\n<h1>What this text says twice</h1>\n<p id=\"summary\">",
    );
    escape(page, &view.summary());
    page.push_str("</p>\n");
    if !view.families.is_empty() {
        page.push_str(
            "<p class=\"key f0\"><span class=\"o\">original</span> <span class=\"d\">a copy that goes</span> \
             <span class=\"k\">a copy that stays</span> <span class=\"h\">a hole, not repeated</span></p>\n",
        );
    }
    page.push_str("</header>\n");
}

fn plot(page: &mut String, view: &View<'_>) {
    let Plot { side, cells } = Plot::new(view);
    if side == 0 {
        return;
    }
    page.push_str(&format!(
        "<figure>\n<svg class=\"plot\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"Dot plot of the text \
         against itself, {} of {} cells marked\">\n<line x1=\"0\" y1=\"0\" x2=\"{side}\" y2=\"{side}\"/>\n<g \
         id=\"dots\">\n",
        cells.len(),
        side * side
    ));
    for cells in cells.chunk_by(|a, b| a.family == b.family) {
        path(page, view, cells);
    }
    page.push_str("</g>\n<use class=\"mirror\" href=\"#dots\" transform=\"matrix(0 1 1 0 0 0)\"/>\n</svg>\n");
    let cell = view.doc.len().div_ceil(side);
    let of_cell = if cell > 1 { format!(", {cell} to a cell") } else { String::new() };
    page.push_str(&format!(
        "<figcaption>The text against itself, segment by segment{of_cell}: a dot is a segment that stands again, \
         across, below where it stood before, down. What is repeated as a run is a diagonal.</figcaption>\n</figure>\n"
    ));
}

fn path(page: &mut String, view: &View<'_>, cells: &[Cell]) {
    let family = cells.first().map_or(usize::MAX, |cell| cell.family);
    page.push_str("<path class=\"");
    match view.families.get(family).and_then(|of_cells| view.first(of_cells)) {
        None => page.push_str("none\""),
        Some(verdict) => {
            let kept = if verdict.is_dropped() { "" } else { " kept" };
            page.push_str(&format!("f{}{kept}\"", family % HUES));
            if family < FAMILIES {
                page.push_str(&format!(" data-row=\"{family}\""));
            }
        }
    }
    page.push_str(" d=\"");
    for Cell { across, down, .. } in cells {
        page.push_str(&format!("M{across} {down}h1v1h-1z"));
    }
    page.push_str("\"/>\n");
}

fn families(page: &mut String, view: &View<'_>) {
    page.push_str("<section aria-labelledby=\"families\">\n<h2 id=\"families\">Families</h2>\n");
    if view.families.is_empty() {
        page.push_str("<p class=\"more\">Nothing repeats.</p>\n</section>\n");
        return;
    }
    page.push_str("<ol class=\"rows\">\n");
    for (number, family) in view.families.iter().enumerate().take(FAMILIES) {
        if let Some(verdict) = view.first(family) {
            row(page, view, number, family, verdict);
        }
    }
    page.push_str("</ol>\n");
    if view.families.len() > FAMILIES {
        let more = count(view.families.len() - FAMILIES, "family", "families");
        page.push_str(&format!("<p class=\"more\">And {more} more, in the text alone.</p>\n"));
    }
    page.push_str(PAIR);
    page.push_str("</section>\n");
}

/// Where two places of the chosen family are shown.
const PAIR: &str = r#"<section class="pair" id="pair" aria-label="Two places" hidden>
<p><button type="button" id="go-first">Go to the original</button> <button type="button" id="go-again">Go to the copy</button>
<button type="button" id="before" aria-label="The copy before">‹</button> <span id="which" aria-live="polite"></span>
<button type="button" id="next" aria-label="The next copy">›</button> <button type="button" id="close" class="close">Close</button></p>
<div class="place"><h3>Original</h3><div id="first" lang="" dir="auto" tabindex="0"></div></div>
<div class="place"><h3>Copy</h3><div id="again" lang="" dir="auto" tabindex="0"></div></div>
</section>
"#;

fn row(page: &mut String, view: &View<'_>, number: usize, family: &Family, verdict: &Verdict) {
    let segments = verdict.original().segments();
    page.push_str(&format!(
        "<li><button type=\"button\" class=\"row f{}\" aria-pressed=\"false\" data-number=\"{number}\" \
         data-original=\"{}-{}\" data-copies=\"",
        number % HUES,
        segments.start,
        segments.end
    ));
    for (i, copy) in view.verdicts(family).take(COPIES).enumerate() {
        let segments = copy.copy().segments();
        let space = if i == 0 { "" } else { " " };
        page.push_str(&format!("{space}{}-{}", segments.start, segments.end));
    }
    let (class, decision) = if verdict.is_dropped() { (" gone", "Goes:") } else { ("", "Stays:") };
    page.push_str(&format!("\"><span class=\"verdict{class}\">{decision}</span> <span class=\"reason\">"));
    escape(page, verdict.reason());
    page.push_str("</span><span class=\"quote\" lang=\"\" dir=\"auto\">");
    escape(page, &view.quote(verdict));
    page.push_str(&format!("</span><span class=\"facts\">{}</span>", view.stands(family)));
    let measures: Vec<String> = view.measures(family).iter().map(|m| m.replace(' ', "\u{a0}")).collect();
    page.push_str(&format!("<span class=\"facts\">{}</span>", measures.join(" · ")));
    let holes = view.holes(family);
    if !holes.is_empty() {
        page.push_str(&format!("<span class=\"facts holes\">Holes: {}</span>", holes.join("; ")));
    }
    page.push_str("</button></li>\n");
}

fn text(page: &mut String, view: &View<'_>) {
    const PART_START: &str = "<div lang=\"\" dir=\"auto\">";
    page.push_str(
        "<section class=\"text\" aria-labelledby=\"the-text\">\n<h2 id=\"the-text\">The text</h2>\n",
    );
    page.push_str(PART_START);
    let text = view.doc.text();
    let (mut at, mut in_part) = (0, 0);
    for (segment, mark) in view.doc.segments().zip(&view.marks) {
        let gap = &text[at..segment.span().start()];
        let end = if in_part < PART { None } else { gap.rfind('\n') };
        match end {
            None => escape(page, gap),
            Some(end) => {
                let (before, after) = gap.split_at(end + 1);
                escape(page, before);
                page.push_str("</div>\n");
                page.push_str(PART_START);
                escape(page, after);
                in_part = 0;
            }
        }
        in_part += 1;
        piece(page, view, segment, *mark);
        at = segment.span().end();
    }
    escape(page, &text[at..]);
    page.push_str("</div>\n</section>\n");
}

fn piece(page: &mut String, view: &View<'_>, segment: Segment<'_, '_>, mark: Mark) {
    let (index, hue) = (segment.index(), mark.family % HUES);
    let (tag, class) = match mark.role {
        Role::Alone => ("", ' '),
        Role::Dropped => ("del", 'd'),
        Role::Original => ("span", 'o'),
        Role::Kept => ("span", 'k'),
        Role::Hole => ("span", 'h'),
    };
    if mark.role != Role::Alone {
        // Around a template that stays, everything is a hole: that is for who chooses it.
        let quiet = if mark.role == Role::Hole && !view.is_dropped(mark.family) { " kept" } else { "" };
        page.push_str(&format!("<{tag} id=\"s{index}\" class=\"{class} f{hue}{quiet}\">"));
    }
    for (text, goes) in view.pieces(segment.span(), mark.role) {
        if goes {
            page.push_str(&format!("<del class=\"d f{hue}\">"));
            escape(page, text);
            page.push_str("</del>");
        } else {
            escape(page, text);
        }
    }
    if mark.role != Role::Alone {
        page.push_str(&format!("</{tag}>"));
    }
}

/// Text that is nothing but text, between tags as in an attribute. A NUL, which HTML does not have, shows as U+FFFD.
fn escape(page: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'', '\0']) {
        let (plain, special) = rest.split_at(at);
        page.push_str(plain);
        page.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => "\u{fffd}",
        });
        rest = &special[1..];
    }
    page.push_str(rest);
}
