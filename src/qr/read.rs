//! Reading a symbol in a picture, for people who have a file instead of a
//! camera.

use image::imageops::{self, FilterType};
use image::{GrayAlphaImage, GrayImage, Luma};
use rqrr::{DeQRError, PreparedImage, SimpleGrid};

use super::find::find;
use super::picture::{self, Bounds, PictureError};

/// Photographs of today, and the largest pictures made here.
const BOUNDS: Bounds = Bounds {
    bytes: 64 << 20,
    side: 8_192,
    pixels: 40_000_000,
};
/// Larger pictures are reduced first: 2,000 pixels are eleven for each module of
/// the largest symbol, and the search costs time with every pixel.
const SEARCH_SIDES_PX: [u32; 3] = [2_000, 1_200, 700];
/// Smaller pictures are enlarged: the search wants a few pixels a module.
const SMALL_SIDE_PX: u32 = 600;
const ENLARGED: u32 = 4;

/// Why a picture gave no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The picture could not be decoded.
    #[error(transparent)]
    Picture(#[from] PictureError),
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
    let picture = on_white(&picture::decode(picture, BOUNDS)?.into_luma_alpha8());
    let mut failure = ReadError::NotFound;
    for attempt in attempts(&picture) {
        for look in Look::ALL {
            match read_symbols(&attempt, look) {
                Ok(text) => return Ok(text),
                Err(error @ ReadError::Several { .. }) => return Err(error),
                // Having seen a symbol says more than having seen none.
                Err(error) if failure == ReadError::NotFound => failure = error,
                Err(_) => {}
            }
        }
    }
    Err(failure)
}

/// What a scanner sees of it on white paper.
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

/// How a symbol is looked for in a grey picture.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// By corners of finders, in what is darker than around it: for uneven
    /// light and perspective. Very small pictures suffer.
    Local,
    /// By corners of finders, in what is dark of the whole picture.
    Global,
    /// By middles of finders, which may be round.
    Middles,
}

impl Look {
    pub(super) const ALL: [Self; 3] = [Self::Local, Self::Global, Self::Middles];
}

/// The one text in a grey picture.
pub(super) fn read_symbols(picture: &GrayImage, look: Look) -> Result<String, ReadError> {
    let [width, height] =
        [picture.width(), picture.height()].map(|side| usize::try_from(side).unwrap_or(usize::MAX));
    let pixels = picture.as_raw();
    let mut prepared = match look {
        Look::Middles => return read_first(find(picture, lightest_dark(pixels))),
        Look::Local => {
            PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x])
        }
        Look::Global => {
            let light = lightest_dark(pixels);
            PreparedImage::prepare_from_bitmap(width, height, |x, y| pixels[y * width + x] <= light)
        }
    };
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

fn read_first(grids: Vec<SimpleGrid>) -> Result<String, ReadError> {
    let mut failure = ReadError::NotFound;
    for grid in grids {
        match rqrr::Grid::new(grid).decode() {
            Ok((_, text)) => return Ok(text),
            Err(DeQRError::EncodingError) => failure = ReadError::NotText,
            Err(_) => failure = ReadError::Unreadable,
        }
    }
    Err(failure)
}

/// Otsu's threshold: where the variance between darker and lighter pixels is
/// largest.
pub(super) fn lightest_dark(pixels: &[u8]) -> u8 {
    let mut counts = [0_u32; 256];
    for &pixel in pixels {
        counts[usize::from(pixel)] += 1;
    }
    let weighted = |(grey, count): (u8, &u32)| f64::from(grey) * f64::from(*count);
    let total: f64 = counts.iter().map(|&count| f64::from(count)).sum();
    let total_sum: f64 = (0..=u8::MAX).zip(&counts).map(weighted).sum();
    let (mut dark, mut dark_sum) = (0.0, 0.0);
    let mut best = (0.0, 127);
    for (grey, count) in (0..=u8::MAX).zip(&counts) {
        dark += f64::from(*count);
        dark_sum += weighted((grey, count));
        let light = total - dark;
        if dark > 0.0 && light > 0.0 {
            let difference = dark_sum / dark - (total_sum - dark_sum) / light;
            let variance = dark * light * difference * difference;
            if variance > best.0 {
                best = (variance, grey);
            }
        }
    }
    best.1
}
