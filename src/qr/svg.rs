//! SVG: all dark modules as one path, so that no seams show between them at
//! any size.

use std::fmt::Write as _;

use super::colour::Light;
use super::style::Style;
use super::symbol::Symbol;

/// An SVG of the symbol and its quiet zone, one unit a module.
///
/// `title` is what a screen reader says; it is escaped here. Width and height
/// are in millimetres if the style fixes the printed size, else in pixels.
pub fn svg(symbol: &Symbol, style: &Style, title: &str) -> String {
    let side = style.modules(symbol);
    let mut out = String::with_capacity(512 + 3 * symbol.modules() * symbol.modules());
    let size = match style.module_size {
        Some(size) => format!("{}mm", thousandths(side * usize::from(size.micrometres()))),
        None => (side * usize::from(style.scale.px())).to_string(),
    };
    let dark = style.colours.dark();
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{size}" height="{size}" role="img" shape-rendering="crispEdges"><title>"#
    );
    escape(title, &mut out);
    let _ = write!(
        out,
        "</title><desc>QR code, {0} by {0} modules</desc>",
        symbol.modules()
    );
    if let Light::Colour(light) = style.colours.light() {
        let _ = write!(out, r#"<path fill="{light}" d="M0 0h{side}v{side}H0z"/>"#);
    }
    let _ = write!(out, r#"<path fill="{dark}" d=""#);
    outline(symbol, style.quiet_zone.modules(), &mut out);
    out.push_str("\"/></svg>\n");
    out
}

/// Writes text content (XML 1.0, 2.4). Characters that XML cannot hold
/// (2.2) become U+FFFD.
fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(char),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(char),
        }
    }
}

/// A number of thousandths, without zeros at the end.
fn thousandths(number: usize) -> String {
    let text = format!("{}.{:03}", number / 1000, number % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    East,
    South,
    West,
    North,
}

/// Walks around every dark area once, with the dark on the right hand: outer
/// borders clockwise, holes the other way, so that either fill rule fills it.
fn outline(symbol: &Symbol, margin: usize, out: &mut String) {
    let rows = symbol.rows();
    // Upper edges of dark modules that no walk has passed yet.
    let mut edges = rows.to_vec();
    for (y, row) in edges.iter_mut().enumerate().skip(1) {
        for (word, above) in row.iter_mut().zip(rows[y - 1]) {
            *word &= !above;
        }
    }
    let mut last = None;
    for y in 0..edges.len() {
        for limb in 0..edges[y].len() {
            while edges[y][limb] != 0 {
                let x = limb * 64 + edges[y][limb].trailing_zeros() as usize;
                move_to(last, (x + margin, y + margin), out);
                last = Some((x + margin, y + margin));
                walk(symbol, (x, y), &mut edges, out);
                out.push('z');
            }
        }
    }
}

/// Starts a subpath; the point before it is where the last one started.
fn move_to(last: Option<(usize, usize)>, (x, y): (usize, usize), out: &mut String) {
    // Writing to a String does not fail.
    let _ = match last {
        None => write!(out, "M{x} {y}"),
        Some((last_x, last_y)) if x < last_x => write!(out, "m-{} {}", last_x - x, y - last_y),
        Some((last_x, last_y)) => write!(out, "m{} {}", x - last_x, y - last_y),
    };
}

/// One closed walk from the upper left corner of a module. The last side is
/// left to the `z` that closes the path.
fn walk(symbol: &Symbol, start: (usize, usize), edges: &mut [[u64; 3]], out: &mut String) {
    // Beyond the left and upper border is_dark sees a huge column or row: light.
    let dark = |x: usize, y: usize| symbol.is_dark(x, y);
    let (mut x, mut y) = start;
    let mut heading = Heading::East;
    loop {
        let mut steps = 0;
        let next = loop {
            let (west, north) = (x.wrapping_sub(1), y.wrapping_sub(1));
            // The modules ahead on the left and right hand after this step.
            let (left, right) = match heading {
                Heading::East => {
                    edges[y][x / 64] &= !(1 << (x % 64));
                    x += 1;
                    (dark(x, north), dark(x, y))
                }
                Heading::South => {
                    y += 1;
                    (dark(x, y), dark(west, y))
                }
                Heading::West => {
                    x = west;
                    let west = x.wrapping_sub(1);
                    (dark(west, y), dark(west, north))
                }
                Heading::North => {
                    y = north;
                    let north = y.wrapping_sub(1);
                    (dark(west, north), dark(x, north))
                }
            };
            steps += 1;
            // Where two modules touch at a corner only, the walk goes on
            // around the other one: that makes fewer subpaths.
            match (left, right, heading) {
                (false, true, _) => {}
                (true, _, Heading::East) | (false, false, Heading::West) => break Heading::North,
                (true, _, Heading::South) | (false, false, Heading::North) => break Heading::East,
                (true, _, Heading::West) | (false, false, Heading::East) => break Heading::South,
                (true, _, Heading::North) | (false, false, Heading::South) => break Heading::West,
            }
        };
        if (x, y) == start && next == Heading::East {
            return;
        }
        let _ = match heading {
            Heading::East => write!(out, "h{steps}"),
            Heading::South => write!(out, "v{steps}"),
            Heading::West => write!(out, "h-{steps}"),
            Heading::North => write!(out, "v-{steps}"),
        };
        heading = next;
    }
}
