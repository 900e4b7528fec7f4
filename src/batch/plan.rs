//! What each row becomes, before anything is sealed.
//!
//! Belongs here: what is asked of all rows, whether the table fits that, and the name, note, caption and lines of each row.
//! Does not belong here: what a row says (`row`), sealing and drawing (`make`), and the order of rows (`run`).

mod fault;
mod profile;
mod row;

use std::sync::Arc;

pub use self::fault::RowFault;
use self::profile::{find_profile, not_admitted};
use super::mapping::{FieldMap, Mapping, MappingError, column};
use super::names::{Names, component};
use super::number::Decimal;
use super::paper::PaperError;
use super::row_key::{RowDigest, RowKey};
use super::rows::{Row, RowContent};
use super::template::{Template, TemplateError};
use super::text::{Glyph, Typeface};
use crate::drawing::ResolvedStyle;
use crate::issuing::{
    CodecChoice, Effort, IssueToken, Kept, LongestLife, Note, Packed, Packing, SealOptions,
    Storage, TokenKind, WantedPin,
};
use crate::links::LinkPolicy;
use crate::options::{HasOptions as _, words};
use crate::principal::Principal;
use crate::profiles::{Registry, Way};
use crate::qr::Caption;

/// What the rows of a batch become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BatchKind {
    /// Sealed documents.
    #[default]
    Document,
    /// Dynamic links.
    Link,
}

words!(BatchKind {
    Document = "document",
    Link = "link",
});

/// The members of a link that a column of the same name fills where nothing is said of columns.
const OF_LINKS: [&str; 3] = ["target", "fallback", "not_before"];
/// The name that stands for the number of the row.
const ROW: &str = "row";
/// The name that stands for the PIN, on paper only.
const PIN: &str = "pin";

/// Why a PIN is not drawn of which only a label could tell.
pub const UNTOLD_PIN: &str =
    "nobody would learn the PIN: print it in a line with {{pin}}, or ask for output=zip";

/// What is asked of a batch.
pub struct Wanted<'a> {
    /// What rows become.
    pub kind: BatchKind,
    /// The fields of documents, of a table.
    pub maps: &'a [FieldMap],
    /// How decimals are written.
    pub decimal: Decimal,
    /// What every row is asked to be.
    pub seal: SealOptions,
    /// What is configured where nothing is asked.
    pub codec: CodecChoice,
    /// The same of the effort.
    pub effort: Effort,
    /// What symbols look like.
    pub look: ResolvedStyle,
    /// Names of files.
    pub name: Option<Template>,
    /// Their ending.
    pub ending: &'static str,
    /// The line below each symbol.
    pub caption: Option<Template>,
    /// Lines on labels.
    pub lines: Vec<Template>,
    /// In what these are set.
    pub typeface: Typeface,
    /// Whether what each row became tells its PIN: else it has to stand in its lines or its caption.
    pub tells_pins: bool,
    /// How long anything opens at most.
    pub longest_life: LongestLife,
    /// Who asks.
    pub by: Principal,
    /// The kinds of documents that there are; `None` where no row asks for one.
    pub profiles: Option<Arc<Registry>>,
    /// What links may be.
    pub links: Option<&'a LinkPolicy>,
}

/// How rows become documents or links.
pub struct Plan<'a> {
    wanted: Wanted<'a>,
    /// What every row is asked to be, with what the profile of all of them says.
    asked: SealOptions,
    columns: Vec<String>,
    mapping: Option<Mapping>,
    names: Names,
    note: Option<Template>,
}

/// Why a batch cannot begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The table does not have what is asked for.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A template names what is not there.
    #[error("{{{{{name}}}}} is no field and no column; there are {known}")]
    Placeholder {
        /// What it names.
        name: String,
        /// What there is.
        known: String,
    },
    /// Of lines of JSON fields are what they are.
    #[error("map is for tables: lines of JSON have their documents in payload")]
    MapOfJson,
    /// A name is one file.
    #[error("a name is that of a file, without / and \\: it stays in its folder")]
    NameIsPath,
    /// The note of all rows is no template.
    #[error("note: {0}")]
    Note(#[from] TemplateError),
    /// The profile of all rows does not allow what is asked for.
    #[error(transparent)]
    Profile(RowFault),
    /// Not on the name of a file, which others see.
    #[error("{{{{pin}}}} is for captions and lines: names and notes are seen by others")]
    PinInName,
}

