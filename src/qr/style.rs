//! Sizes of a picture: each a type that holds only what can be drawn.

use std::fmt;

use serde::Deserialize;

use super::contrast::Colours;
use super::symbol::Symbol;
use crate::options::{OutOfRange, Range};

/// How a plain symbol is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Pixels of a module's side.
    pub scale: Scale,
    /// The light margin.
    pub quiet_zone: QuietZone,
    /// Dark and light.
    pub colours: Colours,
    /// The size in print, if it is to be fixed: SVG gets millimetres instead of
    /// pixels, PNG a `pHYs` chunk.
    pub module_size: Option<ModuleSize>,
}

impl Style {
    /// Modules of a picture's side: the symbol and its quiet zone on both sides.
    pub fn modules(&self, symbol: &Symbol) -> usize {
        symbol.modules() + 2 * self.quiet_zone.modules()
    }
}

/// Pixels of a module's side, 1 to 64; 8 by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "u64")]
pub struct Scale(u8);

impl Scale {
    /// The largest scale.
    pub const MAX: Self = Self(64);
    /// What scales there are.
    pub const RANGE: Range = Range::Whole {
        least: 1,
        most: Self::MAX.0 as u64,
        unit: "pixels a module side",
    };

    /// Pixels.
    pub fn px(self) -> u8 {
        self.0
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self(8)
    }
}

impl TryFrom<u64> for Scale {
    type Error = OutOfRange;

    fn try_from(px: u64) -> Result<Self, OutOfRange> {
        Self::RANGE.whole(px).map(Self)
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Width of the light margin, 0 to 16 modules; 4 by default.
///
/// ISO/IEC 18004, 6.3.8 asks for 4. Less is for those who put the picture on a
/// light ground of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "u64")]
pub struct QuietZone(u8);

impl QuietZone {
    /// What the standard asks for.
    pub const STANDARD: Self = Self(4);
    /// What margins there are.
    pub const RANGE: Range = Range::Whole {
        least: 0,
        most: 16,
        unit: "modules",
    };

    /// Modules on each side.
    pub fn modules(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for QuietZone {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl TryFrom<u64> for QuietZone {
    type Error = OutOfRange;

    fn try_from(modules: u64) -> Result<Self, OutOfRange> {
        Self::RANGE.whole(modules).map(Self)
    }
}

impl fmt::Display for QuietZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The side of a module in print, 0.1 to 50 mm, in steps of a micrometre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleSize {
    micrometres: u16,
}

impl ModuleSize {
    /// Phones read modules of 0.4 mm and more at arm's length.
    pub const ARMS_LENGTH: Self = Self { micrometres: 400 };
    /// On a page of its own, where nothing else was asked: read from as far as an arm is long, by any phone.
    pub const PAGE: Self = Self { micrometres: 500 };
    /// What sizes there are.
    pub const RANGE: Range = Range::Decimal {
        least: 0.1,
        most: 50.0,
        unit: "millimetres",
    };

    /// A module of this many millimetres.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] outside 0.1 to 50.
    pub fn from_mm(mm: f64) -> Result<Self, OutOfRange> {
        let micrometres = (mm * 1000.0).round();
        Self::RANGE.decimal(micrometres / 1000.0)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "100 to 50,000, and whole"
        )]
        let micrometres = micrometres as u16;
        Ok(Self { micrometres })
    }

    /// The module of a picture that is `width_mm` wide with its quiet zone.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`] if a module would be outside 0.1 to 50 mm.
    pub fn from_width_mm(
        width_mm: f64,
        symbol: &Symbol,
        quiet_zone: QuietZone,
    ) -> Result<Self, OutOfRange> {
        let modules = u16::try_from(symbol.modules() + 2 * quiet_zone.modules())
            .map_err(|_| OutOfRange(Self::RANGE))?;
        Self::from_mm(width_mm / f64::from(modules))
    }

    /// Millimetres.
    pub fn mm(self) -> f64 {
        f64::from(self.micrometres) / 1000.0
    }

    /// Micrometres, 100 to 50,000.
    pub fn micrometres(self) -> u16 {
        self.micrometres
    }

    /// Whether phones have to come closer than arm's length.
    pub fn is_small(self) -> bool {
        self < Self::ARMS_LENGTH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sizes_that_can_be_drawn_are_sizes() {
        assert_eq!(Scale::try_from(1).map(Scale::px), Ok(1));
        assert_eq!(Scale::try_from(64), Ok(Scale::MAX));
        assert_eq!(QuietZone::try_from(0).map(QuietZone::modules), Ok(0));
        assert_eq!(QuietZone::try_from(16).map(QuietZone::modules), Ok(16));
        for px in [0, 65, u64::MAX] {
            let error = Scale::try_from(px).unwrap_err();
            assert_eq!(
                error.to_string(),
                "must be a whole number from 1 to 64 (pixels a module side)",
            );
        }
        let error = QuietZone::try_from(17).unwrap_err();
        assert_eq!(
            error.to_string(),
            "must be a whole number from 0 to 16 (modules)"
        );
    }

    #[test]
    fn printed_sizes_are_kept_to_the_micrometre() {
        assert_eq!(ModuleSize::from_mm(0.4), Ok(ModuleSize::ARMS_LENGTH));
        assert_eq!(
            ModuleSize::from_mm(0.3333).map(ModuleSize::micrometres),
            Ok(333)
        );
        assert!(ModuleSize::from_mm(0.399).is_ok_and(ModuleSize::is_small));
        for mm in [0.0, 0.09, 50.1, -1.0, f64::NAN, f64::INFINITY] {
            assert!(ModuleSize::from_mm(mm).is_err(), "{mm}");
        }
    }
}
