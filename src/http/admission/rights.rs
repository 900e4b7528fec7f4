//! Rights, as handlers' arguments: who has one of these in hand may do what it says.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use super::local::is_local;
use super::people::Person;
use super::same_site::SameSite;
use crate::api_keys::{ApiKey, Presented, Refused};
use crate::config::{Issuing, MessagePages};
use crate::desk::DeskRight;
use crate::http::client;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::AskedBy;
use crate::http::state::{self, App};
use crate::limits::{Budget, Subject};
use crate::principal::Principal;
use crate::store::{AccountId, ApiKeyId, Scope};
use crate::token::TokenId;

/// The request may issue tokens.
pub struct MayIssue(pub Principal);

/// The request may change what stored codes show: those that it made, or all of them if it may revoke those, too.
pub struct MayChange {
    by: Principal,
    only_of: Option<Principal>,
}

/// The request may write messages.
pub struct MayWrite(pub MayIssue);

/// The request may see links: those that it made, or all.
pub struct MaySee {
    only_of: Option<Principal>,
}

/// The request may read receipts: those of what it made, or all.
pub struct MayRead {
    only_of: Option<Principal>,
}

/// The request may read the audit log.
pub struct MayAudit(());

/// The request may make and change check-in lists: those that it made, or all.
pub struct MayList(pub DeskRight);

/// The request may ask who was at check-in lists that it may change, and erase visits.
pub struct MaySeeVisits(pub DeskRight);

/// The request may check codes in and out, at lists that it was given, or at all.
pub struct MayCheck {
    /// At which lists.
    pub right: DeskRight,
    /// Whether it may make and change lists, too.
    pub manages: bool,
}

/// The request may revoke tokens, reset PINs and erase what receipts tell: of what it made, or of everything.
pub struct MayRevoke {
    by: Principal,
    only_of: Option<Principal>,
}

impl MayIssue {
    /// Whether `request` may issue.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        caller(request, Scope::Issue).map(Self)
    }

    /// Whose rates and quotas the request counts against.
    pub fn subject(&self, request: &HttpRequest) -> Subject {
        match self.0 {
            Principal::Key(number) => Subject::ApiKey(ApiKeyId(number)),
            Principal::Account(number) => Subject::Account(AccountId(number)),
            Principal::Local => Subject::Local,
            _ => Subject::client(client::address(request)),
        }
    }

    /// By what right a form issues: with the API key that was typed into it, if there is one, and else as [`Self::check`]
    /// says. The request is taken out of what whoever asks has left.
    pub fn take_typed(request: &HttpRequest, key: Option<&str>) -> Result<Self, Problem> {
        let right = match key {
            Some(key) => judge(request, Some(key), Scope::Issue).map(Self)?,
            None => Self::check(request)?,
        };
        right.taken(request)
    }

    /// The right of somebody who has signed in, at a route that is for roles that make codes. The request is taken out of what they
    /// have left.
    pub fn of_person(request: &HttpRequest, person: &Person) -> Result<Self, Problem> {
        Self(person.principal()).taken(request)
    }

    /// The same, and takes the request out of what whoever asks has left.
    fn take(request: &HttpRequest) -> Result<Self, Problem> {
        Self::check(request)?.taken(request)
    }

    fn taken(self, request: &HttpRequest) -> Result<Self, Problem> {
        let right = self;
        let by = right.subject(request);
        App::of(request).rates.take(Budget::Issues, by, 1)?;
        Ok(right)
    }
}

impl MayChange {
    /// Whether `request` may change codes: with an API key that issues, whoever may issue without one; or on this machine
    /// where no key was ever made.
    fn take(request: &HttpRequest) -> Result<Self, Problem> {
        let by = caller_where(request, bearer(request.headers()), Scope::Issue, false)?;
        let only_of = only_of(request, by, Scope::RevokeAll);
        let right = Self { by, only_of };
        App::of(request)
            .rates
            .take(Budget::Issues, right.subject(request), 1)?;
        Ok(right)
    }