/// A row that can be sealed.
#[derive(Clone)]
pub struct Ready {
    /// Its number, from 1.
    pub number: u64,
    /// The line of the input where it begins.
    pub line: u64,
    /// Its key.
    pub key: RowKey,
    /// What it says.
    pub digest: RowDigest,
    /// What is sealed.
    pub token: IssueToken,
    /// What it is in the store.
    pub kept: Kept,
    /// Where it is.
    pub storage: Storage,
    /// Its PIN.
    pub pin: Option<WantedPin>,
    /// Whether the PIN was drawn, and has to be told.
    pub drawn: bool,
    /// Its note.
    pub note: Option<Note>,
    /// Whether it stands in lists at once.
    pub remember: bool,
    /// The name of its file.
    pub name: String,
    /// What its symbol looks like.
    pub look: ResolvedStyle,
    /// Its lines on a label.
    pub lines: Vec<Vec<Glyph>>,
}

impl<'a> Plan<'a> {
    /// The plan for a table with these columns; `None`: for lines of JSON.
    ///
    /// # Errors
    /// [`PlanError`]
    pub fn new(mut wanted: Wanted<'a>, columns: Option<&[String]>) -> Result<Self, PlanError> {
        let mapping = match (columns, wanted.kind) {
            (None, _) if wanted.maps.is_empty() => None,
            (None, _) => return Err(PlanError::MapOfJson),
            (Some(columns), BatchKind::Link) if wanted.maps.is_empty() => {
                let of_links: Vec<FieldMap> = OF_LINKS
                    .into_iter()
                    .filter(|name| {
                        *name == OF_LINKS[0] || columns.iter().any(|known| known == name)
                    })
                    .map(FieldMap::same)
                    .collect();
                Some(Mapping::new(&of_links, columns, wanted.decimal)?)
            }
            (Some(columns), _) => Some(Mapping::new(wanted.maps, columns, wanted.decimal)?),
        };
        let note = wanted.seal.note.as_ref().map(Note::to_string);
        let note = note
            .filter(|note| Template::is_one(note))
            .map(|note| note.parse::<Template>())
            .transpose()?;
        if note.is_some() {
            wanted.seal.note = None;
        }
        let mut asked = wanted.seal.clone();
        find_profile(wanted.profiles.as_deref(), wanted.longest_life, &mut asked)
            .map_err(PlanError::Profile)?;
        let plan = Self {
            asked,
            columns: columns.unwrap_or_default().to_vec(),
            mapping,
            names: Names::default(),
            note,
            wanted,
        };
        plan.check()?;
        Ok(plan)
    }

    fn check(&self) -> Result<(), PlanError> {
        let wanted = &self.wanted;
        if wanted
            .name
            .iter()
            .flat_map(Template::texts)
            .any(|text| text.contains(['/', '\\']))
        {
            return Err(PlanError::NameIsPath);
        }
        let seen_by_others = [&wanted.name, &self.note];
        for name in seen_by_others
            .into_iter()
            .flatten()
            .flat_map(Template::names)
        {
            if name == PIN && !self.knows(name) {
                return Err(PlanError::PinInName);
            }
        }
        if self.mapping.is_none() {
            return Ok(());
        }
        let templates = [&wanted.name, &self.note, &wanted.caption]
            .into_iter()
            .flatten();
        for name in templates.chain(&wanted.lines).flat_map(Template::names) {
            if !self.knows(name) && name != ROW && name != PIN {
                return Err(PlanError::Placeholder {
                    name: name.to_owned(),
                    known: self.known(),
                });
            }
        }
        Ok(())
    }

    fn knows(&self, name: &str) -> bool {
        self.mapping
            .as_ref()
            .is_some_and(|mapping| mapping.column_of(name).is_some())
            || column(&self.columns, name).is_ok()
    }

    fn known(&self) -> String {
        let names = self.columns.iter().take(20).map(|name| format!("{name:?}"));
        names.collect::<Vec<_>>().join(", ")
    }

    /// In what lines are set.
    #[must_use]
    pub fn typeface(&self) -> &Typeface {
        &self.wanted.typeface
    }

    /// Whether what is printed names the PIN.
    fn names_pin(&self) -> bool {
        let printed = self.wanted.lines.iter().chain(&self.wanted.caption);
        printed.flat_map(Template::names).any(|name| name == PIN)
    }

    /// Whether any row takes a PIN that is drawn, as far as that is known before the rows are.
    #[must_use]
    pub fn draws_pins(&self) -> bool {
        matches!(self.asked.pin, Some(WantedPin::Generated))
    }

    /// Whether rows go into the store, as far as that is known before the rows are.
    #[must_use]
    pub fn stores(&self) -> bool {
        let seal = &self.asked;
        self.wanted.kind == BatchKind::Link
            || seal.storage.unwrap_or_default() != Storage::Inline
            || seal.remember
            || seal.note.is_some()
            || self.note.is_some()
    }

    /// How hard rows are packed.
    #[must_use]
    pub fn packing(&self) -> Packing {
        self.asked.packing(self.wanted.codec, self.wanted.effort)
    }

