//! `/sign-in/recover`: a password is set with a recovery code.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{at_the_door, begun, code, door, newcomer, page, told};
use crate::accounts::{AccountName, Recovered, RecoveryCode, SetPasswordError, set_with_recovery};
use crate::http::admission::OwnForm;
use crate::http::extract::ConsoleForm;
use crate::http::form::pairs;
use crate::http::pages::console::{Field, FieldKind, Form, Notice, Part};
use crate::http::problem::Problem;
use crate::http::state::App;

/// The form, with the name of the link that the command line and the console show.
pub async fn show(request: HttpRequest) -> HttpResponse {
    let name = pairs(request.query_string().as_bytes())
        .find(|(name, _)| name == "name")
        .and_then(|(_, value)| value?.parse::<AccountName>().ok());
    let name = name.as_ref().map_or("", AccountName::as_str);
    form(&request, StatusCode::OK, Wrong::default(), name, "")
}

/// What is wrong, and where.
#[derive(Default)]
struct Wrong {
    notice: Option<Notice>,
    code: Option<String>,
    password: Option<String>,
    again: Option<String>,
}

/// Sets the password, and signs the person in.
pub async fn recover(
    request: HttpRequest,
    _own_page: OwnForm,
    fields: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    at_the_door(&request)?;
    let (name, typed, password) = (
        fields.get("name"),
        fields.get("code"),
        fields.get("password"),
    );
    let refused = |wrong: Wrong| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(form(&request, status, wrong, name, typed))
    };
    let recovery: RecoveryCode = match typed.parse() {
        Ok(recovery) => recovery,
        Err(error) => {
            return refused(Wrong {
                code: Some(crate::accounts::RecoveryCodeError::to_string(&error)),
                ..Wrong::default()
            });
        }
    };
    if password != fields.get("again") {
        return refused(Wrong {
            again: Some("This is not the same password.".to_owned()),
            ..Wrong::default()
        });
    }
    let newcomer = newcomer(&request)?;
    let keyring = app.keyring.load();
    match set_with_recovery(door(app, &keyring), &recovery, password, &newcomer).await {
        Ok(Recovered::NeedsCode(account)) => code::ask(&request, &account, None),
        Ok(Recovered::SignedIn(token, account)) => Ok(begun(&request, &token, &account)),
        Err(SetPasswordError::NoSuchCode) => refused(Wrong {
            code: Some(
                "This code is not good: it was used, has expired, or a newer one was made. An admin makes another, or on the \
                 server: qrseal accounts recover NAME."
                    .to_owned(),
            ),
            ..Wrong::default()
        }),
        Err(SetPasswordError::Refused(why)) => refused(Wrong {
            password: Some(why.to_string()),
            ..Wrong::default()
        }),
        Err(SetPasswordError::SignIn(error)) => refused(Wrong {
            notice: Some(told(error, "This code is not good.", newcomer.now)?),
            ..Wrong::default()
        }),
    }
}

fn form(
    request: &HttpRequest,
    status: StatusCode,
    wrong: Wrong,
    name: &str,
    code: &str,
) -> HttpResponse {
    let form = Form {
        id: "recover",
        action: "/sign-in/recover".to_owned(),
        is_query: false,
        hidden: Vec::new(),
        fields: vec![
            Field::new("name", "Name", FieldKind::Line)
                .hint("so that your browser can keep it with the password")
                .optional()
                .value(name)
                .autocomplete("username"),
            Field::new("code", "Recovery code", FieldKind::Line)
                .hint("26 letters and digits; spaces and small letters are fine")
                .value(code)
                .error(wrong.code),
            Field::new("password", "New password", FieldKind::Password)
                .hint("at least 12 characters: four words that have nothing to do with each other do well")
                .autocomplete("new-password")
                .error(wrong.password),
            Field::new("again", "The same again", FieldKind::Password)
                .autocomplete("new-password")
                .error(wrong.again),
        ],
        button: "Set password",
        danger: false,
    };
    let answer = HttpResponse::build(status);
    let parts = vec![Part::Link(
        "/sign-in".to_owned(),
        "Sign in with a password".to_owned(),
    )];
    page(
        request,
        answer,
        "Set a password",
        wrong.notice,
        Some(form),
        parts,
    )
}
