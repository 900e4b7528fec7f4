//! PNG (ISO/IEC 15948, W3C PNG 3rd edition), written straight from the rows of
//! modules: one bit a pixel, grey for black on white, else a palette of two.

use super::colour::{Colour, Light};
use super::contrast::Colours;
use super::deflate::{Shape, compress};
use super::style::{ModuleSize, Scale, Style};
use super::symbol::Symbol;

/// The largest picture, in pixels a side.
pub const MAX_SIDE_PX: u32 = 4_096;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
const BIT_DEPTH: u8 = 1;
const GREYSCALE: u8 = 0;
const PALETTE: u8 = 3;
const PER_METRE: u8 = 1;
/// Of a chunk, before its name.
const LENGTH_BYTES: usize = 4;

/// The picture would have more pixels than [`MAX_SIDE_PX`] a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the picture would be {side_px} pixels a side, and {max_px} is the most; scale {fitting_scale} or less fits"
)]
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
    let modules = style.modules(symbol);
    let side_px = side_px(modules, style.scale)?;

    // About what a picture of the usual scale takes.
    let mut out = Vec::with_capacity(256 + modules * (modules + 24) / 4);
    out.extend(SIGNATURE);
    let colours = ColourType::of(style.colours);
    let mut header = [0; 13];
    header[..4].copy_from_slice(&side_px.to_be_bytes());
    header[4..8].copy_from_slice(&side_px.to_be_bytes());
    header[8] = BIT_DEPTH;
    header[9] = if colours.is_some() {
        PALETTE
    } else {
        GREYSCALE
    };
    chunk(&mut out, *b"IHDR", &header);
    if let Some(ColourType { palette, alpha }) = colours {
        chunk(&mut out, *b"PLTE", palette.as_flattened());
        if let Some(alpha) = alpha {
            chunk(&mut out, *b"tRNS", &alpha);
        }
    }
    if let Some(size) = style.module_size {
        printed_size(&mut out, style, size);
    }
    let data = begin_chunk(&mut out, *b"IDAT");
    out = compressed_rows(out, symbol, style);
    end_chunk(&mut out, data);
    chunk(&mut out, *b"IEND", &[]);
    Ok(out)
}

/// Adds the printed size, if the style has one, to a PNG without it.
pub(super) fn with_printed_size(mut picture: Vec<u8>, style: &Style) -> Vec<u8> {
    if let Some(size) = style.module_size {
        // Behind the signature and the header, whose length is fixed.
        let rest = picture.split_off(SIGNATURE.len() + 25);
        printed_size(&mut picture, style, size);
        picture.extend(rest);
    }
    picture
}

/// Pixels of that many modules.
pub(super) fn side_px(modules: usize, scale: Scale) -> Result<u32, PictureTooLarge> {
    let modules =
        u32::try_from(modules).expect("a picture has at most a few hundred modules a side");
    let side_px = modules * u32::from(scale.px());
    if side_px > MAX_SIDE_PX {
        return Err(PictureTooLarge {
            side_px,
            max_px: MAX_SIDE_PX,
            fitting_scale: MAX_SIDE_PX / modules,
        });
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
            Light::Colour(light) => Some(Self {
                palette: [dark.to_rgb(), light.to_rgb()],
                alpha: None,
            }),
            Light::Transparent => Some(Self {
                palette: [dark.to_rgb(), Colour::WHITE.to_rgb()],
                alpha: Some([255, 0]),
            }),
        }
    }
}

fn printed_size(out: &mut Vec<u8>, style: &Style, size: ModuleSize) {
    let micrometres = u32::from(size.micrometres());
    let px_per_metre = (u32::from(style.scale.px()) * 1_000_000 + micrometres / 2) / micrometres;
    let [a, b, c, d] = px_per_metre.to_be_bytes();
    chunk(out, *b"pHYs", &[a, b, c, d, a, b, c, d, PER_METRE]);
}

/// Appends the rows as a zlib stream.
fn compressed_rows(out: Vec<u8>, symbol: &Symbol, style: &Style) -> Vec<u8> {
    let shape = Shape {
        modules: style.modules(symbol),
        scale: style.scale.px().into(),
        margin: style.quiet_zone.modules(),
    };
    compress(out, shape, symbol.words())
}

fn chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    let start = begin_chunk(out, name);
    out.extend_from_slice(data);
    end_chunk(out, start);
}

/// Where the chunk's name stands.
fn begin_chunk(out: &mut Vec<u8>, name: [u8; 4]) -> usize {
    out.extend([0; LENGTH_BYTES]);
    out.extend(name);
    out.len() - name.len()
}

/// Puts the length before the chunk's name, and the checksum behind its data.
fn end_chunk(out: &mut Vec<u8>, name_at: usize) {
    let crc = crc32fast::hash(&out[name_at..]);
    let length = u32::try_from(out.len() - name_at - 4).expect("a picture has far less than 4 GiB");
    out[name_at - LENGTH_BYTES..name_at].copy_from_slice(&length.to_be_bytes());
    out.extend(crc.to_be_bytes());
}
