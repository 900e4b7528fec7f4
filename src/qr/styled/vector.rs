//! Styled symbols as SVG.

use std::fmt::Write as _;

use base64::Engine as _;

use super::radii::{DOT_RADIUS, FinderRings};
use crate::qr::colour::Light;
use crate::qr::design::Design;
use crate::qr::drawn::{DrawnModules, count};
use crate::qr::hole::Hole;
use crate::qr::outline::{Corners, outline};
use crate::qr::shape::{FinderShape, ModuleShape};
use crate::qr::svg::{escape, thousandths};
use crate::qr::symbol::Symbol;

/// Draws everything.
pub(super) fn svg(symbol: &Symbol, design: &Design, hole: Option<Hole>, title: &str) -> String {
    let margin = design.style.quiet_zone.modules();
    let width = design.style.modules(symbol);
    let caption = design
        .caption
        .as_ref()
        .map(|caption| (caption, caption.layout(width)));
    let height = width + caption.map_or(0, |(_, layout)| layout.height);
    let size = |modules: usize| match design.style.module_size {
        Some(size) => format!(
            "{}mm",
            thousandths(modules * usize::from(size.micrometres()))
        ),
        None => (modules * usize::from(design.style.scale.px())).to_string(),
    };
    let dark = design.style.colours.dark();

    // Writing to a String does not fail.
    let mut out = String::new();
    let _ = write!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{}" height="{}" role="img"><title>"#,
        size(width),
        size(height)
    );
    escape(title, &mut out);
    let _ = write!(
        out,
        "</title><desc>QR code, {0} by {0} modules",
        symbol.modules()
    );
    if let Some((caption, _)) = caption {
        out.push_str("; below it: ");
        escape(caption.as_str(), &mut out);
    }
    out.push_str("</desc>");
    if let Light::Colour(light) = design.style.colours.light() {
        let _ = write!(
            out,
            r#"<path fill="{light}" d="M0 0h{width}v{height}H0z"/>"#
        );
    }
    let _ = write!(out, r#"<g fill="{dark}">"#);
    write_modules(symbol, design, hole, &mut out);
    if design.finders != FinderShape::Square {
        write_finders(symbol, design.finders, margin, &dark.to_string(), &mut out);
    }
    if let Some((caption, layout)) = caption {
        out.push_str(r#"<path d=""#);
        caption.path(layout, width, &mut out);
        out.push_str("\"/>");
    }
    out.push_str("</g>");
    if let (Some(logo), Some(hole)) = (&design.logo, hole) {
        let start = count(margin + hole.start) + 0.5;
        let side = hole.side - 1;
        let data = base64::engine::general_purpose::STANDARD.encode(logo.png());
        let _ = write!(
            out,
            r#"<image x="{start}" y="{start}" width="{side}" height="{side}" href="data:image/png;base64,{data}"/>"#
        );
    }
    out.push_str("</svg>\n");
    out
}

/// What is drawn of the symbol as modules, in shapes and in squares.
fn write_modules(symbol: &Symbol, design: &Design, hole: Option<Hole>, out: &mut String) {
    let margin = design.style.quiet_zone.modules();
    let drawn = DrawnModules {
        symbol,
        design,
        hole,
    };
    let is_there = |x: usize, y: usize| drawn.is_there(x, y);
    let is_square = |x: usize, y: usize| drawn.is_square(x, y);
    match design.modules {
        ModuleShape::Square => {
            out.push_str(r#"<path shape-rendering="crispEdges" d=""#);
            outline(&drawn.rows(&is_there), margin, Corners::Sharp, out);
            out.push_str("\"/>");
        }
        ModuleShape::Rounded => {
            out.push_str(r#"<path d=""#);
            outline(
                &drawn.rows(&is_there),
                margin,
                Corners::Round(&|x, y| !is_square(x, y)),
                out,
            );
            out.push_str("\"/>");
        }
        ModuleShape::Dots => {
            out.push_str(r#"<path d=""#);
            outline(
                &drawn.rows(&|x, y| is_there(x, y) && is_square(x, y)),
                margin,
                Corners::Sharp,
                out,
            );
            // Lines of no length with round ends.
            let dark = design.style.colours.dark();
            let _ = write!(
                out,
                r#""/><path fill="none" stroke="{dark}" stroke-width="{}" stroke-linecap="round" d=""#,
                2.0 * DOT_RADIUS
            );
            let dots = drawn.rows(&|x, y| is_there(x, y) && !is_square(x, y));
            for (y, row) in dots.iter().enumerate() {
                for x in (0..symbol.modules()).filter(|x| row[x / 64] >> (x % 64) & 1 == 1) {
                    let _ = write!(out, "M{}.5 {}.5h0", x + margin, y + margin);
                }
            }
            out.push_str("\"/>");
        }
    }
}

fn write_finders(symbol: &Symbol, shape: FinderShape, margin: usize, dark: &str, out: &mut String) {
    let rings = FinderRings::of(shape);
    let far = symbol.modules() - 7;
    for (x, y) in [(0, 0), (far, 0), (0, far)] {
        let (x, y) = (count(margin + x), count(margin + y));
        // The ring is a line one module wide, half way between its radii.
        let _ = write!(
            out,
            r#"<rect x="{}" y="{}" width="6" height="6" rx="{}" fill="none" stroke="{dark}"/><rect x="{}" y="{}" width="3" height="3" rx="{}"/>"#,
            x + 0.5,
            y + 0.5,
            f64::midpoint(rings.outer, rings.inner),
            x + 2.0,
            y + 2.0,
            rings.core
        );
    }
}
