//! `/console/accounts/{id}`: one account, and what an admin does with it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, accounts, confirmation, confirmed, secs, text, time};
use crate::accounts::{
    AccountName, Changed, DisplayName, HandOverError, RecoveryCode, describe, disable, enable,
    end_session, find_session, hand_over, recover,
};
use crate::audit::By;
use crate::http::admission::Person;
use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::random;
use crate::store::{
    AccountId, AccountRecord, ChangedAccount, FindAccount, HandedOver, Role, SessionRecord,
};
use crate::token::TokenId;

/// The page.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    let account = found(&request).await?;
    page(&request, &person, &account, StatusCode::OK, None).await
}

/// Gives it another role or name, disables or enables it, makes a recovery code, hands over what it made, or ends a session.
pub async fn change(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let before = found(&request).await?;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    // To end a session takes rights away; whoever needs it has no time.
    if form.get("do") != "end_session"
        && let Err(notice) = confirmed(&request, &person, &form).await?
    {
        return page(&request, &person, &before, wrong, Some(notice)).await;
    }
    let (keyring, now) = (app.keyring.load(), app.now());
    let by = By::fresh(person.principal(), &keyring)?;
    let which = Changed {
        id: before.id,
        if_revision: form.get("revision").parse().ok(),
        now,
    };
    let store = &*app.store;
    let (changed, notice) = match form.get("do") {
        "describe" => {
            let (name, role) = match described(&form) {
                Ok(described) => described,
                Err(words) => {
                    let notice = Some(Notice::refused(words));
                    return page(&request, &person, &before, wrong, notice).await;
                }
            };
            let changed = describe(store, which, role, &name, by).await?;
            (changed, Notice::done("It is changed."))
        }
        "disable" => {
            let words = "It is disabled, and signed out everywhere.";
            (disable(store, which, by).await?, Notice::done(words))
        }
        "enable" => (
            enable(store, which, by).await?,
            Notice::done("It is enabled."),
        ),
        "recover" => {
            let code = RecoveryCode::from_random(&*random::bytes()?);
            let resets = form.all("reset").any(|what| what == "second_factor");
            let changed = recover(store, which, &code, resets, by).await?;
            let notice = match &changed {
                ChangedAccount::Done(account) => accounts::recovery(app, account, &code),
                _ => Notice::done(""),
            };
            (changed, notice)
        }
        "hand_over" => match handed_over(app, before.id, form.get("to"), by).await? {
            Ok(notice) if notice.good => (ChangedAccount::Done(before.clone()), notice),
            Ok(notice) => return page(&request, &person, &before, wrong, Some(notice)).await,
            Err(words) => {
                let to = hand_over_to(form.get("to")).error(Some(words));
                return page_with(&request, &person, &before, wrong, None, to).await;
            }
        },
        "end_session" => {
            let session = find_session(form.get("session")).ok_or_else(no_such_form)?;
            let ended = end_session(store, before.id, session, by, now).await?;
            let notice = match ended {
                true => Notice::done("The session is ended."),
                false => Notice::refused("The session had ended before."),
            };
            (ChangedAccount::Done(before.clone()), notice)
        }
        _ => return Err(no_such_form()),
    };
    match changed {
        ChangedAccount::Done(account) => {
            page(&request, &person, &account, StatusCode::OK, Some(notice)).await
        }
        ChangedAccount::Conflict(account) => {
            let words = format!(
                "Somebody else has changed this account meanwhile: it is {}, {}, now. You wanted: {}. Nothing was changed; look, \
                 and send it again.",
                account.display_name,
                account.role,
                wanted(&form)
            );
            let notice = Some(Notice::refused(words));
            page(
                &request,
                &person,
                &account,
                StatusCode::PRECONDITION_FAILED,
                notice,
            )
            .await
        }
        ChangedAccount::LastAdmin => {
            let words = "This is the last admin: make another first. Nothing was changed.";
            let notice = Some(Notice::refused(words));
            page(&request, &person, &before, StatusCode::CONFLICT, notice).await
        }
        ChangedAccount::Unknown => Err(unknown()),
    }
}

/// The name and the role that a form gives, or what is wrong with them.
fn described(form: &ConsoleForm) -> Result<(DisplayName, Role), String> {
    let name = form.get("display_name").parse::<DisplayName>();
    let role = form.get("role").parse::<Role>();
    Ok((
        name.map_err(|error| error.to_string())?,
        role.map_err(|error| error.to_string())?,
    ))
}

/// Hands what an account made over to the account of this name; what is said of it, or what is wrong with the name.
async fn handed_over(
    app: &App,
    from: AccountId,
    name: &str,
    by: By<'_>,
) -> Result<Result<Notice, String>, Problem> {
    let now = app.now();
    let to = match name.parse::<AccountName>() {
        Ok(name) => {
            let wanted = FindAccount::Name(name.folded());
            app.store.account(wanted, now).await?
        }
        Err(_) => None,
    };
    let handed = match to {
        None => Err(HandOverError::NobodyThere),
        Some(to) => hand_over(&*app.store, from, to.id, by, now).await,
    };
    match handed {
        Ok(HandedOver {
            codes,
            api_keys,
            lists,
            ..
        }) => Ok(Ok(Notice::done(format!(
            "Handed over: {codes} codes and links, {api_keys} API keys, {lists} check-in lists made or worked at."
        )))),
        Err(HandOverError::Store(error)) => Err(error.into()),
        Err(error @ HandOverError::DisabledMeanwhile(_)) => Ok(Ok(Notice::refused(format!(
            "Only some was handed over: {error}."
        )))),
        Err(error @ (HandOverError::Same | HandOverError::NobodyThere)) => {
            Ok(Err(format!("Nothing was handed over: {error}.")))
        }
    }
}

