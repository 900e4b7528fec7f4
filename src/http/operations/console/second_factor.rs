//! `/console/second-factor`: whoever has signed in sets a second factor, makes other backup codes, or removes it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Page, confirmation, confirmed, secs, text};
use crate::accounts::{
    BackupCode, OfferedSecret, SecondFactorError, make_backup_codes, remove_second_factor,
    set_second_factor,
};
use crate::audit::By;
use crate::http::admission::{Person, rates};
use crate::http::extract::ConsoleForm;
use crate::http::operations::door::code::{Refused, refused};
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::limits::Budget;
use crate::qr::{Level, Style, Symbol, svg};
use crate::random;
use crate::store::{AccountId, SecondFactorRecord, SecretHash};
use crate::token::Nonce;

/// The page.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, None, Shown::default()).await
}

/// Sets it, makes other backup codes, or removes it.
pub async fn change(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load_full();
    let (of, now) = (of(&person), app.now());
    rates::take(&request, Budget::SignIns)?;
    let offered = OfferedSecret::open(&keyring, of, form.get("offer"), now);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if let Err(notice) = confirmed(&request, &person, &form).await? {
        let shown = Shown::again(offered);
        return page(&request, &person, wrong, Some(notice), shown).await;
    }
    let (store, typed) = (&*app.store, form.get("code"));
    let by = By::fresh(person.principal(), &keyring)?;
    let done = match form.get("do") {
        "set" => match &offered {
            None => Err(SecondFactorError::Outdated),
            Some(offered) => {
                let nonce = Nonce::from(*random::bytes()?);
                let random = (&*random::bytes()?, nonce);
                let codes = set_second_factor(store, of, offered, typed, random, by, now);
                codes.await.map(|codes| {
                    (
                        "The second factor is set. You are signed out everywhere else.",
                        codes,
                    )
                })
            }
        },
        "backup_codes" => {
            let random = random::bytes()?;
            let codes = make_backup_codes(store, of, typed, &random, by, now);
            codes.await.map(|codes| {
                (
                    "These are your backup codes now; those before are good no more. You are signed out everywhere else.",
                    codes,
                )
            })
        }
        "remove" => {
            let removed = remove_second_factor(store, of, typed, by, now).await;
            removed.map(|()| {
                (
                    "The second factor is removed. You are signed out everywhere else.",
                    Vec::new(),
                )
            })
        }
        _ => {
            return Err(
                Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")
            );
        }
    };
    match done {
        Ok((words, codes)) => made(&request, &person, words, &codes).await,
        Err(SecondFactorError::Outdated) => {
            let words =
                "This page was open for too long: scan the new code below. Nothing was changed.";
            let (notice, shown) = (Some(Notice::refused(words)), Shown::default());
            page(&request, &person, wrong, notice, shown).await
        }
        Err(error) => {
            let no_code_does = error == SecondFactorError::KeyGone;
            let (notice, wrong_code) = match refused(error, now)? {
                Refused::Code(words) => (None, Some((form.get("do").to_owned(), words))),
                Refused::Now(notice) | Refused::Form(notice, _) => (Some(notice), None),
            };
            let shown = Shown {
                wrong_code,
                no_code_does,
                ..Shown::again(offered)
            };
            page(&request, &person, wrong, notice, shown).await
        }
    }
}

/// What the page shows beside what is there.
#[derive(Default)]
struct Shown {
    /// The secret that was offered before: it may be scanned already.
    offered: Option<OfferedSecret>,
    /// The form whose code is wrong, and what is.
    wrong_code: Option<(String, String)>,
    /// Whether the forms that take a code are left out: none does.
    no_code_does: bool,
}

impl Shown {
    fn again(offered: Option<OfferedSecret>) -> Self {
        Self {
            offered,
            ..Self::default()
        }
    }

    /// What is wrong with the code of the form of this id.
    fn wrong(&self, id: &str) -> Option<String> {
        let (form, words) = self.wrong_code.as_ref()?;
        (form == id).then(|| words.clone())
    }
}

fn of(person: &Person) -> (AccountId, SecretHash) {
    (person.account.id, person.token.hash())
}

/// What was done, with the backup codes that are shown now and never again.
async fn made(
    request: &HttpRequest,
    person: &Person,
    words: &'static str,
    codes: &[BackupCode],
) -> Result<HttpResponse, Problem> {
    let notice = Some(Notice::done(words));
    if codes.is_empty() {
        return page(request, person, StatusCode::OK, notice, Shown::default()).await;
    }
    let parts = vec![
        Part::Heading("Backup codes".to_owned()),
        Part::Text(
            "With each of these you sign in once when your phone is lost. They are shown only now: print them, or keep them where you \
             keep passwords, and not on the phone."
                .to_owned(),
        ),
        Part::Secrets(codes.iter().map(|code| code.reveal().to_string()).collect()),
        Part::Link("/console".to_owned(), "I have noted them".to_owned()),
    ];
    Ok(head(request, person).answer(StatusCode::OK, notice, parts))
}

