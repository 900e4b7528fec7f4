//! Rights at check-in lists, as handlers' arguments.

use actix_web::HttpRequest;
use actix_web::http::Method;

use super::caller::{bearer, caller, known_caller};
use super::people::Person;
use super::rights::taken_from_requests;
use super::same_site::SameSite;
use crate::desk::DeskRight;
use crate::http::problem::Problem;
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

taken_from_requests! {
    MaySeeVisits by check,
    MayList by check,
    MayCheck by check,
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
