//! Reading a symbol in a picture, for people who have a file instead of a
//! camera.

use image::imageops::{self, FilterType};
use image::{GrayAlphaImage, GrayImage, Luma};
use rqrr::{PreparedImage, SimpleGrid};

use super::code::Code;
use super::find::find;
use super::picture::{self, Bounds, PictureError};
use super::seam::{self, Unsearched, Until};

/// Photographs of today, and the largest pictures made here.
const BOUNDS: Bounds = Bounds {
    bytes: 64 << 20,
    side: 8_192,
    pixels: 40_000_000,
};
/// Photographs that a server reads for others: 4,096 by 3,072, as most phones make them. They take the memory of the largest picture that
/// it draws.
const FOR_OTHERS: Bounds = Bounds {
    pixels: 12_582_912,
    ..BOUNDS
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
    /// Searches in other pictures take too long.
    #[error("other pictures are still being read; try again in a moment")]
    Busy,
    /// Several codes.
    #[error("there are {count} QR codes in the picture; crop it to one")]
    Several {
        /// How many were read.
        count: usize,
    },
}

/// The text of the only code in a PNG or JPEG picture.
///
/// # Errors
///
/// [`ReadError`], which says what to do next.
pub fn read(picture: &[u8]) -> Result<String, ReadError> {
    let mut codes = read_all(picture)?;
    match codes.len() {
        1 => Ok(codes.swap_remove(0).text),
        count => Err(ReadError::Several { count }),
    }
}

/// How many pixels a PNG or JPEG picture has, if a server reads it for others: at most 12 million. It is not decoded.
///
/// # Errors
///
/// [`PictureError`], which says what to do next.
pub fn photo_pixels(picture: &[u8]) -> Result<usize, PictureError> {
    let pixels = picture::pixels(picture, FOR_OTHERS)?;
    Ok(usize::try_from(pixels).unwrap_or(usize::MAX))
}

/// All codes in a PNG or JPEG picture, at least one, from the top to the bottom. It takes two seconds at the most, and no
/// picture makes it panic.
///
/// # Errors
///
/// [`ReadError`], which says what to do next.
pub fn read_all(picture: &[u8]) -> Result<Vec<Code>, ReadError> {
    let picture = picture.to_vec();
    let searched = seam::bounded(move |until| {
        seam::caught(|| Some(search(&picture, until))).unwrap_or(Err(ReadError::NotFound))
    });
    searched.unwrap_or_else(|why| match why {
        Unsearched::TooLong => Err(ReadError::NotFound),
        Unsearched::Busy => Err(ReadError::Busy),
    })
}

fn search(picture: &[u8], until: Until) -> Result<Vec<Code>, ReadError> {
    let picture = on_white(&picture::decode(picture, BOUNDS)?.into_luma_alpha8());
    let mut failure = ReadError::NotFound;
    for attempt in attempts(&picture) {
        let mut codes = seam::caught(|| seam::codes(&attempt.picture));
        for look in Look::ALL {
            // The first reader sees most. The second sees some that it does not, in the same picture too.
            if until.is_over() || (!codes.is_empty() && !matches!(look, Look::Local)) {
                break;
            }
            match seam::caught(|| Some(symbols(&attempt.picture, look))) {
                Some(Ok(more)) => add(&mut codes, more),
                // Having seen a symbol says more than having seen none.
                Some(Err(error)) if failure == ReadError::NotFound => failure = error,
                Some(Err(_)) | None => {}
            }
        }
        if !codes.is_empty() {
            for code in &mut codes {
                attempt.place(&mut code.corners);
            }
            codes.sort_by(|a, b| top(a).total_cmp(&top(b)));
            return Ok(codes);
        }
        if until.is_over() {
            break;
        }
    }
    Err(failure)
}

/// Those that are not known yet. Two codes may say the same.
fn add(codes: &mut Vec<Code>, more: Vec<Code>) {
    for code in more {
        let is_known = codes.iter().any(|known| {
            let (at, size) = middle(known);
            let (other, _) = middle(&code);
            (at.0 - other.0).hypot(at.1 - other.1) < size / 2.0
        });
        if !is_known {
            codes.push(code);
        }
    }
}

fn top(code: &Code) -> f64 {
    code.corners
        .iter()
        .map(|corner| corner.1)
        .fold(f64::INFINITY, f64::min)
}

