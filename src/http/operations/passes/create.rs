//! `POST /api/lists/{id}/passes`: a pass is drawn.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ContentBuilder, Object, Type};

use crate::audit::By;
use crate::desk::{DrawPass, PassAnswer, PassNote, draw_pass};
use crate::http::admission::MayList;
use crate::http::extract::{JsonBody, pass_body};
use crate::http::openapi::parts::{answer, fail, operation, required_body, string};
use crate::http::openapi::schemas::{closed, named};
use crate::http::operations::lists::ListIdInPath;
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, InvalidJson, MalformedRequest, NotFound, PayloadTooLarge, RequestTimeout,
    TemporarilyUnavailable, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::http::state::App;
use crate::qr::{Level, Style, Symbol, svg};

/// A pass that was drawn.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrawnPassAnswer {
    /// The link that signs one phone in, once. It is told only now.
    #[schema(format = "uri")]
    pub link: String,
    /// The QR code of the link, an SVG picture as a data URI.
    #[schema(format = "uri")]
    pub picture: String,
    /// The pass.
    pub pass: PassAnswer,
}

/// Draws a pass.
pub async fn handle(
    request: HttpRequest,
    right: MayList,
    ListIdInPath(list): ListIdInPath,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (until, note) = pass_body(&body.0)?;
    let keyring = app.keyring.load_full();
    let by = By::fresh(right.0.principal, &keyring)?;
    let asked = DrawPass {
        list,
        until: &until,
        note,
        right: right.0,
        now: app.now(),
    };
    let (pass, code) = draw_pass(&*app.store, asked, by).await?;
    let link = code.link(&app.config.public_url());
    let symbol = Symbol::encode(&link, Level::Medium)?;
    let picture = svg(&symbol, &Style::default(), "QR code of a pass");
    let base = app.links.base_path();
    let place = format!("{base}/api/lists/{list}/passes/{}", pass.id.0);
    let mut made = HttpResponse::Created();
    made.insert_header((header::LOCATION, place));
    Ok(made.json(DrawnPassAnswer {
        link,
        picture: format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)),
        pass: PassAnswer::of(pass, app.now()),
    }))
}

/// The body.
pub fn envelope() -> Object {
    closed()
        .property(
            "until",
            string().max_length(Some(40)).description(Some(
                "Until when it is good, within the next 31 days: RFC 3339, or without an offset a time of the list's place.",
            )),
        )
        .required("until")
        .property(
            "note",
            string()
                .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                .min_length(Some(1))
                .max_length(Some(PassNote::MAX_CHARS))
                .description(Some("What it is known by, such as whose phone it is for.")),
        )
        .examples([json!({"until": "2026-11-28T02:00:00Z", "note": "north door"})])
        .build()
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("PassEnvelope")));
    let operation = operation(
        "createPass",
        "Desk",
        "Draw a pass of a check-in list",
        "A code that signs one phone in to the page `/desk`, once, for this list until a time. The phone checks codes in and undoes what \
         it did itself, and nothing else. The link is told once: a pass whose answer got lost is revoked and drawn anew.",
    )
    .parameter(crate::http::operations::lists::id())
    .request_body(Some(required_body(body)))
    .response("201", answer("The pass.", "DrawnPassAnswer"));
    let problems = [
        InvalidJson,
        Unauthorized,
        Forbidden,
        CrossSite,
        NotFound,
        RequestTimeout,
        MalformedRequest,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