    /// Whose rates the request counts against.
    pub fn subject(&self, request: &HttpRequest) -> Subject {
        MayIssue(self.by).subject(request)
    }

    /// Who asks.
    pub fn by(&self) -> Principal {
        self.by
    }

    /// Whose codes may be changed; `None`: everybody's.
    pub fn only_of(&self) -> Option<Principal> {
        self.only_of
    }
}

impl MayWrite {
    /// Whether `request` may write messages, as `pages.message` says, or as whoever issues where it says nothing.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let credentials = bearer(request.headers());
        let by = match App::of(request).config.pages.message {
            Some(MessagePages::Off) => return Err(Problem::new(ProblemCode::NotFound)),
            Some(MessagePages::Local) => caller_where(request, credentials, Scope::Issue, false),
            Some(MessagePages::Accounts) => {
                match caller_where(request, credentials, Scope::Issue, false) {
                    Ok(Principal::Local) => Err(unauthorized(
                        "Messages are written by people who sign in, and with API keys.",
                    )),
                    judged => judged,
                }
            }
            Some(MessagePages::Open) => caller_where(request, credentials, Scope::Issue, true),
            None => caller(request, Scope::Issue),
        };
        by.map(MayIssue).map(Self)
    }

    /// The same, and takes the request out of what whoever asks has left.
    fn take(request: &HttpRequest) -> Result<Self, Problem> {
        Self::check(request)?.0.taken(request).map(Self)
    }
}

impl MaySee {
    /// Whether `request` may see links: with an API key that reads, or that makes them.
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let credentials = bearer(request.headers());
        let by = caller_where(request, credentials, Scope::Read, false)
            .or_else(|_| caller_where(request, credentials, Scope::Issue, false))?;
        let only_of = only_of(request, by, Scope::ReadAll);
        Ok(Self { only_of })
    }

    /// Whose links may be seen; `None`: everybody's.
    pub fn only_of(&self) -> Option<Principal> {
        self.only_of
    }
}

impl FromRequest for MaySee {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl MayRead {
    /// Whether `request` may read receipts.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let by = caller(request, Scope::Read)?;
        let only_of = only_of(request, by, Scope::ReadAll);
        Ok(Self { only_of })
    }

    /// Whose receipts may be read; `None`: everybody's.
    pub fn only_of(&self) -> Option<Principal> {
        self.only_of
    }

    /// Checks whether the receipt of what `made_by` made may be read. `None` is nobody, or somebody who is not known.
    pub fn of(&self, made_by: Option<Principal>) -> Result<(), Problem> {
        made(self.only_of, made_by, Scope::ReadAll)
    }
}

impl MayAudit {
    /// Whether `request` may read the audit log.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        caller(request, Scope::Audit).map(|_| Self(()))
    }
}

impl MayList {
    /// Whether `request` may change lists. Without an API key it must not come from another site's page.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let principal = caller(request, Scope::Lists)?;
        let every_list = at_every_list(request, principal)?;
        Ok(Self(DeskRight {
            principal,
            every_list,
        }))
    }
}

impl MaySeeVisits {
    /// Whether `request` may see visits.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let principal = caller(request, Scope::Visits)?;
        let every_list = at_every_list(request, principal)?;
        Ok(Self(DeskRight {
            principal,
            every_list,
        }))
    }
}

impl FromRequest for MaySeeVisits {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl MayCheck {
    /// Whether `request` may check in.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let principal = caller(request, Scope::Check).or_else(|refused| {
            // Who makes lists sees them.
            let looks = matches!(*request.method(), Method::GET | Method::HEAD);
            match looks {
                true => caller(request, Scope::Lists).map_err(|_| refused),
                false => Err(refused),
            }
        })?;
        let every_list = at_every_list(request, principal)?;
        let credentials = bearer(request.headers());
        let manages = every_list || known_caller(request, credentials, Scope::Lists, false).is_ok();
        Ok(Self {
            right: DeskRight {
                principal,
                every_list,
            },
            manages,
        })
    }
}

