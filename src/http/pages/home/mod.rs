//! The page at `/`: what this is, and a form that seals a document.

mod command;
mod excerpt;

use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use self::command::command;
use self::excerpt::Excerpt;
use super::site::{self, Site};
use super::words::Moment;

/// The document that the form starts with.
pub const SAMPLE: &str = r#"{
  "invoiceNumber": "INV-2026-0042",
  "issueDate": "2026-11-20",
  "dueDate": "2026-12-20",
  "customer": {
    "name": "Zoë Marchand",
    "city": "Lyon"
  },
  "items": [
    {
      "description": "Web hosting, a month",
      "quantity": 12,
      "unitPrice": 8.00,
      "total": 96.00
    },
    {
      "description": "Support, an hour",
      "quantity": 3,
      "unitPrice": 80.50,
      "total": 241.50
    }
  ],
  "total": 337.50,
  "currency": "EUR"
}"#;

/// What the form offers for `expires_in`: seconds and words. The empty choice, "never", comes before them.
pub const EXPIRY_CHOICES: &[(u64, &str)] = &[
    (3_600, "1 hour"),
    (86_400, "1 day"),
    (604_800, "1 week"),
    (2_592_000, "30 days"),
    (31_536_000, "1 year"),
];

/// What the form offers for `ecl`: the level's letter and words. The empty choice, "as needed", comes before them: M, or
/// what a logo needs.
pub const LEVEL_CHOICES: &[(&str, &str)] = &[
    ("L", "L, smallest"),
    ("M", "M"),
    ("Q", "Q, sturdier"),
    ("H", "H, sturdiest"),
];

/// What the form offers for `storage`, in words.
pub const STORAGE_CHOICES: &[(&str, &str)] = &[
    ("inline", "in the QR code alone"),
    ("stored", "on this server, encrypted: a small QR code"),
    ("auto", "in the QR code if it is short, else on this server"),
];

/// The start page.
#[derive(Debug, Clone, Copy)]
pub struct HomeView<'a> {
    /// `server.public_url` without a trailing slash, for the example command line.
    pub public_url: &'a str,
    /// The form's text: what was sent, or [`SAMPLE`].
    pub payload: &'a str,
    /// Names this form, so that its answer can be loaded again and nothing is sealed again.
    pub form_id: &'a str,
    /// Bytes that a logo may have.
    pub max_logo_bytes: usize,
    /// What was chosen of the code.
    pub code: CodeView<'a>,
    /// What was chosen of the style.
    pub style: StyleView<'a>,
    /// What became of the form.
    pub outcome: Outcome<'a>,
    /// The public address is a loopback or unset.
    pub phone_cannot_reach: bool,
    /// Whether this request may issue without an API key; else the form asks for one, for this once.
    pub issuing_open: bool,
    /// Whoever has signed in, if somebody has.
    pub person: Option<SignedIn<'a>>,
    /// Whether people can sign in here.
    pub may_sign_in: bool,
    /// The path of the page where messages are written, if this request may write one.
    pub message_page: Option<&'a str>,
}

/// Whoever has signed in.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn<'a> {
    /// The account's name.
    pub name: &'a str,
    /// Whether the account makes codes here.
    pub makes_codes: bool,
}

/// What the code is to be, as it was chosen.
#[derive(Debug, Clone, Copy, Default)]
pub struct CodeView<'a> {
    /// Whether the text is sealed as it stands, and not read as JSON.
    pub as_text: bool,
    /// The text by which the code is found again.
    pub note: &'a str,
    /// How often the code opens, as it was typed; empty: as often as one likes.
    pub max_opens: &'a str,
    /// Whether a PIN is to be made.
    pub with_pin: bool,
    /// Where the document is to be: `inline`, `stored`, `auto`, or empty for what the server takes.
    pub storage: &'a str,
    /// The chosen seconds; `None`: never.
    pub expires_in: Option<u64>,
    /// The chosen error correction level: L, M, Q or H, or empty for what the server takes.
    pub ecl: &'a str,
}