    /// What a row becomes.
    ///
    /// # Errors
    /// [`RowFault`]
    pub fn prepare(&mut self, row: Row, key: RowKey, digest: RowDigest) -> Result<Ready, RowFault> {
        let ready = self.ready(row, key, digest)?;
        let name = &ready.name;
        match self.names.give(name, ready.number) {
            Ok(()) => Ok(ready),
            Err(other) => Err(RowFault::new(
                "name",
                format!("row {other} has the file name {name:?} already"),
            )),
        }
    }

    #[expect(
        clippy::too_many_lines,
        reason = "what a row becomes, one thing after the other, as faults are told"
    )]
    fn ready(&self, row: Row, key: RowKey, digest: RowDigest) -> Result<Ready, RowFault> {
        let content = row.content.map_err(RowFault::row)?;
        let mut read = match content {
            RowContent::Cells(cells) => self.read_cells(&cells, row.number)?,
            RowContent::Json(text) => self.read_envelope(&text, row.number)?,
        };
        let drawn = matches!(read.seal.pin, Some(WantedPin::Generated));
        if drawn {
            let pin = key.pin();
            let pin = pin.ok_or_else(|| RowFault::new("pin_auto", "no PIN could be drawn"))?;
            read.seal.pin = Some(WantedPin::Given(pin));
        }
        // Where a column has the name, it stands for that.
        let prints_pin = || self.names_pin() && (read.value)(PIN).is_none();
        if drawn && !self.wanted.tells_pins && !prints_pin() {
            return Err(RowFault::new("pin_auto", UNTOLD_PIN));
        }
        let pin = match &read.seal.pin {
            Some(WantedPin::Given(pin)) if drawn => Some(pin.as_str().to_owned()),
            _ => None,
        };
        let value = |name: &str| match name {
            PIN if (read.value)(name).is_none() => pin.clone(),
            name => (read.value)(name),
        };
        let fill = |template: &Template, of: &str| {
            let filled = template.fill(value);
            filled.map_err(|why| RowFault::new(of, why.to_string()))
        };
        // What stands in the row comes before what is asked of all rows.
        let note = match (&read.seal.note, &self.note) {
            (Some(note), _) => Some(note.clone()),
            (None, None) => None,
            (None, Some(template)) => {
                let text = fill(template, "note")?;
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                Some(
                    text.parse()
                        .map_err(|error| RowFault::new("note", format!("{error}")))?,
                )
            }
        };
        let mut look = self.wanted.look.clone();
        if let Some(template) = &self.wanted.caption {
            let caption: Caption = fill(template, "caption")?
                .parse()
                .map_err(|error| RowFault::new("caption", format!("{error}")))?;
            look = look.with_caption(caption);
        }
        let mut lines = Vec::new();
        for template in &self.wanted.lines {
            let line = fill(template, "line")?;
            let glyphs = self.wanted.typeface.glyphs(line.trim());
            lines.push(
                glyphs.map_err(|letter| {
                    RowFault::new("line", PaperError::Letter(letter).to_string())
                })?,
            );
        }
        let ending = self.wanted.ending;
        let name = match &self.wanted.name {
            None => format!("{:05}.{ending}", row.number),
            Some(template) => component(&fill(template, "name")?, ending),
        };
        let life = self.wanted.longest_life.of(read.seal.expires_in);
        read.seal.expires_in =
            life.map_err(|error| RowFault::new("expires_in", error.to_string()))?;
        read.seal
            .check()
            .map_err(|(name, detail)| RowFault::new(name, detail))?;
        let kind = match &read.profile {
            None => TokenKind::default(),
            Some(profile) => {
                let admitted = profile.admit(self.wanted.by, Way::Request, &read.document);
                admitted.map_err(|why| not_admitted(&why))?;
                TokenKind {
                    profile: Some(profile.number),
                    staff_only: profile.policy.staff_only,
                }
            }
        };
        let level = look.level;
        let packing = match self.wanted.kind {
            BatchKind::Document => read.seal.packing(self.wanted.codec, self.wanted.effort),
            BatchKind::Link => Packing::Raw,
        };
        let (kept, storage) = match self.wanted.links {
            Some(policy) if self.wanted.kind == BatchKind::Link => {
                let expired_secs = policy.keep_expired_secs;
                (Kept::Link { expired_secs }, Storage::Stored)
            }
            _ => (Kept::Document, read.seal.storage.unwrap_or_default()),
        };
        Ok(Ready {
            number: row.number,
            line: row.line,
            key,
            digest,
            token: IssueToken {
                document: read.document,
                kind,
                expires_in: read.seal.expires_in,
                max_opens: read.seal.max_opens,
                packing,
                packed: Packed::default(),
                level,
            },
            kept,
            storage,
            pin: read.seal.pin,
            drawn,
            note,
            remember: read.seal.remember,
            name,
            look,
            lines,
        })
    }
}
