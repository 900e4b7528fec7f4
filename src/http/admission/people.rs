//! People who have signed in: which session a request is of.
//!
//! Belongs here: the cookie, and what holds a request to a row of the table of routes. Does not belong here: passwords and how a
//! session begins (`accounts`), what each row asks for (`routes`), and how a browser says what it holds (`browser`).

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};

use super::browser::{PageOrigin, cookies, is_elsewhere, page_origin, session_cookie};
use super::passes;
use crate::accounts::{self, SessionToken};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::route::Route;
use crate::http::state::App;
use crate::principal::Principal;
use crate::store::{AccountRecord, SESSION_SECS, Scope, SessionRecord};

/// Somebody who has signed in, as an argument of handlers.
#[derive(Clone)]
pub struct Person(Rc<SignedIn>);

/// Who has signed in, and where.
pub struct SignedIn {
    /// What the browser holds.
    pub token: SessionToken,
    /// The session.
    pub session: SessionRecord,
    /// Whose it is.
    pub account: AccountRecord,
    /// Whether the role takes a second factor that the account does not have yet: until it is set, nothing else can be done.
    pub lacks_second_factor: bool,
    /// What the browser says of the page that made the request.
    origin: PageOrigin,
}

impl std::ops::Deref for Person {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

impl Person {
    /// Who has signed in with the session of `request`, if anybody has.
    pub fn of(request: &impl HttpMessage) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// Who it is.
    pub fn principal(&self) -> Principal {
        Principal::Account(self.account.id.0)
    }

    /// Whose codes this person sees and ends; `None`: everybody's.
    pub fn only_of(&self) -> Option<Principal> {
        (!self.account.role.may(Scope::ReadAll)).then(|| self.principal())
    }

    /// Whether a page of ours made the request, as far as the browser says so.
    pub fn is_from_own_page(&self) -> bool {
        self.origin == PageOrigin::Own
    }
}

impl FromRequest for Person {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or_else(|| Problem::new(ProblemCode::Unauthorized)))
    }
}

/// Where a second factor is set. Whoever lacks one is led here, and may do no more than this and sign out.
const SECOND_FACTOR: &str = "/console/second-factor";

/// Finds out who has signed in, and holds the request to its row: whom the row is not for is answered here, before anything is
/// read.
///
/// # Errors
///
/// `forbidden` for another role, `cross_site` for what another site's page made, `temporarily_unavailable` if the store does not
/// answer.
pub async fn admit(
    app: &App,
    row: &Route,
    request: &ServiceRequest,
) -> Result<Option<HttpResponse>, Problem> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // A form of another site, or of a frame that has no origin, is nobody's.
    let is_nobodys = !reads && is_elsewhere(request.headers());
    if row.passes
        && let Some(pass) = passes::identify(app, request).await?
    {
        if is_nobodys {
            return Err(Problem::new(ProblemCode::CrossSite));
        }
        request.leave_asker(pass.principal());
        request.extensions_mut().insert(pass);
        return Ok(None);
    }
    if !row.knows_people() {
        return Ok(None);
    }
    let Some(person) = identify(app, request).await? else {
        let had_pass = row.passes && passes::had_one(app, request);
        let to = if had_pass { "/desk/pass" } else { "/sign-in" };
        return Ok((!row.roles.is_empty()).then(|| see_other(app, to)));
    };
    if is_nobodys {
        return Err(Problem::new(ProblemCode::CrossSite));
    }
    let may_without = [SECOND_FACTOR, "/sign-out"].contains(&row.path);
    if person.lacks_second_factor && !row.roles.is_empty() && !may_without {
        return Ok(Some(see_other(app, SECOND_FACTOR)));
    }
    if !row.roles.is_empty() {
        request.leave_asker(person.principal());
        if !row.roles.contains(&person.account.role) {
            return Err(Problem::new(ProblemCode::Forbidden)
                .detail("Your role does not include this. An admin can change your role."));
        }
    }
    request.extensions_mut().insert(person);
    Ok(None)
}

async fn identify(app: &App, request: &ServiceRequest) -> Result<Option<Person>, Problem> {
    let Some(name) = session_cookie(app, request.head()) else {
        return Ok(None);
    };
    let held = cookies(request.headers(), name).filter_map(|value| value.parse().ok());
    // A browser sends one of this name; who sends more is asked for the first two.
    for token in held.take(2).collect::<Vec<SessionToken>>() {
        if let Some((session, account)) = accounts::identify(&*app.store, &token, app.now()).await?
        {
            let origin = page_origin(request.headers());
            let takes_second = app.config.accounts.require_totp(account.role);
            return Ok(Some(Person(Rc::new(SignedIn {
                lacks_second_factor: takes_second && account.second_factor_at.is_none(),
                token,
                session,
                account,
                origin,
            }))));
        }
    }
    Ok(None)
}

/// Sends a browser on to this path of ours.
pub fn see_other(app: &App, path: &str) -> HttpResponse {
    let to = format!("{}{path}", app.links.base_path());
    let mut answer = HttpResponse::new(StatusCode::SEE_OTHER);
    if let Ok(to) = HeaderValue::from_str(&to) {
        answer.headers_mut().insert(LOCATION, to);
    }
    answer
}

/// Lets the browser hold a session from now on; of none, lets it forget the one that it holds.
pub fn hold(app: &App, answer: &mut HttpResponse, token: Option<&SessionToken>) {
    let Some(name) = app.config.session_cookie() else {
        return;
    };
    let (value, secs) = match token {
        Some(token) => (token.reveal(), SESSION_SECS),
        None => ("", 0),
    };
    let secure = if app.https { "; Secure" } else { "" };
    let cookie =
        format!("{name}={value}; Path=/; Max-Age={secs}; HttpOnly; SameSite=Strict{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
}
