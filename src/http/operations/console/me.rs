//! `/console/me`: the person's own password and sessions, and the way to the second factor.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, account, secs, text};
use crate::accounts::{
    SetPasswordError, TypedPassword, change_password, end_session, find_session,
};
use crate::audit::By;
use crate::http::admission::{Person, people};
use crate::http::extract::ConsoleForm;
use crate::http::operations::door::{door, newcomer, told};
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

/// The page.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, None, None).await
}

/// Sets another password, or ends a session.
pub async fn change(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    match form.get("do") {
        "end_session" => {
            let session = find_session(form.get("session"));
            let session = session.ok_or_else(|| Problem::new(ProblemCode::Validation))?;
            let by = By::fresh(person.principal(), &keyring)?;
            let ended = end_session(&*app.store, person.account.id, session, by, app.now());
            let notice = match ended.await? {
                true => Notice::done("The session is ended."),
                false => Notice::refused("The session had ended before."),
            };
            page(&request, &person, StatusCode::OK, Some(notice), None).await
        }
        "password" => {
            let wrong = StatusCode::UNPROCESSABLE_ENTITY;
            if form.get("password") != form.get("again") {
                let words = "The two new passwords are not the same.".to_owned();
                return page(&request, &person, wrong, None, Some(words)).await;
            }
            let newcomer = newcomer(&request)?;
            let before = TypedPassword::new(form.get("your_password"));
            let (door, account) = (door(app, &keyring), &person.account);
            let set = change_password(door, account, before, form.get("password"), &newcomer);
            match set.await {
                Ok(token) => {
                    let mut answer = people::see_other(app, "/console/me");
                    people::hold(app, &mut answer, Some(&token));
                    Ok(answer)
                }
                Err(SetPasswordError::SignIn(error)) => {
                    let words = "This is not your password. Nothing was changed.";
                    let notice = Some(told(error, words, newcomer.now)?);
                    page(&request, &person, wrong, notice, None).await
                }
                Err(error) => {
                    let words = Some(error.to_string());
                    page(&request, &person, wrong, None, words).await
                }
            }
        }
        _ => Err(Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")),
    }
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    notice: Option<Notice>,
    wrong_password: Option<String>,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let listed = app.store.sessions(person.account.id, app.now()).await?;
    let fields = vec![
        Field::new("your_password", "Password until now", FieldKind::Password)
            .autocomplete("current-password"),
        Field::new("password", "New password", FieldKind::Password)
            .hint("at least 12 characters: four words that have nothing to do with each other do well")
            .autocomplete("new-password")
            .error(wrong_password),
        Field::new("again", "The same again", FieldKind::Password).autocomplete("new-password"),
    ];
    let parts = vec![
        Part::Facts(vec![
            ("Name", text(&person.account.name)),
            ("Shown as", text(&person.account.display_name)),
            ("Role", text(person.account.role.as_str())),
            (
                "Second factor since",
                match person.account.second_factor_at {
                    Some(at) => Cell::Time(secs(at)),
                    None => text("none"),
                },
            ),
        ]),
        Part::Link(
            "/console/second-factor".to_owned(),
            match person.account.second_factor_at {
                Some(_) => "Change the second factor",
                None => "Set a second factor: a code from your phone beside the password",
            }
            .to_owned(),
        ),
        Part::Heading("Another password".to_owned()),
        Part::Text("It signs you out everywhere else.".to_owned()),
        Part::Form(Form {
            id: "password",
            action: "/console/me".to_owned(),
            is_query: false,
            hidden: vec![("do", "password".to_owned())],
            fields,
            button: "Set password",
            danger: false,
        }),
        Part::Heading("Where you are signed in".to_owned()),
        account::sessions(&listed, Some(person.session.id)),
    ];
    let page = Page {
        request,
        person,
        title: "You",
        at: "/console/me",
    };
    Ok(page.answer(status, notice, parts))
}
