//! The profiles that are there, by name and by number.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::file::{ProfileError, read};
use super::shipped::SHIPPED;
use super::written::Source;
use super::{Profile, ProfileName};
use crate::token::ClaimValue;

/// The most profiles that an installation has.
pub const MAX_PROFILES: usize = 200;

/// Every profile of an installation.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    by_name: BTreeMap<ProfileName, Arc<Profile>>,
    by_number: BTreeMap<ClaimValue, Arc<Profile>>,
}

impl Registry {
    /// The profiles that come with the program, and nothing else.
    #[must_use]
    pub fn shipped() -> Arc<Self> {
        static SHIPPED_ONLY: LazyLock<Arc<Registry>> = LazyLock::new(|| {
            let mut registry = Registry::default();
            for (name, _, text) in SHIPPED {
                let source = Source {
                    name,
                    text,
                    styles: &BTreeMap::new(),
                    beside: &|_| Err("there is nothing beside it".to_owned()),
                };
                let profile = read(source).expect("a test reads every shipped profile");
                registry
                    .put(Arc::new(profile))
                    .expect("shipped numbers differ");
            }
            Arc::new(registry)
        });
        Arc::clone(&SHIPPED_ONLY)
    }

    /// Adds a profile, or puts it in the place of the one of its name.
    ///
    /// # Errors
    /// Another profile has its number.
    pub(super) fn put(&mut self, profile: Arc<Profile>) -> Result<(), ProfileError> {
        let wrong = |reason| ProfileError {
            name: profile.name.to_string(),
            line: None,
            reason,
        };
        if let Some(other) = self.by_number.get(&profile.number)
            && other.name != profile.name
        {
            return Err(wrong(format!(
                "the profile {} has the number {}, too",
                other.name,
                profile.number.value()
            )));
        }
        if !self.by_name.contains_key(&profile.name) && self.by_name.len() >= MAX_PROFILES {
            return Err(wrong(format!("there may be {MAX_PROFILES} profiles")));
        }
        if let Some(before) = self
            .by_name
            .insert(profile.name.clone(), Arc::clone(&profile))
        {
            self.by_number.remove(&before.number);
        }
        self.by_number.insert(profile.number, profile);
        Ok(())
    }

    /// The profile of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Profile>> {
        self.by_name.get(&name.parse::<ProfileName>().ok()?)
    }

    /// The profile with this number. A token's number may be unknown here, and restricts nothing then.
    #[must_use]
    pub fn numbered(&self, number: ClaimValue) -> Option<&Arc<Profile>> {
        self.by_number.get(&number)
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.by_name.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::profiles::shipped::LAST_SHIPPED_NUMBER;

    #[test]
    fn every_shipped_profile_is_valid_has_its_number_a_sample_and_every_text_in_every_language() {
        let registry = Registry::shipped();
        assert_eq!(registry.all().count(), SHIPPED.len());
        for (name, number, _) in SHIPPED {
            let profile = registry.find(name).unwrap();
            assert_eq!(profile.number.value(), number, "{name}");
            assert!(number <= LAST_SHIPPED_NUMBER);
            assert_eq!(
                registry.numbered(profile.number).unwrap().name.as_str(),
                name
            );
            assert!(profile.sample.is_some(), "{name}");
            let page = &profile.page;
            let of_fields = page.fields.iter().flat_map(|field| {
                let columns = field.columns.iter().map(|column| &column.label);
                let values = field.values.iter().map(|(_, text)| text);
                [&field.label].into_iter().chain(columns).chain(values)
            });
            let of_form = profile
                .form
                .iter()
                .flat_map(|form| form.intro.iter().chain(&form.consent));
            let texts = [&profile.title].into_iter().chain(of_fields).chain(of_form);
            for text in texts.chain(&page.contact) {
                for language in Language::ALL {
                    assert!(
                        text.find(language).is_some(),
                        "{name}: {text:?} in {}",
                        language.tag()
                    );
                }
            }
        }
    }
}
