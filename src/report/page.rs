//! A report as an HTML page.

use super::Report;
use super::marks::{Mark, Role};
use super::plot::{Cell, Plot};
use super::view::{FAMILIES, Family, View, count};
use crate::document::Segment;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The SHA-256 of the script, which is the only script that the page allows a browser to run.
/// `tests/browser/report.py` prints the new value if the script was changed.
const SCRIPT_HASH: &str = "5quNV+MB6eIJTPAB0i3DFQztGA5zlsQ0Lt564cIjHrc=";

/// The maximum number of reasons by which the families can be filtered.
const REASONS: usize = 20;

/// The minimum number of segments in a chunk of the text. Browsers lay out a long text chunk by
/// chunk.
const CHUNK: usize = 64;

pub(super) fn write(view: &View<'_>, report: &Report<'_>) -> String {
    let mut page = String::with_capacity(view.document.text().len() + 16_384);
    head(&mut page, view, report);
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

fn head(page: &mut String, view: &View<'_>, report: &Report<'_>) {
    page.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
    ));
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    let name = report.name.unwrap_or("this text");
    page.push_str("<title>Repeats in ");
    escape(page, name);
    page.push_str("</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n");
    page.push_str(STYLE);
    page.push_str("</style>\n</head>\n<body>\n<header>\n<h1>Repeats in <bdi>");
    escape(page, name);
    page.push_str("</bdi></h1>\n<p id=\"summary\">");
    escape(page, &view.summary());
    page.push_str("</p>\n<p class=\"facts\">");
    escape(page, &settings(view, report));
    page.push_str("</p>\n");
    if !view.families.is_empty() {
        page.push_str(
            "<p class=\"key\"><span class=\"o\">original</span> <span class=\"d\">removed copy</span> \
             <span class=\"k\">kept copy</span> <span class=\"h\">hole: segments without a partner</span> \
             <span>Each family has a color; numbers are those of segments.</span></p>\n\
             <p class=\"jump\"><a href=\"#the-text\">Go to the text</a></p>\n",
        );
    }
    page.push_str("</header>\n");
}

/// Returns the policy, if it is known, and the options of the document, in one line.
fn settings(view: &View<'_>, report: &Report<'_>) -> String {
    let policy = report.policy.map_or_else(String::new, |policy| format!("Policy {policy}. "));
    let segments = match view.document.segmentation() {
        Some(segmentation) => format!("Segments: {segmentation}"),
        None => "Segments: spans of the caller".to_owned(),
    };
    format!("{policy}{segments}. Canonical form: {}.", view.document.normalization())
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
        path(page, view, cells[0].family, cells);
    }
    page.push_str("</g>\n<use class=\"mirror\" href=\"#dots\" transform=\"matrix(0 1 1 0 0 0)\"/>\n</svg>\n");
    let cell = view.document.len().div_ceil(side);
    let of_cell = if cell > 1 { format!(", up to {cell} in a cell") } else { String::new() };
    page.push_str(&format!(
        "<figcaption>Dot plot of the text against itself, segment by segment{of_cell}. A dot marks a copy, across, \
         and an earlier occurrence of the same segment, down. A repeated run is a diagonal.</figcaption>\n</figure>\n"
    ));
}

