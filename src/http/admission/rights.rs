//! Rights, as handlers' arguments: who has one of these in hand may do what it says.

use actix_web::HttpRequest;

use super::caller::{bearer, caller, caller_where, judge, known_caller, signed_in, unauthorized};
use super::local::is_from_within;
use super::passes::PassHolder;
use super::people::Person;
use super::same_site::SameSite;
use crate::config::MessagePages;
use crate::http::client;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::limits::{Budget, Subject};
use crate::principal::Principal;
use crate::profiles::FormOpen;
use crate::store::{AccountId, ApiKeyId, Scope};
use crate::token::TokenId;

/// Lets handlers take rights as arguments: each by what checks it.
macro_rules! taken_from_requests {
    ($($right:ident by $check:ident),+ $(,)?) => {$(
        impl actix_web::FromRequest for $right {
            type Error = crate::http::problem::Problem;
            type Future = std::future::Ready<Result<Self, Self::Error>>;

            fn from_request(request: &HttpRequest, _payload: &mut actix_web::dev::Payload) -> Self::Future {
                std::future::ready(Self::$check(request))
            }
        }
    )+};
}
pub(super) use taken_from_requests;

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

/// The request may revoke tokens, reset PINs and erase what receipts tell: of what it made, or of everything.
pub struct MayRevoke {
    by: Principal,
    only_of: Option<Principal>,
}

taken_from_requests! {
    MaySee by check,
    MayIssue by take,
    MayChange by take,
    MayWrite by take,
    MayRead by check,
    MayAudit by check,
    MayRevoke by check,
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

    /// As [`Self::check`], and takes the request out of what whoever asks has left.
    fn take(request: &HttpRequest) -> Result<Self, Problem> {
        Self::check(request)?.taken(request)
    }

    /// The same, and takes the request out of what whoever asks has left.
    pub fn taken(self, request: &HttpRequest) -> Result<Self, Problem> {
        let right = self;
        let by = right.subject(request);
        App::of(request).rates.take(Budget::Issues, by, 1)?;
        Ok(right)
    }
}

/// The right to fill in a form, which whoever has signed in, or whose phone has a pass, proves with the form itself where the
/// browser does not.
pub struct MayFill {
    by: Principal,
    person: Option<Person>,
    pass: Option<PassHolder>,
}

impl MayFill {
    /// The right of somebody who has signed in, at a form that is `open` so.
    pub(super) fn of_person(
        request: &HttpRequest,
        person: Person,
        open: FormOpen,
    ) -> Result<Self, Problem> {
        let by = signed_in(request, &person, Scope::Issue, open == FormOpen::Open)?;
        Ok(Self {
            by,
            person: Some(person),
            pass: None,
        })
    }

    /// The right of a phone with a pass: what it issues counts as a stranger's.
    pub(super) fn of_pass(pass: PassHolder) -> Self {
        Self {
            by: Principal::Anonymous,
            person: None,
            pass: Some(pass),
        }
    }

    /// The right to issue what was sent, by a form that carried this.
    ///
    /// # Errors
    /// `cross_site` if somebody has signed in, or the phone has a pass, and the form is not of a page of ours.
    pub fn sent(self, carried: &str) -> Result<MayIssue, Problem> {
        let of_person = (self.person)
            .is_none_or(|person| person.is_from_own_page() || person.token.is_form_token(carried));
        let of_pass = (self.pass)
            .is_none_or(|pass| pass.is_from_own_page() || pass.token.is_form_token(carried));
        match of_person && of_pass {
            true => Ok(MayIssue(self.by)),
            false => Err(Problem::new(ProblemCode::CrossSite)),
        }
    }
}

/// By what right `request` may fill in a form that is `open` so: with an API key or an account that issues, or as the form says.
pub fn may_fill(request: &HttpRequest, open: FormOpen) -> Result<MayFill, Problem> {
    let credentials = bearer(request.headers());
    if open == FormOpen::Off {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    if credentials.is_none()
        && let Some(person) = Person::of(request)
    {
        return MayFill::of_person(request, person, open);
    }
    let by = match caller_where(request, credentials, Scope::Issue, open == FormOpen::Open)? {
        Principal::Local if open == FormOpen::Accounts => {
            return Err(unauthorized(
                "This form is for people who sign in, and for API keys.",
            ));
        }
        by => by,
    };
    Ok(MayFill {
        by,
        person: None,
        pass: None,
    })
}

/// Whether whoever asks may know what does not work: those who may read, this machine, and a trusted proxy that asks for itself.
pub fn may_watch(request: &HttpRequest) -> bool {
    is_from_within(request)
        || known_caller(request, bearer(request.headers()), Scope::Read, false).is_ok()
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

impl MayRead {
    /// Whether `request` may read receipts.
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
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
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
        caller(request, Scope::Audit).map(|_| Self(()))
    }
}

impl MayRevoke {
    /// Whether `request` may revoke. Without an API key it must not come from another site's page: some of these
    /// requests have no body, and a browser sends them without asking.
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
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
