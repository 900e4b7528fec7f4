//! `/desk/pass/{code}`: the page that a volunteer's phone opens from a pass, and what its button does. Looking at it uses nothing up:
//! previews of links look, too.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse};

use crate::clock::unix_seconds;
use crate::desk::{PassCode, PassError, PassState, look_at_pass, sign_in_phone};
use crate::http::admission::{OwnForm, PassHolder, browser, passes, people, rates};
use crate::http::extract::{ConsoleForm, form_id, is_form_id};
use crate::http::html;
use crate::http::operations::door::newcomer;
use crate::http::pages::{self, PassView};
use crate::http::problem::Problem;
use crate::http::request_facts::RequestFacts as _;
use crate::http::route;
use crate::http::state::App;
use crate::limits::Budget;
use crate::principal::Principal;
use crate::store::PassRecord;

/// The page of a pass.
pub async fn show(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let Ok(code) = code(&request) else {
        return Ok(page(&request, StatusCode::NOT_FOUND, &PassView::Unknown));
    };
    let (pass, list) = match look_at_pass(&*app.store, &code, app.now()).await {
        Ok(found) => found,
        Err(PassError::Unknown) => {
            return Ok(page(&request, StatusCode::NOT_FOUND, &PassView::Unknown));
        }
        Err(error) => return Err(error.into()),
    };
    // Whoever opens the link of their own pass again goes on.
    if PassHolder::of(&request).is_some_and(|holder| holder.pass.id == pass.id) {
        return Ok(people::see_other(app, "/desk"));
    }
    if PassState::of(&pass, app.now()) != PassState::Unused {
        return Ok(page(&request, StatusCode::GONE, &spent(app, &pass)));
    }
    let view = match browser::session_cookie(app, request.head()) {
        None => PassView::NeedsHttps,
        Some(_) => PassView::Good {
            path: format!("/desk/pass/{}", code.reveal()),
            form_id: form_id(),
            list: list.name,
            until: unix_seconds(pass.ends_at),
        },
    };
    Ok(page(&request, StatusCode::OK, &view))
}

/// Signs the phone in, once.
pub async fn sign_in(
    request: HttpRequest,
    _own_page: OwnForm,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    if browser::session_cookie(app, request.head()).is_none() {
        return Ok(page(&request, StatusCode::FORBIDDEN, &PassView::NeedsHttps));
    }
    rates::take(&request, Budget::SignIns)?;
    let keyring = app.keyring.load_full();
    let browser = newcomer(&request)?.browser;
    // Without one it is as if each was sent by another page.
    let sent = Some(form.get("form_id")).filter(|id| is_form_id(id));
    let sent = sent.map_or_else(form_id, str::to_owned);
    let signed_in = match code(&request) {
        Ok(code) => sign_in_phone(&*app.store, &keyring, (&code, &sent), browser, app.now()).await,
        Err(error) => Err(error),
    };
    match signed_in {
        Ok((token, pass)) => {
            request.leave_asker(Principal::Pass(pass.id.0));
            let desk = format!("/desk{}", html::site(app, &request, None).lang_query());
            let mut answer = people::see_other(app, &desk);
            passes::hold(app, &mut answer, Some((&token, pass.ends_at)));
            Ok(answer)
        }
        Err(PassError::Spent(pass)) => Ok(page(&request, StatusCode::GONE, &spent(app, &pass))),
        Err(PassError::Unknown) => Ok(page(&request, StatusCode::NOT_FOUND, &PassView::Unknown)),
        Err(error) => Err(error.into()),
    }
}

/// What a phone sees whose pass is good no more; it forgets it.
pub async fn over(request: HttpRequest) -> HttpResponse {
    let app = App::of(&request);
    if PassHolder::of(&request).is_some() {
        return people::see_other(app, "/desk");
    }
    let mut answer = page(&request, StatusCode::OK, &PassView::Over);
    passes::hold(app, &mut answer, None);
    answer
}

fn code(request: &HttpRequest) -> Result<PassCode, PassError> {
    route::variable(request, "code").parse()
}

/// Why a pass signs no phone in.
fn spent(app: &App, pass: &PassRecord) -> PassView {
    match (PassState::of(pass, app.now()), pass.used_at) {
        (PassState::Used, Some(at)) => PassView::Used {
            at: unix_seconds(at),
            browser: pass.browser.clone().unwrap_or_default(),
        },
        _ => PassView::Ended,
    }
}

fn page(request: &HttpRequest, status: StatusCode, view: &PassView) -> HttpResponse {
    let before = html::again(request);
    let site = html::site(App::of(request), request, before.as_deref());
    let page = pages::pass(&site, view);
    let mut answer = html::page(HttpResponse::build(status), site.language, page);
    // Browsers say in its form which page it is from.
    let policy = HeaderValue::from_static("same-origin");
    answer.headers_mut().insert(REFERRER_POLICY, policy);
    answer
}
