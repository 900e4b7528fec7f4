//! Rights at check-in lists, as handlers' arguments.

use actix_web::HttpRequest;
use actix_web::http::Method;

use super::caller::{bearer, caller, known_caller};
use super::passes::PassHolder;
use super::people::Person;
use super::rights::{MayFill, taken_from_requests};
use super::same_site::SameSite;
use crate::desk::DeskRight;
use crate::http::problem::{Problem, ProblemCode};
use crate::principal::Principal;
use crate::profiles::{FormOpen, Profile, Way};
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

    /// Whether they may fill in the form of a profile for whoever has no code: as at its own address. A phone with a pass issues what
    /// anyone may, and nothing else.
    pub fn fills_in(&self, profile: &Profile) -> bool {
        let Some(form) = &profile.form else {
            return false;
        };
        let (issues, by) = match self {
            Self::Person(person) => (person.account.role.may(Scope::Issue), person.principal()),
            Self::Pass(_) => (false, Principal::Anonymous),
        };
        let is_open = match form.open {
            FormOpen::Off => false,
            FormOpen::Local | FormOpen::Accounts => issues,
            FormOpen::Open => true,
        };
        is_open && profile.is_for(by, Way::Form)
    }

    /// By what right they fill it in. What a phone with a pass issues counts as a stranger's.
    pub fn may_fill(&self, request: &HttpRequest, profile: &Profile) -> Result<MayFill, Problem> {
        let open = profile.form.as_ref().map(|form| form.open);
        match (open.filter(|_| self.fills_in(profile)), self) {
            (None, _) => Err(Problem::new(ProblemCode::Forbidden)
                .detail("You may not fill in this form: somebody who issues codes can.")),
            (Some(open), Self::Person(person)) => MayFill::of_person(request, person.clone(), open),
            (Some(_), Self::Pass(pass)) => Ok(MayFill::of_pass(pass.clone())),
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
