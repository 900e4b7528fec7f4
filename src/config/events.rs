//! The section `[events]`.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::values;
use crate::events::{Receiver, Signer};
use crate::store::EventKind;

/// Who is told what happens to codes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsSettings {
    /// Where messages are sent, at most 8.
    #[serde(deserialize_with = "receivers")]
    pub targets: Vec<Receiver>,
    /// What signs them.
    #[serde(rename = "secret", deserialize_with = "signer")]
    pub signer: Option<Signer>,
    /// Which events; empty: all.
    #[serde(deserialize_with = "kinds")]
    types: Vec<EventKind>,
    /// How many events wait at most, 100 to 10,000,000.
    #[serde(deserialize_with = "values::count::<100, 10_000_000, _>")]
    pub outbox: usize,
}

impl EventsSettings {
    /// The most receivers.
    const MOST: usize = 8;

    /// What is told.
    #[must_use]
    pub fn kinds(&self) -> Vec<EventKind> {
        match self.types.is_empty() {
            true => EventKind::ALL.to_vec(),
            false => self.types.clone(),
        }
    }

    /// Whether what was given fits together.
    pub(super) fn check(&self) -> Result<(), String> {
        match !self.targets.is_empty() && self.signer.is_none() {
            true => Err(
                "events.secret must be set where events.targets names receivers (QRSEAL_EVENTS__SECRET_FILE): whsec_ and random \
                 bytes in base64, such as echo whsec_$(openssl rand -base64 32) gives"
                    .to_owned(),
            ),
            false => Ok(()),
        }
    }
}

fn receivers<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<Receiver>, D::Error> {
    let texts = Vec::<String>::deserialize(value)?;
    if texts.len() > EventsSettings::MOST {
        return Err(D::Error::custom(format!(
            "must be at most {} addresses",
            EventsSettings::MOST
        )));
    }
    let read: Result<Vec<Receiver>, _> = texts.iter().map(|text| text.parse()).collect();
    let receivers = read.map_err(D::Error::custom)?;
    let unique: std::collections::BTreeSet<_> = receivers.iter().map(Receiver::id).collect();
    match unique.len() == receivers.len() {
        true => Ok(receivers),
        false => Err(D::Error::custom("must name each address once")),
    }
}

fn signer<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Signer>, D::Error> {
    match String::deserialize(value)?.as_str() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(D::Error::custom),
    }
}

fn kinds<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<EventKind>, D::Error> {
    let words = Vec::<String>::deserialize(value)?;
    let read = words.iter().map(|word| word.parse().ok());
    read.collect::<Option<_>>().ok_or_else(|| {
        let known = EventKind::ALL.map(EventKind::as_str).join(", ");
        D::Error::custom(format!("must be of {known}"))
    })
}
