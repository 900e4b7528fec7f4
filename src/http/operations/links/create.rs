//! `POST /api/links`: a code that leads elsewhere.

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ContentBuilder, ResponseBuilder};

use super::manage::manage_url;
use crate::clock::rfc3339;
use crate::http::admission::MayIssue;
use crate::http::extract::{IdempotencyKey, JsonBody, LinkEnvelope};
use crate::http::openapi::parts::{self, ISSUING, fail, operation, required_body};
use crate::http::openapi::schemas::{named, picture};
use crate::http::operations::answers::{self, SymbolAnswer};
use crate::http::operations::tokens::Sealing;
use crate::http::options::{AnswerFormat, Options};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::state::App;
use crate::issuing::{Kept, MaxOpens, Packing, Sealed};
use crate::links::{LinkContent, WrittenRule, warning};
use crate::principal::Principal;
use crate::profiles::Way;

/// What a screen reader says of a picture.
pub const TITLE: &str = "QR code of a link";

/// A link that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkIssuedAnswer {
    /// Its id, which opens nothing.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The link in its code: whoever has it can scan it.
    #[schema(format = "uri")]
    pub link: String,
    /// Where it leads, as it is sent.
    pub target: String,
    /// Where it leads once it has expired.
    pub fallback: Option<String>,
    /// Where it leads under conditions.
    pub rules: Vec<WrittenRule>,
    /// The last minute in which it leads anywhere, in UTC; null if it does not end.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// How often it opens; null for as often as one likes.
    pub max_opens: Option<u32>,
    /// The PIN that was drawn, here and nowhere else. Only with `pin_auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// What `If-Match` takes.
    pub revision: u32,
    /// Why scans show where it leads first, if a host may be taken for another.
    pub warning: Option<String>,
    /// The address at which the link is changed, watched and ended, for whoever made it without an API key: a secret of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manage_url: Option<String>,
    /// The symbol that carries the link.
    pub qr: SymbolAnswer,
}

/// Makes a link, and answers with what is known about it, as JSON unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let LinkEnvelope { link, mut options } = LinkEnvelope::parse(&body.0, &app.config)?;
    answers::expect_pin_in_answer(&request, &options, AnswerFormat::Json)?;
    let content = LinkContent::read(&link, &app.link_policy.rules)?;
    content.check(&app.link_policy)?;
    options.packing = Packing::Raw;
    let sealing = Sealing {
        request: &request,
        document_at: "",
        way: Way::Request,
        right: &right,
        key,
        kept: Kept::Link {
            expired_secs: app.link_policy.keep_expired_secs,
        },
        body: &body.0,
        body_bytes: body.0.len(),
    };
    sealing
        .seal(content.document()?, &options, async |sealed| {
            answer(&request, sealed, (&content, right.0), &options).await
        })
        .await
}

async fn answer(
    request: &HttpRequest,
    sealed: &Sealed,
    (content, made_by): (&LinkContent, Principal),
    options: &Options,
) -> Result<HttpResponse, Problem> {
    let issued = &sealed.issued;
    let mut look = Cow::Borrowed(&options.look);
    if let Some(pin) = sealed.pin.as_ref().filter(|_| options.seal.print_pin) {
        let caption = format!("PIN {}", pin.as_str()).parse();
        let caption = caption.map_err(|_| Problem::new(ProblemCode::Internal))?;
        look = Cow::Owned(options.look.clone().with_caption(caption));
    }
    let drawn = answers::drawn(request, &issued.link, &issued.symbol, &look, options).await?;
    let mut answer = HttpResponse::Created();
    let base = App::of(request).links.base_path();
    let place = format!("{base}/api/links/{}", issued.token.id());
    answer.insert_header((header::LOCATION, place));
    answer.insert_header((answers::TOKEN_ID, issued.token.id().to_string()));
    if sealed.replayed {
        answer.insert_header((answers::REPLAYED, HeaderValue::from_static("true")));
    }
    match answers::wanted(request, options, AnswerFormat::Json) {
        AnswerFormat::Json => {
            let written = content.written();
            Ok(answer.json(LinkIssuedAnswer {
                id: issued.token.id().to_string(),
                link: issued.link.clone(),
                target: written.target,
                fallback: written.fallback,
                rules: written.rules,
                expires_at: issued.token.expires_at().map(rfc3339),
                max_opens: issued.max_opens.map(MaxOpens::value),
                pin: sealed.pin.as_ref().map(|pin| pin.as_str().to_owned()),
                revision: 1,
                warning: warning(content),
                manage_url: match made_by {
                    Principal::Anonymous => Some(manage_url(App::of(request), issued)?),
                    _ => None,
                },
                qr: SymbolAnswer::with_pictures(&drawn, options, TITLE)?,
            }))
        }
        AnswerFormat::Picture(format) => {
            answers::picture(&mut answer, &drawn, options, format, TITLE)
        }
    }
}

impl From<crate::links::LinkFault> for Problem {
    fn from(fault: crate::links::LinkFault) -> Self {
        invalid(&fault.pointer, &fault.detail)
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("LinkEnvelope")));
    let json = ContentBuilder::new().schema(Some(named("LinkIssuedAnswer")));
    let made = ResponseBuilder::new()
        .description("What is known about the link, or its symbol.")
        .content("application/json", json.build())
        .content("image/png", picture(true))
        .content("image/svg+xml", picture(false))
        .content("application/pdf", picture(true))
        .content("text/plain", picture(false))
        .build();
    let operation = operation(
        "createLink",
        "Links",
        "Make a code that leads elsewhere",
        "Whoever scans the code is sent to `target`, which can be changed after the code was printed. Targets are checked when they \
         are given and again at every scan: `https` only, a public host name, none of a block list. With `max_opens` or a PIN a \
         scan shows a page with one button first. The server never fetches a target.",
    )
    .parameter(parts::idempotency_key())
    .request_body(Some(required_body(body)))
    .response("201", made);
    fail(operation, &ISSUING)
}
