//! The link that manages a dynamic link, for whoever made one without an API key: what it says, how often it was scanned, a new
//! target, off and on, and its end. The address is a secret: no log has it.

use actix_web::{HttpRequest, HttpResponse};

use super::change::changer;
use super::scans::view as scans_view;
use crate::audit::By;
use crate::clock::unix_seconds;
use crate::http::admission::rates;
use crate::http::extract::{FormOrJson, link_edits};
use crate::http::pages::{self, Language, ManagedLinkView};
use crate::http::problem::{Problem, ProblemCode, invalid};
use crate::http::state::App;
use crate::http::{accept, html};
use crate::issuing::IssuedToken;
use crate::limits::Budget;
use crate::links::{ChangeLink, LinkAnswer, LinkEdits, OwnedLink, ShowScans, change, report, show};
use crate::messages::{ManageLink, Managed, seal_manage};
use crate::principal::Principal;
use crate::random;
use crate::revoking::{RevokeToken, revoke};
use crate::store::{LinkState, ScansOf};
use crate::token::{ExpiresIn, Nonce, Pin, TokenId};

/// The link by which whoever made a dynamic link without an API key manages it. It works for ten years: the end can be changed.
pub fn manage_url(app: &App, issued: &IssuedToken) -> Result<String, Problem> {
    let link = ManageLink {
        id: issued.token.id(),
        ends_at: app.now().plus_secs(ExpiresIn::MAX.as_secs()),
        of: Managed::Link,
    };
    let nonce = Nonce::from(*random::bytes()?);
    let sealed = seal_manage(&app.keyring.load(), link, nonce, app.now());
    let sealed = sealed.ok_or_else(|| Problem::new(ProblemCode::TemporarilyUnavailable))?;
    Ok(app.public_address(&format!("/manage/{sealed}")))
}

/// What there is to know: a page for a browser, or else as the API tells it.
pub async fn shown(request: &HttpRequest, id: TokenId) -> Result<HttpResponse, Problem> {
    let link = find(App::of(request), id).await?;
    told(request, link).await
}

/// Does what a form or a body says, and tells what there is to know then. A form names what to `do`: `target`, `off`, `on`, `end`.
pub async fn changed(
    request: &HttpRequest,
    id: TokenId,
    body: &FormOrJson,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    rates::take(request, Budget::Issues)?;
    let (edits, of_edition) = match body {
        FormOrJson::Json(body) => (link_edits(body)?, None),
        FormOrJson::Form(fields) => {
            let field = |name: &str| {
                let found = fields.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.as_str())
            };
            if field("do") == Some("end") {
                return ended(request, id).await;
            }
            let edition = field("revision").and_then(|text| text.parse().ok());
            (edits(field)?, edition)
        }
    };
    let keyring = app.keyring.load_full();
    let asked = ChangeLink {
        id,
        edits: &edits,
        of_edition,
        by: Principal::Anonymous,
        only_of: None,
        now: app.now(),
    };
    let changed = change(changer(app, &keyring), asked).await;
    app.link_cache.forget(id);
    told(request, changed?).await
}

fn edits<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Result<LinkEdits, Problem> {
    let pin = field("pin").filter(|pin| !pin.is_empty()).map(Pin::parse);
    let pin = pin.transpose();
    let edits = match field("do") {
        Some("target") => LinkEdits {
            target: Some(field("target").unwrap_or_default().to_owned()),
            pin: pin.map_err(|error| invalid("/pin", &error.to_string()))?,
            ..LinkEdits::default()
        },
        Some(what @ ("off" | "on")) => LinkEdits {
            enabled: Some(what == "on"),
            ..LinkEdits::default()
        },
        _ => return Err(invalid("/do", "must be target, off, on or end")),
    };
    Ok(edits)
}

/// Ends the link for ever.
pub async fn ended(request: &HttpRequest, id: TokenId) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let link = find(app, id).await?;
    let asked = RevokeToken {
        id,
        reason: None,
        by_holder: false,
        expires_at: link.row.expires_at,
    };
    let keyring = app.keyring.load();
    let by = By::fresh(Principal::Anonymous, &keyring)?;
    let ended = revoke(&*app.store, &app.revocations, asked, by, app.now()).await;
    app.link_cache.forget(id);
    ended?;
    match accept::names_html(request) {
        true => told(request, find(app, id).await?).await,
        false => Ok(HttpResponse::NoContent().finish()),
    }
}

async fn find(app: &App, id: TokenId) -> Result<OwnedLink, Problem> {
    let keyring = app.keyring.load_full();
    let found = show(&*app.store, &keyring, &app.link_policy, id, app.now()).await?;
    found.ok_or_else(|| Problem::new(ProblemCode::TokenGone).about(Some(id)))
}

async fn told(request: &HttpRequest, link: OwnedLink) -> Result<HttpResponse, Problem> {
    if !accept::names_html(request) {
        return Ok(HttpResponse::Ok().json(LinkAnswer::from(link)));
    }
    let app = App::of(request);
    let id = link.row.id;
    let asked = ShowScans::latest(ScansOf::Link(id), app.now());
    let scans = report(&*app.store, asked).await?;
    let target = link.written.as_ref().map_or("", |link| &link.target);
    let id = id.to_string();
    let view = ManagedLinkView {
        id: &id,
        state: link.state.as_str(),
        target,
        live: matches!(
            link.state,
            LinkState::Active | LinkState::Disabled | LinkState::Expired
        ),
        enabled: link.row.link.as_ref().is_some_and(|link| !link.disabled),
        needs_pin: link.needs_pin,
        revision: link.row.link.as_ref().map_or(0, |link| link.edition),
        expires_at: link.row.expires_at.map(unix_seconds),
        blocked: link.blocked.as_deref(),
        warning: link.warning.as_deref(),
        scans: scans_view(&scans, link.row.note.as_deref().unwrap_or(&id)),
    };
    let language = Language::English;
    let page = pages::managed_link(&app.site(language), &view);
    Ok(html::page(HttpResponse::Ok(), language, page))
}
