//! One level of JSON at a time, as it was written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// What one JSON value is, one level deep.
#[derive(Debug, PartialEq)]
pub(super) enum Shape<'a> {
    /// Members in the order of the text; a name that stands twice is there twice.
    Object(Vec<Member<'a>>),
    Array(Vec<&'a str>),
    Text(Cow<'a, str>),
    /// The digits as written.
    Number(&'a str),
    Bool(bool),
    Null,
    /// JSON text that no Rust string can hold, such as a string with half a surrogate pair; or, if the caller gave
    /// something that is not JSON, that.
    Opaque(&'a str),
}

/// One member of an object.
#[derive(Debug, PartialEq)]
pub(super) struct Member<'a> {
    pub name: Cow<'a, str>,
    /// The value's JSON text.
    pub value: &'a str,
}

impl Shape<'_> {
    /// Whether the value holds nothing that needs a layout of its own: not an object or an array with something in it.
    pub(super) fn is_plain(&self) -> bool {
        match self {
            Self::Object(members) => members.is_empty(),
            Self::Array(items) => items.is_empty(),
            _ => true,
        }
    }
}

/// Looks at one JSON value.
pub(super) fn look(json: &str) -> Shape<'_> {
    let json = json.trim_matches([' ', '\t', '\n', '\r']);
    let looked = match json.as_bytes().first() {
        Some(b'{') => members(json).map(Shape::Object),
        Some(b'[') => items(json).map(Shape::Array),
        Some(b'"') => string(json).map(Shape::Text),
        Some(b't') => Some(Shape::Bool(true)),
        Some(b'f') => Some(Shape::Bool(false)),
        Some(b'n') => Some(Shape::Null),
        Some(b'-' | b'0'..=b'9') => Some(Shape::Number(json)),
        _ => None,
    };
    looked.unwrap_or(Shape::Opaque(json))
}

/// Whether an array or object has nothing in it, or the value is neither: see [`Shape::is_plain`], without looking inside.
pub(super) fn is_plain(json: &str) -> bool {
    let mut bytes = json.bytes().filter(|byte| !byte.is_ascii_whitespace());
    match bytes.next() {
        Some(b'{' | b'[') => matches!(bytes.next(), Some(b'}' | b']')),
        _ => true,
    }
}

fn members(json: &str) -> Option<Vec<Member<'_>>> {
    serde_json::Deserializer::from_str(json)
        .deserialize_map(Members)
        .ok()
}

fn items(json: &str) -> Option<Vec<&str>> {
    serde_json::Deserializer::from_str(json)
        .deserialize_seq(Items)
        .ok()
}

fn string(json: &str) -> Option<Cow<'_, str>> {
    // The text between the quotes, when it has no escapes, is the string.
    match json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
        _ => serde_json::from_str(json).ok().map(Cow::Owned),
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<Member<'de>>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
            let name = string(name.get()).unwrap_or(Cow::Borrowed(name.get()));
            members.push(Member {
                name,
                value: value.get(),
            });
        }
        Ok(members)
    }
}

struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de str>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<&RawValue>()? {
            items.push(item.get());
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_their_digits_and_their_duplicates() {
        let Shape::Object(members) =
            look(r#"{"b":12.50,"a":1e400,"b":123456789012345678901234567890}"#)
        else {
            unreachable!("an object");
        };
        let seen: Vec<_> = members
            .iter()
            .map(|member| (&*member.name, member.value))
            .collect();
        assert_eq!(
            seen,
            [
                ("b", "12.50"),
                ("a", "1e400"),
                ("b", "123456789012345678901234567890")
            ]
        );
    }

    #[test]
    fn names_and_strings_are_unescaped_and_half_surrogates_stay_as_written() {
        let Shape::Object(members) = look(r#"{"na\u006de":"x\ny","\ud800":"\udc00"}"#) else {
            unreachable!("an object");
        };
        assert_eq!(members[0].name, "name");
        assert_eq!(look(members[0].value), Shape::Text("x\ny".into()));
        assert_eq!(members[1].name, r#""\ud800""#);
        assert_eq!(look(members[1].value), Shape::Opaque(r#""\udc00""#));
    }

    #[test]
    fn what_is_not_json_is_shown_as_it_is() {
        for text in ["", "{", "[1,", "\"a", "<b>"] {
            assert_eq!(look(text), Shape::Opaque(text));
        }
    }

    #[test]
    fn emptiness_is_seen_without_looking_inside() {
        for plain in ["{}", "[ ]", "1", "\"[\"", "null"] {
            assert!(is_plain(plain) && look(plain).is_plain(), "{plain}");
        }
        for laid_out in ["{\"a\":1}", "[0]"] {
            assert!(
                !is_plain(laid_out) && !look(laid_out).is_plain(),
                "{laid_out}"
            );
        }
    }
}
