//! What is done with the forms of a link's page: it leads elsewhere, it is off or on, or it ends.
//!
//! Belongs here: what is read from the forms, and what is said of it. Does not belong here: the page around them, and which fields
//! they have (`forms`).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::forms::filled;
use super::{is_live, owned, page, target};
use crate::audit::By;
use crate::http::admission::{MayIssue, Person};
use crate::http::extract::ConsoleForm;
use crate::http::operations::console::link_words::{ENDS, state_words};
use crate::http::operations::links::change::changer;
use crate::http::operations::tokens::TokenIdInPath;
use crate::http::pages::console::Notice;
use crate::http::problem::Problem;
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::issuing::Note;
use crate::links::{ChangeError, ChangeLink, LinkEdits, OwnedLink, change as changed};
use crate::revoking::{Reason, RevokeToken, revoke};
use crate::token::{ExpiresIn, Pin};

/// What is wrong, and at which place of the API, in words that follow "It"; whole words where it is about no place.
struct Wrong {
    pointer: Option<String>,
    words: String,
}

impl Wrong {
    fn at(pointer: &str, words: &dyn ToString) -> Self {
        Self {
            pointer: Some(pointer.to_owned()),
            words: words.to_string(),
        }
    }

    fn whole(words: &str) -> Self {
        Self {
            pointer: None,
            words: words.to_owned(),
        }
    }
}

