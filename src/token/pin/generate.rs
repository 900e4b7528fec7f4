//! PINs that are drawn, for issuers that would rather not choose one.

use zeroize::Zeroizing;

use super::{Pin, obvious::is_obvious};

impl Pin {
    /// How many random bytes [`Pin::generate`] takes.
    pub const RANDOM_BYTES: usize = 64;
    /// Digits of a drawn PIN: short enough to be read out, and with twenty tries for a million, long enough.
    const DRAWN_DIGITS: usize = 6;

    /// Six digits from the operating system's random numbers: each number that is not obvious equally likely.
    ///
    /// `None` with a probability below 10^-30 for random bytes, and for bytes that are not random, such as all zero.
    #[must_use]
    pub fn generate(random: &[u8; Self::RANDOM_BYTES]) -> Option<Self> {
        const NUMBERS: u32 = 10_u32.pow(6);
        /// The largest multiple of a million: a number above it would favour small PINs.
        const FAIR_BELOW: u32 = u32::MAX - u32::MAX % NUMBERS;
        let (candidates, _) = random.as_chunks::<4>();
        candidates
            .iter()
            .map(|bytes| u32::from_be_bytes(*bytes))
            .filter(|&number| number < FAIR_BELOW)
            .map(|number| {
                let width = Self::DRAWN_DIGITS;
                Zeroizing::new(format!("{:0width$}", number % NUMBERS))
            })
            .find(|digits| !is_obvious(digits))
            .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(numbers: &[u32]) -> Option<String> {
        let mut random = [0; Pin::RANDOM_BYTES];
        for (place, number) in random.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_be_bytes());
        }
        Pin::generate(&random).map(|pin| pin.as_str().to_owned())
    }

    #[test]
    fn a_drawn_pin_has_six_digits_and_could_have_been_chosen() {
        assert_eq!(from(&[493_817]).as_deref(), Some("493817"));
        assert_eq!(from(&[1_000_042, 7]).as_deref(), Some("000042"));
        assert!(Pin::parse(&from(&[42]).unwrap()).is_ok());
    }

    #[test]
    fn obvious_numbers_and_those_that_would_not_be_fair_are_drawn_again() {
        assert_eq!(
            from(&[123_456, 111_111, 493_817]).as_deref(),
            Some("493817")
        );
        // The last, incomplete million of a 32-bit number.
        assert_eq!(
            from(&[u32::MAX, 4_294_000_000, 493_817]).as_deref(),
            Some("493817")
        );
        assert_eq!(from(&[4_293_999_998]).as_deref(), Some("999998"));
    }

    #[test]
    fn bytes_that_are_not_random_give_no_pin() {
        assert_eq!(Pin::generate(&[0; Pin::RANDOM_BYTES]), None);
        assert_eq!(Pin::generate(&[0xff; Pin::RANDOM_BYTES]), None);
    }
}
