//! What a row says: its cells or its envelope, as a document or a link, with the options that stand in it.
//!
//! Belongs here: reading one row. Does not belong here: what it becomes (`plan`), and how its bytes are found (`rows`).

use std::sync::Arc;

use serde::de::{self, Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::fault::RowFault;
use super::profile::find_profile;
use super::{BatchKind, Plan, ROW};
use crate::batch::mapping::column;
use crate::issuing::SealOptions;
use crate::links::{LinkContent, WrittenLink};
use crate::options::{Given, HasOptions as _, Place};
use crate::payload::{Document, minify_up_to};
use crate::profiles::Profile;

/// More than any envelope has.
const MAX_MEMBERS: usize = 32;

impl Plan<'_> {
    pub(super) fn read_cells(
        &self,
        cells: &csv::StringRecord,
        number: u64,
    ) -> Result<Read<'_>, RowFault> {
        let mapping = self
            .mapping
            .as_ref()
            .ok_or_else(|| RowFault::row("is a row of a table"))?;
        let json = mapping
            .document(cells)
            .map_err(|(field, why)| RowFault::new(field, why))?;
        let mut seal = self.wanted.seal.clone();
        let profile = find_profile(
            self.wanted.profiles.as_deref(),
            self.wanted.longest_life,
            &mut seal,
        )?;
        let document = self.document(&json, &seal)?;
        let cells = cells.clone();
        let value = move |name: &str| {
            let at = mapping
                .column_of(name)
                .or_else(|| column(&self.columns, name).ok());
            match at {
                Some(at) => cells.get(at).map(str::to_owned),
                None => (name == ROW).then(|| number.to_string()),
            }
        };
        Ok(Read {
            profile,
            document,
            seal,
            value: Box::new(value),
        })
    }

    pub(super) fn read_envelope(&self, text: &str, number: u64) -> Result<Read<'_>, RowFault> {
        let mut seal = self.wanted.seal.clone();
        let (mut payload, mut link) = (None, serde_json::Map::new());
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in members(text)? {
            let wrong = |detail: &str| Err(RowFault::new(&*name, detail));
            if seen.contains(&name) {
                return wrong("given more than once");
            }
            match name.as_str() {
                "payload" if self.wanted.kind == BatchKind::Document => {
                    payload = Some(value.get().to_owned());
                }
                "target" | "fallback" | "rules" | "interstitial" | "forward_query"
                | "not_before"
                    if self.wanted.kind == BatchKind::Link =>
                {
                    let value = serde_json::from_str(value.get()).unwrap_or_default();
                    link.insert(name.clone(), value);
                }
                option => match SealOptions::row(option) {
                    Some(row) if row.facts.stands_in(Place::Envelope) && option != "print_pin" => {
                        // What stands in the row comes before what is asked of all rows.
                        if matches!(option, "pin" | "pin_auto") {
                            seal.pin = None;
                        }
                        let (json, text) =
                            (value.get(), serde_json::from_str::<String>(value.get()));
                        let given = match (&text, json.as_bytes().first()) {
                            (Ok(text), _) => Given::String(text),
                            (_, Some(b't')) => Given::Bool(true),
                            (_, Some(b'f')) => Given::Bool(false),
                            (_, Some(b'-' | b'0'..=b'9')) => Given::Number(json),
                            _ => Given::Other,
                        };
                        (row.set)(&mut seal, given).map_err(|why| RowFault::new(option, why))?;
                    }
                    _ => return wrong("unknown"),
                },
            }
            seen.push(name);
        }
        let json = match self.wanted.kind {
            BatchKind::Document => payload.ok_or_else(|| RowFault::new("payload", "missing"))?,
            BatchKind::Link => serde_json::Value::from(link).to_string(),
        };
        let profile = find_profile(
            self.wanted.profiles.as_deref(),
            self.wanted.longest_life,
            &mut seal,
        )?;
        let document = self.document(&json, &seal)?;
        let fields: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
        let value = move |name: &str| match fields.get(name) {
            Some(serde_json::Value::String(text)) => Some(text.clone()),
            Some(value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_))) => {
                Some(value.to_string())
            }
            _ => (name == ROW).then(|| number.to_string()),
        };
        Ok(Read {
            profile,
            document,
            seal,
            value: Box::new(value),
        })
    }

    /// The document; of a link, what it says, if it may.
    fn document(&self, json: &str, seal: &SealOptions) -> Result<Document, RowFault> {
        let (BatchKind::Link, Some(policy)) = (self.wanted.kind, self.wanted.links) else {
            let most = seal.max_document_bytes();
            let document = minify_up_to(json.as_bytes(), most);
            return document.map_err(|error| RowFault::new("payload", error.to_string()));
        };
        let written: WrittenLink =
            serde_json::from_str(json).map_err(|error| RowFault::row(error.to_string()))?;
        let content = LinkContent::read(&written, &policy.rules);
        let content = content.and_then(|content| content.check(policy).map(|()| content));
        let content = content
            .map_err(|fault| RowFault::new(fault.pointer.trim_start_matches('/'), fault.detail))?;
        content
            .document()
            .map_err(|error| RowFault::row(error.to_string()))
    }
}

/// What stands for a name in the templates of a row.
pub(super) type Value<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// What a row says.
pub(super) struct Read<'a> {
    pub(super) profile: Option<Arc<Profile>>,
    pub(super) document: Document,
    pub(super) seal: SealOptions,
    pub(super) value: Value<'a>,
}

/// The members of an object, in their order.
fn members(text: &str) -> Result<Vec<(String, &RawValue)>, RowFault> {
    struct Members;

    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, &'de RawValue)>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                if members.len() == MAX_MEMBERS {
                    return Err(de::Error::custom("too many members"));
                }
                members.push(member);
            }
            Ok(members)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text);
    let read = reader.deserialize_map(Members);
    read.and_then(|members| reader.end().map(|()| members))
        .map_err(|error| match error.is_data() {
            true => RowFault::row(format!(
                "must be an object with at most {MAX_MEMBERS} members"
            )),
            false => RowFault::row(format!("column {}: is not JSON", error.column())),
        })
}
