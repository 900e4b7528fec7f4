//! Random bits as people type them: base32 in groups.
//!
//! Belongs here: the letters and how they are read. Does not belong here: what a code is for.

use zeroize::Zeroizing;

/// Crockford's base32: no letter that is taken for a digit, and none for another.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// That of RFC 4648, section 6, which apps for one-time passwords read.
pub(super) const RFC_4648: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The most bytes of a text in which a code is looked for.
const MOST_BYTES: usize = 1024;

/// These bytes in Crockford's base32.
pub(super) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    encode_in(bytes, CROCKFORD)
}

/// These bytes, five bits a letter from the left, with zeros behind them.
pub(super) fn encode_in(bytes: &[u8], alphabet: &[u8; 32]) -> Zeroizing<String> {
    let bits = bytes.len() * 8;
    let chars = bits.div_ceil(5);
    let mut code = Zeroizing::new(String::with_capacity(chars));
    for place in 0..chars {
        let five = (5 * place..5 * place + 5).fold(0, |five, at| {
            let bit = match at < bits {
                true => bytes[at / 8] >> (7 - at % 8) & 1,
                false => 0,
            };
            five << 1 | bit
        });
        code.push(char::from(alphabet[usize::from(five)]));
    }
    code
}

/// A code in groups of so many characters.
pub(super) fn grouped(code: &str, groups: &[usize], between: char) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(code.len() + groups.len()));
    let mut rest = code;
    for group in groups {
        let (head, tail) = rest.split_at(*group);
        if !text.is_empty() {
            text.push(between);
        }
        text.push_str(head);
        rest = tail;
    }
    text
}

/// Reads a code of so many characters as people type it: in any case, with spaces and hyphens anywhere, O for 0, I and L for 1.
pub(super) fn read(text: &str, chars: usize) -> Option<Zeroizing<String>> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let mut code = Zeroizing::new(String::with_capacity(chars));
    for c in text.chars() {
        let c = match c.to_ascii_uppercase() {
            c if c.is_whitespace() => continue,
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        let known = u8::try_from(c).is_ok_and(|byte| CROCKFORD.contains(&byte));
        if !known || code.len() == chars {
            return None;
        }
        code.push(c);
    }
    (code.len() == chars).then_some(code)
}
