//! The languages that people read here: what pages speak, and in what operators write their texts.
//!
//! Belongs here: which languages there are, their tags and names, and where their lines begin. Does not belong here: what is
//! said in them.

/// A language that people read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// What is spoken where no other is wanted.
    #[default]
    English,
    /// Deutsch.
    German,
    /// Français.
    French,
    /// Español.
    Spanish,
    /// Italiano.
    Italian,
    /// Português, as in Brazil.
    Portuguese,
    /// Nederlands.
    Dutch,
    /// Polski.
    Polish,
    /// Türkçe.
    Turkish,
    /// العربية
    Arabic,
    /// 日本語
    Japanese,
    /// 简体中文
    Chinese,
}

impl Language {
    /// All of them, in the order of the switch.
    pub const ALL: [Self; 12] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Portuguese,
        Self::Dutch,
        Self::Polish,
        Self::Turkish,
        Self::Arabic,
        Self::Japanese,
        Self::Chinese,
    ];

    /// The language tag (BCP 47), for `lang` and `Content-Language`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Portuguese => "pt",
            Self::Dutch => "nl",
            Self::Polish => "pl",
            Self::Turkish => "tr",
            Self::Arabic => "ar",
            Self::Japanese => "ja",
            Self::Chinese => "zh",
        }
    }

    /// What its speakers call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
            Self::Italian => "Italiano",
            Self::Portuguese => "Português",
            Self::Dutch => "Nederlands",
            Self::Polish => "Polski",
            Self::Turkish => "Türkçe",
            Self::Arabic => "العربية",
            Self::Japanese => "日本語",
            Self::Chinese => "中文",
        }
    }

    /// Where its lines begin, for `dir`.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// The language of a tag as clients send it: `de`, `DE-at`. Only its first part is looked at.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// Its place in [`Language::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_stand_in_the_list_at_their_own_places_and_are_found_by_their_tags() {
        for (place, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!(language.index(), place);
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
        assert_eq!(Language::from_tag("PT-br"), Some(Language::Portuguese));
        assert_eq!(Language::from_tag("sv"), None);
    }
}
