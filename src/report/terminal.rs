//! A report as text for a terminal.

use super::marks::{Mark, Role};
use super::view::{FAMILIES, View, count};
use super::{Color, Report};
use crate::unicode::{self, DENSE, IGNORABLE, MARK};

/// Colors of the 256-color palette that are legible on black and on white.
const PALETTE: [u8; 10] = [33, 166, 35, 162, 37, 136, 99, 70, 160, 67];

const RESET: &str = "\x1b[0m";

/// The indentation of the lines about a family.
const INDENT: &str = "     ";

/// The minimum number of columns for the text of a segment that is wrapped.
const NARROW: usize = 20;

pub(super) fn write(view: &View<'_>, report: &Report<'_>) -> String {
    let color = report.color;
    let mut out = view.summary();
    out.push_str("\n\n");
    for (number, family) in view.families.iter().enumerate().take(FAMILIES) {
        let decision = view.first(family);
        let outcome = if decision.is_removed() { "removed" } else { "kept" };
        let mark = Mark { role: Role::Original, family: number };
        styled(&mut out, color, view, mark, &format!("{:>3} {outcome}:", number + 1));
        out.push(' ');
        let mut lines = Lines::new(INDENT, None);
        lines.push(&mut out, decision.reason());
        out.push_str(&format!("\n{INDENT}"));
        lines.push(&mut out, &view.quote(decision.block()));
        out.push_str(&format!("\n{INDENT}{}", view.places(family)));
        out.push_str(&format!("\n{INDENT}{}", view.measures(family).join(", ")));
        let holes = view.holes(family);
        if !holes.is_empty() {
            out.push_str(&format!("\n{INDENT}Holes: {}", holes.join("; ")));
        }
        out.push_str("\n\n");
    }
    if view.families.len() > FAMILIES {
        let more = count(view.families.len() - FAMILIES, "more family is", "more families are");
        out.push_str(&format!("{more} not listed.\n\n"));
    }
    if !report.families_only {
        if !view.families.is_empty() {
            out.push_str(
                "Marks: = original, - removed, + kept copy, . in a hole of a block; then the family.\n\n",
            );
        }
        segments(&mut out, view, report);
    }
    out
}

fn segments(out: &mut String, view: &View<'_>, report: &Report<'_>) {
    let color = report.color;
    let digits = |n: usize| n.to_string().len();
    let (wide, of_family) = (digits(view.document.len()).max(3), digits(view.families.len()));
    let margin = format!("{}| ", " ".repeat(wide + of_family + 4));
    let width = report.width.and_then(|width| width.checked_sub(margin.len())).filter(|left| *left >= NARROW);
    for (segment, mark) in view.document.segments().zip(&view.marks) {
        let sign = match mark.role {
            Role::Alone => ' ',
            Role::Removed => '-',
            Role::Original => '=',
            Role::Kept => '+',
            Role::Hole => '.',
        };
        let family = if mark.role == Role::Alone { String::new() } else { (mark.family + 1).to_string() };
        out.push_str(&format!("{:>wide$} ", segment.index() + 1));
        // The sign beside removed text is not struck through.
        let role = if mark.role == Role::Removed { Role::Kept } else { mark.role };
        styled(out, color, view, Mark { role, ..*mark }, &format!("{sign} {family:<of_family$}"));
        out.push_str(" | ");
        let mut lines = Lines::new(&margin, width);
        for part in view.parts(segment.span(), mark.role) {
            let mut text = String::with_capacity(part.text.len());
            let mark = match part.removed_by {
                Some(family) => {
                    lines.push(&mut text, "[-");
                    lines.push(&mut text, part.text);
                    lines.push(&mut text, "-]");
                    Mark { role: Role::Removed, family }
                }
                None => {
                    lines.push(&mut text, part.text);
                    *mark
                }
            };
            styled(out, color, view, mark, &text);
        }
        out.push('\n');
    }
}

/// Writes `text` in the color of the family of `mark`.
fn styled(out: &mut String, color: Color, view: &View<'_>, mark: Mark, text: &str) {
    let of_family = PALETTE[view.hue(mark.family) % PALETTE.len()];
    let style = match (color, mark.role) {
        (Color::None, _) | (_, Role::Alone) => None,
        (Color::Ansi, Role::Removed) => Some(format!("9;2;38;5;{of_family}")),
        (Color::Ansi, Role::Hole) => Some("2".to_owned()),
        (Color::Ansi, Role::Original) => Some(format!("1;38;5;{of_family}")),
        (Color::Ansi, Role::Kept) => Some(format!("38;5;{of_family}")),
    };
    match style {
        None => out.push_str(text),
        Some(style) => out.push_str(&format!("\x1b[{style}m{text}{RESET}")),
    }
}

/// Writes text so that no character moves the cursor: lines after the first begin with a margin,
/// and control characters are replaced.
struct Lines<'m> {
    margin: &'m str,
    /// The number of columns beside the margin, if lines are wrapped.
    width: Option<usize>,
    /// The number of columns that are written in the current line.
    column: usize,
}

impl<'m> Lines<'m> {
    fn new(margin: &'m str, width: Option<usize>) -> Self {
        Self { margin, width, column: 0 }
    }

    /// Writes `text`, and begins a new line before each word that does not fit.
    fn push(&mut self, out: &mut String, text: &str) {
        let Some(width) = self.width else { return self.push_word(out, text) };
        for word in text.split_inclusive([' ', '\t', '\n']) {
            let columns: usize = word.trim_end().chars().map(columns_of).sum();
            if self.column > 0 && self.column + columns > width {
                self.wrap(out);
            }
            if columns <= width {
                self.push_word(out, word);
                continue;
            }
            // A word that is longer than a line, such as a sentence of a script without spaces.
            let mut chars = word.chars().peekable();
            while let Some(c) = chars.next() {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    continue;
                }
                if !c.is_whitespace() && self.column + columns_of(c) > width {
                    self.wrap(out);
                }
                self.push_word(out, c.encode_utf8(&mut [0; 4]));
            }
        }
    }

    /// Begins a new line where the text has none, without the spaces before it.
    fn wrap(&mut self, out: &mut String) {
        out.truncate(out.trim_end_matches(' ').len());
        self.new_line(out);
    }

    fn new_line(&mut self, out: &mut String) {
        out.push('\n');
        out.push_str(self.margin);
        self.column = 0;
    }

    fn push_word(&mut self, out: &mut String, text: &str) {
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            self.column += columns_of(c);
            match c {
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' => self.new_line(out),
                '\t' => out.push(c),
                '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + u32::from(c))),
                '\x7f' => out.push('\u{2421}'),
                _ if is_direction(c) => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
                _ if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
                _ => out.push(c),
            }
        }
    }
}

/// Returns whether a character changes the direction of the text around it.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns the number of columns that a character takes.
fn columns_of(c: char) -> usize {
    let flags = unicode::flags(c);
    match c {
        '\t' | '\n' => 1,
        _ if is_direction(c) => 8,
        _ if flags & (MARK | IGNORABLE) != 0 => 0,
        // Emoji and fullwidth forms take two columns as well.
        '\u{FF01}'..='\u{FF60}' | '\u{1F300}'..='\u{1FAFF}' => 2,
        _ => 1 + usize::from(flags & DENSE != 0),
    }
}