fn head<'a>(request: &'a HttpRequest, person: &'a Person) -> Page<'a> {
    Page {
        request,
        person,
        title: "Second factor",
        at: "/console/me",
    }
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    notice: Option<Notice>,
    shown: Shown,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let factor = app.store.second_factor(person.account.id).await?;
    // A form that is not there any more has no field to say it beside.
    let elsewhere = shown.wrong_code.as_ref();
    let elsewhere = elsewhere.filter(|(form, _)| (form == "set") == factor.is_some());
    let notice = notice.or(elsewhere.map(|(_, words)| Notice::refused(words)));
    let parts = match &factor {
        Some(factor) => set(app, person, factor, &shown),
        None => unset(app, person, shown)?,
    };
    Ok(head(request, person).answer(status, notice, parts))
}

fn form(app: &App, person: &Person, id: &'static str, code: Field, button: &'static str) -> Form {
    Form {
        id,
        action: "/console/second-factor".to_owned(),
        is_query: false,
        hidden: vec![("do", id.to_owned())],
        fields: [code]
            .into_iter()
            .chain(confirmation(person, app.now()))
            .collect(),
        button,
        danger: false,
    }
}

fn set(app: &App, person: &Person, factor: &SecondFactorRecord, shown: &Shown) -> Vec<Part> {
    let facts = Part::Facts(vec![
        ("Set", Cell::Time(secs(factor.created_at))),
        ("Backup codes left", text(factor.backup_codes.to_string())),
    ]);
    if shown.no_code_does {
        return vec![facts];
    }
    let code = |id: &str| {
        Field::new("code", "Code", FieldKind::Line)
            .hint("that your app shows, or a backup code")
            .autocomplete("one-time-code")
            .error(shown.wrong(id))
    };
    let backup = form(
        app,
        person,
        "backup_codes",
        code("backup_codes"),
        "Make other backup codes",
    );
    let remove = Form {
        danger: true,
        ..form(app, person, "remove", code("remove"), "Remove it")
    };
    vec![
        facts,
        Part::Heading("Other backup codes".to_owned()),
        Part::Text(
            "Ten new ones, shown once. Those before are good no more, and you are signed out everywhere else."
                .to_owned(),
        ),
        Part::Form(backup),
        Part::Heading("Remove the second factor".to_owned()),
        Part::Text("For another phone, remove it here and set it again.".to_owned()),
        Part::Form(remove),
    ]
}

fn unset(app: &App, person: &Person, shown: Shown) -> Result<Vec<Part>, Problem> {
    let wrong = shown.wrong("set");
    let offered = match shown.offered {
        Some(offered) => Some(offered),
        None => {
            let random = random::bytes()?;
            OfferedSecret::new(&app.keyring.load(), of(person), &random, app.now())
        }
    };
    let offered = offered.ok_or_else(|| Problem::new(ProblemCode::TemporarilyUnavailable))?;
    let uri = offered.secret.uri(&app.issuer_name, &person.account.name);
    let symbol = Symbol::encode(&uri, Level::Medium)?;
    let picture = svg(&symbol, &Style::default(), "QR code for an app");
    let code = Field::new("code", "Code", FieldKind::Line)
        .hint("the six digits that the app shows now")
        .autocomplete("one-time-code")
        .error(wrong);
    let mut form = form(app, person, "set", code, "Set the second factor");
    form.hidden.push(("offer", offered.sealed.clone()));
    let must = person
        .lacks_second_factor
        .then(|| Part::Text("Your role takes a second factor: set it to go on.".to_owned()));
    let steps = [
        Part::Text(
            "With a second factor, signing in takes your password and a code that an app on your phone shows, so that a password alone \
             is of no use to others."
                .to_owned(),
        ),
        Part::Heading("1. Scan this with the app".to_owned()),
        Part::Picture {
            address: format!("data:image/svg+xml;base64,{}", STANDARD.encode(picture)),
            words: "QR code for an app that makes one-time codes",
        },
        Part::Text("Or type this into it:".to_owned()),
        Part::Secrets(vec![offered.secret.reveal().to_string()]),
        Part::Heading("2. Type the code that it shows".to_owned()),
        Part::Form(form),
    ];
    Ok(must.into_iter().chain(steps).collect())
}
