//! The bytes of eight modules, for the scales where a byte takes few values.

use std::sync::OnceLock;

use super::adler::Span;

/// Measured: at these scales, and at 8, literals alone come within a tenth of
/// what zlib finds; at others a search for copies is needed.
const SCALES: [usize; 4] = [1, 2, 3, 4];

/// For each value of eight modules its bytes, as many as the scale, and sums.
pub(super) struct Groups {
    scale: usize,
    bytes: Vec<[u8; 4]>,
    /// The different bytes of each group, at most four, and how often they come.
    counts: Vec<Vec<(u8, u32)>>,
    sums: Vec<Span>,
}

impl Groups {
    /// None if rows of this scale are to be searched.
    pub(super) fn of(scale: usize) -> Option<&'static Self> {
        static TABLES: [OnceLock<Groups>; SCALES.len()] = [const { OnceLock::new() }; SCALES.len()];
        let index = SCALES.iter().position(|&grouped| grouped == scale)?;
        Some(TABLES[index].get_or_init(|| Self::new(scale)))
    }

    fn new(scale: usize) -> Self {
        let bytes: Vec<[u8; 4]> = (0..=u8::MAX)
            .map(|group| {
                let mut bytes = [0; 4];
                super::widen::widen(&[group], 8, scale, &mut bytes[..scale]);
                bytes
            })
            .collect();
        let counts = bytes.iter().map(|bytes| counts(&bytes[..scale])).collect();
        let sums = bytes
            .iter()
            .map(|bytes| Span::of(&bytes[..scale]))
            .collect();
        Self {
            scale,
            bytes,
            counts,
            sums,
        }
    }

    #[inline]
    pub(super) fn bytes(&self, group: u8) -> &[u8] {
        &self.bytes[usize::from(group)][..self.scale]
    }

    /// Whether the first half of the bytes is that of the first four modules.
    pub(super) fn has_halves(&self) -> bool {
        self.scale.is_multiple_of(2)
    }

    #[inline]
    pub(super) fn counts(&self, group: u8) -> &[(u8, u32)] {
        &self.counts[usize::from(group)]
    }

    #[inline]
    pub(super) fn sums(&self, group: u8) -> Span {
        self.sums[usize::from(group)]
    }
}

fn counts(bytes: &[u8]) -> Vec<(u8, u32)> {
    let mut counts: Vec<(u8, u32)> = Vec::new();
    for &byte in bytes {
        match counts.iter_mut().find(|(counted, _)| *counted == byte) {
            Some((_, count)) => *count += 1,
            None => counts.push((byte, 1)),
        }
    }
    counts
}
