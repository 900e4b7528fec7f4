//! The options of sealing, a row each: requests and commands take them alike.

use super::{Effort, MaxOpens, Note, Packing, Storage, WantedPin};
use crate::options::Place::{self, Command, Envelope, Form, Query};
use crate::options::{HasOptions, OptionRow, Range, put, row, words};
use crate::payload;
use crate::token::{ExpiresIn, Pin};

/// What is asked of a code beside its document and its looks.
#[derive(Debug, Clone, Default)]
pub struct SealOptions {
    /// How long the token opens; `None` for as long as its key is enabled.
    pub expires_in: Option<ExpiresIn>,
    /// How often the token opens.
    pub max_opens: Option<MaxOpens>,
    /// The PIN that the token is to have, if any.
    pub pin: Option<WantedPin>,
    /// Whether a PIN that is drawn is to stand below the symbol.
    pub print_pin: bool,
    /// The codecs that may be used.
    pub codec: Option<CodecChoice>,
    /// How hard to try for a smaller symbol.
    pub effort: Option<Effort>,
    /// Where the document is to be.
    pub storage: Option<Storage>,
    /// A text by which whoever asks finds the code again.
    pub note: Option<Note>,
    /// Whether it is to stand in lists before it was ever opened.
    pub remember: bool,
    /// The name of the profile that it is to be one of.
    pub profile: Option<String>,
}

/// The codecs that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodecChoice {
    /// The smallest of what the codecs give.
    Auto,
    /// JSON text as it is: the length tells nothing about the content but its length.
    Raw,
}

words!(CodecChoice {
    Auto = "auto",
    Raw = "raw",
});

words!(Effort {
    Fast = "fast",
    Best = "best",
    Smallest = "smallest",
});

const ANYWHERE: &[Place] = &[Query, Envelope, Form, Command];
/// What must not stand in a URL, which is logged on its way.
const SECRETS: &[Place] = &[Envelope, Form];
/// The same, and a flag of the command line.
const ABOUT_SECRETS: &[Place] = &[Envelope, Form, Command];
/// The command line has another flag for it.
const REQUESTS: &[Place] = &[Query, Envelope];

#[rustfmt::skip]
static ROWS: [OptionRow<SealOptions>; 11] = [
    row("expires_in", ANYWHERE, ExpiresIn::RANGE, "2592000",
        "How long the code opens. A number of seconds up to ten years, or a number with `m`, `h`, `d`, `w` or `y` such as `30d`; \
         rounded up to the minute. Not given: as long as its key is enabled.",
        |seal, given| put(&mut seal.expires_in, given.time())),
    row("max_opens", ANYWHERE, MaxOpens::RANGE, "1",
        "How often the code opens. It takes `expires_in`. Not given: as often as one likes. Opening a limited code takes a \
         `POST`; link previews and mail scanners that only `GET` spend nothing.",
        |seal, given| put(&mut seal.max_opens, given.whole())),
    row("pin", SECRETS, PIN, "493817",
        "A PIN that opening takes besides the code. It takes `expires_in`. Those that are tried first (runs, repetitions, years, \
         well-known words) are refused. It is not stored.",
        |seal, given| {
            let pin = Pin::parse(given.text()?).map_err(|error| error.to_string())?;
            want_pin(seal, WantedPin::Given(pin))
        }),
    row("pin_auto", ABOUT_SECRETS, Range::Flag, "true",
        "Make a PIN of six digits, which is told once. As `pin` in a JSON answer, or below the symbol with `print_pin`. For \
         codes in mail or on paper, which programs may open and whose buttons they may press. It takes `expires_in`.",
        |seal, given| match given.flag()? {
            true => want_pin(seal, WantedPin::Generated),
            false => Ok(()),
        }),
    row("print_pin", SECRETS, Range::Flag, "true",
        "Print the PIN that was made below the symbol, as its caption. It keeps out programs, not whoever holds the paper.",
        |seal, given| {
            seal.print_pin = given.flag()?;
            Ok(())
        }),
    row("codec", REQUESTS, CodecChoice::RANGE, "auto",
        "How the document is packed. `auto`: the smallest of what the codecs give. `raw`: JSON text as it is, so that the length \
         of the token tells nothing more about the content than its length; use it where a stranger chooses part of a document. \
         Not given: what the server's operator configured.",
        |seal, given| put(&mut seal.codec, given.parsed())),
    row("effort", ANYWHERE, Effort::RANGE, "smallest",
        "How hard to try for a smaller symbol. `fast`: microseconds. `best`: ten times as long or more, a tenth fewer bytes. \
         `smallest`: a millisecond a kilobyte, less than two thirds of the bytes of `best`; payloads of more than 8,192 bytes are packed as \
         with `best`. `codec` in the answer says what was used. Not given: what the server's operator configured.",
        |seal, given| put(&mut seal.effort, given.parsed())),
    row("storage", ANYWHERE, Storage::RANGE, "stored",
        "Where the document is. `inline`: in the code itself, and nothing is stored. `stored`: encrypted in the server's store, \
         so that the code has 42 digits whatever the document's size; who has the store and the keys, and not the code, cannot \
         read it. `auto`: inline while the symbol is of version 22 or smaller (or as the server's operator has chosen), stored \
         otherwise. Not given: `inline`. A stored document may have 1,048,576 bytes; without an API key it takes `expires_in`, \
         a year at most.",
        |seal, given| put(&mut seal.storage, given.parsed())),
    row("profile", ANYWHERE, PROFILE, "invoice",
        "The profile that the document is one of. It is held against the profile's schema, gets what the profile's policy says \
         where nothing is asked, and is shown on the profile's page. `GET /api/profiles` lists them.",
        |seal, given| put(&mut seal.profile, given.text().and_then(profile_name))),
    row("note", ANYWHERE, NOTE, "table 7",
        "A text in clear by which you find the code again in the list of receipts. Nothing personal: whoever has the store can \
         read it.",
        |seal, given| put(&mut seal.note, given.parsed())),
    row("remember", ANYWHERE, Range::Flag, "true",
        "Let the code stand in the list of receipts before it is ever opened, with who made it. `note` asks for that, too; a \
         stored code always does.",
        |seal, given| {
            seal.remember = given.flag()?;
            Ok(())
        }),
];