fn path(page: &mut String, view: &View<'_>, family: usize, cells: &[Cell]) {
    page.push_str("<path class=\"");
    if family == usize::MAX {
        page.push_str("none\"");
    } else {
        let kept = if view.is_removed(family) { "" } else { " kept" };
        page.push_str(&format!("f{}{kept}\"", view.hue(family)));
        if family < FAMILIES {
            page.push_str(&format!(" data-row=\"{family}\""));
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
        page.push_str(&format!("<p class=\"more\">{}</p>\n</section>\n", view.no_families()));
        return;
    }
    filter(page, view);
    page.push_str("<ol class=\"rows\">\n");
    for (number, family) in view.families.iter().enumerate().take(FAMILIES) {
        row(page, view, number, family);
    }
    page.push_str("</ol>\n");
    if view.families.len() > FAMILIES {
        let more = count(view.families.len() - FAMILIES, "more family is", "more families are");
        page.push_str(&format!("<p class=\"more\">{more} marked in the text, but not listed.</p>\n"));
    }
    page.push_str(PAIR);
    page.push_str("</section>\n");
}

/// Writes a button for each reason, which hides the families with other reasons.
fn filter(page: &mut String, view: &View<'_>) {
    let reasons = view.reasons();
    if reasons.len() < 2 {
        return;
    }
    let all = view.families.len();
    page.push_str(&format!(
        "<div class=\"filter\" role=\"group\" aria-label=\"Show families by reason\">\n<button type=\"button\" \
         aria-pressed=\"true\" data-reason=\"\">All {all}</button>\n"
    ));
    for (reason, count) in reasons.iter().take(REASONS) {
        page.push_str("<button type=\"button\" aria-pressed=\"false\" data-reason=\"");
        escape(page, reason);
        page.push_str("\">");
        escape(page, reason);
        page.push_str(&format!(" {count}</button>\n"));
    }
    page.push_str("</div>\n");
}

/// The original and a copy of the selected family, side by side.
const PAIR: &str = r#"<section class="pair" id="pair" aria-label="Original and copy" hidden>
<p><button type="button" id="to-original">Show original in the text</button> <button type="button" id="to-copy">Show copy in the text</button>
<button type="button" id="previous" aria-label="Previous copy">‹</button> <span id="which" aria-live="polite"></span>
<button type="button" id="next" aria-label="Next copy">›</button> <button type="button" id="close" class="close">Close</button></p>
<div class="place"><h3>Original</h3><div id="original" lang="" dir="auto" tabindex="0"></div></div>
<div class="place"><h3>Copy</h3><div id="copy" lang="" dir="auto" tabindex="0"></div></div>
</section>
"#;

fn row(page: &mut String, view: &View<'_>, number: usize, family: &Family) {
    let decision = view.first(family);
    let segments = decision.block().original().segments();
    page.push_str("<li data-reason=\"");
    escape(page, &view.reason(family));
    page.push_str(&format!(
        "\"><button type=\"button\" class=\"row f{}\" aria-pressed=\"false\" data-number=\"{number}\" \
         data-original=\"{}-{}\" data-copies=\"",
        view.hue(number),
        segments.start,
        segments.end
    ));
    for (i, copy) in view.copies(family).enumerate() {
        let segments = copy.segments();
        let space = if i == 0 { "" } else { " " };
        page.push_str(&format!("{space}{}-{}", segments.start, segments.end));
    }
    let (class, outcome) = if decision.is_removed() { (" removed", "Removed:") } else { ("", "Kept:") };
    page.push_str(&format!("\"><span class=\"decision{class}\">{outcome}</span> <span class=\"reason\">"));
    escape(page, decision.reason());
    page.push_str("</span><span class=\"quote\" lang=\"\" dir=\"auto\">");
    escape(page, &view.quote(decision.block()));
    page.push_str(&format!("</span><span class=\"facts\">{}</span>", view.places(family)));
    let measures: Vec<String> = view.measures(family).iter().map(|m| m.replace(' ', "\u{a0}")).collect();
    page.push_str("<span class=\"facts\">");
    escape(page, &measures.join(" · "));
    page.push_str("</span>");
    let holes = view.holes(family);
    if !holes.is_empty() {
        page.push_str(&format!("<span class=\"facts holes\">Holes: {}</span>", holes.join("; ")));
    }
    page.push_str("</button></li>\n");
}

fn text(page: &mut String, view: &View<'_>) {
    const START: &str = "<div lang=\"\" dir=\"auto\">";
    page.push_str(
        "<section class=\"text\" aria-labelledby=\"the-text\">\n<h2 id=\"the-text\">The text</h2>\n",
    );
    page.push_str(START);
    let text = view.document.text();
    let (mut at, mut in_chunk) = (0, 0);
    for (segment, mark) in view.document.segments().zip(&view.marks) {
        let gap = &text[at..segment.span().start()];
        let end = if in_chunk < CHUNK { None } else { gap.rfind('\n') };
        match end {
            None => escape(page, gap),
            Some(end) => {
                let (before, after) = gap.split_at(end + 1);
                escape(page, before);
                page.push_str("</div>\n");
                page.push_str(START);
                escape(page, after);
                in_chunk = 0;
            }
        }
        in_chunk += 1;
        write_segment(page, view, segment, *mark);
        at = segment.span().end();
    }
    escape(page, &text[at..]);
    page.push_str("</div>\n</section>\n");
}

fn write_segment(page: &mut String, view: &View<'_>, segment: Segment<'_, '_>, mark: Mark) {
    let (index, hue) = (segment.index(), view.hue(mark.family));
    let (tag, class) = match mark.role {
        Role::Alone => ("", ' '),
        Role::Removed => ("del", 'd'),
        Role::Original => ("span", 'o'),
        Role::Kept => ("span", 'k'),
        Role::Hole => ("span", 'h'),
    };
    if mark.role != Role::Alone {
        // The copies of a template that is kept may make a hole of every other segment, so the
        // holes of kept families are visible only on selection.
        let quiet = if mark.role == Role::Hole && !view.is_removed(mark.family) { " kept" } else { "" };
        let number = index + 1;
        page.push_str(&format!(
            "<{tag} id=\"s{index}\" class=\"{class} f{hue}{quiet}\" data-n=\"{number}\">"
        ));
    }
    for part in view.parts(segment.span(), mark.role) {
        match part.removed_by {
            Some(family) => {
                page.push_str(&format!("<del class=\"d f{}\">", view.hue(family)));
                escape(page, part.text);
                page.push_str("</del>");
            }
            None => escape(page, part.text),
        }
    }
    if mark.role != Role::Alone {
        page.push_str(&format!("</{tag}>"));
    }
}

/// Writes `text` with escapes that are valid between tags and in attributes. NUL, which HTML cannot
/// represent, is written as U+FFFD.
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
