//! `GET /api/links/{id}/picture`: the code of a link once more, in any style.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::create::TITLE;
use super::owned;
use crate::drawing::PictureFormat;
use crate::http::admission::MayChange;
use crate::http::openapi::parts::{drawn, fail, operation};
use crate::http::operations::answers::{self, SymbolAnswer};
use crate::http::operations::codes::CodeAnswer;
use crate::http::operations::tokens::{self, TokenIdInPath};
use crate::http::options::{self, AnswerFormat, Options, Topic};
use crate::http::problem::ProblemCode::{
    Forbidden, KeyRetired, QrCapacity, RateLimited, StyleUnscannable, TemporarilyUnavailable,
    TokenNotRecognised, TokenRevoked, TokenUsedUp, Unauthorized, Validation,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::links::token_of;
use crate::opening::ended;
use crate::qr::Symbol;
use crate::store::LinkState;

/// The symbol of a link, as PNG unless asked otherwise.
pub async fn handle(
    request: HttpRequest,
    right: MayChange,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let query = request.query_string();
    let options = Options::from_query(Topic::Picture, &app.config, query, |_, _| false)?;
    let link = owned(app, id, right.only_of()).await?;
    request.leave_token(id);
    if matches!(link.state, LinkState::Revoked | LinkState::UsedUp) {
        return Err(ended(link.row).into());
    }
    let token = token_of(&app.keyring.load(), &link.row);
    let token = token.ok_or_else(|| Problem::new(ProblemCode::KeyRetired).about(Some(id)))?;
    let text = app.links.of_text(&match app.config.link.form {
        crate::link::LinkForm::Path => token.to_digits(),
        crate::link::LinkForm::Query => token.to_base64url(),
    });
    let symbol = Symbol::encode(&text, options.look.level)?;
    let drawn = answers::drawn(&request, &text, &symbol, &options.look, &options).await?;
    let default = AnswerFormat::Picture(PictureFormat::Png);
    let mut answer = HttpResponse::Ok();
    match answers::wanted(&request, &options, default) {
        AnswerFormat::Json => Ok(answer.json(CodeAnswer {
            qr: SymbolAnswer::with_pictures(&drawn, &options, TITLE)?,
        })),
        AnswerFormat::Picture(format) => {
            answers::picture(&mut answer, &drawn, &options, format, TITLE)
        }
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "drawLink",
        "Links",
        "Draw the code of a link again",
        "The same code in any style. It takes the scope `issue`, since the code is what a scan needs, and the API key that made the \
         link, or one with the scope `revoke`, too.",
    )
    .parameter(tokens::id())
    .parameters(Some(options::query(Topic::Picture)))
    .response("200", drawn());
    let problems = [
        Unauthorized,
        Forbidden,
        TokenNotRecognised,
        TokenUsedUp,
        TokenRevoked,
        KeyRetired,
        QrCapacity,
        Validation,
        StyleUnscannable,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
