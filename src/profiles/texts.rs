//! What an operator says in several languages.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

use crate::language::Language;

/// A text in English, and in any of the other languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts([Option<Box<str>>; Language::ALL.len()]);

impl Texts {
    /// The most characters of one text.
    pub const MAX_CHARS: usize = 2_000;

    /// A text in English alone, which stands in for every language.
    #[must_use]
    pub fn english(text: &str) -> Self {
        let mut texts = Self(Default::default());
        texts.0[Language::English.index()] = Some(text.into());
        texts
    }

    /// The text in this language, or else in English.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        let text = self.find(language).or_else(|| self.find(Language::English));
        text.unwrap_or_default()
    }

    /// The language of what [`Texts::of`] gives.
    #[must_use]
    pub fn language_of(&self, wanted: Language) -> Language {
        self.find(wanted).map_or(Language::English, |_| wanted)
    }

    /// The text in this language, if there is one.
    #[must_use]
    pub fn find(&self, language: Language) -> Option<&str> {
        self.0[language.index()].as_deref()
    }

    /// Every text with its language.
    pub fn all(&self) -> impl Iterator<Item = (Language, &str)> {
        Language::ALL
            .into_iter()
            .filter_map(|language| Some((language, self.find(language)?)))
    }
}

fn checked(text: &str) -> Result<Box<str>, String> {
    let chars = text.chars().count();
    if !(1..=Texts::MAX_CHARS).contains(&chars) || text.trim().is_empty() {
        return Err(format!(
            "a text must have 1 to {} characters",
            Texts::MAX_CHARS
        ));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err("a text must have no control characters".to_owned());
    }
    Ok(text.into())
}

impl<'de> Deserialize<'de> for Texts {
    /// A text, which is the English one, or a table of texts by their languages.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or texts by language such as { en = \"Invoice\", de = \"Rechnung\" }")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Texts, E> {
        checked(text).map_err(E::custom)?;
        Ok(Texts::english(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
        let mut texts = Texts(Default::default());
        while let Some((tag, text)) = map.next_entry::<String, String>()? {
            let language = Language::ALL.into_iter().find(|known| known.tag() == tag);
            let language = language.ok_or_else(|| {
                let known: Vec<_> = Language::ALL.map(Language::tag).to_vec();
                A::Error::custom(format!("unknown language: known are {}", known.join(", ")))
            })?;
            texts.0[language.index()] = Some(checked(&text).map_err(A::Error::custom)?);
        }
        match texts.find(Language::English) {
            Some(_) => Ok(texts),
            None => Err(A::Error::custom(
                "a text needs its English form, en: it stands in for the languages that are missing",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct File {
        title: Texts,
    }

    fn title(text: &str) -> Result<Texts, String> {
        let file = toml::from_str::<File>(&format!("title = {text}"));
        file.map(|file| file.title)
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn what_is_missing_in_a_language_is_said_in_english() {
        let texts = title("{ en = \"Invoice\", de = \"Rechnung\" }").unwrap();
        assert_eq!(texts.of(Language::German), "Rechnung");
        assert_eq!(texts.of(Language::Japanese), "Invoice");
        assert_eq!(texts.language_of(Language::Japanese), Language::English);
        assert_eq!(
            title("\"Invoice\"").unwrap().of(Language::German),
            "Invoice"
        );
    }

    #[test]
    fn a_text_without_english_of_an_unknown_language_or_with_nothing_in_it_is_refused() {
        for (text, told) in [
            ("{ de = \"Rechnung\" }", "English"),
            ("{ en = \"Invoice\", xx = \"x\" }", "unknown language"),
            ("{ en = \"\" }", "1 to 2000 characters"),
            ("\"a\\u0007\"", "control"),
            ("1", "text"),
        ] {
            let error = title(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
