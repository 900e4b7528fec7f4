//! Answers that several operations give: a symbol as a picture, and what JSON says of tokens and symbols.

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use utoipa::ToSchema;

use super::picture_url::picture_url;
use crate::drawing::{Drawn, PictureFormat, ResolvedStyle, StyleError};
use crate::http::accept;
use crate::http::admission::styled;
use crate::http::options::{AnswerFormat, Options};
use crate::http::problem::{Problem, ProblemCode, invalid, rfc3339};
use crate::issuing::{IssuedToken, MaxOpens, Sealed};
use crate::qr::{ModuleSize, StyledError, Symbol};
use crate::telemetry::metrics;
use crate::token::Codec;

/// What a screen reader says of a picture.
const TITLE: &str = "QR code of a sealed document";

/// On an answer with a token that an earlier request with the same idempotency key got.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The id of the token that was issued, beside its picture too.
pub const TOKEN_ID: HeaderName = HeaderName::from_static("token-id");

/// What is known about a token that was just issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedAnswer {
    /// The token's id: 24 hex digits. It opens nothing and may be logged.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The sealed bytes as base64url without padding, as `ctext` takes them.
    #[schema(pattern = "^[A-Za-z0-9_-]+$")]
    pub token: String,
    /// The link, as it stands in the symbol.
    #[schema(format = "uri")]
    pub link: String,
    /// The minute of issue, in UTC.
    #[schema(format = DateTime)]
    pub issued_at: String,
    /// The last minute in which the token opens, in UTC; null if it does not end.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// How often the token opens; null for as often as one likes.
    pub max_opens: Option<u32>,
    /// The PIN that was drawn, here and nowhere else: it is not stored. Only with `pin_auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// Bytes of the document without white space.
    pub payload_bytes: usize,
    /// Bytes of the token.
    pub sealed_bytes: usize,
    /// How the payload is packed.
    pub codec: &'static str,
    /// Where the document is: `inline`, in the token, or `stored`, on the server.
    #[schema(pattern = "^(inline|stored)$")]
    pub storage: &'static str,
    /// Bytes that are stored. Only of a stored document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_bytes: Option<usize>,
    /// The revision of the stored document, 1 for the first. Only of a stored document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// A picture of the symbol for whoever has this address, without a key. Only with `picture_expires_in`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub picture_url: Option<String>,
    /// Until when the picture is given, in UTC. Only with `picture_expires_in`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub picture_expires_at: Option<String>,
    /// The symbol that carries the link.
    pub qr: SymbolAnswer,
}

/// What is known about a symbol (ISO/IEC 18004).
#[derive(Debug, Serialize, ToSchema)]
pub struct SymbolAnswer {
    /// Version, 1 to 40.
    #[schema(minimum = 1, maximum = 40)]
    pub version: u8,
    /// Modules a side, without the quiet zone: 21 to 177.
    #[schema(minimum = 21, maximum = 177)]
    pub modules: usize,
    /// Error correction level.
    #[schema(pattern = "^[LMQH]$")]
    pub ecl: &'static str,
    /// Data mask, 0 to 7.
    #[schema(minimum = 0, maximum = 7)]
    pub mask: u8,
    /// The smallest width in print, quiet zone included, at which phones read it well at arm's length: 0.4 mm a module.
    #[schema(minimum = 8.4)]
    pub smallest_mm: f64,
    /// The width in print with the quiet zone, if a size was asked for.
    #[schema(minimum = 2.1)]
    pub width_mm: Option<f64>,
    /// What is to be said about the size, if it is below `smallest_mm`, and about a style that was not read from aside and in
    /// poor light.
    pub warning: Option<String>,
    /// The picture as a PNG in a data URI (RFC 2397). Only with `include=png`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub png: Option<String>,
    /// The picture as an SVG in a data URI. Only with `include=svg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
}

impl SymbolAnswer {
    /// What is known, and the pictures that were asked for.
    ///
    /// # Errors
    ///
    /// A PNG of more than 4,096 pixels a side.
    pub fn with_pictures(
        drawn: &Drawn<'_>,
        options: &Options,
        title: &str,
    ) -> Result<Self, Problem> {
        let mut answer = Self::from(drawn);
        for &format in &options.answer.include {
            let picture = drawn
                .picture(format, title)
                .map_err(|error| options.refusal(StyledError::from(error).into()))?;
            let uri = format!(
                "data:{};base64,{}",
                format.media_type(),
                STANDARD.encode(picture)
            );
            match format {
                PictureFormat::Png => answer.png = Some(uri),
                PictureFormat::Svg => answer.svg = Some(uri),
                PictureFormat::Text | PictureFormat::Pdf => {}
            }
        }
        Ok(answer)
    }
}