/// Whether somebody works at every list: people whose role makes lists, and whoever is on this machine where nobody is asked.
fn at_every_list(request: &HttpRequest, principal: Principal) -> Result<bool, Problem> {
    match principal {
        Principal::Local => {
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                SameSite::check(request)?;
            }
            Ok(true)
        }
        Principal::Account(_) => {
            let person = Person::of(request);
            Ok(person.is_some_and(|person| person.account.role.may(Scope::Lists)))
        }
        _ => Ok(false),
    }
}

impl FromRequest for MayList {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl FromRequest for MayCheck {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl MayRevoke {
    /// Whether `request` may revoke. Without an API key it must not come from another site's page: some of these
    /// requests have no body, and a browser sends them without asking.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let caller = caller(request, Scope::Revoke)?;
        if caller == Principal::Local {
            SameSite::check(request)?;
        }
        let only_of = only_of(request, caller, Scope::RevokeAll);
        Ok(Self {
            by: caller,
            only_of,
        })
    }

    /// Who may do it to this token. Who may not is not told whether there is such a token.
    pub async fn over(&self, request: &HttpRequest, id: TokenId) -> Result<Principal, Problem> {
        if self.only_of.is_some() {
            let receipt = App::of(request).store.receipt(id).await?;
            let made_by = receipt.and_then(|receipt| receipt.made_by);
            made(self.only_of, made_by, Scope::RevokeAll)?;
        }
        Ok(self.by)
    }
}

impl FromRequest for MayIssue {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::take(request))
    }
}

impl FromRequest for MayChange {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::take(request))
    }
}

impl FromRequest for MayWrite {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::take(request))
    }
}

impl FromRequest for MayRead {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl FromRequest for MayAudit {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

impl FromRequest for MayRevoke {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::check(request))
    }
}

/// Whether the right that was checked is that of an API key or an account.
pub fn has_api_key(request: &HttpRequest) -> bool {
    let extensions = request.extensions();
    let asked_by = extensions.get::<AskedBy>();
    matches!(
        asked_by,
        Some(AskedBy(Principal::Key(_) | Principal::Account(_)))
    )
}

/// Who asks. Where no right is needed, whoever shows a valid API key, of whatever scope, is known by it.
pub fn principal(request: &HttpRequest) -> Principal {
    if let Some(AskedBy(principal)) = request.extensions().get::<AskedBy>() {
        return *principal;
    }
    let app = App::of(request);
    let key = bearer(request.headers()).and_then(|credentials| presented(app, credentials).ok());
    match key {
        Some(key) => Principal::Key(key.id.0),
        None if app.config.is_local()
            && is_local(request.head())
            && app.asks_who() == Some(false) =>
        {
            Principal::Local
        }
        None => Principal::Anonymous,
    }
}

/// Who asks for what needs `scope`.
fn caller(request: &HttpRequest, scope: Scope) -> Result<Principal, Problem> {
    judge(request, bearer(request.headers()), scope)
}

/// Who brings these credentials for what needs `scope`.
fn judge(
    request: &HttpRequest,
    credentials: Option<&str>,
    scope: Scope,
) -> Result<Principal, Problem> {
    let open = scope == Scope::Issue && App::of(request).config.auth.issuing == Issuing::Open;
    caller_where(request, credentials, scope, open)
}

/// The same; where it is `open`, anyone may. Left for the log.
fn caller_where(
    request: &HttpRequest,
    credentials: Option<&str>,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    let caller = known_caller(request, credentials, scope, open)?;
    request.extensions_mut().insert(AskedBy(caller));
    Ok(caller)
}

