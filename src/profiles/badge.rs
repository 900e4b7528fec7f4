//! A badge: what a desk prints for somebody who was let in.

use super::Pointer;

/// What a desk prints, and how large.
#[derive(Debug)]
pub struct Badge {
    /// Its width, 20 to 300 mm.
    pub width_mm: u16,
    /// Its height, 20 to 300 mm.
    pub height_mm: u16,
    /// The fields on it, one to eight; the first is larger than the others.
    pub fields: Vec<Pointer>,
}

impl Badge {
    /// The least and the most of width and height.
    pub const SIDE_MM: (u16, u16) = (20, 300);
    /// The most fields.
    pub const MAX_FIELDS: usize = 8;
}