const NOT_FROM_ASIDE: &str = "From aside and in poor light a reader did not read this style: print it larger, or choose square or \
    rounded finders.";

impl From<&Drawn<'_>> for SymbolAnswer {
    fn from(drawn: &Drawn<'_>) -> Self {
        let (symbol, style) = (drawn.symbol(), drawn.style());
        let width_mm = |size: ModuleSize| {
            let micrometres = style.modules(symbol) * usize::from(size.micrometres());
            // At most 209 modules of 50 mm.
            f64::from(u32::try_from(micrometres).unwrap_or(u32::MAX)) / 1000.0
        };
        let smallest_mm = width_mm(ModuleSize::ARMS_LENGTH);
        let small = style.module_size.filter(|size| size.is_small());
        Self {
            version: symbol.version(),
            modules: symbol.modules(),
            ecl: symbol.level().as_str(),
            mask: symbol.mask(),
            smallest_mm,
            width_mm: style.module_size.map(width_mm),
            png: None,
            svg: None,
            warning: match (small.map(|size| {
                format!(
                    "{} mm a module is small: phones want {} mm or more at arm's length, which makes this symbol \
                     {smallest_mm} mm wide.",
                    size.mm(),
                    ModuleSize::ARMS_LENGTH.mm()
                )
            }), drawn.is_read_from_aside()) {
                (None, true) => None,
                (None, false) => Some(NOT_FROM_ASIDE.to_owned()),
                (Some(small), true) => Some(small),
                (Some(small), false) => Some(format!("{small} {NOT_FROM_ASIDE}")),
            },
        }
    }
}

impl IssuedAnswer {
    /// What is known about this token and its symbol.
    pub fn new(issued: &IssuedToken, drawn: &Drawn<'_>) -> Self {
        Self {
            id: issued.token.id().to_string(),
            token: issued.token.to_base64url(),
            link: issued.link.clone(),
            issued_at: rfc3339(issued.token.issued_at()),
            expires_at: issued.token.expires_at().map(rfc3339),
            max_opens: issued.max_opens.map(MaxOpens::value),
            pin: None,
            payload_bytes: issued.payload_bytes,
            sealed_bytes: issued.token.as_bytes().len(),
            codec: match issued.codec {
                Codec::Json => "raw",
                Codec::Zstd1 => "zstd",
                Codec::Mix2 | Codec::Mix3 => "mix",
            },
            storage: storage(issued),
            stored_bytes: issued.stored.map(|stored| stored.record_bytes),
            revision: issued.stored.map(|stored| stored.revision),
            picture_url: None,
            picture_expires_at: None,
            qr: SymbolAnswer::from(drawn),
        }
    }
}

/// Where the document is.
fn storage(issued: &IssuedToken) -> &'static str {
    match issued.stored {
        None => "inline",
        Some(_) => "stored",
    }
}

/// The symbol of a text in the look that was asked for: at once, or on the threads for styled symbols.
pub async fn drawn<'a>(
    request: &HttpRequest,
    text: &str,
    symbol: &'a Symbol,
    look: &ResolvedStyle,
    options: &Options,
) -> Result<Drawn<'a>, Problem> {
    let drawn = if look.is_plain() {
        Drawn::plain(symbol, look)
    } else {
        // Boxed: plain symbols need no room for it.
        Box::pin(drawn_elsewhere(request, text, symbol, look)).await?
    };
    drawn.map_err(|error| options.refusal(error))
}

/// The symbol as the threads for styled symbols draw it.
async fn drawn_elsewhere<'a>(
    request: &HttpRequest,
    text: &str,
    symbol: &Symbol,
    look: &ResolvedStyle,
) -> Result<Result<Drawn<'a>, StyleError>, Problem> {
    let (text, look) = (text.to_owned(), look.clone());
    let pixels = look.pixels(&text, symbol);
    let styled = styled::draw(request, pixels, move || look.draw(&text)).await?;
    Ok(styled.map(|styled| Drawn::Styled(Box::new(styled))))
}

