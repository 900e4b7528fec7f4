//! `POST /api/messages/reports`: whoever reads what a visitor wrote says that something is wrong with it.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::{ContentBuilder, Object};

use crate::http::admission::{OpenRateChecked, SameSite, rates};
use crate::http::client;
use crate::http::extract::{FormOrJson, ReportEnvelope};
use crate::http::openapi::parts::{done, fail, operation, required_body, string};
use crate::http::openapi::schemas::{closed, named};
use crate::http::pages;
use crate::http::problem::ProblemCode::{
    CrossSite, InvalidJson, MalformedRequest, PayloadTooLarge, RateLimited, RequestTimeout,
    TemporarilyUnavailable, TokenGone, TokenNotRecognised, TokenRevoked, UnsupportedMediaType,
    Validation,
};
use crate::http::problem::{Problem, invalid};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::http::{accept, html};
use crate::link::bare;
use crate::messages::{NotReported, report};

/// Notes the report for the operator.
pub async fn handle(
    request: HttpRequest,
    _own_page: SameSite,
    _paid: OpenRateChecked,
    body: FormOrJson,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let ReportEnvelope { token, reason } = ReportEnvelope::parse(&body)?;
    let keyring = app.keyring.load_full();
    let reported = report(&*app.store, &keyring, bare(&token), reason, app.now()).await;
    let id = reported.map_err(|error| match error {
        NotReported::Opening(error) => rates::unrecognised(app, client::address(&request), error),
        NotReported::Store(error) => error.into(),
        NotReported::NotByVisitor => invalid("/token", &error.to_string()),
    })?;
    request.leave_token(id);
    if !accept::names_html(&request) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let language = accept::language(&request);
    let page = pages::reported(&app.site(language), &id.to_string());
    Ok(html::page(HttpResponse::Ok(), language, page))
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("ReportEnvelope")));
    let operation = operation(
        "reportMessage",
        "Messages",
        "Report a message",
        "For whoever has the code of what somebody without an API key wrote. The server's operator sees the id and the reason in \
         `qrseal messages reported`, not the message.",
    )
    .request_body(Some(required_body(body)))
    .response("204", done("The operator can see it."));
    let problems = [
        InvalidJson,
        CrossSite,
        TokenNotRecognised,
        TokenGone,
        TokenRevoked,
        RequestTimeout,
        MalformedRequest,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// The schema of the body.
pub fn report_envelope() -> Object {
    closed()
        .description(Some("Which message, and what is wrong with it."))
        .property(
            "token",
            string()
                .description(Some("The token in either text form."))
                .build(),
        )
        .property(
            "reason",
            string()
                .enum_values(Some(["fraud", "abuse", "other"]))
                .description(Some(
                    "`fraud`: it tries to deceive; `abuse`: it insults or threatens; `other`.",
                ))
                .build(),
        )
        .required("token")
        .required("reason")
        .examples([
            json!({"token": "012345678901234567890123456789012345678901", "reason": "fraud"}),
        ])
        .build()
}
