//! What was typed into the start page's form.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::refused::Refused;
use crate::config::Config;
use crate::http::extract::{IdempotencyKey, LogoFile, PageForm};
use crate::http::options::{Given, Options, Place, Topic, style_options};
use crate::http::pages::{Field, SAMPLE};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::profiles::Registry;

/// When a code ends that has to, where nothing was chosen: 30 days.
const USUAL_END_SECS: &str = "2592000";

/// What the style's fields say where nobody touched them.
const PLAIN_LOOKS: [(&str, &str); 5] = [
    ("module_shape", "square"),
    ("finder_shape", "square"),
    ("dark", "#000000"),
    ("light", "#ffffff"),
    ("logo_share", "20"),
];

/// The PIN that somebody chose. No page has it again.
#[derive(Default)]
pub(super) enum OwnPin {
    /// There is none.
    #[default]
    None,
    /// The form before had one, and it is to be typed again.
    Missing,
    /// This one.
    Typed(Zeroizing<String>),
}

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
    /// The name of the profile that it is to be one of; empty: of none.
    pub(super) profile: String,
    /// A PIN is to be made.
    pub(super) with_pin: bool,
    /// The PIN is to be this one.
    pub(super) own_pin: OwnPin,
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
    pub(super) fn from_page(page: PageForm, profiles: &Registry) -> (Self, Option<String>) {
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
                "profile" => form.profile = value,
                "pin_auto" => form.with_pin = true,
                "pin" if !value.is_empty() => form.own_pin = OwnPin::Typed(Zeroizing::new(value)),
                "pin_again" if !form.has_own_pin() => form.own_pin = OwnPin::Missing,
                // It is what is meant where nothing is asked, and a profile may say otherwise then.
                "storage" if value != "inline" => form.storage = value,
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
        let stored_for_free = !form.storage.is_empty() && key.is_none();
        let has_pin = form.with_pin || form.has_own_pin();
        let must_end = has_pin || !form.max_opens.is_empty() || stored_for_free;
        let ends_by_profile = profiles.find(&form.profile).is_some_and(|profile| {
            let policy = &profile.policy;
            policy.expires_in.or(policy.max_expires_in).is_some()
        });
        if form.expires_in.is_empty() && must_end && !ends_by_profile {
            USUAL_END_SECS.clone_into(&mut form.expires_in);
        }
        (form, key)
    }

    /// Whether somebody chose a PIN.
    pub(super) fn has_own_pin(&self) -> bool {
        !matches!(self.own_pin, OwnPin::None)
    }

    /// The key under which the same form gives the same code again. Whoever goes back and changes something gets another.
    pub(super) fn idempotency_key(&self) -> IdempotencyKey {
        let id = self.id.as_deref().unwrap_or_default();
        IdempotencyKey::of_form(id, &[&self.to_bytes()])
    }

    /// What tells two forms apart: everything that was sent but the key.
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let about = (
            (&self.payload, self.as_text, &self.storage),
            (&self.expires_in, &self.max_opens, self.with_pin),
            (&self.ecl, &self.style, &self.note),
            (&self.profile, self.own_pin()),
        );
        let mut bytes = Zeroizing::new(serde_json::to_vec(&about).unwrap_or_default());
        bytes.extend_from_slice(self.logo.as_deref().unwrap_or_default());
        bytes
    }

    /// The PIN that was typed; empty where none was.
    fn own_pin(&self) -> &str {
        match &self.own_pin {
            OwnPin::Typed(pin) => pin,
            OwnPin::None | OwnPin::Missing => "",
        }
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

    /// The options in it; with the profile only if whoever sent it may know which there are.
    pub(super) fn options(
        &self,
        config: &Config,
        profiles: Arc<Registry>,
        with_profile: bool,
    ) -> Result<Options, Refused> {
        let at = Refused::at;
        self.fits(config)?;
        let mut options = Options::new(Topic::Token, config).knowing(profiles);
        let (pin_auto, pin) = match (self.with_pin, &self.own_pin) {
            (true, OwnPin::Typed(_)) => {
                options.refuse("/pin", EITHER_PIN);
                ("", "")
            }
            (false, OwnPin::Missing) if !self.preview => {
                options.refuse("/pin", PIN_IS_NOT_KEPT);
                ("", "")
            }
            (true, _) => ("true", ""),
            (false, _) => ("", self.own_pin()),
        };
        let style = self.style.iter().map(|(name, value)| (*name, &**value));
        let style = style.filter(|chosen| !self.is_left_to_profile(chosen));
        let fields = [
            ("expires_in", &*self.expires_in),
            ("max_opens", &self.max_opens),
            ("pin_auto", pin_auto),
            ("pin", pin),
            ("note", &self.note),
            ("storage", &self.storage),
            ("ecl", &self.ecl),
            ("profile", if with_profile { &self.profile } else { "" }),
        ];
        for (name, value) in fields.into_iter().chain(style) {
            if !value.is_empty() {
                options.set(Place::Form, name, &format!("/{name}"), Given::Text(value));
            }
        }
        if let Some(logo) = &self.logo {
            options.set(Place::Form, "logo", "/logo", Given::File(logo));
        }
        options.finish(config).map_err(at(Field::Style))
    }

    /// Whether a field of the style was left as it is, so that it is for the profile to say.
    fn is_left_to_profile(&self, chosen: &(&str, &str)) -> bool {
        !self.profile.is_empty() && PLAIN_LOOKS.contains(chosen)
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

/// What is said when the form before had a PIN and this one has none.
const PIN_IS_NOT_KEPT: &str =
    "Type the PIN again: no page keeps it. For a code without one, take away the tick below.";
/// What is said when there is to be a PIN that is made, and one of one's own.
const EITHER_PIN: &str =
    "Either a PIN is made, or you choose one: take away the tick above, or leave this empty.";
