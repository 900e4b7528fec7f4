//! What of a symbol the writers of vectors draw as modules, and which of these stay squares.
//!
//! Belongs here: what SVG and PDF have in common. Does not belong here: how either writes a shape.

use super::design::Design;
use super::geometry::Row;
use super::hole::Hole;
use super::shape::FinderShape;
use super::symbol::Symbol;

/// The modules that are drawn.
pub(super) struct DrawnModules<'a> {
    pub(super) symbol: &'a Symbol,
    pub(super) design: &'a Design,
    pub(super) hole: Option<Hole>,
}

impl DrawnModules<'_> {
    /// The rows, with the modules of which this is true.
    pub(super) fn rows(&self, is_kept: &dyn Fn(usize, usize) -> bool) -> Vec<Row> {
        let mut rows: Vec<Row> = self.symbol.rows().collect();
        for (y, row) in rows.iter_mut().enumerate() {
            for x in (0..self.symbol.modules()).filter(|&x| !is_kept(x, y)) {
                row[x / 64] &= !(1 << (x % 64));
            }
        }
        rows
    }

    /// Whether a module is neither in the hole nor of a finder that has a shape of its own.
    pub(super) fn is_there(&self, x: usize, y: usize) -> bool {
        let is_ring = self.design.finders != FinderShape::Square && self.symbol.is_finder(x, y);
        !is_ring && !self.hole.is_some_and(|hole| hole.contains(x, y))
    }

    /// Whether a module is of a pattern that readers look for.
    pub(super) fn is_square(&self, x: usize, y: usize) -> bool {
        self.symbol.is_finder(x, y) || self.symbol.is_alignment(x, y)
    }
}

/// Modules are few.
pub(super) fn count(modules: usize) -> f64 {
    f64::from(u32::try_from(modules).expect("a picture has at most a few hundred modules a side"))
}
