//! Phones that have a pass: which session a request to the desk is of.
//!
//! Belongs here: the cookie, which browsers send to the desk alone. Does not belong here: how a pass is used (`desk`), and which
//! rows a pass opens (`routes`).

use std::rc::Rc;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderValue, SET_COOKIE};
use actix_web::{HttpMessage, HttpResponse};

use super::browser::{PageOrigin, cookies, page_origin, session_cookie};
use crate::accounts::SessionToken;
use crate::desk::{DeskRight, pass_of_phone};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::principal::Principal;
use crate::store::PassRecord;
use crate::token::UnixTime;

/// A phone that is signed in with a pass.
#[derive(Clone)]
pub struct PassHolder(Rc<Held>);

/// What is known of it.
pub struct Held {
    /// What the browser holds.
    pub token: SessionToken,
    /// The pass, which is good.
    pub pass: PassRecord,
    origin: PageOrigin,
}

impl std::ops::Deref for PassHolder {
    type Target = Held;

    fn deref(&self) -> &Held {
        &self.0
    }
}

impl PassHolder {
    /// The phone that made `request`, if it has a pass and asks for what a pass opens.
    pub fn of(request: &impl HttpMessage) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// What it may do: check in at its list, and undo what it did.
    pub fn right(&self) -> DeskRight {
        DeskRight {
            principal: self.principal(),
            every_list: false,
            pass_of: Some(self.pass.list),
        }
    }

    /// Who it is.
    pub fn principal(&self) -> Principal {
        Principal::Pass(self.pass.id.0)
    }

    /// Whether a page of ours made the request, as far as the browser says so.
    pub fn is_from_own_page(&self) -> bool {
        self.origin == PageOrigin::Own
    }
}

/// The phone that made `request`, if it has a pass that is good.
///
/// # Errors
///
/// `temporarily_unavailable` if the store does not answer.
pub async fn identify(app: &App, request: &ServiceRequest) -> Result<Option<PassHolder>, Problem> {
    for token in held(app, request).take(2).collect::<Vec<_>>() {
        if let Some(pass) = pass_of_phone(&*app.store, &token, app.now()).await? {
            let origin = page_origin(request.headers());
            return Ok(Some(PassHolder(Rc::new(Held {
                token,
                pass,
                origin,
            }))));
        }
    }
    Ok(None)
}

/// Whether the phone had a pass.
pub fn had_one(app: &App, request: &ServiceRequest) -> bool {
    held(app, request).next().is_some()
}

fn held<'a>(
    app: &App,
    request: &'a ServiceRequest,
) -> impl Iterator<Item = SessionToken> + use<'a> {
    let name = session_cookie(app, request.head()).map(|_| cookie(app));
    name.into_iter()
        .flat_map(|name| cookies(request.headers(), name))
        .filter_map(|value| value.parse().ok())
}

fn cookie(app: &App) -> &'static str {
    match app.https {
        true => "__Secure-qrseal-pass",
        false => "qrseal-pass",
    }
}

/// Lets the browser hold what it signed in with until a time; of none, lets it forget what it holds.
pub fn hold(app: &App, answer: &mut HttpResponse, session: Option<(&SessionToken, UnixTime)>) {
    let (value, secs) = match session {
        Some((token, until)) => {
            let left = until.as_secs().saturating_sub(app.now().as_secs());
            (token.reveal(), left)
        }
        None => ("", 0),
    };
    let (name, base) = (cookie(app), app.links.base_path());
    let secure = if app.https { "; Secure" } else { "" };
    let cookie = format!(
        "{name}={value}; Path={base}/desk; Max-Age={secs}; HttpOnly; SameSite=Strict{secure}"
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(SET_COOKIE, cookie);
    }
}
