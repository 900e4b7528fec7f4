//! The longer text form: base64url (RFC 4648, section 5) without padding and with unused bits zero.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::not_recognised::NotRecognised;

/// The one text of these bytes.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes of a text. The caller bounds its length.
///
/// # Errors
/// [`NotRecognised`] if [`encode`] never writes this text: another alphabet, padding, unused bits set, or empty.
pub fn decode(text: &str) -> Result<Vec<u8>, NotRecognised> {
    if text.is_empty() {
        return Err(NotRecognised);
    }
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotRecognised)
}

/// How many characters so many bytes take.
pub(super) const fn text_len(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_strict_form_is_read() {
        assert_eq!(decode("_-8"), Ok(vec![0xff, 0xef]));
        for text in [
            "",
            "_",
            "_-8=",
            "_-9",
            "/+8",
            "_-8 ",
            " _-8",
            "_-\n8",
            "_-8\0",
            "\u{ff3f}-8",
        ] {
            assert_eq!(decode(text), Err(NotRecognised), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back_from_their_text(bytes in prop::collection::vec(any::<u8>(), 1..400)) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), text_len(bytes.len()));
            prop_assert_eq!(decode(&text), Ok(bytes));
        }

        #[test]
        fn bytes_have_no_second_text(text in "[A-Za-z0-9_=+/-]{0,24}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
