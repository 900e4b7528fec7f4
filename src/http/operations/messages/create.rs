//! `POST /api/messages`: a message in; its code, the link to its picture and the link that manages it out.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ContentBuilder, Object, ObjectBuilder, Schema, Type};

use super::{as_message, manage_url};
use crate::http::admission::MayWrite;
use crate::http::extract::{IdempotencyKey, JsonBody, MessageEnvelope};
use crate::http::openapi::parts::{self, ISSUING, answer, fail, operation, required_body, string};
use crate::http::openapi::schemas::{closed, named};
use crate::http::operations::answers;
use crate::http::operations::picture_url::picture_url;
use crate::http::operations::tokens::Sealing;
use crate::http::options::Options;
use crate::http::problem::{Problem, ProblemCode, rfc3339};
use crate::http::state::App;
use crate::issuing::Kept;
use crate::issuing::{SealOptions, Sealed};
use crate::messages::Message;
use crate::options::HasOptions as _;
use crate::pictures::PictureLife;
use crate::profiles::Way;

/// What is known about a message that was just written.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageAnswer {
    /// The token's id. It opens nothing.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The id behind `qr-`, for lists and file names.
    #[schema(pattern = "^qr-[0-9a-f]{24}$")]
    pub tag: String,
    /// The link in the code: whoever has it reads the message.
    #[schema(format = "uri")]
    pub link: String,
    /// A picture of the code, for an `<img>`; whoever has it can read the message too.
    #[schema(format = "uri")]
    pub picture_url: String,
    /// Until when the picture is given, in UTC.
    #[schema(format = DateTime)]
    pub picture_expires_at: String,
    /// Whether it was read, and its deletion. Keep it to yourself.
    #[schema(format = "uri")]
    pub manage_url: String,
    /// The last minute in which the message can be read, in UTC.
    #[schema(format = DateTime)]
    pub expires_at: Option<String>,
    /// The PIN that was made, here and nowhere else. Only with `pin_auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

/// Stores a message.
pub async fn handle(
    request: HttpRequest,
    right: MayWrite,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let MessageEnvelope {
        message,
        life,
        mut options,
    } = MessageEnvelope::parse(&body.0, &app.config)?;
    as_message(&mut options, life);
    let sealing = Sealing {
        request: &request,
        document_at: "",
        way: Way::Request,
        kept: Kept::Document,
        right: &right.0,
        key,
        body: &body.0,
        body_bytes: body.0.len(),
    };
    sealing
        .seal(message.document(), &options, async |sealed| {
            told(&request, sealed, &options).await
        })
        .await
}

async fn told(
    request: &HttpRequest,
    sealed: &Sealed,
    options: &Options,
) -> Result<HttpResponse, Problem> {
    let issued = &sealed.issued;
    if !options.look.is_plain() {
        // A look that no phone would read is refused here, not where the picture is asked for.
        let symbol = &issued.symbol;
        answers::drawn(request, &issued.link, symbol, &options.look, options).await?;
    }
    let life = options.answer.picture_expires_in;
    let life = life.unwrap_or(PictureLife::HOUR);
    let (picture_url, until) = picture_url(request, &issued.token, options, life)?;
    let manage_url = manage_url(App::of(request), issued, options.makes_pin())?;
    let id = issued.token.id().to_string();
    let mut answer = answers::created(sealed)?;
    Ok(answer.json(MessageAnswer {
        tag: format!("qr-{id}"),
        id,
        link: issued.link.clone(),
        picture_url,
        picture_expires_at: rfc3339(until),
        manage_url,
        expires_at: issued.token.expires_at().map(rfc3339),
        pin: sealed.pin.as_ref().map(|pin| pin.as_str().to_owned()),
    }))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("MessageEnvelope")));
    let operation = operation(
        "writeMessage",
        "Messages",
        "Write a message that whoever scans its code reads",
        "The message is stored, encrypted under the code: the server cannot read it without. `manage_url` tells whether a \
         message that can be read so many times was read, and deletes it.",
    )
    .parameter(parts::idempotency_key())
    .request_body(Some(required_body(body)))
    .response("201", answer("What is known about the message.", "MessageAnswer"));
    let mut problems = ISSUING.to_vec();
    problems.push(ProblemCode::NotFound);
    fail(operation, &problems)
}

/// The schema of the body.
pub fn message_envelope(style: Schema) -> Object {
    let number = |least: f64, most: f64| {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(least))
            .maximum(Some(most))
    };
    let words = |name| SealOptions::row(name).map(|row| row.facts.words);
    closed()
        .description(Some("A message, and how it can be read."))
        .property(
            "message",
            string()
                .min_length(Some(1))
                .max_length(Some(Message::MAX_CHARS))
                .pattern(Some(
                    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$",
                ))
                .description(Some("The text. Line breaks are kept."))
                .build(),
        )
        .property(
            "expires_in",
            number(3_600.0, 31_536_000.0)
                .description(Some(
                    "Seconds for which it can be read, an hour to a year. Not given: 30 days.",
                ))
                .build(),
        )
        .property(
            "max_opens",
            number(1.0, 1_000_000.0)
                .description(words("max_opens"))
                .build(),
        )
        .property(
            "pin_auto",
            ObjectBuilder::new()
                .schema_type(Type::Boolean)
                .description(words("pin_auto"))
                .build(),
        )
        .property(
            "picture_expires_in",
            number(60.0, 604_800.0)
                .description(Some(
                    "Seconds for which `picture_url` is good. Not given: an hour.",
                ))
                .build(),
        )
        .property("style", style)
        .required("message")
        .examples([json!({"message": "see you at nine"})])
        .build()
}
