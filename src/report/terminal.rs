//! A report as text for a terminal.

use super::Color;
use super::marks::{Mark, Role};
use super::view::{FAMILIES, View, count};

/// Colors of the 256-color palette that are legible on black and on white.
const PALETTE: [u8; 10] = [33, 166, 35, 162, 37, 136, 99, 70, 160, 67];

const RESET: &str = "\x1b[0m";

/// The indentation of the lines about a family.
const INDENT: &str = "     ";

pub(super) fn write(view: &View<'_>, color: Color) -> String {
    let mut out = view.summary();
    out.push_str("\n\n");
    for (number, family) in view.families.iter().enumerate().take(FAMILIES) {
        let decision = view.first(family);
        let outcome = if decision.is_removed() { "removed" } else { "kept" };
        let mark = Mark { role: Role::Original, family: number };
        styled(&mut out, color, mark, &format!("{:>3} {outcome}:", number + 1));
        out.push(' ');
        plain(&mut out, decision.reason(), INDENT);
        out.push_str(&format!("\n{INDENT}"));
        plain(&mut out, &view.quote(decision.block()), INDENT);
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
    segments(&mut out, view, color);
    out
}

fn segments(out: &mut String, view: &View<'_>, color: Color) {
    let digits = |n: usize| n.to_string().len();
    let (wide, of_family) = (digits(view.document.len()).max(3), digits(view.families.len()));
    let margin = format!("{}| ", " ".repeat(wide + of_family + 4));
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
        styled(out, color, Mark { role, ..*mark }, &format!("{sign} {family:<of_family$}"));
        out.push_str(" | ");
        for part in view.parts(segment.span(), mark.role) {
            let mut text = String::with_capacity(part.text.len());
            plain(&mut text, part.text, &margin);
            match part.removed_by {
                Some(family) => {
                    styled(out, color, Mark { role: Role::Removed, family }, &format!("[-{text}-]"));
                }
                None => styled(out, color, *mark, &text),
            }
        }
        out.push('\n');
    }
}

/// Writes `text` in the color of the family of `mark`.
fn styled(out: &mut String, color: Color, mark: Mark, text: &str) {
    let of_family = PALETTE[mark.family % PALETTE.len()];
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

/// Writes `text` so that no character moves the cursor: lines after the first begin with `margin`,
/// and control characters are replaced by their Unicode pictures.
fn plain(out: &mut String, text: &str, margin: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                out.push('\n');
                out.push_str(margin);
            }
            '\t' => out.push(c),
            '\0'..='\x1f' => out.extend(char::from_u32(0x2400 + u32::from(c))),
            '\x7f' => out.push('\u{2421}'),
            _ if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(c),
        }
    }
}
