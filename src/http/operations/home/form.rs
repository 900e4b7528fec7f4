//! What was typed into the start page's form.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::refused::Refused;
use crate::config::Config;
use crate::http::extract::{IdempotencyKey, LogoFile, PageForm};
use crate::http::options::{Given, Options, Place, Topic, style_options};
use crate::http::pages::{Field, SAMPLE};
use crate::http::problem::{Problem, ProblemCode, invalid};

/// When a code ends that has to, where nothing was chosen: 30 days.
const USUAL_END_SECS: &str = "2592000";

/// The form, kept when something in it is wrong.
#[derive(Default)]
pub(super) struct Form {
    pub(super) payload: String,
    /// The document is a text, not JSON.
    pub(super) as_text: bool,
    pub(super) expires_in: String,
    /// The text by which the code is found again; may be empty.
    pub(super) note: String,
    /// How often the code opens; empty: as often as one likes.
    pub(super) max_opens: String,
    /// A PIN is to be made.
    pub(super) with_pin: bool,
    /// Where the document is to be; empty: in the code.
    pub(super) storage: String,
    pub(super) ecl: String,
    /// The options of the style by their names, those that were filled in.
    pub(super) style: BTreeMap<&'static str, String>,
    /// The logo's file: chosen now, or before and kept by the page.
    pub(super) logo: Option<Vec<u8>>,
    /// Bytes of the file that was chosen now, if those are more than a form has room for.
    pub(super) logo_thrown_away: Option<usize>,
    /// The style is to be shown, and nothing sealed.
    pub(super) preview: bool,
    /// Names the form as it was shown: loading its answer again seals nothing again.
    id: Option<String>,
    /// More came than a form may have: of this field there is the beginning only.
    cut: Option<String>,
}

impl Form {
    /// A form that nobody filled in.
    pub(super) fn sample() -> Self {
        Self {
            payload: SAMPLE.to_owned(),
            ..Self::default()
        }
    }

    /// The last of repeated fields counts, as in a form that was filled twice; other fields are ignored, since
    /// browsers' extensions add some.
    ///
    /// Beside it the API key that was typed: it is for this once, and no page has it again.
    pub(super) fn from_page(page: PageForm) -> (Self, Option<String>) {
        let mut form = Self::default();
        let (mut kept, mut key) = (None, None);
        let (mut transparent, mut remove) = (false, false);
        if page.is_cut {
            form.cut = page.fields.last().map(|(name, _)| name.clone());
        }
        for (name, value) in page.fields {
            match name.as_str() {
                "payload" => form.payload = value,
                "as_text" => form.as_text = true,
                "preview" => form.preview = true,
                "form_id" => form.id = Some(value),
                "api_key" if !value.trim().is_empty() => key = Some(value.trim().to_owned()),
                "max_opens" => value.trim().clone_into(&mut form.max_opens),
                "note" => value.trim().clone_into(&mut form.note),
                "pin_auto" => form.with_pin = true,
                "storage" => form.storage = value,
                "expires_in" => form.expires_in = value,
                "ecl" => form.ecl = value,
                "transparent" => transparent = true,
                "remove_logo" => remove = true,
                // What is no base64 was not kept by the page.
                "kept_logo" => kept = STANDARD.decode(value).ok(),
                name => {
                    if let Some(option) =
                        style_options(Place::Form).find(|option| option.name == name)
                        && !value.is_empty()
                    {
                        form.style.insert(option.name, value);
                    }
                }
            }
        }
        if transparent {
            form.style.insert("light", "transparent".to_owned());
        }
        form.logo = kept.filter(|logo| !remove && !logo.is_empty());
        match page.logo {
            Some(LogoFile::Whole(logo)) => form.logo = Some(logo),
            Some(LogoFile::TooLarge { bytes }) => form.logo_thrown_away = Some(bytes),
            None => {}
        }
        let stored_for_free = !matches!(&*form.storage, "" | "inline") && key.is_none();
        let must_end = form.with_pin || !form.max_opens.is_empty() || stored_for_free;
        if form.expires_in.is_empty() && must_end {
            USUAL_END_SECS.clone_into(&mut form.expires_in);
        }
        (form, key)
    }

    /// The key under which the same form gives the same code again. Whoever goes back and changes something gets another.
    pub(super) fn idempotency_key(&self) -> IdempotencyKey {
        let id = self.id.as_deref().unwrap_or_default();
        IdempotencyKey::of_form(id, &[&self.to_bytes()])
    }

    /// What tells two forms apart: everything that was sent but the key.
    fn to_bytes(&self) -> Vec<u8> {
        let about = (
            (&self.payload, self.as_text, &self.storage),
            (&self.expires_in, &self.max_opens, self.with_pin),
            (&self.ecl, &self.style, &self.note),
        );
        let mut bytes = serde_json::to_vec(&about).unwrap_or_default();
        bytes.extend_from_slice(self.logo.as_deref().unwrap_or_default());
        bytes
    }

    /// The document: the text as it stands, or as a JSON string with the line breaks of one.
    pub(super) fn document(&self) -> Cow<'_, str> {
        match self.as_text {
            false => Cow::Borrowed(&*self.payload),
            true => {
                let text = self.payload.replace("\r\n", "\n");
                Cow::Owned(serde_json::Value::String(text).to_string())
            }
        }
    }

    /// The options in it.
    pub(super) fn options(&self, config: &Config) -> Result<Options, Refused> {
        let at = Refused::at;
        self.fits(config)?;
        let mut options = Options::new(Topic::Token, config);
        let pin = if self.with_pin { "true" } else { "" };
        for (name, value, field) in [
            ("expires_in", &*self.expires_in, Field::ExpiresIn),
            ("max_opens", &self.max_opens, Field::MaxOpens),
            ("pin_auto", pin, Field::MaxOpens),
            ("note", &self.note, Field::Note),
            ("storage", &self.storage, Field::Storage),
            ("ecl", &self.ecl, Field::Ecl),
        ] {
            if !value.is_empty() {
                options.set(Place::Form, name, name, Given::Text(value));
                options.clone().finish(config).map_err(at(field))?;
            }
        }
        for (name, value) in &self.style {
            options.set(Place::Form, name, name, Given::Text(value));
        }
        options.clone().finish(config).map_err(at(Field::Style))?;
        if let Some(logo) = &self.logo {
            options.set(Place::Form, "logo", "logo", Given::File(logo));
        }
        options.finish(config).map_err(at(Field::Logo))
    }

    /// Whether everything that was sent was received, and the logo is no larger than one may be.
    fn fits(&self, config: &Config) -> Result<(), Refused> {
        let most = config.limits.max_logo_bytes;
        let chosen = self.logo.as_ref().map(Vec::len);
        let bytes = self.logo_thrown_away.or(chosen);
        if let Some(bytes) = bytes.filter(|bytes| *bytes > most) {
            let (has, most) = (bytes.div_ceil(1024), most / 1024);
            let words = format!("The logo has {has} KiB, and may have {most} KiB.");
            return Err(Refused::at(Field::Logo)(invalid("/logo", &words)));
        }
        let Some(name) = &self.cut else {
            return Ok(());
        };
        let (what, field) = match &**name {
            "payload" => ("document", Field::Payload),
            _ => ("form", Field::Style),
        };
        let most = config.limits.page_form_bytes() / 1024;
        let words = format!(
            "The {what} is longer than {most} KiB, which is more than this server takes. What stands here is its beginning."
        );
        Err(Refused::at(field)(
            Problem::new(ProblemCode::PayloadTooLarge).detail(words),
        ))
    }
}
