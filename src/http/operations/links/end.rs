//! `DELETE /api/links/{id}`: a link's end, for ever.

use actix_web::{HttpRequest, HttpResponse};
use utoipa::openapi::path::OperationBuilder;

use super::owned;
use crate::audit::By;
use crate::http::admission::{MayChange, SameSite};
use crate::http::openapi::parts::{done, fail, operation};
use crate::http::operations::tokens::{self, TokenIdInPath};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, RateLimited, TemporarilyUnavailable, TokenNotRecognised, Unauthorized,
};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::revoking::{RevokeToken, revoke};

/// Ends a link. Its record goes in the same transaction.
pub async fn handle(
    request: HttpRequest,
    right: MayChange,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    SameSite::check(&request)?;
    let app = App::of(&request);
    let link = owned(app, id, right.only_of()).await?;
    let asked = RevokeToken {
        id,
        reason: None,
        by_holder: false,
        expires_at: link.row.expires_at,
    };
    let keyring = app.keyring.load();
    let by = By::fresh(right.by(), &keyring)?;
    let ended = revoke(&*app.store, &app.revocations, asked, by, app.now()).await;
    app.link_cache.forget(id);
    ended?;
    request.leave_token(id);
    Ok(HttpResponse::NoContent().finish())
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let operation = operation(
        "endLink",
        "Links",
        "End a link for ever",
        "The link leads nowhere any more, and nothing revives it. Ending it again changes nothing. To switch it off for a while, \
         change `enabled`.",
    )
    .parameter(tokens::id())
    .response("204", done("The link leads nowhere any more."));
    let problems = [
        Unauthorized,
        Forbidden,
        CrossSite,
        TokenNotRecognised,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
