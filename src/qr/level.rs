//! Error correction levels, and how a caller chooses one.

use std::fmt;
use std::str::FromStr;

use crate::options::{OutOfRange, Range};

/// Error correction level (ISO/IEC 18004, 7.5.1): how much of a symbol may be
/// unreadable before its text is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// L: about 7 % of the codewords.
    Low,
    /// M: about 15 % of the codewords.
    Medium,
    /// Q: about 25 % of the codewords.
    Quartile,
    /// H: about 30 % of the codewords.
    High,
}

impl Level {
    /// All levels, the weakest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::Quartile, Self::High];

    /// Their letters.
    pub const RANGE: Range = Range::Words(&["L", "M", "Q", "H"]);

    /// The letter that the standard uses: `L`, `M`, `Q` or `H`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "L",
            Self::Medium => "M",
            Self::Quartile => "Q",
            Self::High => "H",
        }
    }

    pub(super) fn to_crate(self) -> qrcode::EcLevel {
        match self {
            Self::Low => qrcode::EcLevel::L,
            Self::Medium => qrcode::EcLevel::M,
            Self::Quartile => qrcode::EcLevel::Q,
            Self::High => qrcode::EcLevel::H,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the error correction level of a symbol is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelChoice {
    /// This level and no other.
    Exactly(Level),
    /// The version is the smallest that holds the text at level M, the level
    /// the highest that still fits that version: more safety for the same
    /// area. Text that fits no version at level M falls back to L.
    Auto,
}

impl LevelChoice {
    /// The words for them.
    pub const RANGE: Range = Range::Words(&["L", "M", "Q", "H", "auto"]);
}

impl From<Level> for LevelChoice {
    fn from(level: Level) -> Self {
        Self::Exactly(level)
    }
}

/// Parses `L`, `M`, `Q` or `H`, in either case.
impl FromStr for Level {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(text))
            .ok_or(OutOfRange(Self::RANGE))
    }
}

/// Parses a level, or `auto`, in either case.
impl FromStr for LevelChoice {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("auto") {
            return Ok(Self::Auto);
        }
        text.parse()
            .map(Self::Exactly)
            .map_err(|_| OutOfRange(Self::RANGE))
    }
}

impl fmt::Display for LevelChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(level) => level.fmt(f),
            Self::Auto => f.write_str("auto"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_as_they_are_written() {
        for level in Level::ALL {
            assert_eq!(level.to_string().parse(), Ok(level));
            assert_eq!(
                level.to_string().to_lowercase().parse(),
                Ok(LevelChoice::Exactly(level))
            );
        }
        assert_eq!("Auto".parse(), Ok(LevelChoice::Auto));
    }

    #[test]
    fn a_wrong_level_is_told_what_there_is() {
        assert_eq!(
            "X".parse::<Level>().unwrap_err().to_string(),
            "must be L, M, Q or H"
        );
        let error = "".parse::<LevelChoice>().unwrap_err();
        assert_eq!(error.to_string(), "must be L, M, Q, H or auto");
    }
}
