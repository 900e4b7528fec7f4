//! How many bits a text takes in a symbol, and which version that makes: segments chosen so that they need the fewest
//! bits (ISO/IEC 18004, 7.4), by dynamic programming. A second opinion: independent of what `qrseal::qr` does.
//!
//! Numeric, alphanumeric and byte mode only; the texts are ASCII, so no segment needs an ECI designator.

use qrcode::bits::Bits;
use qrcode::{EcLevel, Version};
use qrseal::qr::Level;

/// Light modules on each side of a symbol (ISO/IEC 18004, 9.1).
pub const QUIET_ZONE_MODULES: u32 = 4;

/// A text in the smallest symbol of one error correction level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// Bits of all segments with their headers.
    pub bits: u32,
    /// 1 to 40; `None` if no version holds the text.
    pub version: Option<u8>,
}

impl Fit {
    /// The smallest version that holds `text`.
    pub fn of(text: &str, level: Level) -> Self {
        let mut bits = 0;
        for (versions, count_bits) in [
            (1..=9, [10, 9, 8]),
            (10..=26, [12, 11, 16]),
            (27..=40, [14, 13, 16]),
        ] {
            bits = fewest_bits(text, count_bits);
            if let Some(version) = versions
                .into_iter()
                .find(|&version| bits <= data_bits(version, level))
            {
                return Self {
                    bits,
                    version: Some(version),
                };
            }
        }
        Self {
            bits,
            version: None,
        }
    }

    /// Modules of a side, with the quiet zone.
    pub fn side_modules(self) -> Option<u32> {
        self.version
            .map(|version| 17 + 4 * u32::from(version) + 2 * QUIET_ZONE_MODULES)
    }

    /// Modules of the whole square, with the quiet zone.
    pub fn area_modules(self) -> Option<u32> {
        self.side_modules().map(|side| side * side)
    }
}

/// Bits of a character in sixths, by mode: 10 bits for three digits, 11 for two alphanumeric characters, 8 for a byte.
const SIXTHS: [u32; 3] = [20, 33, 48];
const MODE_INDICATOR_BITS: u32 = 4;

/// `count_bits`: widths of the character count, by mode.
///
/// `cheapest[mode]` is the cost in sixths of the text so far if it ends in a segment of that mode. A segment that ends
/// is rounded up to whole bits, which is what 4 and 7 bits for one and two digits, or 6 for one character, come to.
fn fewest_bits(text: &str, count_bits: [u32; 3]) -> u32 {
    const UNREACHABLE: u32 = u32::MAX / 2;
    let head = count_bits.map(|width| 6 * (MODE_INDICATOR_BITS + width));
    let mut cheapest = [UNREACHABLE; 3];
    let mut ended = 0;
    for byte in text.bytes() {
        let can_write = [byte.is_ascii_digit(), is_alphanumeric(byte), true];
        for mode in 0..3 {
            let began = cheapest[mode].min(ended + head[mode]);
            cheapest[mode] = if can_write[mode] {
                began + SIXTHS[mode]
            } else {
                UNREACHABLE
            };
        }
        ended = cheapest
            .iter()
            .min()
            .map_or(0, |sixths| sixths.div_ceil(6) * 6);
    }
    ended / 6
}

/// Table 5 of ISO/IEC 18004.
fn is_alphanumeric(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b' ' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':')
}

fn data_bits(version: u8, level: Level) -> u32 {
    let level = match level {
        Level::Low => EcLevel::L,
        Level::Medium => EcLevel::M,
        Level::Quartile => EcLevel::Q,
        Level::High => EcLevel::H,
    };
    let bits = Bits::new(Version::Normal(i16::from(version))).max_len(level);
    bits.ok()
        .and_then(|bits| u32::try_from(bits).ok())
        .expect("versions 1 to 40 hold at most 23,648 bits")
}

#[cfg(test)]
mod tests {
    use qrseal::payload::minify;
    use qrseal::qr::Symbol;

    use super::*;
    use crate::schemes::{Links, SCHEMES};

    /// ISO/IEC 18004, Annex I: "01234567" takes 41 bits in version 1-M.
    #[test]
    fn the_example_of_the_standard_has_its_bits() {
        assert_eq!(
            Fit::of("01234567", Level::Medium),
            Fit {
                bits: 41,
                version: Some(1)
            }
        );
    }

    #[test]
    fn a_short_run_is_not_worth_a_segment_of_its_own() {
        assert_eq!(fewest_bits("ab12cd", [10, 9, 8]), 4 + 8 + 6 * 8);
        assert_eq!(fewest_bits("AB123456789012CD", [10, 9, 8]), 4 + 9 + 88);
        assert_eq!(
            fewest_bits("ab12345678901234cd", [10, 9, 8]),
            2 * (4 + 8 + 16) + 4 + 10 + 47
        );
    }

    #[test]
    fn the_product_draws_symbols_of_the_same_version() {
        let links = Links::new(&"https://qr.example.com".parse().unwrap());
        for text in [crate::SAMPLE, "{\"id\":1}", "\"Hello\""] {
            let document = minify(text.as_bytes()).unwrap();
            for scheme in &SCHEMES {
                let link = scheme.link(&document, &links);
                for level in [Level::Low, Level::Medium, Level::Quartile, Level::High] {
                    let drawn = Symbol::encode(&link, level)
                        .ok()
                        .map(|symbol| symbol.version());
                    assert_eq!(
                        Fit::of(&link, level).version,
                        drawn,
                        "{} at {level}",
                        scheme.name
                    );
                }
            }
        }
    }
}