/// 201 with the link in `Location`, and the symbol or what is known about it.
pub async fn issued(
    request: &HttpRequest,
    sealed: &Sealed,
    options: &Options,
    default: AnswerFormat,
) -> Result<HttpResponse, Problem> {
    let issued = &sealed.issued;
    let mut look = Cow::Borrowed(&options.look);
    if let Some(pin) = sealed.pin.as_ref().filter(|_| options.seal.print_pin) {
        let caption = format!("PIN {}", pin.as_str());
        let caption = caption
            .parse()
            .map_err(|_| Problem::new(ProblemCode::Internal))?;
        look = Cow::Owned(options.look.clone().with_caption(caption));
    }
    let drawn = drawn(request, &issued.link, &issued.symbol, &look, options).await?;
    let mut answer = created(sealed)?;
    match wanted(request, options, default) {
        AnswerFormat::Json => {
            let picture = match options.answer.picture_expires_in {
                None => None,
                Some(life) => Some(picture_url(request, &issued.token, options, life)?),
            };
            let (picture_url, until) = picture.unzip();
            Ok(answer.json(IssuedAnswer {
                pin: sealed.pin.as_ref().map(|pin| pin.as_str().to_owned()),
                picture_url,
                picture_expires_at: until.map(rfc3339),
                qr: SymbolAnswer::with_pictures(&drawn, options, TITLE)?,
                ..IssuedAnswer::new(issued, &drawn)
            }))
        }
        AnswerFormat::Picture(_) if options.answer.picture_expires_in.is_some() => Err(invalid(
            "/picture_expires_in",
            "the address stands in a JSON answer, and a picture was asked for",
        )),
        AnswerFormat::Picture(format) => picture(&mut answer, &drawn, options, format, TITLE),
    }
}

/// 201 with what its headers say of a token.
pub fn created(sealed: &Sealed) -> Result<HttpResponseBuilder, Problem> {
    let issued = &sealed.issued;
    if !sealed.replayed {
        metrics::issued(
            issued.symbol.version(),
            storage(issued),
            issued.payload_bytes,
            issued.token.as_bytes().len(),
        );
    }
    let mut answer = HttpResponse::Created();
    let link =
        HeaderValue::from_str(&issued.link).map_err(|_| Problem::new(ProblemCode::Internal))?;
    answer.insert_header((header::LOCATION, link));
    answer.insert_header((TOKEN_ID, issued.token.id().to_string()));
    if sealed.replayed {
        answer.insert_header((REPLAYED, HeaderValue::from_static("true")));
    }
    Ok(answer)
}

/// Refuses to draw a PIN that nobody would learn.
pub fn expect_pin_in_answer(
    request: &HttpRequest,
    options: &Options,
    default: AnswerFormat,
) -> Result<(), Problem> {
    let drawn = options.makes_pin();
    match wanted(request, options, default) {
        AnswerFormat::Picture(PictureFormat::Text) if drawn => Err(invalid(
            "/pin_auto",
            "text has no room for the PIN: ask for JSON, PNG or SVG",
        )),
        AnswerFormat::Picture(_) if drawn && !options.seal.print_pin => Err(invalid(
            "/pin_auto",
            "nobody would learn the PIN: ask for JSON, or for print_pin",
        )),
        _ => Ok(()),
    }
}

/// The symbol as a picture, as the body of `answer`.
pub fn picture(
    answer: &mut HttpResponseBuilder,
    drawn: &Drawn<'_>,
    options: &Options,
    format: PictureFormat,
    title: &str,
) -> Result<HttpResponse, Problem> {
    let body = drawn
        .picture(format, title)
        .map_err(|error| options.refusal(StyledError::from(error).into()))?;
    Ok(answer.content_type(format.media_type()).body(body))
}

/// `format` beats `Accept`, and `Accept` beats the route's default.
pub fn wanted(request: &HttpRequest, options: &Options, default: AnswerFormat) -> AnswerFormat {
    const OFFERS: [(&str, AnswerFormat); 5] = [
        ("image/png", AnswerFormat::Picture(PictureFormat::Png)),
        ("image/svg+xml", AnswerFormat::Picture(PictureFormat::Svg)),
        ("application/pdf", AnswerFormat::Picture(PictureFormat::Pdf)),
        ("application/json", AnswerFormat::Json),
        ("text/plain", AnswerFormat::Picture(PictureFormat::Text)),
    ];
    options
        .answer
        .format
        .or((!options.answer.include.is_empty()).then_some(AnswerFormat::Json))
        .or_else(|| accept::most_wanted(request, &OFFERS))
        .unwrap_or(default)
}
