//! The text form of links and symbols: decimal digits, which QR numeric mode carries almost without loss
//! (`docs/token-format.md`, "Digits").
//!
//! A group of 12 bytes is one big-endian number of 29 digits, so no big-number arithmetic is needed: 29 digits are
//! runs of 5, 8, 8 and 8, and a run of 8 fits a `u64` with a byte for each digit, which the arithmetic below works on
//! all at once.

use std::array::from_fn;

use super::not_recognised::NotRecognised;

/// How many digits a group of so many bytes takes: the fewest that can hold 256^bytes - 1.
const DIGITS: [usize; GROUP_BYTES + 1] = [0, 3, 5, 8, 10, 13, 15, 17, 20, 22, 25, 27, 29];
const GROUP_BYTES: usize = 12;
const GROUP_DIGITS: usize = 29;

const TEN_TO_8: u64 = 100_000_000;
const TEN_TO_16: u64 = TEN_TO_8 * TEN_TO_8;

/// The one text of these bytes.
pub fn encode(bytes: &[u8]) -> String {
    let (groups, tail) = bytes.as_chunks::<GROUP_BYTES>();
    let mut text = vec![b'0'; text_len(bytes.len())];
    let (places, tail_place) = text.as_chunks_mut::<GROUP_DIGITS>();
    for (group, place) in groups.iter().zip(places) {
        write_group(group, place);
    }
    // A tail is the end of a group that begins with zeros.
    let (mut group, mut place) = ([0; GROUP_BYTES], [0; GROUP_DIGITS]);
    group[GROUP_BYTES - tail.len()..].copy_from_slice(tail);
    write_group(&group, &mut place);
    tail_place.copy_from_slice(&place[GROUP_DIGITS - tail_place.len()..]);
    String::from_utf8(text).expect("digits are ASCII")
}

/// The bytes of a text. The caller bounds its length.
///
/// # Errors
/// [`NotRecognised`] if [`encode`] never writes this text: something else than `0-9`, a length that no bytes have, a
/// group whose value is too large, or empty.
pub fn decode(text: &str) -> Result<Vec<u8>, NotRecognised> {
    if text.is_empty() {
        return Err(NotRecognised);
    }
    let (groups, tail) = text.as_bytes().as_chunks::<GROUP_DIGITS>();
    let tail_bytes = DIGITS
        .iter()
        .position(|&digits| digits == tail.len())
        .ok_or(NotRecognised)?;
    let mut bytes = vec![0; groups.len() * GROUP_BYTES + tail_bytes];
    let (places, tail_place) = bytes.as_chunks_mut::<GROUP_BYTES>();
    for (group, place) in groups.iter().zip(places) {
        read_group(group, place)?;
    }
    let (mut group, mut place) = ([b'0'; GROUP_DIGITS], [0; GROUP_BYTES]);
    group[GROUP_DIGITS - tail.len()..].copy_from_slice(tail);
    read_group(&group, &mut place)?;
    let (zeros, rest) = place.split_at(GROUP_BYTES - tail_bytes);
    if zeros.iter().any(|&byte| byte != 0) {
        return Err(NotRecognised);
    }
    tail_place.copy_from_slice(rest);
    Ok(bytes)
}

/// How many digits so many bytes take.
pub(super) const fn text_len(bytes: usize) -> usize {
    bytes / GROUP_BYTES * GROUP_DIGITS + DIGITS[bytes % GROUP_BYTES]
}

fn write_group(group: &[u8; GROUP_BYTES], place: &mut [u8; GROUP_DIGITS]) {
    let high = u32::from_be_bytes(from_fn(|byte| group[byte]));
    let low = u64::from_be_bytes(from_fn(|byte| group[4 + byte]));
    let (upper, lower) = split_at_ten_to_16(high, low);
    // The upper half has 13 digits: three of its sixteen are always zero.
    place[..5].copy_from_slice(&eight_digits(upper / TEN_TO_8)[3..]);
    place[5..13].copy_from_slice(&eight_digits(upper % TEN_TO_8));
    place[13..21].copy_from_slice(&eight_digits(lower / TEN_TO_8));
    place[21..].copy_from_slice(&eight_digits(lower % TEN_TO_8));
}

fn read_group(
    group: &[u8; GROUP_DIGITS],
    place: &mut [u8; GROUP_BYTES],
) -> Result<(), NotRecognised> {
    let run = |at: usize| from_fn(|digit| group[at + digit]);
    let first = eight_digits_value(from_fn(
        |digit| if digit < 3 { b'0' } else { group[digit - 3] },
    ))?;
    let upper = first * TEN_TO_8 + eight_digits_value(run(5))?;
    let lower = eight_digits_value(run(13))? * TEN_TO_8 + eight_digits_value(run(21))?;
    let number = u128::from(upper) * u128::from(TEN_TO_16) + u128::from(lower);
    let [0, 0, 0, 0, bytes @ ..] = number.to_be_bytes() else {
        return Err(NotRecognised);
    };
    *place = bytes;
    Ok(())
}