/// The middle of a code, and how far its first two corners are apart.
fn middle(code: &Code) -> ((f64, f64), f64) {
    let sum = code.corners.iter().fold((0.0, 0.0), |sum, corner| {
        (sum.0 + corner.0, sum.1 + corner.1)
    });
    let count = f64::from(u32::try_from(code.corners.len().max(1)).unwrap_or(1));
    let side = match code.corners[..] {
        [first, second, ..] => (first.0 - second.0).hypot(first.1 - second.1),
        _ => 0.0,
    };
    ((sum.0 / count, sum.1 / count), side)
}

/// What a scanner sees of it on white paper.
fn on_white(picture: &GrayAlphaImage) -> GrayImage {
    GrayImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [grey, alpha] = picture.get_pixel(x, y).0.map(u16::from);
        let mixed = (grey * alpha + 255 * (255 - alpha)) / 255;
        Luma([u8::try_from(mixed).expect("a mean of two bytes is a byte")])
    })
}

/// A picture to search, and where the original lies in it.
struct Attempt {
    picture: GrayImage,
    /// Pixels of it for each of the original.
    scale: f64,
    margin: f64,
}

impl Attempt {
    fn new(picture: GrayImage, original: &GrayImage, margin: u32) -> Self {
        let scale = f64::from(picture.width() - 2 * margin) / f64::from(original.width());
        Self {
            picture,
            scale,
            margin: margin.into(),
        }
    }

    /// Makes points of this picture points of the original.
    fn place(&self, corners: &mut [(f64, f64)]) {
        for corner in corners {
            let original = |at: f64| (at - self.margin) / self.scale;
            *corner = (original(corner.0), original(corner.1));
        }
    }
}

/// The picture as it is, then in other sizes, with a margin, and inverted.
fn attempts(picture: &GrayImage) -> impl Iterator<Item = Attempt> + '_ {
    let side = picture.width().max(picture.height());
    let sizes = SEARCH_SIDES_PX
        .into_iter()
        .enumerate()
        .filter(move |(index, target)| *index == 0 || *target < side);
    let sized = sizes.map(move |(_, target)| Attempt::new(reduced(picture, target), picture, 0));
    let enlarged = (side <= SMALL_SIDE_PX).then(|| {
        let enlarged = imageops::resize(
            picture,
            picture.width() * ENLARGED,
            picture.height() * ENLARGED,
            FilterType::Nearest,
        );
        Attempt::new(enlarged, picture, 0)
    });
    let smaller = move || reduced(picture, SEARCH_SIDES_PX[1]);
    let margined = move |smaller: &GrayImage| {
        let (wider, margin) = margined(smaller);
        Attempt::new(wider, picture, margin)
    };
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
fn margined(picture: &GrayImage) -> (GrayImage, u32) {
    let margin = picture.width().max(picture.height()) / 8 + 8;
    let white = Luma([255]);
    let mut wider = GrayImage::from_pixel(
        picture.width() + 2 * margin,
        picture.height() + 2 * margin,
        white,
    );
    imageops::replace(&mut wider, picture, i64::from(margin), i64::from(margin));
    (wider, margin)
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

/// Whether a code in a grey picture says this.
pub(super) fn says(picture: &GrayImage, look: Look, text: &str) -> bool {
    texts(picture, look).iter().any(|found| found == text)
}

/// What the codes in a grey picture say.
pub(super) fn texts(picture: &GrayImage, look: Look) -> Vec<String> {
    seam::caught(|| {
        let codes = symbols(picture, look).unwrap_or_default();
        codes.into_iter().map(|code| code.text).collect()
    })
}

/// The codes that `rqrr` decodes. It may panic.
fn symbols(picture: &GrayImage, look: Look) -> Result<Vec<Code>, ReadError> {
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
    let mut codes = Vec::new();
    let mut failure = ReadError::NotFound;
    for grid in prepared.detect_grids() {
        let corners = grid
            .bounds
            .iter()
            .map(|point| (f64::from(point.x), f64::from(point.y)))
            .collect();
        match grid.decode() {
            Ok((_, text)) => codes.push(Code {
                text,
                bytes: None,
                corners,
            }),
            Err(_) => failure = ReadError::Unreadable,
        }
    }
    match codes.is_empty() {
        true => Err(failure),
        false => Ok(codes),
    }
}

fn read_first(grids: Vec<SimpleGrid>) -> Result<Vec<Code>, ReadError> {
    let mut failure = ReadError::NotFound;
    for grid in grids {
        match rqrr::Grid::new(grid).decode() {
            // Where it lies is not known any more.
            Ok((_, text)) => {
                return Ok(vec![Code {
                    text,
                    bytes: None,
                    corners: Vec::new(),
                }]);
            }
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
