//! One document as the symbol of every scheme, side by side at one module size: an SVG.

use std::fmt::Write;

use qrseal::payload::Document;
use qrseal::qr::{Capacity, Level, Symbol};

use crate::schemes::{Links, OURS, SCHEMES};
use crate::segments::QUIET_ZONE_MODULES;

/// Pixels of a module.
const SCALE: u32 = 2;
const COLUMNS: u8 = 5;
const CAPTION_PX: u32 = 52;
const HEADING_PX: u32 = 48;
const GAP_PX: u32 = 16;

/// What is left out of the picture: our own variants, which the table shows.
const LEFT_OUT: [&str; 1] = ["qrseal, best"];

/// Draws `document` in each scheme at error correction level M.
pub fn svg(document: &Document, links: &Links) -> Result<String, Capacity> {
    let drawn: Vec<Cell> = SCHEMES
        .iter()
        .filter(|scheme| !LEFT_OUT.contains(&scheme.name))
        .map(|scheme| {
            Symbol::encode(&scheme.link(document, links), Level::Medium)
                .map(|symbol| Cell::new(scheme.name, &symbol))
        })
        .collect::<Result<_, _>>()?;
    let ours = drawn[OURS].side_px;
    let widest = drawn.iter().map(|cell| cell.side_px).max().unwrap_or(0) + GAP_PX;
    let width = widest * u32::from(COLUMNS) + GAP_PX;

    let mut body = String::new();
    let mut top = HEADING_PX;
    for row in drawn.chunks(usize::from(COLUMNS)) {
        let tallest = row.iter().map(|cell| cell.side_px).max().unwrap_or(0);
        let mut left = GAP_PX;
        for cell in row {
            cell.draw(&mut body, left, top + tallest - cell.side_px, ours);
            left += widest;
        }
        top += tallest + CAPTION_PX + GAP_PX;
    }
    let bytes = document.as_bytes().len();
    let title = format!(
        "An invoice of {bytes} bytes, sealed and linked in each scheme; error correction level M"
    );
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{top}\" viewBox=\"0 0 {width} {top}\" \
         role=\"img\" aria-label=\"{title}\">\n<title>{title}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <g font-family=\"system-ui, sans-serif\" font-size=\"16\" fill=\"#111\">\n\
         <text x=\"{GAP_PX}\" y=\"30\">{title}</text>\n{body}</g>\n</svg>\n"
    ))
}

struct Cell {
    name: &'static str,
    version: u8,
    /// Pixels of a side, with the quiet zone.
    side_px: u32,
    /// The dark modules as one path of strokes one module wide.
    path: String,
}

impl Cell {
    fn new(name: &'static str, symbol: &Symbol) -> Self {
        let modules = symbol.modules();
        let path = (0..modules).map(|y| strokes(symbol, y)).collect();
        let side = u32::try_from(modules).expect("a symbol has at most 177 modules a side")
            + 2 * QUIET_ZONE_MODULES;
        Self {
            name,
            version: symbol.version(),
            side_px: SCALE * side,
            path,
        }
    }

    /// The symbol with its frame at the edge of the quiet zone, and what it is below.
    fn draw(&self, out: &mut String, left: u32, top: u32, ours_px: u32) {
        let Self {
            name,
            version,
            side_px,
            path,
        } = self;
        let area = f64::from(side_px * side_px) / f64::from(ours_px * ours_px);
        let quiet_zone = SCALE * QUIET_ZONE_MODULES;
        let (x, y) = (left + quiet_zone, top + quiet_zone);
        let caption = top + side_px;
        let _ = write!(
            out,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{side_px}\" height=\"{side_px}\" fill=\"none\" stroke=\"#ddd\"/>\n\
             <path transform=\"translate({x} {y}) scale({SCALE})\" stroke=\"#111\" shape-rendering=\"crispEdges\" d=\"{path}\"/>\n\
             <text x=\"{left}\" y=\"{}\" font-weight=\"600\">{name}</text>\n\
             <text x=\"{left}\" y=\"{}\">version {version}, area × {area:.2}</text>\n",
            caption + 20,
            caption + 40,
        );
    }
}

/// The dark runs of a row as strokes through the middle of its modules.
fn strokes(symbol: &Symbol, y: usize) -> String {
    let mut path = String::new();
    let (mut x, mut drawn_to) = (0, None);
    while x < symbol.modules() {
        let dark = (x..symbol.modules())
            .take_while(|&x| symbol.is_dark(x, y))
            .count();
        if dark > 0 {
            let _ = match drawn_to {
                None => write!(path, "M{x} {y}.5h{dark}"),
                Some(end) => write!(path, "m{} 0h{dark}", x - end),
            };
            drawn_to = Some(x + dark);
        }
        x += dark.max(1);
    }
    path
}
