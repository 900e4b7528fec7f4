//! `/console/accounts`: the accounts, and how one is made.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, confirmation, confirmed, text, time};
use crate::accounts::{
    AccountName, CreateAccount, DisplayName, RecoveryCode, create as made, refresh,
};
use crate::audit::By;
use crate::clock::rfc3339;
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::random;
use crate::store::{AccountRecord, Role, StoreError};
use crate::token::UnixTime;

/// What each role is for, as forms say it.
pub const ROLES: [(&str, &str); 4] = [
    ("issuer", "issuer: makes codes, sees and ends its own"),
    ("manager", "manager: sees the codes of all"),
    ("scanner", "scanner: scans at a desk"),
    ("admin", "admin: everything, accounts and API keys too"),
];

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    display_name: String,
    role: String,
    wrong_name: Option<String>,
    wrong_display_name: Option<String>,
}

/// The accounts, and a form for a new one.
pub async fn list(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, None, Typed::default()).await
}

/// Makes an account.
pub async fn create(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let mut typed = Typed {
        name: form.get("name").to_owned(),
        display_name: form.get("display_name").trim().to_owned(),
        role: form.get("role").to_owned(),
        ..Typed::default()
    };
    if let Err(notice) = confirmed(&request, &person, &form).await? {
        return page(&request, &person, wrong, Some(notice), typed).await;
    }
    let name = typed.name.parse::<AccountName>();
    let display_name = match typed.display_name.is_empty() {
        true => Ok(None),
        false => typed.display_name.parse::<DisplayName>().map(Some),
    };
    let (Ok(name), Ok(display_name), Ok(role)) = (&name, &display_name, typed.role.parse::<Role>())
    else {
        typed.wrong_name = name.err().map(|error| error.to_string());
        typed.wrong_display_name = display_name.err().map(|error| error.to_string());
        return page(&request, &person, wrong, None, typed).await;
    };
    let code = RecoveryCode::from_random(&*random::bytes()?);
    let asked = CreateAccount {
        name: name.clone(),
        display_name: display_name.clone(),
        role,
    };
    let (keyring, now) = (app.keyring.load(), app.now());
    let by = By::fresh(person.principal(), &keyring)?;
    match made(&*app.store, asked, &code, by, now).await {
        Ok(account) => {
            refresh(&*app.store, &app.accounts).await?;
            let notice = recovery(app, &account, &code);
            page(
                &request,
                &person,
                StatusCode::CREATED,
                Some(notice),
                Typed::default(),
            )
            .await
        }
        Err(StoreError::Refused(words)) => {
            typed.wrong_name = Some(words);
            page(&request, &person, StatusCode::CONFLICT, None, typed).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What is said of a recovery code that was made.
pub fn recovery(app: &App, account: &AccountRecord, code: &RecoveryCode) -> Notice {
    let public_url = app.config.public_url();
    let name = url::form_urlencoded::byte_serialize(account.name.as_bytes()).collect::<String>();
    Notice::done(format!(
        "Give {} this recovery code. With it a password is set at {}/sign-in/recover?name={name}, once and before {}.",
        account.display_name,
        public_url.as_str().trim_end_matches('/'),
        account.recovery_ends_at.map(rfc3339).unwrap_or_default(),
    ))
    .with_secret(code.reveal().as_str())
}

/// How an account stands, in words.
pub fn state(account: &AccountRecord, now: UnixTime) -> &'static str {
    let may_recover = account.recovery_ends_at.is_some_and(|at| now < at);
    match (account.disabled_at, &account.password, may_recover) {
        (Some(_), ..) => "disabled",
        (None, Some(_), _) => "active",
        (None, None, true) => "waits for its password",
        (None, None, false) => "its recovery code has expired",
    }
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    notice: Option<Notice>,
    typed: Typed,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let now = app.now();
    let row = |account: &AccountRecord| {
        vec![
            Cell::Link(
                format!("/console/accounts/{}", account.id.0),
                account.name.clone(),
            ),
            text(&account.display_name),
            text(account.role.as_str()),
            text(state(account, now)),
            time(account.last_signed_in_at),
        ]
    };
    let accounts = app.store.accounts().await?;
    let fields = [
        Field::new("name", "Name", FieldKind::Line)
            .hint("with which the person signs in: 3 to 64 letters and digits")
            .value(typed.name)
            .error(typed.wrong_name),
        Field::new("display_name", "Name for others to read", FieldKind::Line)
            .hint("may be left out")
            .value(typed.display_name)
            .optional()
            .error(typed.wrong_display_name),
        Field::new("role", "Role", FieldKind::choice(ROLES)).value(typed.role),
    ];
    let parts = vec![
        Part::Table(Table {
            caption: "Accounts",
            head: vec!["Name", "Shown as", "Role", "State", "Last signed in"],
            rows: accounts.iter().map(row).collect(),
            empty: "There are none.",
        }),
        Part::Heading("Add a colleague".to_owned()),
        Part::Form(Form {
            id: "create",
            action: "/console/accounts".to_owned(),
            is_query: false,
            hidden: Vec::new(),
            fields: fields
                .into_iter()
                .chain(confirmation(person, now))
                .collect(),
            button: "Add",
            danger: false,
        }),
    ];
    let page = Page {
        request,
        person,
        title: "Accounts",
        at: "/console/accounts",
    };
    Ok(page.answer(status, notice, parts))
}