/// Changes where it leads, switches it off and on, or ends it.
pub async fn change(
    request: HttpRequest,
    person: Person,
    TokenIdInPath(id): TokenIdInPath,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let before = owned(&request, &person, id).await?;
    request.leave_token(id);
    let _right = MayIssue::of_person(&request, &person)?;
    let ok = StatusCode::OK;
    if form.get("do") == "end" {
        let reason = match form.get("reason").trim() {
            "" => None,
            reason => match reason.parse::<Reason>() {
                Ok(reason) => Some(reason),
                Err(error) => {
                    let mut typed = filled(&before, Some(&form));
                    typed.refuse("reason", error.to_string());
                    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
                    return page(&request, &person, &before, wrong, None, typed).await;
                }
            },
        };
        end(app, &person, &before, reason).await?;
        let after = owned(&request, &person, id).await?;
        let words = "The link has ended: its printed codes lead nowhere any more.";
        let (notice, typed) = (Some(Notice::done(words)), filled(&after, None));
        return page(&request, &person, &after, ok, notice, typed).await;
    }
    let edits = match edits(&form, &before) {
        Ok(edits) => edits,
        Err(wrong) => return refused(&request, &person, &before, &form, wrong).await,
    };
    let keyring = app.keyring.load_full();
    let asked = ChangeLink {
        id,
        edits: &edits,
        of_edition: Some(form.get("revision").parse().unwrap_or(0)),
        by: person.principal(),
        only_of: person.only_of(),
        now: app.now(),
    };
    let done = changed(changer(app, &keyring), asked).await;
    app.link_cache.forget(id);
    match done {
        Ok(link) => {
            let words = "It is changed, on every node within two seconds.";
            let (notice, typed) = (Some(Notice::done(words)), filled(&link, None));
            page(&request, &person, &link, ok, notice, typed).await
        }
        Err(ChangeError::Conflict { .. }) => {
            let link = owned(&request, &person, id).await?;
            let words = format!(
                "Somebody else has changed this link meanwhile: it leads to {}, its state is \u{201c}{}\u{201d}. You wanted {}. Nothing \
                 was changed; look, and send it again.",
                target(&link),
                state_words(link.state),
                wanted(&form)
            );
            let typed = filled(&link, Some(&form));
            let (status, notice) = (StatusCode::PRECONDITION_FAILED, Notice::refused(words));
            page(&request, &person, &link, status, Some(notice), typed).await
        }
        Err(ChangeError::Fault(fault)) => {
            let wrong = Wrong::at(&fault.pointer, &fault.detail);
            refused(&request, &person, &before, &form, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The page with what was typed, and what is wrong beside its field; above the page, where it is about none.
async fn refused(
    request: &HttpRequest,
    person: &Person,
    link: &OwnedLink,
    form: &ConsoleForm,
    wrong: Wrong,
) -> Result<HttpResponse, Problem> {
    let mut typed = filled(link, Some(form));
    let field = match wrong.pointer.as_deref().filter(|_| is_live(link)) {
        Some("/target") => Some("target"),
        Some("/note") => Some("note"),
        Some("/expires_in") => Some("expires_in"),
        Some("/fallback") => Some("fallback"),
        Some("/pin") if link.needs_pin => Some("pin"),
        _ => None,
    };
    let Wrong { pointer, words } = wrong;
    let notice = match (field, pointer) {
        (Some(field), _) => {
            typed.refuse(field, format!("It {words}."));
            None
        }
        (None, Some(_)) => Some(format!("What it says {words}. Nothing was changed.")),
        (None, None) => Some(words),
    };
    let (status, notice) = (
        StatusCode::UNPROCESSABLE_ENTITY,
        notice.map(Notice::refused),
    );
    page(request, person, link, status, notice, typed).await
}

/// What was asked for, in words.
fn wanted(form: &ConsoleForm) -> String {
    match form.get("do") {
        "off" => "to switch it off".to_owned(),
        "on" => "to switch it on".to_owned(),
        _ => {
            let note = match form.get("note").trim() {
                "" => "no note".to_owned(),
                note => format!("the note \u{201c}{note}\u{201d}"),
            };
            let end = match form.get("expires_in") {
                "" => "as it does",
                text => {
                    let known = ENDS.into_iter().find(|(value, _)| *value == text);
                    known.map_or(text, |(_, words)| words)
                }
            };
            let then = match form.get("fallback").trim() {
                "" => "nowhere".to_owned(),
                fallback => format!("to {fallback}"),
            };
            let target = form.get("target").trim();
            format!("it to lead to {target}, with {note}, to end {end}, and then to lead {then}")
        }
    }
}

/// What is to change; what stays as it is, is not among it.
fn edits(form: &ConsoleForm, before: &OwnedLink) -> Result<LinkEdits, Wrong> {
    let mut edits = LinkEdits::default();
    match form.get("do") {
        what @ ("off" | "on") => edits.enabled = Some(what == "on"),
        "change" => {
            let written = before.written.clone().unwrap_or_default();
            let (target, fallback) = (form.get("target").trim(), form.get("fallback").trim());
            edits.target = (target != written.target).then(|| target.to_owned());
            let fallback = (!fallback.is_empty()).then(|| fallback.to_owned());
            edits.fallback = (fallback != written.fallback).then_some(fallback);
            let note = form.get("note").trim();
            let note = match note.is_empty() {
                true => None,
                false => {
                    let parsed = note.parse::<Note>();
                    Some(parsed.map_err(|error| Wrong::at("/note", &error))?)
                }
            };
            let is_new = note.as_ref().map(Note::as_str) != before.row.note.as_deref();
            edits.note = is_new.then_some(note);
            edits.expires_in = match form.get("expires_in") {
                "" => None,
                "never" => Some(None),
                text => {
                    let parsed = text.parse::<ExpiresIn>();
                    Some(Some(
                        parsed.map_err(|error| Wrong::at("/expires_in", &error))?,
                    ))
                }
            };
            let pin = form.get("pin").trim();
            if !pin.is_empty() {
                let parsed = Pin::parse(pin);
                edits.pin = Some(parsed.map_err(|error| Wrong::at("/pin", &error))?);
            }
        }
        _ => return Err(Wrong::whole("The form is not one of this page.")),
    }
    match edits.is_empty() {
        true => Err(Wrong::whole("That is as it was: nothing was changed.")),
        false => Ok(edits),
    }
}

async fn end(
    app: &App,
    person: &Person,
    link: &OwnedLink,
    reason: Option<Reason>,
) -> Result<(), Problem> {
    let token = RevokeToken {
        id: link.row.id,
        reason,
        by_holder: false,
        expires_at: link.row.expires_at,
    };
    let keyring = app.keyring.load();
    let by = By::fresh(person.principal(), &keyring)?;
    let ended = revoke(&*app.store, &app.revocations, token, by, app.now()).await;
    app.link_cache.forget(link.row.id);
    ended?;
    Ok(())
}
