//! Profiles: what a kind of document is. Which fields it has, what a code of it may do, how it looks on paper and on a phone,
//! and the form by which a person fills it in.
//!
//! Belongs here: the file of a profile and everything that is checked of it, the profiles that are there by name and by
//! number, and whether a document is one of its profile. Does not belong here: how a document is sealed (`issuing`), or what
//! pages make of a profile.

mod admit;
mod answer;
mod badge;
mod begin;
mod bounds;
mod build;
mod file;
mod folder;
mod form;
mod name;
mod page;
mod policy;
mod registry;
mod rest;
mod samples;
mod schema;
mod shipped;
mod texts;
mod used_numbers;
mod written;

pub use admit::{NotAdmitted, Way};
pub use answer::{PolicyAnswer, ProfileAnswer, ProfileListAnswer, ProfileSummary};
pub use badge::Badge;
pub use begin::begun;
pub use bounds::SchemaError;
pub use file::{ProfileError, read};
pub use folder::{LookedAt, Profiles, faults};
pub use form::{
    FieldFault, FieldKind, FormField, Group, Item, MAX_REPEATED, Typed, document_of, field_of,
    typed_number,
};
pub use name::{ProfileName, ProfileNameError};
pub use page::{Column, Currency, Field, Format, Page, Pointer};
pub use policy::{OpensPolicy, PinPolicy, Policy};
pub use registry::Registry;
pub use rest::{Named, Rest, rest_of};
pub use samples::{NotSampled, add_samples};
pub use schema::{Fault, Schema};
pub use texts::Texts;
pub use written::Source;

use serde_json::Value;

use crate::drawing::StyleRequest;
use crate::options::words;
use crate::token::ClaimValue;

/// A kind of document.
#[derive(Debug)]
pub struct Profile {
    /// What it is called in requests and on the command line: the name of its file.
    pub name: ProfileName,
    /// What is sealed into tokens.
    pub number: ClaimValue,
    /// Who may issue under it.
    pub issuers: Vec<Issuers>,
    /// What people call a document of this kind.
    pub title: Texts,
    /// What such a document looks like.
    pub schema: Schema,
    /// One that is.
    pub sample: Option<Value>,
    /// What a code of it may do.
    pub policy: Policy,
    /// What its code looks like, where a request does not say.
    pub style: StyleRequest,
    /// What a phone shows.
    pub page: Page,
    /// By what form a person fills it in.
    pub form: Option<Form>,
    /// What a desk prints for somebody who was let in.
    pub badge: Option<Badge>,
}

impl Profile {
    /// Whether somebody whom nobody knows may issue under it.
    #[must_use]
    pub fn is_for_anyone(&self) -> bool {
        let open_form = self
            .form
            .as_ref()
            .is_some_and(|form| form.open == FormOpen::Open);
        self.issuers.contains(&Issuers::Anyone)
            || open_form && self.issuers.contains(&Issuers::Form)
    }
}

/// Who may issue under a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuers {
    /// API keys.
    Keys,
    /// People who have signed in.
    Accounts,
    /// Whoever may fill in its form, by the form.
    Form,
    /// Anyone who may issue at all.
    Anyone,
}

words!(Issuers {
    Keys = "keys",
    Accounts = "accounts",
    Form = "form",
    Anyone = "anyone",
});

/// The form of a profile.
#[derive(Debug)]
pub struct Form {
    /// Who may fill it in.
    pub open: FormOpen,
    /// What stands above it.
    pub intro: Option<Texts>,
    /// What whoever sends it agrees to.
    pub consent: Option<Texts>,
    /// Its fields.
    pub items: Vec<Item>,
}

/// Who may fill in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormOpen {
    /// Nobody.
    Off,
    /// Requests to a loopback address that came through no proxy, while no API key or account was ever made, and API keys.
    Local,
    /// People who have signed in, and API keys.
    Accounts,
    /// Anyone who reaches the server.
    Open,
}

words!(FormOpen {
    Off = "off",
    Local = "local",
    Accounts = "accounts",
    Open = "open",
});
