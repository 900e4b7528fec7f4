//! Drawing: a symbol as a picture, for tokens and for plain codes alike.
//!
//! Belongs here: the kinds of pictures and how each is made of a symbol and a style; what can be asked of a symbol's
//! looks; texts that phones understand ([`content`]). Does not belong here: how the picture leaves.

pub mod content;
mod options;
mod section;
mod style_request;

pub use section::Styles;
pub use style_request::{LogoSource, PrintedSize, ResolvedStyle, StyleError, StyleRequest};

use crate::options::words;
use crate::qr::{self, PictureTooLarge, Style, StyledSymbol, Symbol, Vectors};

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG, one bit a pixel.
    Png,
    /// SVG with one path, to be scaled without loss.
    Svg,
    /// Half blocks for a terminal.
    Text,
    /// A page of PDF in vectors, as large as the symbol is in print.
    Pdf,
}

impl PictureFormat {
    /// The media type of such a picture.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Svg => "image/svg+xml",
            Self::Text => "text/plain; charset=utf-8",
            Self::Pdf => "application/pdf",
        }
    }
}

words!(PictureFormat {
    Png = "png",
    Svg = "svg",
    Text = "txt",
    Pdf = "pdf",
});

/// A symbol with the style that it is drawn in.
#[derive(Debug, Clone)]
pub enum Drawn<'a> {
    /// Squares in two colours, to be drawn when it is known in which form.
    Plain(&'a Symbol, Style),
    /// With shapes, logo or caption, and read back already.
    Styled(Box<StyledSymbol>),
}

impl<'a> Drawn<'a> {
    /// The symbol in a look that is plain.
    ///
    /// # Errors
    ///
    /// [`StyleError::Width`]
    pub fn plain(symbol: &'a Symbol, look: &ResolvedStyle) -> Result<Self, StyleError> {
        Ok(Self::Plain(symbol, look.style(symbol)?))
    }

    /// Version, level, modules.
    #[must_use]
    pub fn symbol(&self) -> &Symbol {
        match self {
            Self::Plain(symbol, _) => symbol,
            Self::Styled(styled) => styled.symbol(),
        }
    }

    /// Sizes and colours.
    #[must_use]
    pub fn style(&self) -> &Style {
        match self {
            Self::Plain(_, style) => style,
            Self::Styled(styled) => styled.style(),
        }
    }

    /// Whether a reader reads it from aside and in poor light, too: see [`StyledSymbol::is_read_from_aside`]. Squares are.
    #[must_use]
    pub fn is_read_from_aside(&self) -> bool {
        match self {
            Self::Plain(..) => true,
            Self::Styled(styled) => styled.is_read_from_aside(),
        }
    }

    /// The symbol as a page of PDF has it.
    #[must_use]
    pub fn vectors(&self) -> Vectors {
        match self {
            Self::Plain(symbol, style) => Vectors::plain(symbol, style),
            Self::Styled(styled) => styled.vectors(),
        }
    }

    /// The picture; `title` is what a screen reader says of an SVG, and the title of a PDF. Text for a terminal has neither shapes nor logo nor
    /// caption.
    ///
    /// # Errors
    ///
    /// A PNG of more than 4,096 pixels a side.
    pub fn picture(&self, format: PictureFormat, title: &str) -> Result<Vec<u8>, PictureTooLarge> {
        match (self, format) {
            (Self::Plain(symbol, style), PictureFormat::Png) => qr::png(symbol, style),
            (Self::Plain(symbol, style), PictureFormat::Svg) => {
                Ok(qr::svg(symbol, style, title).into_bytes())
            }
            (Self::Styled(styled), PictureFormat::Png) => Ok(styled.png()),
            (Self::Styled(styled), PictureFormat::Svg) => Ok(styled.svg(title).into_bytes()),
            (drawn, PictureFormat::Pdf) => {
                Ok(drawn.vectors().page(drawn.style().module_size, title))
            }
            (drawn, PictureFormat::Text) => {
                Ok(qr::terminal(drawn.symbol(), drawn.style()).into_bytes())
            }
        }
    }
}
