//! The forms of a list's page: what it asks from now on, who works at it, a check-in undone, closed and opened, and its end.
//!
//! Belongs here: what is read from the forms, and what of it is shown again when it was refused. Does not belong here: the page
//! around them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::asked::{self, Shown};
use super::staff::People;
use super::{Here, Refused, found};
use crate::audit::By;
use crate::clock::rfc3339;
use crate::desk::{
    ChangeError, Changing, ListAnswer, ListEdits, change_list, delete_list, set_staff, zone_of,
};
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::operations::check_ins::undo::undone;
use crate::http::operations::console::lists;
use crate::http::operations::console::typed::Typed;
use crate::http::operations::console::{
    confirmed, desk_profiles, desk_right, is_sure, may_check, text,
};
use crate::http::operations::lists::ListIdInPath;
use crate::http::pages::console::{FieldKind, Notice, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::principal::Principal;
use crate::store::ListRecord;

/// Does what a form of the page asks.
pub async fn change(
    request: HttpRequest,
    person: Person,
    ListIdInPath(id): ListIdInPath,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let here = Here {
        request: &request,
        person: &person,
    };
    let list = found(App::of(&request), id).await?;
    match form.get("do") {
        "change" => here.change(list, &form).await,
        "close" | "open" => here.close_or_open(list, &form).await,
        "give" | "take" => here.give_or_take(list, &form).await,
        "undo" => here.undo(list, &form).await,
        "delete" => here.delete(list, &form).await,
        _ => Err(no_such_form()),
    }
}

fn no_such_form() -> Problem {
    Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")
}

impl Here<'_> {
    fn changing(self, list: &ListRecord, form: &ConsoleForm) -> Changing {
        Changing {
            id: list.id,
            if_revision: Some(form.get("revision").parse().unwrap_or(0)),
            right: desk_right(self.person),
            now: App::of(self.request).now(),
        }
    }

    async fn done(self, list: ListRecord, words: &str) -> Result<HttpResponse, Problem> {
        let notice = Some(Notice::done(words));
        self.page(list, StatusCode::OK, notice, Refused::default())
            .await
    }

    async fn refused(
        self,
        list: ListRecord,
        notice: Option<&str>,
        refused: Refused,
    ) -> Result<HttpResponse, Problem> {
        let wrong = StatusCode::UNPROCESSABLE_ENTITY;
        self.page(list, wrong, notice.map(Notice::refused), refused)
            .await
    }

    /// What it asks from now on.
    async fn change(self, list: ListRecord, form: &ConsoleForm) -> Result<HttpResponse, Problem> {
        let app = App::of(self.request);
        let answer = ListAnswer::of(list.clone());
        let (shown, profiles) = (Shown::of(&answer), desk_profiles(self.request));
        let changing = self.changing(&list, form);
        let mut typed = asked::typed(form);
        let members = asked::members(&mut typed, shown);
        if typed.is_refused() {
            let refused = Refused {
                typed: Some(typed),
                ..Refused::default()
            };
            return self.refused(list, None, refused).await;
        }
        let members = asked::changed(members, &answer, &zone_of(&list));
        if members.is_empty() && changing.if_revision == Some(list.revision) {
            let words = "That is as it was: nothing was changed.";
            return self.refused(list, Some(words), Refused::default()).await;
        }
        let keyring = app.keyring.load_full();
        let by = By::fresh(self.person.principal(), &keyring)?;
        let changed = match ListEdits::read(members) {
            Ok(edits) => change_list(&*app.store, &profiles, changing, &edits, by).await,
            Err(fault) => Err(fault.into()),
        };
        match changed {
            Ok(list) => {
                let words =
                    "It is changed. Whoever is at the door is judged by it from the next scan on.";
                self.done(list, words).await
            }
            Err(ChangeError::Fault(fault)) => {
                let beside = asked::refuse(&mut typed, &fault, shown, &profiles);
                let words = format!("{fault}. Nothing was changed.");
                let refused = Refused {
                    typed: Some(typed),
                    ..Refused::default()
                };
                let notice = (!beside).then_some(words.as_str());
                self.refused(list, notice, refused).await
            }
            Err(ChangeError::Conflict(_)) => self.both(&list, typed).await,
            Err(error) => Err(error.into()),
        }
    }

    /// Somebody else changed it meanwhile: what it asks now, and what was wanted.
    async fn both(self, list: &ListRecord, typed: Typed) -> Result<HttpResponse, Problem> {
        let list = found(App::of(self.request), list.id).await?;
        let answer = ListAnswer::of(list.clone());
        let (shown, profiles) = (Shown::of(&answer), desk_profiles(self.request));
        let now = asked::filled(&answer, &zone_of(&list));
        let [now, wanted] =
            [&now, &typed].map(|typed| asked::fields(typed, shown, &profiles).into_iter());
        let rows = now
            .zip(wanted)
            .filter(|(now, wanted)| now.value != wanted.value);
        let rows = rows.map(|(now, wanted)| {
            let said = |value: &str| text(chosen(&now.kind, value));
            vec![text(now.label), said(&now.value), said(&wanted.value)]
        });
        let differs = Table {
            caption: "What it asks now, and what you wanted",
            head: vec!["Field", "It is now", "You wanted"],
            rows: rows.collect(),
            empty: "It is as you wanted it.",
        };
        let refused = Refused {
            typed: Some(typed),
            differs: Some(differs),
            ..Refused::default()
        };
        let words = "Somebody else has changed this list meanwhile. Nothing of yours was changed: look at both, and send it again.";
        let (status, notice) = (StatusCode::PRECONDITION_FAILED, Notice::refused(words));
        self.page(list, status, Some(notice), refused).await
    }

    /// Somebody else changed it meanwhile, and this was wanted.
    async fn meanwhile(self, list: &ListRecord, wanted: &str) -> Result<HttpResponse, Problem> {
        let list = found(App::of(self.request), list.id).await?;
        let words = format!(
            "Somebody else has changed this list meanwhile: below is how it is now. You wanted {wanted}. Nothing was changed; look, and \
             send it again."
        );
        let (status, notice) = (StatusCode::PRECONDITION_FAILED, Notice::refused(words));
        self.page(list, status, Some(notice), Refused::default())
            .await
    }

    /// Nobody enters from now on, or they do again.
    async fn close_or_open(
        self,
        list: ListRecord,
        form: &ConsoleForm,
    ) -> Result<HttpResponse, Problem> {
        let app = App::of(self.request);
        let closes = form.get("do") == "close";
        if closes && !is_sure(form) {
            let refused = Refused {
                close: true,
                ..Refused::default()
            };
            return self.refused(list, None, refused).await;
        }
        let changing = self.changing(&list, form);
        let at = match closes {
            true => rfc3339(changing.now).into(),
            false => Value::Null,
        };
        let members = [("closes_at".to_owned(), at)].into_iter().collect();
        let edits = ListEdits::read(members).map_err(Problem::from)?;
        let keyring = app.keyring.load_full();
        let by = By::fresh(self.person.principal(), &keyring)?;
        let profiles = desk_profiles(self.request);
        match change_list(&*app.store, &profiles, changing, &edits, by).await {
            Ok(list) if closes => {
                self.done(list, "It is closed: nobody enters any more.")
                    .await
            }
            Ok(list) => self.done(list, "It is open again.").await,
            Err(ChangeError::Conflict(_)) => {
                let wanted = if closes { "to close it" } else { "to open it" };
                self.meanwhile(&list, wanted).await
            }
            Err(ChangeError::Fault(fault)) => {
                let words =
                    format!("What it asks is not possible any more: {fault}. Nothing was changed.");
                self.refused(list, Some(&words), Refused::default()).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Somebody works at it from now on, or no more.
    async fn give_or_take(
        self,
        list: ListRecord,
        form: &ConsoleForm,
    ) -> Result<HttpResponse, Problem> {
        let app = App::of(self.request);
        let who: Principal = form.get("who").parse().map_err(|_| no_such_form())?;
        let people = People::of(app).await?;
        let gives = form.get("do") == "give";
        let mut staff = list.staff.clone();
        staff.retain(|known| *known != who);
        if gives {
            if !people.offers.contains(&who) {
                let words = "A list is given to scanners, and to API keys with the scope check. Nothing was changed.";
                return self.refused(list, Some(words), Refused::default()).await;
            }
            staff.push(who);
        }
        let keyring = app.keyring.load();
        let by = By::fresh(self.person.principal(), &keyring)?;
        let name = people.words(who);
        match set_staff(&*app.store, self.changing(&list, form), staff, by).await {
            Ok(list) if gives => {
                self.done(list, &format!("{name} works at it from now on."))
                    .await
            }
            Ok(list) => {
                self.done(list, &format!("{name} works at it no more."))
                    .await
            }
            Err(ChangeError::Conflict(_)) => {
                let wanted = match gives {
                    true => format!("to give it to {name}"),
                    false => format!("to take it away from {name}"),
                };
                self.meanwhile(&list, &wanted).await
            }
            Err(ChangeError::Fault(fault)) => {
                let words = format!("It was not given: {}.", fault.detail);
                self.refused(list, Some(&words), Refused::default()).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A check-in is taken back.
    async fn undo(self, list: ListRecord, form: &ConsoleForm) -> Result<HttpResponse, Problem> {
        let may = may_check(self.person);
        let undone = undone(self.request, &may, form.get("check_in")).await;
        let list = found(App::of(self.request), list.id).await?;
        match undone {
            Ok(_) => self.done(list, "The check-in is undone.").await,
            Err(problem) => {
                let words = refusal(problem)?;
                self.refused(list, Some(&words), Refused::default()).await
            }
        }
    }

    /// It goes, with all that it remembers.
    async fn delete(self, list: ListRecord, form: &ConsoleForm) -> Result<HttpResponse, Problem> {
        let app = App::of(self.request);
        if !is_sure(form) {
            let refused = Refused {
                delete: true,
                ..Refused::default()
            };
            return self.refused(list, None, refused).await;
        }
        if let Err(notice) = confirmed(self.request, self.person, form).await? {
            let wrong = StatusCode::UNPROCESSABLE_ENTITY;
            return self
                .page(list, wrong, Some(notice), Refused::default())
                .await;
        }
        let keyring = app.keyring.load();
        let by = By::fresh(self.person.principal(), &keyring)?;
        match delete_list(&*app.store, self.changing(&list, form), by).await {
            Ok(()) => {
                let words = format!(
                    "The list {} is deleted. What it kept goes within minutes.",
                    list.name
                );
                let notice = Some(Notice::done(words));
                lists::page(self.request, self.person, StatusCode::OK, notice, None).await
            }
            Err(ChangeError::Conflict(_)) => self.meanwhile(&list, "to delete it").await,
            Err(error) => Err(error.into()),
        }
    }
}

/// Why a check-in was not undone, in words; what is no reason is a problem of its own.
pub fn refusal(problem: Problem) -> Result<String, Problem> {
    match (problem.code, &problem.detail) {
        (ProblemCode::Forbidden | ProblemCode::Validation | ProblemCode::NotFound, Some(words)) => {
            Ok(format!("{words} Nothing was changed."))
        }
        _ => Err(problem),
    }
}

/// What was chosen, in the words of the field.
fn chosen(kind: &FieldKind, value: &str) -> String {
    match kind {
        FieldKind::Choice(offers) => {
            let found = offers.iter().find(|(known, _)| known == value);
            found.map_or(value, |(_, words)| words).to_owned()
        }
        FieldKind::Ticks(_) => match value {
            "1" => "yes".to_owned(),
            "" => "no".to_owned(),
            kinds => kinds.replace(',', ", "),
        },
        _ => value.to_owned(),
    }
}
