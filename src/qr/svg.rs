//! SVG: all dark modules as one path, so that no seams show between them at
//! any size.

use std::fmt::Write as _;

use super::colour::Light;
use super::outline::{Corners, outline};
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
    outline(
        &symbol.rows().collect::<Vec<_>>(),
        style.quiet_zone.modules(),
        Corners::Sharp,
        &mut out,
    );
    out.push_str("\"/></svg>\n");
    out
}

/// Writes text content (XML 1.0, 2.4). Characters that XML cannot hold
/// (2.2) become U+FFFD.
pub(super) fn escape(text: &str, out: &mut String) {
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
pub(super) fn thousandths(number: usize) -> String {
    let text = format!("{}.{:03}", number / 1000, number % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
