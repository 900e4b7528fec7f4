//! The radii of shapes, in modules: the same in PNG, SVG and PDF.

use crate::qr::shape::FinderShape;

/// Radius of a dot in modules.
pub(in crate::qr) const DOT_RADIUS: f64 = 0.45;

/// Radii of a finder's corners, in modules: of its border, of the light ring
/// inside it and of the core. Half a side makes a circle.
pub(in crate::qr) struct FinderRings {
    pub(in crate::qr) outer: f64,
    pub(in crate::qr) inner: f64,
    pub(in crate::qr) core: f64,
}

impl FinderRings {
    pub(in crate::qr) fn of(shape: FinderShape) -> Self {
        match shape {
            FinderShape::Square => Self {
                outer: 0.0,
                inner: 0.0,
                core: 0.0,
            },
            FinderShape::Rounded => Self {
                outer: 2.0,
                inner: 1.0,
                core: 0.75,
            },
            FinderShape::Circle => Self {
                outer: 3.5,
                inner: 2.5,
                core: 1.5,
            },
        }
    }
}
