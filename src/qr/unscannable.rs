//! Why a style is refused.

use super::colour::Colour;
use super::level::Level;

/// See [`Colours::LEAST_CONTRAST`](super::Colours::LEAST_CONTRAST).
pub(super) const LEAST_CONTRAST: f64 = 3.0;

/// A style that scanners would not read, with the number that failed and what
/// would pass.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unscannable {
    /// The light colour is the darker one.
    #[error(
        "{dark} is lighter than {light}, and many scanners read only dark modules on a light ground; \
         swap dark and light"
    )]
    Inverted {
        /// The colour given for dark modules.
        dark: Colour,
        /// The colour given for light modules.
        light: Colour,
    },
    /// The colours are too much alike.
    #[error(
        "the contrast ratio of dark to light is {:.2}, and scanners need {:.1} or more; \
         choose a darker dark or a lighter light",
        (ratio * 100.0).floor() / 100.0,
        LEAST_CONTRAST
    )]
    Contrast {
        /// The contrast ratio, 1 to 21.
        ratio: f64,
    },
    /// Too little margin for a symbol that is more than plain.
    #[error(
        "the quiet zone is {modules} modules; a symbol with shapes, logo or caption needs {least} or more"
    )]
    QuietZone {
        /// Modules given.
        modules: usize,
        /// Modules that pass.
        least: usize,
    },
    /// Too few pixels for shapes.
    #[error(
        "at scale {scale} shapes cannot be told apart; they need scale {least} or more, or square modules and finders"
    )]
    Scale {
        /// Pixels a module given.
        scale: u8,
        /// Pixels a module that pass.
        least: u8,
    },
    /// Too many modules for shapes.
    #[error(
        "the symbol is of version {version}, and scanners read shapes other than squares only up to version {most}; \
         choose square modules, a lower error correction level or a shorter text"
    )]
    Version {
        /// The version that the text needs.
        version: u8,
        /// The largest that passes.
        most: u8,
    },
    /// The logo hides more than may be corrected.
    #[error(
        "at error correction level {level} a logo of {percent} % of the width hides up to {hidden} codewords of a block, \
         and at most {allowed} may be hidden; {}",
        match fitting_percent {
            Some(percent) => format!("a logo of {percent} % would pass"),
            None => "choose a higher level, or no logo".to_owned(),
        }
    )]
    Logo {
        /// Width given, in percent.
        percent: u8,
        /// Codewords hidden in the block that suffers most.
        hidden: usize,
        /// Codewords that may be hidden: half of what a block can correct.
        allowed: usize,
        /// The level that was tried last.
        level: Level,
        /// A width that would pass at this level, in percent.
        fitting_percent: Option<u8>,
    },
    /// The logo hides what is not data.
    #[error(
        "the symbol has {modules} modules a side, and a logo of {percent} % of the width would hide patterns \
         that scanners need; {}",
        match fitting_percent {
            Some(percent) => format!("a logo of {percent} % would pass"),
            None => "it is too small for a logo".to_owned(),
        }
    )]
    LogoHidesPatterns {
        /// Width given, in percent.
        percent: u8,
        /// Modules a side.
        modules: usize,
        /// A width that would pass, in percent.
        fitting_percent: Option<u8>,
    },
    /// The logo looks like a QR code, or a part of one.
    #[error(
        "the logo has square or round marks like those by which scanners find a QR code, and they would be misled; choose \
         a logo without a QR code and without rings around a dot"
    )]
    LogoLikeCode,
    /// In the finished picture a reader found another text.
    #[error(
        "in the finished picture a reader found another text than the one that was given; choose another logo"
    )]
    AnotherText,
    /// The finished picture was given to a reader, which could not read it.
    #[error(
        "the finished picture could not be read back {}; choose plainer shapes, a smaller logo, a larger scale \
         or stronger colours",
        if *reduced { "when reduced and slightly blurred" } else { "at its own size" }
    )]
    NotReadBack {
        /// Whether it failed only when reduced and blurred.
        reduced: bool,
    },
}
