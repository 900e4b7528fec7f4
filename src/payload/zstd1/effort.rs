//! What packing may cost.

/// How hard to try for a smaller body. What comes out is unpacked alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Effort {
    /// Two or three microseconds for a small document.
    #[default]
    Fast,
    /// Ten times slower or more, for a tenth less, which is half a version of a symbol; never more than `Fast` gives.
    Best,
}
