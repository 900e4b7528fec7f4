//! Any bytes as a logo: a picture that is small afterwards, or a refusal; and a symbol with it that is read, or a refusal.
//! Memory is bounded by the limit of the fuzzer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qrseal::qr::{Design, LevelChoice, Logo, LogoShare, StyledError, StyledSymbol, read};

const TEXT: &str = "https://QR.EXAMPLE/0123456789012345678901234567890123456789";

fuzz_target!(|bytes: &[u8]| {
    let Some((percent, file)) = bytes.split_first() else {
        return;
    };
    let Ok(share) = LogoShare::try_from(u64::from(*percent)) else {
        return;
    };
    let Ok(logo) = Logo::decode(file, share) else {
        return;
    };
    let design = Design {
        logo: Some(logo),
        ..Design::default()
    };
    match StyledSymbol::encode(TEXT, LevelChoice::Auto, design) {
        Ok(styled) => {
            assert_eq!(read(&styled.png()).as_deref(), Ok(TEXT));
            assert!(styled.svg("1").ends_with("</svg>\n"));
        }
        Err(StyledError::Unscannable(_)) => {}
        Err(other) => panic!("{other:?}"),
    }
});
