//! What the start page is made from: the choices of its form, what was chosen, and what became of it.
//!
//! Does not belong here: how it is written, as a page or as a command line.

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
    /// The profiles that whoever asks may issue, by name and title.
    pub profiles: &'a [(&'a str, &'a str)],
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
    /// The name of the profile that it is one of; empty: of none.
    pub profile: &'a str,
    /// Whether a PIN is to be made.
    pub with_pin: bool,
    /// Whether it is to have a PIN that was typed. The page never has it again.
    pub own_pin: bool,
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
    pub(super) fn is_any(&self) -> bool {
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
    Refused(FieldErrors<'a>),
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
    /// The symbol as a page of PDF.
    pub pdf: &'a [u8],
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

/// What is wrong in the form.
#[derive(Debug, Clone, Copy)]
pub struct FieldErrors<'a> {
    /// Which fields, and what is wrong with each, as a sentence.
    pub wrong: &'a [(Field, String)],
    /// Where in the document: line and column in characters, both from 1.
    pub place: Option<(usize, usize)>,
    /// Whether the document is no JSON, so that it may have been meant as a text.
    pub may_be_text: bool,
    /// What keeps the document from being one of its profile: the place in it (RFC 6901), and what would be right.
    pub faults: &'a [(&'a str, &'a str)],
}

impl FieldErrors<'_> {
    /// Whether `field` is wrong.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.wrong.iter().any(|(wrong, _)| *wrong == field)
    }
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
    /// `profile`
    Profile,
    /// `max_opens`
    MaxOpens,
    /// `pin` and `pin_auto`
    Pin,
    /// `note`
    Note,
    /// `api_key`
    ApiKey,
    /// Shapes, colours and caption.
    Style,
    /// `logo`
    Logo,
}
