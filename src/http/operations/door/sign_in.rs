//! `/sign-in`

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};

use super::{at_the_door, begun, code, door, newcomer, page, told};
use crate::accounts::{SignInError, SignedIn, TypedPassword, sign_in as signed_in};
use crate::http::admission::{OwnForm, Person, people};
use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Field, FieldKind, Form, Notice, Part};
use crate::http::problem::Problem;
use crate::http::state::App;

/// The form; for whoever has signed in, the console.
pub async fn show(request: HttpRequest) -> HttpResponse {
    match Person::of(&request) {
        Some(_) => people::see_other(App::of(&request), "/console"),
        None => form(&request, StatusCode::OK, None, "", None),
    }
}

/// Signs somebody in.
pub async fn sign_in(
    request: HttpRequest,
    _own_page: OwnForm,
    fields: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    at_the_door(&request)?;
    let (name, password) = (fields.get("name"), fields.get("password"));
    let newcomer = newcomer(&request)?;
    let keyring = app.keyring.load();
    let password = TypedPassword::new(password);
    match signed_in(door(app, &keyring), name, password, &newcomer).await {
        Ok(SignedIn::NeedsCode(account, rehashed)) => {
            code::ask(&request, &account, rehashed.as_ref())
        }
        Ok(SignedIn::Done(token, account)) => Ok(begun(&request, &token, &account)),
        Err(error) => {
            let (status, wait) = match &error {
                SignInError::Locked { wait_secs } => {
                    (StatusCode::TOO_MANY_REQUESTS, Some(*wait_secs))
                }
                _ => (StatusCode::FORBIDDEN, None),
            };
            let notice = told(error, "The name or the password is wrong.", newcomer.now)?;
            Ok(form(&request, status, Some(notice), name, wait))
        }
    }
}

fn form(
    request: &HttpRequest,
    status: StatusCode,
    notice: Option<Notice>,
    name: &str,
    wait: Option<u64>,
) -> HttpResponse {
    let form = Form {
        id: "sign-in",
        action: "/sign-in".to_owned(),
        is_query: false,
        hidden: Vec::new(),
        fields: vec![
            Field::new("name", "Name", FieldKind::Line)
                .value(name)
                .autocomplete("username"),
            Field::new("password", "Password", FieldKind::Password)
                .autocomplete("current-password"),
        ],
        button: "Sign in",
        danger: false,
    };
    let parts = vec![
        Part::Text("No password yet, or lost it? An admin gives you a recovery code.".to_owned()),
        Part::Link(
            "/sign-in/recover".to_owned(),
            "Set a password with a recovery code".to_owned(),
        ),
    ];
    let mut answer = HttpResponse::build(status);
    if let Some(secs) = wait {
        answer.insert_header((RETRY_AFTER, secs));
    }
    page(request, answer, "Sign in", notice, Some(form), parts)
}
