//! Colours of a symbol, and whether a scanner can tell them apart.

use std::fmt;
use std::str::FromStr;

use crate::options::{OutOfRange, Range};

/// An opaque sRGB colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

impl Colour {
    /// How a colour is written.
    pub const RANGE: Range = Range::Text {
        form: "a colour like #1a2b3c",
        pattern: "^#[0-9A-Fa-f]{6}$",
        chars: None,
    };
    /// `#000000`
    pub const BLACK: Self = Self {
        red: 0,
        green: 0,
        blue: 0,
    };
    /// `#ffffff`
    pub const WHITE: Self = Self {
        red: 255,
        green: 255,
        blue: 255,
    };

    /// Red, green, blue.
    pub fn to_rgb(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }

    /// Relative luminance, 0 (black) to 1 (white): WCAG 2.2, "relative
    /// luminance".
    pub(super) fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl FromStr for Colour {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = OutOfRange(Self::RANGE);
        let digits = text.strip_prefix('#').ok_or(error)?.as_bytes();
        let [r1, r0, g1, g0, b1, b0] = *<&[u8; 6]>::try_from(digits).map_err(|_| error)?;
        let channel = |high: u8, low: u8| Some(hex_digit(high)? * 16 + hex_digit(low)?);
        match (channel(r1, r0), channel(g1, g0), channel(b1, b0)) {
            (Some(red), Some(green), Some(blue)) => Ok(Self { red, green, blue }),
            _ => Err(error),
        }
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The light modules and the quiet zone: a colour, or nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Light {
    /// Drawn in this colour.
    Colour(Colour),
    /// Left out, so that what is behind the picture shows. It has to be light
    /// there, also where the quiet zone is.
    Transparent,
}

impl Light {
    /// How it is written.
    pub const RANGE: Range = Range::Text {
        form: "a colour like #ffffff, or transparent",
        pattern: "^(#[0-9A-Fa-f]{6}|transparent)$",
        chars: None,
    };
}

impl fmt::Display for Light {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Colour(colour) => colour.fmt(f),
            Self::Transparent => f.write_str("transparent"),
        }
    }
}

/// Parses `#rrggbb` or `transparent`.
impl FromStr for Light {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "transparent" => Ok(Self::Transparent),
            _ => text
                .parse()
                .map(Self::Colour)
                .map_err(|_| OutOfRange(Self::RANGE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_they_are_written() {
        for text in ["#000000", "#12abef", "#ffffff"] {
            assert_eq!(text.parse::<Colour>().unwrap().to_string(), text);
            assert_eq!(text.parse::<Light>().unwrap().to_string(), text);
        }
        assert_eq!("#ABCDEF".parse::<Colour>().unwrap().to_string(), "#abcdef");
        assert_eq!("transparent".parse(), Ok(Light::Transparent));
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in [
            "", "#", "000000", "#00000", "#0000000", "#00000g", "#é0000", "black", "#+1+1+1",
            "# 0 0 0",
        ] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
            assert!(text.parse::<Light>().is_err(), "{text}");
        }
    }
}
