//! Any text: the reader does not panic, and what it accepts has exactly this text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::token::{ParsedToken, base64url, digits};

fuzz_target!(|text: &str| {
    if let Ok(token) = ParsedToken::parse(text) {
        let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let again = if only_digits {
            token.to_digits()
        } else {
            token.to_base64url()
        };
        assert_eq!(again, text);
        assert_eq!(
            ParsedToken::parse_digits(&token.to_digits()).as_ref(),
            Ok(&token)
        );
        assert_eq!(
            ParsedToken::parse(&token.to_base64url()).as_ref(),
            Ok(&token)
        );
    }
    if let Ok(bytes) = digits::decode(text) {
        assert_eq!(digits::encode(&bytes), text);
    }
    if let Ok(bytes) = base64url::decode(text) {
        assert_eq!(base64url::encode(&bytes), text);
    }
});