const NOTE: Range = Range::Text {
    form: "1 to 80 characters on one line",
    pattern: Note::PATTERN,
    chars: Some((1, Note::MAX_CHARS)),
};

/// What the name of a profile is. Whether there is one of that name is known where it is looked up.
const PROFILE: Range = Range::Text {
    form: "1 to 32 small letters, digits and -, a letter first",
    pattern: "^[a-z][a-z0-9-]{0,31}$",
    chars: None,
};

fn profile_name(text: &str) -> Result<String, String> {
    let is_name = (1..=32).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    match is_name {
        true => Ok(text.to_owned()),
        false => Err(crate::options::OutOfRange(PROFILE).to_string()),
    }
}

/// What a PIN is.
const PIN: Range = Range::Text {
    form: "4 to 64 characters",
    pattern: "",
    chars: Some((Pin::MIN_CHARS, Pin::MAX_CHARS)),
};

impl HasOptions for SealOptions {
    fn rows() -> &'static [OptionRow<Self>] {
        &ROWS
    }

    fn check(&self) -> Result<(), (&'static str, &'static str)> {
        // With a profile it is judged when the profile has said what it gets.
        let may_end = self.expires_in.is_some() || self.profile.is_some();
        if !may_end && (self.max_opens.is_some() || self.pin.is_some()) {
            return Err(("expires_in", "is needed with max_opens and with a PIN"));
        }
        if self.print_pin && !matches!(self.pin, Some(WantedPin::Generated)) {
            return Err(("print_pin", "is for pin_auto only"));
        }
        Ok(())
    }
}

impl SealOptions {
    /// Whether the document is to be in the code in any case.
    #[must_use]
    pub fn is_inline(&self) -> bool {
        self.storage.unwrap_or_default() == Storage::Inline
    }

    /// How many bytes the document may have without its white space: more where it need not fit into a symbol.
    #[must_use]
    pub fn max_document_bytes(&self) -> usize {
        match self.is_inline() {
            true => payload::MAX_BYTES,
            false => payload::MAX_STORED_BYTES,
        }
    }

    /// How the payload may be packed, with what is configured where nothing is asked.
    #[must_use]
    pub fn packing(&self, codec: CodecChoice, effort: Effort) -> Packing {
        match self.codec.unwrap_or(codec) {
            CodecChoice::Auto => Packing::Packed(self.effort.unwrap_or(effort)),
            CodecChoice::Raw => Packing::Raw,
        }
    }
}

fn want_pin(seal: &mut SealOptions, pin: WantedPin) -> Result<(), String> {
    use WantedPin::{Generated, Given};
    match (&seal.pin, &pin) {
        (Some(Given(_)), Generated) | (Some(Generated), Given(_)) => {
            Err("give either pin or pin_auto".to_owned())
        }
        _ => put(&mut seal.pin, Ok(pin)),
    }
}