/// What was asked for, in words.
fn wanted(form: &ConsoleForm) -> String {
    match form.get("do") {
        "describe" => format!("{}, {}", form.get("display_name"), form.get("role")),
        "disable" => "that it is disabled".to_owned(),
        "enable" => "that it is enabled".to_owned(),
        _ => "a recovery code".to_owned(),
    }
}

async fn found(request: &HttpRequest) -> Result<AccountRecord, Problem> {
    let app = App::of(request);
    let id = route::variable(request, "id").parse();
    let id = AccountId(id.map_err(|_| unknown())?);
    let found = app.store.account(FindAccount::Id(id), app.now()).await?;
    found.ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::new(ProblemCode::NotFound).detail("There is no such account.")
}

fn no_such_form() -> Problem {
    Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")
}

/// The sessions of an account; `here`: the one of whoever looks.
pub fn sessions(sessions: &[SessionRecord], here: Option<[u8; 12]>) -> Part {
    let row = |session: &SessionRecord| {
        let id = TokenId::from(session.id).to_string();
        vec![
            text(&session.browser),
            Cell::Time(secs(session.created_at)),
            Cell::Time(secs(session.used_at)),
            match here == Some(session.id) {
                true => text("this one"),
                false => Cell::Button(
                    vec![("do", "end_session".to_owned()), ("session", id)],
                    "End",
                ),
            },
        ]
    };
    Part::Table(Table {
        caption: "Sessions",
        head: vec!["Browser", "Signed in", "Last used", "End it"],
        rows: sessions.iter().map(row).collect(),
        empty: "Nobody is signed in.",
    })
}

/// The field that says to whom is handed over.
fn hand_over_to(name: &str) -> Field {
    Field::new("to", "To", FieldKind::Line)
        .hint("the name with which they sign in")
        .value(name)
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    account: &AccountRecord,
    status: StatusCode,
    notice: Option<Notice>,
) -> Result<HttpResponse, Problem> {
    page_with(request, person, account, status, notice, hand_over_to("")).await
}

async fn page_with(
    request: &HttpRequest,
    person: &Person,
    account: &AccountRecord,
    status: StatusCode,
    notice: Option<Notice>,
    to: Field,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let now = app.now();
    let form = |id, what: &str, fields: Vec<Field>, button, danger| {
        Part::Form(Form {
            id,
            action: format!("/console/accounts/{}", account.id.0),
            is_query: false,
            hidden: vec![
                ("do", what.to_owned()),
                ("revision", account.revision.to_string()),
            ],
            fields: fields
                .into_iter()
                .chain(confirmation(person, now))
                .collect(),
            button,
            danger,
        })
    };
    let mut parts = vec![Part::Facts(vec![
        ("Name", text(&account.name)),
        ("Shown as", text(&account.display_name)),
        ("Role", text(account.role.as_str())),
        ("State", text(accounts::state(account, now))),
        ("Made", Cell::Time(secs(account.created_at))),
        ("Last signed in", time(account.last_signed_in_at)),
        ("Second factor since", time(account.second_factor_at)),
    ])];
    let fields = vec![
        Field::new("display_name", "Name for others to read", FieldKind::Line)
            .value(&account.display_name),
        Field::new("role", "Role", FieldKind::choice(accounts::ROLES))
            .hint("another role signs the person out")
            .value(account.role.as_str()),
    ];
    parts.push(Part::Heading("Name and role".to_owned()));
    parts.push(form("describe", "describe", fields, "Change", false));
    parts.push(Part::Heading("Password lost".to_owned()));
    parts.push(Part::Text(
        "A recovery code lets the person set another password, and signs them out everywhere."
            .to_owned(),
    ));
    let reset = Field::new(
        "reset",
        "Phone lost, too",
        FieldKind::ticks([("second_factor", "take the second factor away")]),
    );
    parts.push(form(
        "recover",
        "recover",
        account
            .second_factor_at
            .map(|_| reset)
            .into_iter()
            .collect(),
        "Make a recovery code",
        false,
    ));
    parts.push(Part::Heading("Sessions".to_owned()));
    let listed = app.store.sessions(account.id, now).await?;
    let here = (account.id == person.account.id).then_some(person.session.id);
    parts.push(sessions(&listed, here));
    // What is wrong is seen at once.
    let at = if to.error.is_some() { 0 } else { parts.len() };
    let hand_over = [
        Part::Heading("Hand over".to_owned()),
        Part::Text(
            "The codes, links, API keys and check-in lists that this account made become another\u{2019}s, all of them, and its work at lists.".to_owned(),
        ),
        form("hand_over", "hand_over", vec![to], "Hand over", false),
    ];
    parts.splice(at..at, hand_over);
    parts.push(match account.disabled_at {
        None => Part::Heading("Disable".to_owned()),
        Some(_) => Part::Heading("Enable".to_owned()),
    });
    parts.push(match account.disabled_at {
        None => form(
            "disable",
            "disable",
            Vec::new(),
            "Disable this account",
            true,
        ),
        Some(_) => form("enable", "enable", Vec::new(), "Enable this account", false),
    });
    let page = Page {
        request,
        person,
        title: &account.display_name,
        at: "/console/accounts",
    };
    Ok(page.answer(status, notice, parts))
}
