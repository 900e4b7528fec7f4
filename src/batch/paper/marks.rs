//! What is drawn on a page beside its labels: outlines to hold against a sheet, and marks for cutting.

use pdf_writer::Content;

use crate::batch::looks::PaperLooks;
use crate::batch::sheet::LabelSheet;
use crate::qr::single;

/// The length of a cut mark.
pub(super) const MARK_MM: f64 = 2.0;
/// The width of cut marks and outlines.
const HAIR_MM: f64 = 0.1;

/// Draws what is asked for.
pub(super) fn draw(content: &mut Content, sheet: &LabelSheet, looks: PaperLooks) {
    content.set_line_width(single(HAIR_MM));
    for label in 0..sheet.labels() {
        let (x, y) = sheet.corner(label);
        let (width, height) = sheet.label();
        if looks.outlines {
            content.rect(single(x), single(y), single(width), single(height));
            content.stroke();
        }
        if looks.cut_marks {
            for (x, y) in [
                (x, y),
                (x + width, y),
                (x, y + height),
                (x + width, y + height),
            ] {
                mark(content, x, y);
            }
        }
    }
}

/// A cross at a corner.
fn mark(content: &mut Content, x: f64, y: f64) {
    let half = MARK_MM / 2.0;
    content.move_to(single(x - half), single(y));
    content.line_to(single(x + half), single(y));
    content.move_to(single(x), single(y - half));
    content.line_to(single(x), single(y + half));
    content.stroke();
}
