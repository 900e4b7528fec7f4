//! What programs are told of profiles.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Issuers, OpensPolicy, Profile, Registry};
use crate::issuing::{MaxOpens, Storage};
use crate::language::Language;
use crate::token::ExpiresIn;

/// The profiles of an installation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileListAnswer {
    /// By name.
    pub profiles: Vec<ProfileSummary>,
}

/// A profile in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileSummary {
    /// What `profile` takes.
    #[schema(pattern = "^[a-z][a-z0-9-]{0,31}$")]
    pub name: String,
    /// What is sealed into tokens.
    #[schema(minimum = 1, maximum = 268_435_455)]
    pub number: u32,
    /// What people call such a document, in English.
    pub title: String,
    /// Who may issue under it: `keys`, `accounts`, `form`, `anyone`.
    pub issue: Vec<&'static str>,
    /// Whether its codes open at a desk only.
    pub staff_only: bool,
    /// The path of its form, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// Everything that a program has to know of a profile.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileAnswer {
    /// What `profile` takes.
    #[schema(pattern = "^[a-z][a-z0-9-]{0,31}$")]
    pub name: String,
    /// What is sealed into tokens.
    #[schema(minimum = 1, maximum = 268_435_455)]
    pub number: u32,
    /// What people call such a document, by language.
    pub titles: BTreeMap<&'static str, String>,
    /// Who may issue under it: `keys`, `accounts`, `form`, `anyone`.
    pub issue: Vec<&'static str>,
    /// What a code of it may do.
    pub policy: PolicyAnswer,
    /// The JSON Schema (2020-12) of its documents.
    #[schema(value_type = Object)]
    pub schema: Value,
    /// A document of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub sample: Option<Value>,
    /// The path of its form, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
}

/// What a code of a profile may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicyAnswer {
    /// Seconds for which it opens where a request says nothing; null: as long as its key is enabled.
    pub expires_in: Option<u64>,
    /// The most seconds; null for any.
    pub max_expires_in: Option<u64>,
    /// Whether a request may limit how often it opens.
    pub limits_opens: bool,
    /// How often it opens where a request says nothing; null: as often as one likes.
    pub max_opens: Option<u32>,
    /// The most that a request may ask for; null for any.
    pub most_max_opens: Option<u32>,
    /// `never`, `allowed`, `drawn` (always one that is made here) or `given` (always one of the issuer's).
    #[schema(pattern = "^(never|allowed|drawn|given)$")]
    pub pin: &'static str,
    /// Where its document is: `inline`, `stored` or `auto`; null for wherever a request says.
    pub storage: Option<&'static str>,
    /// Whether it opens at a desk only.
    pub staff_only: bool,
}

impl ProfileListAnswer {
    /// All of them.
    #[must_use]
    pub fn of(registry: &Registry) -> Self {
        let profiles = registry.all().map(|profile| ProfileSummary {
            name: profile.name.to_string(),
            number: profile.number.value(),
            title: profile.title.of(Language::English).to_owned(),
            issue: issue(profile),
            staff_only: profile.policy.staff_only,
            form: form(profile),
        });
        Self {
            profiles: profiles.collect(),
        }
    }
}

impl From<&Profile> for ProfileAnswer {
    fn from(profile: &Profile) -> Self {
        let (policy, titles) = (&profile.policy, profile.title.all());
        let (default, max) = match policy.max_opens {
            OpensPolicy::Never => (None, None),
            OpensPolicy::Allowed { default, max } => (default, max),
        };
        Self {
            name: profile.name.to_string(),
            number: profile.number.value(),
            titles: titles
                .map(|(language, title)| (language.tag(), title.to_owned()))
                .collect(),
            issue: issue(profile),
            policy: PolicyAnswer {
                expires_in: policy
                    .expires_in
                    .or(policy.max_expires_in)
                    .map(ExpiresIn::as_secs),
                max_expires_in: policy.max_expires_in.map(ExpiresIn::as_secs),
                limits_opens: policy.max_opens != OpensPolicy::Never,
                max_opens: default.or(max).map(MaxOpens::value),
                most_max_opens: max.map(MaxOpens::value),
                pin: policy.pin.as_str(),
                storage: policy.storage.map(Storage::as_str),
                staff_only: policy.staff_only,
            },
            schema: profile.schema.json().clone(),
            sample: profile.sample.clone(),
            form: form(profile),
        }
    }
}

fn issue(profile: &Profile) -> Vec<&'static str> {
    profile
        .issuers
        .iter()
        .copied()
        .map(Issuers::as_str)
        .collect()
}

fn form(profile: &Profile) -> Option<String> {
    profile
        .form
        .as_ref()
        .map(|_| format!("/f/{}", profile.name))
}