/// The fields of the style, as they were sent; empty where nothing was chosen.
#[derive(Debug, Clone, Copy, Default)]
pub struct StyleView<'a> {
    /// `square`, `rounded` or `dots`.
    pub module_shape: &'a str,
    /// `square`, `rounded` or `circle`.
    pub finder_shape: &'a str,
    /// `#rrggbb`
    pub dark: &'a str,
    /// `#rrggbb` or `transparent`.
    pub light: &'a str,
    /// The line below.
    pub caption: &'a str,
    /// Percent.
    pub logo_share: &'a str,
    /// The logo's file.
    pub logo: Option<&'a [u8]>,
}

impl StyleView<'_> {
    /// Whether anything was chosen that differs from black squares on white.
    fn is_any(&self) -> bool {
        let plain = [
            (self.module_shape, "square"),
            (self.finder_shape, "square"),
            (self.dark, "#000000"),
            (self.light, "#ffffff"),
            (self.caption, ""),
        ];
        self.logo.is_some()
            || plain
                .into_iter()
                .any(|(chosen, usual)| !chosen.is_empty() && chosen != usual)
    }
}

/// What became of the form.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// It was not sent.
    Blank,
    /// A document was sealed.
    Sealed(SealedView<'a>),
    /// The style was to be shown: a PNG.
    Preview(&'a [u8]),
    /// Something in it is wrong; the page keeps what was typed.
    Refused(FieldError<'a>),
}

/// A sealed document, as the start page shows it.
#[derive(Debug, Clone, Copy)]
pub struct SealedView<'a> {
    /// The PIN that was made: it is shown here and nowhere else.
    pub pin: Option<&'a str>,
    /// How often the code opens; `None`: as often as one likes.
    pub max_opens: Option<u32>,
    /// The document is on the server, not in the code.
    pub is_stored: bool,
    /// The symbol as PNG.
    pub png: &'a [u8],
    /// The symbol as SVG.
    pub svg: &'a str,
    /// The link as it is in the symbol.
    pub link: &'a str,
    /// 24 hexadecimal digits.
    pub token_id: &'a str,
    /// Version of the symbol, 1 to 40.
    pub version: u8,
    /// Side of the symbol without its quiet zone.
    pub modules: usize,
    /// Error correction level: L, M, Q or H.
    pub ecl: &'a str,
    /// Contrast ratio of its colours, 3 to 21.
    pub contrast: f64,
    /// The smallest width in print at which phones read it well at arm's length, in millimetres.
    pub smallest_mm: f64,
    /// Whether the finished picture was read back.
    pub read_back: bool,
    /// Whether it was read from aside and in poor light, too.
    pub is_read_from_aside: bool,
    /// Bytes of the minified document.
    pub payload_bytes: usize,
    /// Bytes of the token.
    pub sealed_bytes: usize,
    /// Bytes of the document as it is in the token, if it was packed.
    pub packed_bytes: Option<usize>,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// Seconds since 1970-01-01T00:00:00Z; `None`: it never ends.
    pub expires_at: Option<i64>,
}

/// One field of the form that is wrong.
#[derive(Debug, Clone, Copy)]
pub struct FieldError<'a> {
    /// Which.
    pub field: Field,
    /// What is wrong, as a sentence.
    pub message: &'a str,
    /// Where in the document: line and column in characters, both from 1.
    pub place: Option<(usize, usize)>,
    /// Whether the document is no JSON, so that it may have been meant as a text.
    pub may_be_text: bool,
}

/// A field of the form, by its name in the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `payload`
    Payload,
    /// `expires_in`
    ExpiresIn,
    /// `storage`
    Storage,
    /// `ecl`
    Ecl,
    /// `max_opens` and `pin_auto`
    MaxOpens,
    /// `note`
    Note,
    /// `api_key`
    ApiKey,
    /// Shapes, colours and caption.
    Style,
    /// `logo`
    Logo,
}

