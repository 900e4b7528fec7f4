//! PINs that everybody tries first. A few thousand guesses would cover them all, and a lock after twenty tries does not
//! help a PIN that is among the first twenty.

use zeroize::Zeroizing;

/// Whether `pin` is all one character, a run, a short pattern, a year, or well known. Capitals make no difference.
pub(super) fn is_obvious(pin: &str) -> bool {
    let mut chars = Zeroizing::new(Vec::with_capacity(2 * pin.len()));
    chars.extend(pin.chars().flat_map(char::to_lowercase));
    is_run(&chars)
        || is_pattern(&chars)
        || is_run_of_pairs(&chars)
        || is_year(&chars)
        || is_well_known(&chars)
}

/// `1111`, `1234`, `9876`, `abcd`, and `7890`, as digits stand on a keyboard.
fn is_run(chars: &[char]) -> bool {
    let mut steps = chars.windows(2).map(|pair| step(pair[0], pair[1]));
    let Some(Some(first)) = steps.next() else {
        return false;
    };
    steps.all(|step| step == Some(first))
}

fn step(from: char, to: char) -> Option<i64> {
    match (from, to) {
        ('9', '0') => Some(1),
        ('0', '9') => Some(-1),
        _ => Some(i64::from(u32::from(to)) - i64::from(u32::from(from)))
            .filter(|step| (-1..=1).contains(step)),
    }
}

/// One to three characters again and again: `1212`, `123123`, `abcabcab`.
fn is_pattern(chars: &[char]) -> bool {
    (1..=3).any(|unit| {
        chars.len() >= 2 * unit && chars.windows(unit + 1).all(|part| part[0] == part[unit])
    })
}

/// `1122`, `334455`.
fn is_run_of_pairs(chars: &[char]) -> bool {
    let (pairs, rest) = chars.as_chunks::<2>();
    let firsts: Zeroizing<Vec<char>> = Zeroizing::new(pairs.iter().map(|pair| pair[0]).collect());
    rest.is_empty() && pairs.iter().all(|pair| pair[0] == pair[1]) && is_run(&firsts)
}

/// `1900` to `2099`: of birth, of a wedding, this one.
fn is_year(chars: &[char]) -> bool {
    matches!(chars, ['1', '9', a, b] | ['2', '0', a, b] if a.is_ascii_digit() && b.is_ascii_digit())
}

/// Whole, or a word with digits and signs behind it, such as `password1!`.
fn is_well_known(chars: &[char]) -> bool {
    let word_length = chars
        .iter()
        .rposition(|c| c.is_alphabetic())
        .map_or(0, |last| last + 1);
    let is = |known: &str, chars: &[char]| known.chars().eq(chars.iter().copied());
    let whole = NUMBERS.iter().chain(&WORDS).any(|number| is(number, chars));
    whole || WORDS.iter().any(|word| is(word, &chars[..word_length]))
}

/// Shapes on a keypad, constants, and words spelt on one.
const NUMBERS: [&str; 32] = [
    "0007",
    "007007",
    "0852",
    "1004",
    "112358",
    "123321",
    "12344321",
    "123454321",
    "123654",
    "1236987",
    "1245",
    "1357",
    "147258",
    "147258369",
    "147852",
    "159357",
    "159753",
    "1793",
    "1937",
    "2468",
    "246810",
    "2580",
    "258456",
    "271828",
    "3141",
    "314159",
    "31415926",
    "369258147",
    "456852",
    "5683",
    "741852963",
    "951753",
];

/// What is chosen when a PIN may have letters.
const WORDS: [&str; 56] = [
    "1q2w3e",
    "1q2w3e4r",
    "1qaz2wsx",
    "abc123",
    "access",
    "admin",
    "administrator",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "azerty",
    "baseball",
    "batman",
    "changeme",
    "charlie",
    "computer",
    "contraseña",
    "default",
    "demo",
    "dragon",
    "flower",
    "football",
    "geheim",
    "guest",
    "hallo",
    "hello",
    "iloveyou",
    "jesus",
    "letmein",
    "login",
    "lovely",
    "master",
    "michael",
    "monkey",
    "motdepasse",
    "parola",
    "pass",
    "passw0rd",
    "password",
    "passwort",
    "princess",
    "q1w2e3",
    "qazwsx",
    "qrseal",
    "qwer",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "root",
    "secret",
    "senha",
    "shadow",
    "sunshine",
    "superman",
    "test",
    "welcome",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_obvious() {
        for pin in [
            "0000",
            "1111",
            "999999",
            "aaaa",
            "\u{e4}\u{e4}\u{e4}\u{e4}",
            "1234",
            "4321",
            "123456",
            "1234567890",
            "7890",
            "0987",
            "8901",
            "abcd",
            "DCBA",
            "1212",
            "6969",
            "12121",
            "123123",
            "abab",
            "1122",
            "332211",
            "1900",
            "1984",
            "2026",
            "2099",
            "2580",
            "1004",
            "5683",
            "password",
            "PassWord",
            "password1",
            "Password2026!",
            "qwerty",
            "letmein!!",
            "1q2w3e4r",
            "secret99",
        ] {
            assert!(is_obvious(pin), "{pin}");
        }
    }

    #[test]
    fn other_pins_are_not() {
        for pin in [
            "4938",
            "1899",
            "2100",
            "1124",
            "1235",
            "493817",
            "112233a",
            "4938493",
            "correct horse",
            "p\u{e4}ssw\u{f6}rd",
            "testament",
            "12a4",
            "19a4",
        ] {
            assert!(!is_obvious(pin), "{pin}");
        }
    }

    #[test]
    fn few_numbers_are_obvious_so_that_little_is_lost() {
        let obvious = |digits: usize| {
            let all = 10_u32.pow(u32::try_from(digits).unwrap());
            (0..all)
                .filter(|n| is_obvious(&format!("{n:0digits$}")))
                .count()
        };
        assert_eq!((obvious(4), obvious(6)), (348, 1_143));
    }
}
