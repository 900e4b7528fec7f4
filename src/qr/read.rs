//! Reading a symbol in a picture, for people who have a file instead of a
//! camera. Pictures come from anywhere: their kind is told by their bytes,
//! their size is known before they are decoded, and memory is bounded.

use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{GrayAlphaImage, GrayImage, ImageFormat, ImageReader, Limits, Luma};
use rqrr::{DeQRError, PreparedImage};

/// The largest side of a picture, in pixels.
const MAX_SIDE_PX: u32 = 8_192;
/// The most pixels of a picture.
const MAX_PIXELS: u64 = 40_000_000;
/// Memory for decoding: 40 megapixels of four bytes, and as much again.
const MAX_DECODER_BYTES: u64 = 8 * MAX_PIXELS;
/// Larger pictures are reduced first: 2,000 pixels are eleven for each module of
/// the largest symbol, and the search costs time with every pixel.
const SEARCH_SIDES_PX: [u32; 3] = [2_000, 1_200, 700];
/// Smaller pictures are enlarged: the search wants a few pixels a module.
const SMALL_SIDE_PX: u32 = 600;
const ENLARGED: u32 = 4;

/// Why a picture gave no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes start like neither PNG nor JPEG.
    #[error("this is neither a PNG nor a JPEG picture; convert it to one of them")]
    UnknownFormat,
    /// Refused before decoding.
    #[error(
        "the picture has {width} by {height} pixels; the most is 8192 a side and 40 million in all: scale it down"
    )]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The picture ends early, is damaged or needs too much memory.
    #[error("the picture is damaged or incomplete; save it again")]
    Damaged,
    /// No symbol in sight.
    #[error(
        "no QR code found; crop the picture to the code, with some light margin, and make it sharp and straight"
    )]
    NotFound,
    /// A symbol was seen, but too much of it is damaged.
    #[error(
        "there is a QR code, but too much of it is blurred, covered or cut off; take the picture again from straight above"
    )]
    Unreadable,
    /// The symbol holds something else than UTF-8 text.
    #[error("the QR code holds data that is not text")]
    NotText,
    /// Symbols with different texts.
    #[error("there are {count} QR codes in the picture; crop it to one")]
    Several {
        /// Different texts that were read.
        count: usize,
    },
}

/// The text of the only symbol in a PNG or JPEG picture.
///
/// # Errors
///
/// [`ReadError`], which says what to do next.
pub fn read(picture: &[u8]) -> Result<String, ReadError> {
    let picture = decode(picture)?;
    let mut failure = ReadError::NotFound;
    for attempt in attempts(&picture) {
        match read_symbols(&attempt) {
            Ok(text) => return Ok(text),
            // Having seen a symbol says more than having seen none.
            Err(error) if failure == ReadError::NotFound => failure = error,
            Err(_) => {}
        }
    }
    Err(failure)
}

/// Decodes to grey on white.
fn decode(bytes: &[u8]) -> Result<GrayImage, ReadError> {
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) = image::guess_format(bytes) else {
        return Err(ReadError::UnknownFormat);
    };
    let open = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = open().into_dimensions().map_err(|_| ReadError::Damaged)?;
    let pixels = u64::from(width) * u64::from(height);
    if width > MAX_SIDE_PX || height > MAX_SIDE_PX || pixels > MAX_PIXELS {
        return Err(ReadError::TooLarge { width, height });
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    let mut reader = open();
    reader.limits(limits);
    let decoded = reader.decode().map_err(|_| ReadError::Damaged)?;
    Ok(on_white(&decoded.into_luma_alpha8()))
}

fn on_white(picture: &GrayAlphaImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [grey, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let mixed = (grey * alpha + 255 * (255 - alpha)) / 255;
        Luma([u8::try_from(mixed).expect("a mean of two bytes is a byte")])
    })
}

/// The picture as it is, then in other sizes, with a margin, and inverted.
fn attempts(picture: &GrayImage) -> impl Iterator<Item = GrayImage> + '_ {
    let side = picture.width().max(picture.height());
    let sizes = SEARCH_SIDES_PX
        .into_iter()
        .enumerate()
        .filter(move |(index, target)| *index == 0 || *target < side);
    let sized = sizes.map(move |(_, target)| reduced(picture, target));
    let enlarged = (side <= SMALL_SIDE_PX).then(|| {
        imageops::resize(
            picture,
            picture.width() * ENLARGED,
            picture.height() * ENLARGED,
            FilterType::Nearest,
        )
    });
    let smaller = move || reduced(picture, SEARCH_SIDES_PX[1]);
    let with_margin = std::iter::once_with(move || margined(&smaller()));
    let inverted = std::iter::once_with(move || {
        let mut inverted = smaller();
        imageops::invert(&mut inverted);
        margined(&inverted)
    });
    sized.chain(enlarged).chain(with_margin).chain(inverted)
}

/// A copy of at most that many pixels a side.
fn reduced(picture: &GrayImage, target: u32) -> GrayImage {
    let side = picture.width().max(picture.height());
    if side <= target {
        return picture.clone();
    }
    let scaled = |length: u32| (u64::from(length) * u64::from(target) / u64::from(side)).max(1);
    let [width, height] = [picture.width(), picture.height()]
        .map(|length| u32::try_from(scaled(length)).expect("it is below the target"));
    imageops::resize(picture, width, height, FilterType::Triangle)
}

/// A copy with a white margin, for symbols that were cropped too close.
fn margined(picture: &GrayImage) -> GrayImage {
    let margin = picture.width().max(picture.height()) / 8 + 8;
    let white = Luma([255]);
    let mut wider = GrayImage::from_pixel(
        picture.width() + 2 * margin,
        picture.height() + 2 * margin,
        white,
    );
    imageops::replace(&mut wider, picture, i64::from(margin), i64::from(margin));
    wider
}

/// The one text in a grey picture.
pub(super) fn read_symbols(picture: &GrayImage) -> Result<String, ReadError> {
    let [width, height] =
        [picture.width(), picture.height()].map(|side| usize::try_from(side).unwrap_or(usize::MAX));
    let pixels = picture.as_raw();
    let mut prepared =
        PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let mut texts = Vec::new();
    let mut failure = ReadError::NotFound;
    for grid in prepared.detect_grids() {
        match grid.decode() {
            Ok((_, text)) => texts.push(text),
            Err(DeQRError::EncodingError) => failure = ReadError::NotText,
            Err(_) if failure == ReadError::NotFound => failure = ReadError::Unreadable,
            Err(_) => {}
        }
    }
    texts.sort_unstable();
    texts.dedup();
    match texts.len() {
        0 => Err(failure),
        1 => Ok(texts.swap_remove(0)),
        count => Err(ReadError::Several { count }),
    }
}
