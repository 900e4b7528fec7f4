//! The logo in the middle of a symbol.

use std::sync::Arc;

use image::imageops::{self, FilterType};
use image::{ExtendedColorType, ImageEncoder as _, RgbaImage};

use super::picture::{self, Bounds, PictureError};
use crate::options::{OutOfRange, Range};

/// What a logo may cost before it is made small.
const BOUNDS: Bounds = Bounds {
    bytes: 1 << 20,
    side: 4_096,
    pixels: 1 << 22,
};
/// A logo is kept with at most this many pixels a side: enough for print.
const MAX_SIDE_PX: u32 = 512;

/// A picture to be put in the middle, and how wide it may be.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    /// Shared: a logo of the configuration is in many designs.
    picture: Arc<RgbaImage>,
    share: LogoShare,
}

impl Logo {
    /// Decodes a PNG or JPEG: at most 1 MiB, 4,096 pixels a side and 4 million
    /// in all. Only its pixels are kept, reduced to 512 a side.
    ///
    /// # Errors
    ///
    /// [`PictureError`], before anything large is allocated.
    pub fn decode(bytes: &[u8], share: LogoShare) -> Result<Self, PictureError> {
        let picture = picture::decode(bytes, BOUNDS)?.into_rgba8();
        let (width, height) = picture.dimensions();
        let longer = width.max(height);
        let picture = if longer > MAX_SIDE_PX {
            let scaled = |length: u32| (length * MAX_SIDE_PX / longer).max(1);
            imageops::resize(
                &picture,
                scaled(width),
                scaled(height),
                FilterType::Lanczos3,
            )
        } else {
            picture
        };
        Ok(Self {
            picture: Arc::new(picture),
            share,
        })
    }

    /// The same picture, this wide.
    #[must_use]
    pub fn with_share(self, share: LogoShare) -> Self {
        Self { share, ..self }
    }

    /// How wide the logo may be.
    pub fn share(&self) -> LogoShare {
        self.share
    }

    pub(super) fn picture(&self) -> &RgbaImage {
        &self.picture
    }

    /// The pixels as a PNG, without anything else that came with them.
    pub(super) fn png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let (width, height) = self.picture.dimensions();
        image::codecs::png::PngEncoder::new(&mut bytes)
            .write_image(
                self.picture.as_raw(),
                width,
                height,
                ExtendedColorType::Rgba8,
            )
            .expect("memory takes any picture");
        bytes
    }
}

impl std::fmt::Debug for Logo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (width, height) = self.picture.dimensions();
        write!(
            f,
            "Logo({width} by {height} px, {} %)",
            self.share.percent()
        )
    }
}

/// Width of the place for a logo, 5 to 30 % of the symbol's; 20 by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogoShare(u8);

impl LogoShare {
    /// The smallest.
    pub const MIN: Self = Self(5);
    /// What shares there are.
    pub const RANGE: Range = Range::Whole {
        least: Self::MIN.0 as u64,
        most: 30,
        unit: "percent of the symbol's width",
    };

    /// Percent of the symbol's width, without the quiet zone.
    pub fn percent(self) -> u8 {
        self.0
    }
}

impl Default for LogoShare {
    fn default() -> Self {
        Self(20)
    }
}

impl TryFrom<u64> for LogoShare {
    type Error = OutOfRange;

    fn try_from(percent: u64) -> Result<Self, OutOfRange> {
        Self::RANGE.whole(percent).map(Self)
    }
}
