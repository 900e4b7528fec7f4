//! `/manage/{sealed}`: what became of a message, for whoever wrote it; and its deletion. The address is a secret: no log has it.

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::Required;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};

use crate::audit::By;
use crate::clock::unix_seconds;
use crate::http::admission::{OpenRateChecked, SameSite, rates};
use crate::http::client;
use crate::http::extract::FormOrJson;
use crate::http::openapi::parts::{answer, done, fail, operation, string};
use crate::http::operations::links;
use crate::http::pages::{self, ManagedView};
use crate::http::problem::ProblemCode::{
    CrossSite, RateLimited, TemporarilyUnavailable, TokenExpired, TokenNotRecognised,
};
use crate::http::problem::{Problem, invalid, rfc3339};
use crate::http::request_facts::RequestFacts as _;
use crate::http::route;
use crate::http::state::App;
use crate::http::{accept, html};
use crate::messages::{ManageError, ManageLink, Managed, open_manage};
use crate::opening::OpeningError;
use crate::principal::Principal;
use crate::receipts::{self, Receipt};
use crate::revoking;
use crate::store::ReceiptState;

/// What became of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct ManagedAnswer {
    /// The token's id.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub id: String,
    /// The first that applies: `revoked` (deleted), `expired`, `used_up`, `pin_locked`, `active`.
    pub state: &'static str,
    /// Whether it was read; null if that is not counted, since it can be read any number of times without a PIN.
    pub read: Option<bool>,
    /// When it was read last, in UTC.
    #[schema(format = DateTime)]
    pub read_at: Option<String>,
    /// The last minute in which it can be read, in UTC.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// Tells what became of the message.
pub async fn show(request: HttpRequest, _paid: OpenRateChecked) -> Result<HttpResponse, Problem> {
    let link = link(&request)?;
    let Managed::Message { counted } = link.of else {
        return links::manage::shown(&request, link.id).await;
    };
    let receipt = receipt(&request, link).await?;
    let entry = &receipt.entry;
    let read = counted.then_some(entry.opens > 0);
    if !accept::names_html(&request) {
        return Ok(HttpResponse::Ok().json(ManagedAnswer {
            id: link.id.to_string(),
            state: receipt.state.as_str(),
            read,
            read_at: entry.last_opened_at.map(rfc3339),
            expires_at: rfc3339(link.ends_at),
        }));
    }
    let view = ManagedView {
        read,
        read_at: entry.last_opened_at.map(unix_seconds),
        expires_at: unix_seconds(link.ends_at),
        deleted_at: entry.revoked.as_ref().map(|end| unix_seconds(end.at)),
        can_delete: matches!(
            receipt.state,
            ReceiptState::Active | ReceiptState::PinLocked
        ),
        token_id: &link.id.to_string(),
    };
    let before = html::again(&request);
    let site = html::site(App::of(&request), &request, before.as_deref());
    let page = pages::managed(&site, &view);
    Ok(html::page(HttpResponse::Ok(), site.language, page))
}

/// Deletes the message; changes a dynamic link as the body says.
pub async fn delete(
    request: HttpRequest,
    _own_page: SameSite,
    _paid: OpenRateChecked,
    body: Option<FormOrJson>,
) -> Result<HttpResponse, Problem> {
    let link = link(&request)?;
    if link.of == Managed::Link {
        let body = body.ok_or_else(|| invalid("", "say what is to change"))?;
        return links::manage::changed(&request, link.id, &body).await;
    }
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let by = By::fresh(Principal::Anonymous, &keyring)?;
    let (store, list, ends_at) = (&*app.store, &app.revocations, Some(link.ends_at));
    let ended = revoking::delete(store, list, link.id, ends_at, by, app.now()).await?;
    if !accept::names_html(&request) {
        return Ok(HttpResponse::NoContent().finish());
    }
    let view = ManagedView {
        read: None,
        read_at: None,
        expires_at: unix_seconds(link.ends_at),
        deleted_at: Some(unix_seconds(ended.at)),
        can_delete: false,
        token_id: &link.id.to_string(),
    };
    let site = html::site(app, &request, None);
    let page = pages::managed(&site, &view);
    Ok(html::page(HttpResponse::Ok(), site.language, page))
}

/// What the address says.
fn link(request: &HttpRequest) -> Result<ManageLink, Problem> {
    let app = App::of(request);
    let sealed = route::variable(request, "sealed");
    let link = open_manage(&app.keyring.load(), sealed, app.now());
    let link = link.map_err(|error| match error {
        ManageError::NotRecognised => {
            rates::unrecognised(app, client::address(request), OpeningError::NotRecognised)
        }
        ManageError::Expired { at } => Problem::new(TokenExpired)
            .detail("What this link managed has ended.")
            .member("expired_at", rfc3339(at)),
    })?;
    request.leave_token(link.id);
    Ok(link)
}

async fn receipt(request: &HttpRequest, link: ManageLink) -> Result<Receipt, Problem> {
    let app = App::of(request);
    let receipt = receipts::show(&*app.store, link.id, app.now()).await?;
    receipt.ok_or_else(|| OpeningError::Gone { id: link.id }.into())
}

fn sealed() -> utoipa::openapi::path::Parameter {
    ParameterBuilder::new()
        .name("sealed")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("What follows the last slash of `manage_url`."))
        .schema(Some(string().pattern(Some("^[A-Za-z0-9_-]+$")).build()))
        .build()
}

/// What OpenAPI says of looking.
pub fn describe_show() -> OperationBuilder {
    let operation = operation(
        "showMessage",
        "Messages",
        "What became of a message",
        "For whoever has its manage link. Reading is counted of messages that can be read so many times, or have a PIN.",
    )
    .parameter(sealed())
    .response("200", answer("What became of the message.", "ManagedAnswer"));
    let problems = [
        TokenNotRecognised,
        TokenExpired,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// What OpenAPI says of deleting.
pub fn describe_delete() -> OperationBuilder {
    let operation = operation(
        "deleteMessage",
        "Messages",
        "Delete a message",
        "For whoever has its manage link. A form that another site's page sent is refused.",
    )
    .parameter(sealed())
    .response("204", done("The message is gone."));
    let problems = [
        TokenNotRecognised,
        TokenExpired,
        CrossSite,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}
