//! Modules as pixels.

/// Writes each module as `scale` bits, the highest of a byte first, as pixels
/// stand in a PNG.
pub(super) fn widen(modules: &[u8], count: usize, scale: usize, row: &mut [u8]) {
    row.fill(0xff);
    for module in (0..count).filter(|module| modules[module / 8] >> (module % 8) & 1 == 0) {
        clear_bits(row, module * scale, (module + 1) * scale);
    }
}

/// Clears bits `start..end`, the highest of a byte first.
fn clear_bits(bytes: &mut [u8], start: usize, end: usize) {
    let (first, last) = (start / 8, end / 8);
    let (before, after) = (!(0xff_u8 >> (start % 8)), 0xff_u8 >> (end % 8));
    if first == last {
        bytes[first] &= before | after;
        return;
    }
    bytes[first] &= before;
    bytes[first + 1..last].fill(0);
    if !end.is_multiple_of(8) {
        bytes[last] &= after;
    }
}
