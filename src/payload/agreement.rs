//! Agreement with `serde_json`, which was written by others: on any bytes, both accept the same texts.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::value::RawValue;

use super::{Document, MAX_BYTES, MAX_DEPTH, MAX_MEMBERS, check, minify};

/// The value as `serde_json` splits it, texts unescaped, numbers as written.
#[derive(Debug, PartialEq)]
enum Value {
    Scalar(String),
    Text(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// Reads a value level by level; `None` where a text has half a surrogate pair.
fn read(raw: &RawValue) -> Option<Value> {
    let text = raw.get();
    Some(match text.as_bytes()[0] {
        b'"' => Value::Text(serde_json::from_str(text).ok()?),
        b'[' => {
            let elements: Vec<Box<RawValue>> = serde_json::from_str(text).ok()?;
            Value::Array(
                elements
                    .iter()
                    .map(|raw| read(raw))
                    .collect::<Option<_>>()?,
            )
        }
        b'{' => {
            let Members(members) = serde_json::from_str(text).ok()?;
            Value::Object(
                members
                    .into_iter()
                    .map(|(name, raw)| Some((name, read(&raw)?)))
                    .collect::<Option<_>>()?,
            )
        }
        _ => Value::Scalar(text.to_owned()),
    })
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// How many brackets are open at once in a text whose grammar is right.
fn depth(text: &str) -> usize {
    let (mut open, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                open += 1;
                deepest = deepest.max(open);
            }
            b']' | b'}' if !quoted => open -= 1,
            _ => {}
        }
    }
    deepest
}

fn names_differ_and_are_few(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().all(names_differ_and_are_few),
        Value::Object(members) => {
            let names: HashSet<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
            names.len() == members.len()
                && members.len() <= MAX_MEMBERS
                && members
                    .iter()
                    .all(|(_, value)| names_differ_and_are_few(value))
        }
        _ => true,
    }
}

fn assert_agreement(bytes: &[u8]) {
    let raw = serde_json::from_slice::<&RawValue>(bytes).ok();
    let well_formed = raw.filter(|raw| depth(raw.get()) <= MAX_DEPTH);
    assert_eq!(
        check(bytes).is_ok(),
        well_formed.is_some() && bytes.len() <= MAX_BYTES,
        "check"
    );

    let value = well_formed.and_then(read).filter(names_differ_and_are_few);
    match (minify(bytes), value) {
        (Ok(document), Some(value)) => assert_same(&document, &value),
        (Ok(_), None) => panic!("minify accepts what serde_json or the rules of issuing refuse"),
        (Err(error), Some(_)) => panic!("minify refuses a good document: {error}"),
        (Err(error), None) => assert!(error.line() >= 1 && error.column() >= 1),
    }
}

fn assert_same(document: &Document, value: &Value) {
    let raw: &RawValue = serde_json::from_str(document.as_str()).unwrap();
    assert_eq!(
        raw.get(),
        document.as_str(),
        "no white space around the value"
    );
    assert_eq!(read(raw).as_ref(), Some(value), "the same value");
    assert_eq!(
        minify(document.as_bytes()).as_ref(),
        Ok(document),
        "minifying twice changes nothing"
    );
    assert_eq!(
        check(document.as_bytes()),
        Ok(document.as_str()),
        "what is issued is opened"
    );
}

/// Pieces that make near misses of JSON likely.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just(" "),
        Just("\n"),
        Just("\t\r"),
        Just("\""),
        Just("\"a\""),
        Just("\"a\":"),
        Just("\"\\u0061\":"),
        Just("\"b\":1"),
        Just("\"\\ud83d\\ude00\""),
        Just("\"\\ud83d\""),
        Just("\\"),
        Just("\\u"),
        Just("\\udc00"),
        Just("\\n"),
        Just("d83d"),
        Just("\u{e9}"),
        Just("\u{1f600}"),
        Just("\u{1}"),
        Just("0"),
        Just("1"),
        Just("-"),
        Just("+"),
        Just("."),
        Just("e"),
        Just("E5"),
        Just("12.50"),
        Just("-0"),
        Just("1e400"),
        Just("true"),
        Just("false"),
        Just("null"),
        Just("nul"),
        Just("[[[[[[[[[[[[[[[[[["),
        Just("\u{feff}"),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Good documents, with white space, escapes and now and then a duplicate name.
fn documents() -> impl Strategy<Value = String> {
    let text = "\"([ a-c{}\\[\\]:,\u{e9}]|\\\\[\"\\\\/bfnrt]|\\\\u00[46][1-3]|\\\\ud83d\\\\ude0[0-9]){0,6}\"";
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,5})?([eE][+-]?[0-9]{1,4})?";
    let scalar = prop_oneof![
        text,
        number,
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("null".to_owned())
    ];
    let space = "[ \t\n\r]{0,2}";
    scalar.prop_recursive(8, 64, 6, move |value| {
        let value = (space, value, space)
            .prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member = (space, text, space, value.clone())
            .prop_map(|(a, name, b, value)| format!("{a}{name}{b}:{value}"));
        prop_oneof![
            proptest::collection::vec(value, 1..6)
                .prop_map(|values| format!("[{}]", values.join(","))),
            proptest::collection::vec(member, 1..6)
                .prop_map(|members| format!("{{{}}}", members.join(","))),
            space.prop_map(|space| format!("[{space}]")),
            space.prop_map(|space| format!("{{{space}}}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000, rng_seed: RngSeed::Fixed(8259), failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_judged_alike(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        assert_agreement(&bytes);
    }

    #[test]
    fn near_misses_are_judged_alike(text in pieces()) {
        assert_agreement(text.as_bytes());
    }

    #[test]
    fn documents_are_judged_alike(text in documents()) {
        assert_agreement(text.as_bytes());
    }

    #[test]
    fn damaged_documents_are_judged_alike(
        text in documents(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        assert_agreement(&bytes);
    }

    #[test]
    fn objects_of_many_members_are_judged_alike(names in proptest::collection::vec(0_u16..2_000, 0..60), many in any::<bool>()) {
        let more = (0..if many { 980_u16 } else { 0 }).map(|n| n + 3_000);
        let members: Vec<String> = names.into_iter().chain(more).map(|name| format!("\"{name}\":{name}")).collect();
        assert_agreement(format!("{{{}}}", members.join(",")).as_bytes());
    }
}