fn known_caller(
    request: &HttpRequest,
    credentials: Option<&str>,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    if credentials.is_none()
        && let Some(person) = Person::of(request)
    {
        return person_may(request, &person, scope, open);
    }
    let app = App::of(request);
    match credentials {
        Some(credentials) => match presented(app, credentials) {
            Ok(key) if open || key.scopes.contains(scope) => Ok(Principal::Key(key.id.0)),
            Ok(_) => Err(lacks(scope)),
            // Where nobody needs a key, what another gateway put there is not ours to judge.
            Err(_) if open && !is_ours(credentials) => Ok(Principal::Anonymous),
            Err(problem) => Err(problem),
        },
        None if open => Ok(Principal::Anonymous),
        None if app.config.is_local() && is_local(request.head()) => match app.asks_who() {
            Some(false) => Ok(Principal::Local),
            Some(true) => Err(unauthorized(
                "API keys or accounts exist, so this needs one: Authorization: Bearer qrs_..., or sign in.",
            )),
            None => Err(not_read_yet()),
        },
        None => Err(unauthorized(
            "This needs an API key, or that you sign in: Authorization: Bearer qrs_...",
        )),
    }
}

/// What somebody who has signed in may do, if a page of ours asks for it.
fn person_may(
    request: &HttpRequest,
    person: &Person,
    scope: Scope,
    open: bool,
) -> Result<Principal, Problem> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !person.is_from_own_page() {
        return Err(Problem::new(ProblemCode::CrossSite));
    }
    if person.lacks_second_factor {
        return Err(Problem::new(ProblemCode::Forbidden)
            .detail("Your role takes a second factor. Set it at /console/second-factor first."));
    }
    match open || person.account.role.may(scope) {
        true => Ok(person.principal()),
        false => Err(Problem::new(ProblemCode::Forbidden)
            .detail("Your role does not include this. An admin can change your role.")
            .member("missing_scope", scope.as_str())),
    }
}

/// Whose tokens `by` sees or changes: its own, unless `all` is in its scope or nobody needs an API key yet.
fn only_of(request: &HttpRequest, by: Principal, all: Scope) -> Option<Principal> {
    let every = by == Principal::Local
        || known_caller(request, bearer(request.headers()), all, false).is_ok();
    (!every).then_some(by)
}

/// Whether what `made_by` made may be seen or changed by somebody who may do it to nothing `but_of` this one's.
fn made(but_of: Option<Principal>, made_by: Option<Principal>, all: Scope) -> Result<(), Problem> {
    if but_of.is_none() || but_of == made_by {
        return Ok(());
    }
    let all = all.as_str();
    let detail = format!(
        "You are not known to have made this code: what others made takes the scope {all}. Who made a code is known \
         of stored ones and of those that were issued with remember or a note."
    );
    Err(Problem::new(ProblemCode::Forbidden)
        .detail(detail)
        .member("missing_scope", all))
}

/// The credentials after `Bearer` (RFC 6750, section 2.1). Other schemes are not for us.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(AUTHORIZATION).find_map(|value| {
        let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| credentials.trim())
    })
}

fn is_ours(credentials: &str) -> bool {
    credentials.starts_with(ApiKey::PREFIX)
}

fn presented(app: &App, credentials: &str) -> Result<Presented, Problem> {
    let key: ApiKey = credentials
        .parse()
        .map_err(|_| unauthorized("This is no API key of this server."))?;
    let now = state::now();
    app.api_keys
        .present(&key, now)
        .map_err(|refused| match refused {
            Refused::NotReadYet => not_read_yet(),
            Refused::Unknown => unauthorized("This is no API key of this server."),
            Refused::Disabled => unauthorized("The API key was disabled."),
            Refused::Expired => unauthorized("The API key has expired."),
        })
}

fn unauthorized(detail: &str) -> Problem {
    Problem::new(ProblemCode::Unauthorized).detail(detail)
}

fn lacks(scope: Scope) -> Problem {
    let scope = scope.as_str();
    Problem::new(ProblemCode::Forbidden)
        .detail(format!("The API key does not have the scope {scope}."))
        .member("missing_scope", scope)
}

fn not_read_yet() -> Problem {
    Problem::new(ProblemCode::TemporarilyUnavailable)
        .detail("The server has not been able to read its API keys yet.")
}
