//! Options from any query, from any envelope, and what a POST on a token says: what is accepted is within its limits and is accepted again; what is
//! refused is refused with a problem that is the caller's.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use qrseal::config::{self, Config};
use qrseal::http::{
    CodeEnvelope, OpenBody, Options, Problem, ProblemCode, TokenEnvelope, TokenIn, Topic,
};
use qrseal::payload::{MAX_BYTES, minify};
use qrseal::profiles::Registry;
use qrseal::qr::{Level, Symbol, png, svg};

static CONFIG: LazyLock<Config> =
    LazyLock::new(|| config::load(None, []).expect("the defaults are valid"));

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, input)) = bytes.split_first() else {
        return;
    };
    match kind % 5 {
        0 | 1 => query(
            if kind % 5 == 0 {
                Topic::Token
            } else {
                Topic::Code
            },
            input,
        ),
        2 => match TokenEnvelope::parse(input, &CONFIG, Registry::shipped()) {
            Ok(envelope) => {
                let document = envelope.document.as_bytes();
                assert!(document.len() <= MAX_BYTES);
                assert_eq!(minify(document).as_ref(), Ok(&envelope.document));
                within_limits(&envelope.options);
            }
            Err(problem) => is_the_callers(&problem),
        },
        3 => match CodeEnvelope::parse(input, &CONFIG) {
            Ok(envelope) => {
                assert!(!envelope.value.is_empty());
                within_limits(&envelope.options);
            }
            Err(problem) => is_the_callers(&problem),
        },
        _ => open(input),
    }
});

fn open(input: &[u8]) {
    for token in [TokenIn::Path, TokenIn::Body] {
        match OpenBody::parse_json(input, token) {
            Ok(body) => {
                assert!((16..=64).contains(&body.open_id.as_str().len()));
                assert_eq!(body.ctext.is_some(), token == TokenIn::Body);
            }
            Err(problem) => is_the_callers(&problem),
        }
    }
}

fn query(topic: Topic, input: &[u8]) {
    // A query is text by the time that it is read: anything else was percent-encoded.
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match Options::from_query(topic, &CONFIG, text, |_, _| false) {
        Ok(options) => within_limits(&options),
        Err(problem) => is_the_callers(&problem),
    }
}

/// The smallest symbol can be drawn with any options that were accepted, and no picture is larger than pictures may be.
fn within_limits(options: &Options) {
    let symbol = Symbol::encode("1", Level::Low).expect("one digit fits any symbol");
    // A width in print may be too large or too small for it.
    let Ok(style) = options.look.style(&symbol) else {
        return;
    };
    if let Ok(picture) = png(&symbol, &style) {
        let side =
            |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(side(16), side(20));
        assert!((21..=4_096).contains(&side(16)));
    }
    assert!(svg(&symbol, &style, "1").starts_with('<'));
}

fn is_the_callers(problem: &Problem) {
    let expected = [
        ProblemCode::Validation,
        ProblemCode::InvalidJson,
        ProblemCode::JsonTooDeep,
        ProblemCode::PayloadTooLarge,
        ProblemCode::StyleUnscannable,
    ];
    assert!(expected.contains(&problem.code), "{:?}", problem.code);
}
