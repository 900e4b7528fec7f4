//! PNG (ISO/IEC 15948, W3C PNG 3rd edition), written straight from the rows of
//! modules: one bit a pixel, grey for black on white, else a palette of two.

use super::colour::{Colour, Colours, Light};
use super::deflate::RowDeflater;
use super::style::{ModuleSize, Style};
use super::symbol::{Row, Symbol};

/// The largest picture, in pixels a side.
pub const MAX_SIDE_PX: u32 = 4_096;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
const FILTER_NONE: u8 = 0;
const BIT_DEPTH: u8 = 1;
const GREYSCALE: u8 = 0;
const PALETTE: u8 = 3;
const PER_METRE: u8 = 1;

/// The picture would have more pixels than [`MAX_SIDE_PX`] a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture would be {side_px} pixels a side, and {max_px} is the most; scale {fitting_scale} or less fits")]
pub struct PictureTooLarge {
    /// Pixels a side, with the quiet zone.
    pub side_px: u32,
    /// [`MAX_SIDE_PX`]
    pub max_px: u32,
    /// The largest scale that fits.
    pub fitting_scale: u32,
}

/// A PNG of the symbol and its quiet zone.
///
/// # Errors
///
/// [`PictureTooLarge`] beyond [`MAX_SIDE_PX`] a side.
pub fn png(symbol: &Symbol, style: &Style) -> Result<Vec<u8>, PictureTooLarge> {
    let side_px = side_px(symbol, style)?;
    let data = compressed_rows(symbol, style);

    let mut out = Vec::with_capacity(data.len() + 128);
    out.extend(SIGNATURE);
    let colours = ColourType::of(style.colours);
    let mut header = [0; 13];
    header[..4].copy_from_slice(&side_px.to_be_bytes());
    header[4..8].copy_from_slice(&side_px.to_be_bytes());
    header[8] = BIT_DEPTH;
    header[9] = if colours.is_some() { PALETTE } else { GREYSCALE };
    chunk(&mut out, b"IHDR", &header);
    if let Some(ColourType { palette, alpha }) = colours {
        chunk(&mut out, b"PLTE", palette.as_flattened());
        if let Some(alpha) = alpha {
            chunk(&mut out, b"tRNS", &alpha);
        }
    }
    if let Some(size) = style.module_size {
        let [a, b, c, d] = px_per_metre(style, size).to_be_bytes();
        chunk(&mut out, b"pHYs", &[a, b, c, d, a, b, c, d, PER_METRE]);
    }
    chunk(&mut out, b"IDAT", &data);
    chunk(&mut out, b"IEND", &[]);
    Ok(out)
}

/// Pixels of a picture's side.
pub(super) fn side_px(symbol: &Symbol, style: &Style) -> Result<u32, PictureTooLarge> {
    let modules = u32::try_from(style.modules(symbol)).expect("a symbol has at most 177 modules, with margins 209");
    let side_px = modules * u32::from(style.scale.px());
    if side_px > MAX_SIDE_PX {
        return Err(PictureTooLarge { side_px, max_px: MAX_SIDE_PX, fitting_scale: MAX_SIDE_PX / modules });
    }
    Ok(side_px)
}

/// A palette of dark and light, and how opaque they are.
struct ColourType {
    palette: [[u8; 3]; 2],
    alpha: Option<[u8; 2]>,
}

impl ColourType {
    /// None for black on white, which grey of one bit is.
    fn of(colours: Colours) -> Option<Self> {
        let dark = colours.dark();
        match colours.light() {
            Light::Colour(light) if (dark, light) == (Colour::BLACK, Colour::WHITE) => None,
            Light::Colour(light) => Some(Self { palette: [dark.to_rgb(), light.to_rgb()], alpha: None }),
            Light::Transparent => {
                Some(Self { palette: [dark.to_rgb(), Colour::WHITE.to_rgb()], alpha: Some([255, 0]) })
            }
        }
    }
}

fn px_per_metre(style: &Style, size: ModuleSize) -> u32 {
    let micrometres = u32::from(size.micrometres());
    (u32::from(style.scale.px()) * 1_000_000 + micrometres / 2) / micrometres
}

fn compressed_rows(symbol: &Symbol, style: &Style) -> Vec<u8> {
    let scale = usize::from(style.scale.px());
    let modules = style.modules(symbol);
    let margin = style.quiet_zone.modules();
    let row_bytes = 1 + (modules * scale).div_ceil(8);
    // What pays, measured: at these scales bytes take few values.
    let search = !matches!(scale, 1..=4 | 8);
    let mut rows = RowDeflater::new(row_bytes, search);

    let mut line = vec![0xff; row_bytes];
    line[0] = FILTER_NONE;
    let blank = line.clone();
    if margin > 0 {
        rows.push(&blank, margin * scale);
    }
    for row in symbol.rows() {
        line[1..].fill(0xff);
        for (start, end) in dark_runs(row) {
            clear_bits(&mut line[1..], (margin + start) * scale, (margin + end) * scale);
        }
        rows.push(&line, scale);
    }
    if margin > 0 {
        rows.push(&blank, margin * scale);
    }
    rows.finish()
}

/// Columns where dark runs start and end.
fn dark_runs(row: &Row) -> impl Iterator<Item = (usize, usize)> {
    let mut changes = std::array::from_fn::<u64, { super::layout::MAX_LIMBS }, _>(|limb| {
        let left = if limb > 0 { row[limb - 1] >> 63 } else { 0 };
        row[limb] ^ (row[limb] << 1 | left)
    });
    // A row is at most 177 modules, so that every run ends within the words.
    let mut limb = 0;
    let mut next = move || {
        while changes[limb] == 0 {
            limb += 1;
            if limb == changes.len() {
                limb -= 1;
                return None;
            }
        }
        let bit = changes[limb].trailing_zeros() as usize;
        changes[limb] &= changes[limb] - 1;
        Some(limb * 64 + bit)
    };
    std::iter::from_fn(move || Some((next()?, next()?)))
}

/// Clears bits `start..end`, the highest of a byte first.
fn clear_bits(bytes: &mut [u8], start: usize, end: usize) {
    let (first, last) = (start / 8, end / 8);
    let (before, within) = (!(0xff_u8 >> (start % 8)), 0xff_u8 >> (end % 8));
    if first == last {
        bytes[first] &= before | within;
        return;
    }
    bytes[first] &= before;
    bytes[first + 1..last].fill(0);
    if end % 8 > 0 {
        bytes[last] &= within;
    }
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("a picture has far less than 4 GiB");
    out.extend(length.to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(data);
    let crc = crc32fast::hash(&out[start..]);
    out.extend(crc.to_be_bytes());
}