/// Quotient and remainder of `high` * 2^64 + `low` and 10^16, without the slow general division of 128-bit numbers:
/// the upper 63 of the 96 bits times 2^117 / 10^16 give the quotient, or one less.
fn split_at_ten_to_16(high: u32, low: u64) -> (u64, u64) {
    const RECIPROCAL: u64 = 16_615_349_947_311_448_411;
    let top = (u64::from(high) << 31) | (low >> 33);
    let product = u128::from(top) * u128::from(RECIPROCAL);
    let estimate = u64::try_from(product >> 84).expect("63 and 64 bits make a product of 127");
    // The remainder is below 2 * 10^16, so 64 bits of it are all of it.
    let rest = low.wrapping_sub(estimate.wrapping_mul(TEN_TO_16));
    if rest < TEN_TO_16 {
        (estimate, rest)
    } else {
        (estimate + 1, rest - TEN_TO_16)
    }
}

/// The eight digits of a number below 10^8. The number is halved three times, in lanes of 32, 16 and 8 bits: 4, 2 and
/// 1 digits each, the first in the lowest lane. (n * 10486) >> 20 is n / 100 below 10^4, (n * 103) >> 10 is n / 10 below 100.
fn eight_digits(number: u64) -> [u8; 8] {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    let ones = tens | ((twos - 10 * tens) << 8);
    (ones | 0x3030_3030_3030_3030).to_le_bytes()
}

/// The number that eight characters are, if all of them are digits: the same lanes the other way round.
fn eight_digits_value(characters: [u8; 8]) -> Result<u64, NotRecognised> {
    const HIGH_NIBBLES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let text = u64::from_le_bytes(characters);
    // Digits are 0x30 to 0x39: the high nibble is 3, and still 3 after adding 6.
    if text & HIGH_NIBBLES != ZEROS || (text + 0x0606_0606_0606_0606) & HIGH_NIBBLES != ZEROS {
        return Err(NotRecognised);
    }
    let ones = text ^ ZEROS;
    let twos = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (twos * 100 + (twos >> 16)) & 0x0000_ffff_0000_ffff;
    Ok((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_group_takes_the_fewest_digits_that_can_hold_it() {
        for (bytes, digits) in DIGITS.into_iter().enumerate().skip(1) {
            let largest = vec![0xff; bytes];
            assert_eq!(encode(&largest).len(), digits);
            assert!(!encode(&largest).starts_with('0'), "{bytes}");
        }
    }

    #[test]
    fn a_group_is_a_big_endian_number_with_its_leading_zeros() {
        assert_eq!(encode(&[0x01, 0x02]), "00258");
        assert_eq!(encode(&[0; 12]), "0".repeat(29));
        assert_eq!(encode(&[0xff; 12]), "79228162514264337593543950335");
        assert_eq!(decode("79228162514264337593543950335"), Ok(vec![0xff; 12]));
        assert_eq!(decode("79228162514264337593543950336"), Err(NotRecognised));
    }

    #[test]
    fn every_character_but_a_digit_is_refused_in_every_place() {
        let text = encode(&[0x5a; 19]);
        for place in 0..text.len() {
            for other in (0..=u8::MAX).filter(|byte| byte.is_ascii() && !byte.is_ascii_digit()) {
                let mut changed = text.clone().into_bytes();
                changed[place] = other;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(decode(&changed), Err(NotRecognised), "{changed:?}");
            }
        }
    }

    #[test]
    fn lengths_that_no_bytes_have_are_refused() {
        for length in 0..=90 {
            let possible = length > 0 && DIGITS.contains(&(length % GROUP_DIGITS));
            assert_eq!(decode(&"0".repeat(length)).is_ok(), possible, "{length}");
        }
    }

    /// Every number of four digits in either half of a run, which is every case that a lane can meet.
    #[test]
    fn a_run_of_eight_digits_is_what_the_formatter_writes() {
        for four in 0..10_000 {
            for number in [
                four,
                four * 10_000,
                four * 10_000 + 9_999,
                99_990_000 + four,
            ] {
                let digits = eight_digits(number);
                assert_eq!(str::from_utf8(&digits).unwrap(), format!("{number:08}"));
                assert_eq!(eight_digits_value(digits), Ok(number));
            }
        }
    }

    #[test]
    fn the_halves_of_a_group_are_exact_around_every_multiple_of_ten_to_16() {
        let largest = (1_u128 << 96) - 1;
        let multiples = largest / u128::from(TEN_TO_16);
        let steps = (0..=1_000).chain((0..=1_000).map(|step| multiples * step / 1_000));
        for multiple in steps.map(|step| step * u128::from(TEN_TO_16)) {
            for number in [multiple.saturating_sub(1), multiple, multiple + 1, largest] {
                let group = &number.to_be_bytes()[16 - GROUP_BYTES..];
                assert_eq!(encode(group), format!("{number:029}"));
            }
        }
    }

    proptest! {
        #[test]
        fn a_group_is_the_decimal_number_of_its_bytes(group: [u8; GROUP_BYTES], length in 1..=GROUP_BYTES) {
            let mut number = [0; 16];
            number[16 - length..].copy_from_slice(&group[..length]);
            let expected = format!("{:0width$}", u128::from_be_bytes(number), width = DIGITS[length]);
            prop_assert_eq!(encode(&group[..length]), expected);
        }

        #[test]
        fn bytes_come_back_from_their_text(bytes in prop::collection::vec(any::<u8>(), 1..400)) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), text_len(bytes.len()));
            prop_assert_eq!(decode(&text), Ok(bytes));
        }

        #[test]
        fn bytes_have_no_second_text(text in "[0-9]{0,90}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,90}") {
            let _ = decode(&text);
        }
    }
}
