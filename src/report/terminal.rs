//! A report as text for a terminal.

use super::Colour;
use super::view::{FAMILIES, Mark, Role, View, count};

/// Colours of the palette of 256 that can be read on black as on white.
const PALETTE: [u8; 10] = [33, 166, 35, 162, 37, 136, 99, 70, 160, 67];

const RESET: &str = "\x1b[0m";

pub(super) fn write(view: &View<'_>, colour: Colour) -> String {
    let mut out = view.summary();
    out.push_str("\n\n");
    for (number, family) in view.families.iter().enumerate().take(FAMILIES) {
        let Some(verdict) = view.first(family) else { continue };
        let decision = if verdict.is_dropped() { "drop" } else { "keep" };
        let mark = Mark { role: Role::Original, family: number };
        styled(&mut out, colour, mark, &format!("{:>3} {decision}  ", number + 1));
        plain(&mut out, verdict.reason(), "     ");
        out.push_str("\n     ");
        plain(&mut out, &view.quote(verdict), "     ");
        out.push_str(&format!("\n     {}\n     ", view.stands(family)));
        out.push_str(&view.measures(family).join(", "));
        let holes = view.holes(family);
        if !holes.is_empty() {
            out.push_str(&format!("\n     holes: {}", holes.join("; ")));
        }
        out.push_str("\n\n");
    }
    if view.families.len() > FAMILIES {
        let more = count(view.families.len() - FAMILIES, "family", "families");
        out.push_str(&format!("And {more} more.\n\n"));
    }
    segments(&mut out, view, colour);
    out
}

fn segments(out: &mut String, view: &View<'_>, colour: Colour) {
    let digits = |n: usize| n.to_string().len();
    let (wide, of_family) = (digits(view.doc.len()).max(3), digits(view.families.len()));
    let margin = format!("{}| ", " ".repeat(wide + of_family + 4));
    for (segment, mark) in view.doc.segments().zip(&view.marks) {
        let sign = match mark.role {
            Role::Alone => ' ',
            Role::Dropped => '-',
            Role::Original => '=',
            Role::Kept => '+',
            Role::Hole => '.',
        };
        let family = if mark.role == Role::Alone { String::new() } else { (mark.family + 1).to_string() };
        out.push_str(&format!("{:>wide$} ", segment.index() + 1));
        styled(
            out,
            colour,
            Mark { role: plain_role(mark.role), ..*mark },
            &format!("{sign} {family:<of_family$}"),
        );
        out.push_str(" | ");
        for (piece, goes) in view.pieces(segment.span(), mark.role) {
            let mut text = String::with_capacity(piece.len());
            plain(&mut text, piece, &margin);
            if goes {
                styled(out, colour, Mark { role: Role::Dropped, ..*mark }, &format!("[-{text}-]"));
            } else {
                styled(out, colour, *mark, &text);
            }
        }
        out.push('\n');
    }
}

/// The sign beside a struck text is not struck itself.
fn plain_role(role: Role) -> Role {
    if role == Role::Dropped { Role::Kept } else { role }
}

/// Text in the colour of its family.
fn styled(out: &mut String, colour: Colour, mark: Mark, text: &str) {
    let of_family = PALETTE[mark.family % PALETTE.len()];
    let style = match (colour, mark.role) {
        (Colour::None, _) | (_, Role::Alone) => None,
        (Colour::Ansi, Role::Dropped) => Some(format!("9;2;38;5;{of_family}")),
        (Colour::Ansi, Role::Hole) => Some("2".to_owned()),
        (Colour::Ansi, Role::Original) => Some(format!("1;38;5;{of_family}")),
        (Colour::Ansi, Role::Kept) => Some(format!("38;5;{of_family}")),
    };
    match style {
        None => out.push_str(text),
        Some(style) => out.push_str(&format!("\x1b[{style}m{text}{RESET}")),
    }
}

/// Text in which nothing moves the cursor: lines begin at the margin, control characters are pictures.
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
