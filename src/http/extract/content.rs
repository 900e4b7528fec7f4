//! Typed contents: what is wrong with one is said with a pointer to the member, and in the words of its type.

use std::cell::RefCell;
use std::fmt;

use serde::de::value::StringDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, Unexpected, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;

use crate::drawing::content::Content;
use crate::http::options::pointer_part;
use crate::qr::Level;

/// The names of the kinds, as they stand in an envelope.
pub(super) const KINDS: [&str; 8] = [
    "wifi",
    "vcard",
    "mecard",
    "epc_payment",
    "geo",
    "sms",
    "mailto",
    "event",
];

/// The text of one kind of content, from its members, and the only level that its symbol may have, if there is one.
///
/// # Errors
///
/// A JSON pointer and what is wrong there.
pub(super) fn parse(
    kind: &str,
    members: Vec<(String, &RawValue)>,
) -> Result<(String, Option<Level>), (String, String)> {
    let current = RefCell::new(None);
    let form = Form {
        kind,
        members: members.into_iter(),
        current: &current,
        value: None,
    };
    let at = |member: Option<String>| match member {
        Some(member) => format!("/{kind}/{}", pointer_part(&member)),
        None => format!("/{kind}"),
    };
    let content = Content::deserialize(form)
        .map_err(|fault| (at(fault.member.or(current.into_inner())), fault.words))?;
    let text = content
        .to_text()
        .map_err(|error| (at(Some(error.field.to_owned())), error.problem.to_owned()))?;
    Ok((text, content.only_level()))
}

/// The members of a kind, as the enum of all kinds that its type is read as.
struct Form<'a, 'de> {
    kind: &'a str,
    members: std::vec::IntoIter<(String, &'de RawValue)>,
    /// The member that is read.
    current: &'a RefCell<Option<String>>,
    value: Option<&'de RawValue>,
}

/// What is wrong, without anything that the client sent.
#[derive(Debug)]
struct Fault {
    /// The member, where it is not the one that is read.
    member: Option<String>,
    words: String,
}

impl<'de> Deserializer<'de> for Form<'_, 'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> de::EnumAccess<'de> for Form<'_, 'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: StringDeserializer<Fault> = self.kind.to_owned().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Form<'_, 'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        seed.deserialize(de::value::MapAccessDeserializer::new(self))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_map(self)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_map(self)
    }
}

impl<'de> MapAccess<'de> for Form<'_, 'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((name, value)) = self.members.next() else {
            self.current.replace(None);
            return Ok(None);
        };
        self.value = Some(value);
        self.current.replace(Some(name.clone()));
        let name: StringDeserializer<Fault> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let value = self.value.take().map_or("null", RawValue::get);
        seed.deserialize(Scalar(value))
    }
}

/// A JSON value that no form has but as a scalar.
struct Scalar<'de>(&'de str);

impl<'de> Deserializer<'de> for Scalar<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.as_bytes().first() {
            Some(b'"') => match serde_json::from_str::<String>(self.0) {
                Ok(text) => visitor.visit_string(text),
                Err(_) => Err(de::Error::custom("must be a string of Unicode characters")),
            },
            Some(b't') => visitor.visit_bool(true),
            Some(b'f') => visitor.visit_bool(false),
            Some(b'-' | b'0'..=b'9') => visitor.visit_f64(self.0.parse().unwrap_or(f64::NAN)),
            Some(b'n') => visitor.visit_unit(),
            _ => Err(de::Error::invalid_type(Unexpected::Map, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            "null" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match serde_json::from_str::<String>(self.0) {
            Ok(name) => visitor.visit_enum(IntoDeserializer::<Fault>::into_deserializer(name)),
            Err(_) => Err(de::Error::custom("must be a string")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(words: T) -> Self {
        Self {
            member: None,
            words: words.to_string(),
        }
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        Self::custom(match expected.as_str() {
            "f64" => "must be a number".to_owned(),
            _ => format!("must be {expected}"),
        })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(unexpected, expected)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::custom(format!("must be one of {}", expected.join(", ")))
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::custom("unknown")
    }

    fn missing_field(field: &'static str) -> Self {
        Self {
            member: Some(field.to_owned()),
            words: "missing".to_owned(),
        }
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self::custom("given more than once")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn fault(kind: &str, json: &str) -> (String, String) {
        let members: Vec<(String, &RawValue)> =
            serde_json::from_str::<BTreeMap<String, &RawValue>>(json)
                .unwrap()
                .into_iter()
                .collect();
        parse(kind, members).expect_err(json)
    }

    #[test]
    fn every_fault_is_said_at_its_member_without_the_value() {
        for (kind, json, pointer, words) in [
            (
                "wifi",
                r#"{"ssid":"a","pasword":"x"}"#,
                "/wifi/pasword",
                "unknown",
            ),
            ("wifi", r#"{"a/b":1}"#, "/wifi/a~1b", "unknown"),
            ("wifi", "{}", "/wifi/ssid", "missing"),
            ("wifi", r#"{"ssid":7}"#, "/wifi/ssid", "must be a string"),
            ("wifi", r#"{"ssid":null}"#, "/wifi/ssid", "must be a string"),
            (
                "wifi",
                r#"{"ssid":["secret"]}"#,
                "/wifi/ssid",
                "must be a string",
            ),
            (
                "wifi",
                r#"{"hidden":"yes","ssid":"a"}"#,
                "/wifi/hidden",
                "must be a boolean",
            ),
            (
                "wifi",
                r#"{"security":"wpa9","ssid":"a"}"#,
                "/wifi/security",
                "must be one of wpa, wep, open",
            ),
            (
                "wifi",
                r#"{"security":{},"ssid":"a"}"#,
                "/wifi/security",
                "must be a string",
            ),
            (
                "wifi",
                r#"{"password":"\ud800","ssid":"a"}"#,
                "/wifi/password",
                "must be a string of Unicode characters",
            ),
            (
                "wifi",
                r#"{"password":"short","ssid":"a"}"#,
                "/wifi/password",
                "must be 8 to 63 ASCII characters, or 64 hexadecimal digits",
            ),
            (
                "geo",
                r#"{"latitude":"1","longitude":2}"#,
                "/geo/latitude",
                "must be a number",
            ),
            ("geo", r#"{"latitude":1}"#, "/geo/longitude", "missing"),
            (
                "fax",
                "{}",
                "/fax",
                "must be one of wifi, vcard, mecard, epc_payment, geo, sms, mailto, event",
            ),
        ] {
            assert_eq!(
                fault(kind, json),
                (pointer.to_owned(), words.to_owned()),
                "{json}"
            );
        }
    }

    #[test]
    fn every_kind_is_known_by_its_name() {
        for kind in KINDS {
            let (pointer, _) = fault(kind, r#"{"no such member":1}"#);
            assert_eq!(pointer, format!("/{kind}/no such member"));
        }
    }

    #[test]
    fn what_is_right_is_read() {
        let json = r#"{"ssid":"Guests","password":"correct horse","hidden":true,"security":"wpa"}"#;
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap();
        let (text, level) = parse("wifi", members.into_iter().collect()).unwrap();
        assert_eq!(text, "WIFI:T:WPA;S:Guests;P:correct horse;H:true;;");
        assert_eq!(level, None);
        let json = r#"{"latitude":48.2,"longitude":16}"#;
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(json).unwrap();
        let (text, _) = parse("geo", members.into_iter().collect()).unwrap();
        assert_eq!(text, "geo:48.2,16");
    }
}
