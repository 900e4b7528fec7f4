//! Drawing: a symbol as a picture, for tokens and for plain codes alike.
//!
//! Belongs here: the kinds of pictures and how each is made of a symbol and a style; texts that phones understand
//! ([`content`]). Does not belong here: how the picture leaves.

pub mod content;

use std::str::FromStr;

use crate::qr::{self, PictureTooLarge, Style, Symbol};

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG, one bit a pixel.
    Png,
    /// SVG with one path, to be scaled without loss.
    Svg,
    /// Half blocks for a terminal.
    Text,
}

impl PictureFormat {
    /// The media type of such a picture.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// The text names no kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be png, svg or txt")]
pub struct UnknownPictureFormat;

impl FromStr for PictureFormat {
    type Err = UnknownPictureFormat;

    fn from_str(text: &str) -> Result<Self, UnknownPictureFormat> {
        match text {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            "txt" => Ok(Self::Text),
            _ => Err(UnknownPictureFormat),
        }
    }
}

/// Draws `symbol`; `title` is what a screen reader says of an SVG.
///
/// # Errors
///
/// A PNG of more than 4,096 pixels a side.
pub fn draw(
    symbol: &Symbol,
    style: &Style,
    format: PictureFormat,
    title: &str,
) -> Result<Vec<u8>, PictureTooLarge> {
    match format {
        PictureFormat::Png => qr::png(symbol, style),
        PictureFormat::Svg => Ok(qr::svg(symbol, style, title).into_bytes()),
        PictureFormat::Text => Ok(qr::terminal(symbol, style).into_bytes()),
    }
}
