//! `/console/keys`: API keys.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, confirmation, confirmed, text, time};
use crate::api_keys::{ApiKey, CreateApiKey, KeyName, create, disable, refresh};
use crate::audit::By;
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::random;
use crate::store::{ApiKeyId, ApiKeyRecord, Scopes, StoreError};
use crate::token::ExpiresIn;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    name: String,
    scopes: String,
    expires_in: String,
    wrong_name: Option<String>,
    wrong_scopes: Option<String>,
    wrong_expiry: Option<String>,
}

/// The keys, and a form for a new one.
pub async fn list(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    let typed = Typed {
        scopes: "issue,read,revoke".to_owned(),
        ..Typed::default()
    };
    page(&request, &person, StatusCode::OK, None, typed).await
}

/// Makes a key, or disables one.
pub async fn change(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let scopes: Vec<_> = form.all("scope").collect();
    let mut typed = Typed {
        name: form.get("name").to_owned(),
        scopes: scopes.join(","),
        expires_in: form.get("expires_in").trim().to_owned(),
        ..Typed::default()
    };
    if let Err(notice) = confirmed(&request, &person, &form).await? {
        return page(&request, &person, wrong, Some(notice), typed).await;
    }
    let (keyring, now) = (app.keyring.load(), app.now());
    let by = By::fresh(person.principal(), &keyring)?;
    match form.get("do") {
        "disable" => {
            let id = ApiKeyId(form.get("key").parse().map_err(|_| no_such_form())?);
            let known = disable(&*app.store, id, by, now).await?;
            refresh(&*app.store, &app.api_keys).await?;
            let notice = match known {
                true => Notice::done(format!("API key {} is disabled.", id.0)),
                false => Notice::refused("There is no such API key."),
            };
            page(
                &request,
                &person,
                StatusCode::OK,
                Some(notice),
                Typed::default(),
            )
            .await
        }
        "create" => {
            let name = typed.name.parse::<KeyName>();
            let scopes = typed.scopes.parse::<Scopes>();
            let expires_in = match typed.expires_in.is_empty() {
                true => Ok(None),
                false => typed.expires_in.parse::<ExpiresIn>().map(Some),
            };
            let (Ok(name), Ok(scopes), Ok(expires_in)) = (&name, &scopes, &expires_in) else {
                typed.wrong_name = name.err().map(|error| error.to_string());
                typed.wrong_scopes = scopes.err().map(|_| "Choose what it may do.".to_owned());
                typed.wrong_expiry = expires_in.err().map(|error| error.to_string());
                return page(&request, &person, wrong, None, typed).await;
            };
            let key = ApiKey::from_random(&*random::bytes()?);
            let asked = CreateApiKey {
                name: name.clone(),
                scopes: *scopes,
                expires_in: *expires_in,
            };
            match create(&*app.store, asked, &key, by, now).await {
                Ok(record) => {
                    refresh(&*app.store, &app.api_keys).await?;
                    let words = format!("API key {}, {}, is made.", record.id.0, record.name);
                    let notice = Notice::done(words).with_secret(key.reveal());
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
        _ => Err(no_such_form()),
    }
}

fn no_such_form() -> Problem {
    Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")
}

/// What a key may be for, as the form says it.
const SCOPES: [(&str, &str); 9] = [
    ("issue", "issue codes"),
    ("read", "read receipts of its own codes"),
    ("read:all", "read all receipts"),
    ("revoke", "end its own codes"),
    ("revoke:all", "end any code"),
    ("audit", "read the audit log"),
    ("lists", "make and change check-in lists"),
    ("check", "check codes in and out"),
    ("visits", "ask who was at a list, and erase visits"),
];

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    notice: Option<Notice>,
    typed: Typed,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let keys = app.store.api_keys().await?;
    let now = app.now();
    let confirm = || confirmation(person, now);
    let row = |key: &ApiKeyRecord| {
        let state = match (key.disabled_at, key.expires_at) {
            (Some(_), _) => "disabled",
            (None, Some(at)) if now >= at => "expired",
            (None, _) => "in use",
        };
        // A button alone cannot ask for the password.
        let end = match key.disabled_at.is_none() && confirm().is_none() {
            true => Cell::Button(
                vec![("do", "disable".to_owned()), ("key", key.id.0.to_string())],
                "Disable",
            ),
            false => text(""),
        };
        vec![
            text(key.id.0.to_string()),
            text(&key.name),
            Cell::Code(key.scopes.to_string()),
            text(state),
            text(key.made_by.map(|by| by.to_string()).unwrap_or_default()),
            time(key.expires_at),
            time(key.last_used_at),
            end,
        ]
    };
    let mut parts = vec![Part::Table(Table {
        caption: "API keys",
        head: vec![
            "Number",
            "Name",
            "May",
            "State",
            "Made by",
            "Ends",
            "Last used",
            "End it",
        ],
        rows: keys.iter().map(row).collect(),
        empty: "There are none.",
    })];
    if confirm().is_some() && keys.iter().any(|key| key.disabled_at.is_none()) {
        let fields = [Field::new("key", "Number", FieldKind::Line)]
            .into_iter()
            .chain(confirm());
        parts.push(Part::Heading("Disable a key".to_owned()));
        parts.push(Part::Form(Form {
            id: "disable",
            action: "/console/keys".to_owned(),
            is_query: false,
            hidden: vec![("do", "disable".to_owned())],
            fields: fields.collect(),
            button: "Disable it",
            danger: true,
        }));
    }
    let fields = [
        Field::new("name", "Name", FieldKind::Line)
            .hint("of the program that has it")
            .value(typed.name)
            .error(typed.wrong_name),
        Field::new("scope", "It may", FieldKind::ticks(SCOPES))
            .value(typed.scopes)
            .error(typed.wrong_scopes),
        Field::new("expires_in", "Good for", FieldKind::Line)
            .hint("such as 90d or 1y; empty: until it is disabled")
            .value(typed.expires_in)
            .optional()
            .error(typed.wrong_expiry),
    ];
    parts.push(Part::Heading("Make a key".to_owned()));
    parts.push(Part::Form(Form {
        id: "create",
        action: "/console/keys".to_owned(),
        is_query: false,
        hidden: vec![("do", "create".to_owned())],
        fields: fields.into_iter().chain(confirm()).collect(),
        button: "Make it",
        danger: false,
    }));
    let page = Page {
        request,
        person,
        title: "API keys",
        at: "/console/keys",
    };
    Ok(page.answer(status, notice, parts))
}
