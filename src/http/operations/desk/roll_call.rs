//! `/desk/roll-call`: who is inside, to print and tick off, where the list has it; whoever is there is found by name, and let out
//! without their code. What somebody is found by is sent in a form: no address has a name in it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::clock::unix_seconds;
use crate::desk::{AskRollCall, Desk, PersonInside, RollCallError, let_out, roll_call};
use crate::http::admission::AtDesk;
use crate::http::extract::ConsoleForm;
use crate::http::operations::lists::{profiles, unknown};
use crate::http::operations::tokens::opener;
use crate::http::pages::{self, InsideView, RollCallView};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::http::{form, html};
use crate::random;
use crate::store::ListId;
use crate::telemetry::metrics;
use crate::token::{TokenId, base64url};

/// Everybody who is inside the list of the query.
pub async fn show(request: HttpRequest, who: AtDesk) -> Result<HttpResponse, Problem> {
    let mut list = None;
    for (name, value) in form::pairs(request.query_string().as_bytes()).take(8) {
        if let ("list", Some(value)) = (name.as_str(), value) {
            list = value.parse().ok();
        }
    }
    let list = list.ok_or_else(unknown)?;
    page(&request, &who, list, "", false).await
}

/// What a form of the page asks: somebody is found, or let out.
pub async fn act(
    request: HttpRequest,
    who: AtDesk,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let list: ListId = form.get("list").parse().map_err(|_| unknown())?;
    let out = form.get("out");
    if out.is_empty() {
        return page(&request, &who, list, form.get("find"), false).await;
    }
    let app = App::of(&request);
    let token: TokenId = out.parse().map_err(|_| unknown())?;
    let id = form.get("check_in_id").parse().map_err(|_| unknown())?;
    request.leave_token(token);
    let keyring = app.keyring.load_full();
    let profiles = profiles(&request);
    let desk = Desk {
        opener: opener(app, &keyring),
        profiles: &profiles,
    };
    let right = who.may().right;
    let row = let_out(desk, (list, token), &id, right, app.now()).await?;
    metrics::checked_in(row.kind.as_str(), row.outcome.as_str());
    page(
        &request,
        &who,
        list,
        "",
        row.outcome.is_passed() && row.undone_at.is_none(),
    )
    .await
}

async fn page(
    request: &HttpRequest,
    who: &AtDesk,
    list: ListId,
    find: &str,
    let_out: bool,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let keyring = app.keyring.load_full();
    let now = app.now();
    let asked = AskRollCall {
        list,
        find,
        right: who.may().right,
        now,
    };
    let called = roll_call(&*app.store, &keyring, &profiles(request), asked).await?;
    // With the token's id it makes each exit repeatable that this page can ask for.
    let random: [u8; 9] = *random::bytes()?;
    let once = base64url::encode(&random);
    let list_id = called.list.id.to_string();
    let form_token = who.form_token();
    let view = RollCallView {
        list: &list_id,
        name: &called.list.name,
        form_token: &form_token,
        find: find.trim(),
        at: unix_seconds(now),
        people: called.people,
        more: called.more,
        let_out,
        present: called
            .present
            .into_iter()
            .map(|person| inside(person, &once))
            .collect(),
    };
    let before = html::again(request);
    let site = html::site(app, request, before.as_deref());
    let page = pages::roll_call(&site, &view);
    Ok(html::page(
        HttpResponse::build(StatusCode::OK),
        site.language,
        page,
    ))
}

fn inside(person: PersonInside, once: &str) -> InsideView {
    let since = person.entered_secs();
    let fields = person.display.map(|display| display.fields);
    let token = person.token.to_string();
    InsideView {
        check_in_id: format!("{once}{token}"),
        token,
        people: person.people,
        since,
        gate: person.gate,
        fields: fields
            .unwrap_or_default()
            .into_iter()
            .map(|field| (field.label, field.value))
            .collect(),
    }
}

impl From<RollCallError> for Problem {
    fn from(error: RollCallError) -> Self {
        match error {
            RollCallError::Unknown => unknown(),
            RollCallError::NotYours => Self::new(ProblemCode::Forbidden)
                .detail("The list has no roll call, or you do not work at it."),
            RollCallError::AnotherRequest => Self::new(ProblemCode::IdempotencyConflict)
                .detail("The check_in_id was used for another exit: every form has its own."),
            RollCallError::Store(error) => error.into(),
            RollCallError::Random(error) => error.into(),
        }
    }
}
