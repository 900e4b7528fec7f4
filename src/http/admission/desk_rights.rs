//! Rights at check-in lists, as handlers' arguments.

use actix_web::HttpRequest;
use actix_web::http::Method;

use super::caller::{bearer, caller, known_caller};
use super::passes::PassHolder;
use super::people::Person;
use super::rights::taken_from_requests;
use super::same_site::SameSite;
use crate::desk::DeskRight;
use crate::http::problem::{Problem, ProblemCode};
use crate::principal::Principal;
use crate::store::Scope;

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

/// Somebody at the page `/desk`: who signed in, or whose phone has a pass.
pub enum AtDesk {
    /// Who signed in; the route says that their role has a desk.
    Person(Person),
    /// Whose phone has a pass.
    Pass(PassHolder),
}

taken_from_requests! {
    AtDesk by check,
    MaySeeVisits by check,
    MayList by check,
    MayCheck by check,
}

impl AtDesk {
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
        let pass = PassHolder::of(request).map(Self::Pass);
        let person = || Person::of(request).map(Self::Person);
        pass.or_else(person)
            .ok_or_else(|| Problem::new(ProblemCode::Unauthorized))
    }

    /// What they may do.
    pub fn may(&self) -> MayCheck {
        match self {
            Self::Person(person) => {
                let manages = person.account.role.may(Scope::Lists);
                let right = DeskRight {
                    principal: person.principal(),
                    every_list: manages,
                    pass_of: None,
                };
                MayCheck { right, manages }
            }
            Self::Pass(pass) => MayCheck {
                right: pass.right(),
                manages: false,
            },
        }
    }

    /// What proves that a form is of our page.
    pub fn form_token(&self) -> String {
        match self {
            Self::Person(person) => person.token.form_token(),
            Self::Pass(pass) => pass.token.form_token(),
        }
    }

    /// The phone's pass, if it has one.
    pub fn pass(&self) -> Option<&PassHolder> {
        match self {
            Self::Person(_) => None,
            Self::Pass(pass) => Some(pass),
        }
    }
}

impl MayList {
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
        right_of(request, caller(request, Scope::Lists)?).map(Self)
    }
}

impl MaySeeVisits {
    /// Whether `request` may see visits.
    pub fn check(request: &HttpRequest) -> Result<Self, Problem> {
        right_of(request, caller(request, Scope::Visits)?).map(Self)
    }
}

impl MayCheck {
    fn check(request: &HttpRequest) -> Result<Self, Problem> {
        if let Some(pass) = PassHolder::of(request) {
            let looks = matches!(*request.method(), Method::GET | Method::HEAD);
            return match looks || pass.is_from_own_page() {
                true => Ok(AtDesk::Pass(pass).may()),
                false => Err(Problem::new(ProblemCode::CrossSite)),
            };
        }
        let principal = caller(request, Scope::Check).or_else(|refused| {
            // Who makes lists sees them.
            let looks = matches!(*request.method(), Method::GET | Method::HEAD);
            match looks {
                true => caller(request, Scope::Lists).map_err(|_| refused),
                false => Err(refused),
            }
        })?;
        let right = right_of(request, principal)?;
        let manages = right.every_list || {
            let credentials = bearer(request.headers());
            known_caller(request, credentials, Scope::Lists, false).is_ok()
        };
        Ok(Self { right, manages })
    }
}

/// The right of whoever asks. Where nobody is asked who it is, a change must not come from another site's page.
fn right_of(request: &HttpRequest, principal: Principal) -> Result<DeskRight, Problem> {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    if principal == Principal::Local && !looks {
        SameSite::check(request)?;
    }
    Ok(DeskRight {
        principal,
        every_list: at_every_list(request, principal),
        pass_of: None,
    })
}

/// Whether somebody works at every list: people whose role makes lists, and whoever is on this machine where nobody is asked.
fn at_every_list(request: &HttpRequest, principal: Principal) -> bool {
    match principal {
        Principal::Local => true,
        Principal::Account(_) => {
            Person::of(request).is_some_and(|person| person.account.role.may(Scope::Lists))
        }
        _ => false,
    }
}
