//! Pictures from outside. Their kind is told by their first bytes, their size
//! is known before they are decoded, and memory is bounded.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};

/// Why a picture was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// More bytes than are looked at.
    #[error("the picture has {bytes} bytes, and the most is {max_bytes}; save it smaller")]
    TooManyBytes {
        /// Its length.
        bytes: usize,
        /// The most.
        max_bytes: usize,
    },
    /// The bytes start like neither PNG nor JPEG.
    #[error("this is neither a PNG nor a JPEG picture; convert it to one of them")]
    UnknownFormat,
    /// Refused before decoding.
    #[error(
        "the picture has {width} by {height} pixels, and the most is {max_side} a side and {max_pixels} in all; \
         scale it down"
    )]
    TooLarge {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// The most pixels a side.
        max_side: u32,
        /// The most pixels in all.
        max_pixels: u32,
    },
    /// The picture ends early, is damaged or needs too much memory.
    #[error("the picture is damaged or incomplete; save it again")]
    Damaged,
}

/// What a picture may cost.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) bytes: usize,
    pub(super) side: u32,
    pub(super) pixels: u32,
}

impl Bounds {
    /// Bytes for decoding: pixels of four channels of 16 bits.
    fn memory(self) -> u64 {
        8 * u64::from(self.pixels)
    }
}

/// How many pixels a PNG or JPEG within bounds has. It is not decoded.
pub(super) fn pixels(bytes: &[u8], bounds: Bounds) -> Result<u64, PictureError> {
    looked_at(bytes, bounds).map(|(_, pixels)| pixels)
}

/// What it is, and how many pixels it has.
fn looked_at(bytes: &[u8], bounds: Bounds) -> Result<(ImageFormat, u64), PictureError> {
    if bytes.len() > bounds.bytes {
        return Err(PictureError::TooManyBytes {
            bytes: bytes.len(),
            max_bytes: bounds.bytes,
        });
    }
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) = image::guess_format(bytes) else {
        return Err(PictureError::UnknownFormat);
    };
    let (width, height) = opened(bytes, format)
        .into_dimensions()
        .map_err(|_| PictureError::Damaged)?;
    let pixels = u64::from(width) * u64::from(height);
    if width > bounds.side || height > bounds.side || pixels > u64::from(bounds.pixels) {
        let (max_side, max_pixels) = (bounds.side, bounds.pixels);
        return Err(PictureError::TooLarge {
            width,
            height,
            max_side,
            max_pixels,
        });
    }
    Ok((format, pixels))
}

fn opened(bytes: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    ImageReader::with_format(Cursor::new(bytes), format)
}

/// Decodes a PNG or JPEG within bounds, upright.
pub(super) fn decode(bytes: &[u8], bounds: Bounds) -> Result<DynamicImage, PictureError> {
    let (format, _) = looked_at(bytes, bounds)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(bounds.side);
    limits.max_image_height = Some(bounds.side);
    limits.max_alloc = Some(bounds.memory());
    let mut reader = opened(bytes, format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| PictureError::Damaged)?;
    // A camera's turn is a note beside the pixels; without one it is upright.
    let orientation = decoder
        .orientation()
        .unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| PictureError::Damaged)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}
