//! `/console/codes/{id}`: one code, and how it is ended.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, codes, confirmation, confirmed};
use crate::audit::By;
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::operations::tokens::TokenIdInPath;
use crate::http::pages::console::{Field, FieldKind, Form, Notice, Part};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::opening::reset_pin;
use crate::receipts::{self, Receipt};
use crate::revoking::{Reason, RevokeToken, revoke};
use crate::store::{ReceiptState, Scope};
use crate::token::TokenId;

/// The page.
pub async fn show(
    request: HttpRequest,
    person: Person,
    TokenIdInPath(id): TokenIdInPath,
) -> Result<HttpResponse, Problem> {
    let receipt = receipt(&request, &person, id).await?;
    Ok(page(&request, &person, &receipt, StatusCode::OK, None))
}

/// Revokes it, lets its PIN be tried again, or erases when it was opened.
pub async fn change(
    request: HttpRequest,
    person: Person,
    TokenIdInPath(id): TokenIdInPath,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let before = receipt(&request, &person, id).await?;
    request.leave_token(id);
    let refused = |notice| {
        page(
            &request,
            &person,
            &before,
            StatusCode::UNPROCESSABLE_ENTITY,
            Some(notice),
        )
    };
    let (keyring, now) = (app.keyring.load(), app.now());
    let by = By::fresh(person.principal(), &keyring)?;
    let done = match form.get("do") {
        "revoke" => {
            let reason = form.get("reason").trim();
            let reason = match reason.is_empty() {
                true => None,
                false => match reason.parse::<Reason>() {
                    Ok(reason) => Some(reason),
                    Err(error) => return Ok(refused(Notice::refused(error.to_string()))),
                },
            };
            let token = RevokeToken {
                id,
                reason,
                by_holder: false,
                expires_at: before.entry.expires_at,
            };
            revoke(&*app.store, &app.revocations, token, by, now).await?;
            "The code is revoked: it opens no more."
        }
        "reset_pin" => {
            reset_pin(&*app.store, id, by, now).await?;
            "The PIN can be tried again."
        }
        "erase_opens" => {
            if let Err(notice) = confirmed(&request, &person, &form).await? {
                return Ok(refused(notice));
            }
            receipts::erase_opens(&*app.store, id, by, now).await?;
            "When it was opened is erased. How often it was stays."
        }
        _ => {
            return Err(
                Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")
            );
        }
    };
    let after = receipt(&request, &person, id).await?;
    let notice = Some(Notice::done(done));
    Ok(page(&request, &person, &after, StatusCode::OK, notice))
}

/// The receipt, if this person sees it: what others made is as unknown as what nobody made.
async fn receipt(request: &HttpRequest, person: &Person, id: TokenId) -> Result<Receipt, Problem> {
    let app = App::of(request);
    let found = receipts::show(&*app.store, id, app.now()).await?;
    let only_of = person.only_of();
    found
        .filter(|receipt| only_of.is_none() || receipt.entry.made_by == only_of)
        .ok_or_else(|| {
            Problem::new(ProblemCode::NotFound).detail(
                "The ledger knows no such code of yours. It meets a code when it is made here or first opened.",
            )
        })
}

fn page(
    request: &HttpRequest,
    person: &Person,
    receipt: &Receipt,
    status: StatusCode,
    notice: Option<Notice>,
) -> HttpResponse {
    let title = format!("Code {}", receipt.entry.id);
    let mut parts = codes::facts(receipt);
    let action = format!("/console/codes/{}", receipt.entry.id);
    let form = |id, what: &str, fields, button, danger| {
        Part::Form(Form {
            id,
            action: action.clone(),
            is_query: false,
            hidden: vec![("do", what.to_owned())],
            fields,
            button,
            danger,
        })
    };
    if person.account.role.may(Scope::Revoke) {
        if receipt.state != ReceiptState::Revoked {
            let reason = Field::new("reason", "Reason", FieldKind::Line)
                .hint("stands in its receipt; may be left out")
                .optional();
            parts.push(Part::Heading("End it".to_owned()));
            parts.push(form(
                "revoke",
                "revoke",
                vec![reason],
                "Revoke this code",
                true,
            ));
        }
        if receipt.entry.pin_wrong > 0 {
            parts.push(Part::Heading("Let its PIN be tried again".to_owned()));
            parts.push(form(
                "reset",
                "reset_pin",
                Vec::new(),
                "Forget wrong PINs",
                false,
            ));
        }
        if !receipt.entry.opens_listed.is_empty() {
            let fields = confirmation(person, App::of(request).now())
                .into_iter()
                .collect();
            parts.push(Part::Heading("Erase when it was opened".to_owned()));
            parts.push(form(
                "erase",
                "erase_opens",
                fields,
                "Erase these times",
                true,
            ));
        }
    }
    let page = Page {
        request,
        person,
        title: &title,
        at: "/console/codes",
    };
    page.answer(status, notice, parts)
}