/// The start page.
#[must_use]
pub fn home(site: &Site<'_>, view: &HomeView<'_>) -> String {
    let (sealed, error) = match &view.outcome {
        Outcome::Blank | Outcome::Preview(_) => (None, None),
        Outcome::Sealed(sealed) => (Some(Sealed::new(site, sealed)), None),
        Outcome::Refused(error) => (None, Some(error)),
    };
    let page = HomePage {
        site,
        view,
        sealed,
        excerpt: error.and_then(|error| Excerpt::at(view.payload, error.place?)),
        error,
        command: command(view),
        expiry_choices: EXPIRY_CHOICES,
        level_choices: LEVEL_CHOICES,
        storage_choices: STORAGE_CHOICES,
        preview: match view.outcome {
            Outcome::Preview(png) => Some(data_png(png)),
            _ => None,
        },
        kept_logo: view.style.logo.map(|logo| STANDARD.encode(logo)),
    };
    site::render(&page)
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    site: &'a Site<'a>,
    view: &'a HomeView<'a>,
    sealed: Option<Sealed<'a>>,
    error: Option<&'a FieldError<'a>>,
    excerpt: Option<Excerpt>,
    command: String,
    expiry_choices: &'static [(u64, &'static str)],
    level_choices: &'static [(&'static str, &'static str)],
    storage_choices: &'static [(&'static str, &'static str)],
    /// The style as a picture.
    preview: Option<String>,
    /// The logo's file in base64: without script a page cannot keep a chosen file in another way.
    kept_logo: Option<String>,
}

impl HomePage<'_> {
    /// Whether what is no JSON may have been meant as a text.
    fn may_be_text(&self) -> bool {
        self.error.is_some_and(|error| error.may_be_text)
    }

    /// The words for `field`, if it is the one that is wrong.
    fn wrong(&self, field: Field) -> Option<&str> {
        self.error
            .filter(|error| error.field == field)
            .map(|error| error.message)
    }
}

fn data_png(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

struct Sealed<'a> {
    view: &'a SealedView<'a>,
    png: String,
    svg: String,
    issued: Moment,
    ends: Option<Moment>,
}

impl Sealed<'_> {
    /// What was found when the picture was tried, in plain words.
    fn verdict(&self) -> String {
        let contrast = format!(
            "The contrast ratio of its colours is {:.1}, and 3 is enough.",
            (self.view.contrast * 10.0).floor() / 10.0
        );
        let aside = match self.view.is_read_from_aside {
            true => "So it was from aside and in poor light.",
            false => {
                "From aside and in poor light our reader did not read it. Phones read more, but print it larger, or choose \
                 square or rounded corners."
            }
        };
        match self.view.read_back {
            true => format!(
                "It scans: the finished picture was read back, at its own size, and reduced to 3 pixels a dot with a \
                 slight blur. {aside} {contrast}"
            ),
            false => format!(
                "It scans: dark dots on a light ground, as the standard has them. {contrast}"
            ),
        }
    }

    /// How much smaller packing made the document.
    fn packing(&self) -> String {
        let payload = self.view.payload_bytes;
        match self.view.packed_bytes {
            None => "not packed".to_owned(),
            Some(packed) => format!(
                "packed into {packed}, {} % smaller",
                100 * payload.saturating_sub(packed) / payload.max(1)
            ),
        }
    }
}

impl<'a> Sealed<'a> {
    fn new(site: &Site<'_>, view: &'a SealedView<'a>) -> Self {
        Self {
            view,
            png: data_png(view.png),
            svg: format!("data:image/svg+xml;base64,{}", STANDARD.encode(view.svg)),
            issued: site.moment(view.issued_at),
            ends: view.expires_at.map(|at| site.moment(at)),
        }
    }
}

#[cfg(test)]
mod tests;
