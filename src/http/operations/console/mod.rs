//! The console: what people who have signed in see and do. Every page works without script.
//!
//! Belongs here: what is read from a form and how its page looks. Does not belong here: who may (`routes` says it, and the edge
//! holds to it), and any rule (features have those).

pub mod account;
pub mod accounts;
pub mod audit;
pub mod batch;
pub mod check_in;
pub mod code;
pub mod codes;
pub mod keys;
pub mod link;
mod link_words;
pub mod links;
pub mod list;
pub mod lists;
pub mod me;
pub mod overview;
pub mod presence;
pub mod second_factor;
pub mod settings;
pub mod typed;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::door::{door, newcomer, told};
use crate::accounts::{TypedPassword, confirm};
use crate::clock::unix_seconds;
use crate::desk::{DeskProfiles, DeskRight};
use crate::http::admission::{MayCheck, Person};
use crate::http::console_pages::PAGES;
use crate::http::extract::ConsoleForm;
use crate::http::html;
use crate::http::pages::Language;
use crate::http::pages::console::{
    Cell, ConsoleView, Field, FieldKind, Notice, Part, PersonView, console,
};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::store::Scope;
use crate::token::UnixTime;

/// A page of the console.
struct Page<'a> {
    request: &'a HttpRequest,
    person: &'a Person,
    title: &'a str,
    /// The page of [`PAGES`] that it belongs to.
    at: &'static str,
}

impl Page<'_> {
    fn answer(&self, status: StatusCode, notice: Option<Notice>, parts: Vec<Part>) -> HttpResponse {
        let app = App::of(self.request);
        let account = &self.person.account;
        let pages = PAGES
            .into_iter()
            .filter(|(_, _, roles)| roles.contains(&account.role))
            .map(|(path, words, _)| (path, words, path == self.at))
            .collect();
        let form_token = self.person.token.form_token();
        let view = ConsoleView {
            title: self.title,
            person: Some(PersonView {
                name: &account.display_name,
                role: account.role.as_str(),
                pages,
                form_token: &form_token,
            }),
            notice,
            parts,
        };
        let page = console(&app.site(Language::English), &view);
        html::page(HttpResponse::build(status), Language::English, page)
    }

    fn show(&self, parts: Vec<Part>) -> HttpResponse {
        self.answer(StatusCode::OK, None, parts)
    }
}

/// How long a password that was given is not asked for again.
pub const CONFIRMED_SECS: u64 = 10 * 60;

/// The field that asks for the password once more, if it was not given lately.
fn confirmation(person: &Person, now: UnixTime) -> Option<Field> {
    let asked = now >= person.session.confirmed_at.plus_secs(CONFIRMED_SECS);
    asked.then(|| {
        Field::new("your_password", "Your password", FieldKind::Password)
            .hint("to confirm that it is you")
            .autocomplete("current-password")
    })
}

/// Looks at the password that confirms who it is, if it was not given lately; else what is said.
async fn confirmed(
    request: &HttpRequest,
    person: &Person,
    form: &ConsoleForm,
) -> Result<Result<(), Notice>, Problem> {
    let app = App::of(request);
    if confirmation(person, app.now()).is_none() {
        return Ok(Ok(()));
    }
    let typed = form.get("your_password");
    if typed.is_empty() {
        let asked = "This takes your password once more. Nothing was changed.";
        return Ok(Err(Notice::refused(asked)));
    }
    let newcomer = newcomer(request)?;
    let keyring = app.keyring.load();
    let (door, typed) = (door(app, &keyring), TypedPassword::new(typed));
    match confirm(door, &person.token, &person.account, typed, &newcomer).await {
        Ok(()) => Ok(Ok(())),
        Err(error) => {
            let wrong = "This is not your password. Nothing was changed.";
            told(error, wrong, newcomer.now).map(Err)
        }
    }
}

/// The right at check-in lists of somebody who has signed in; the route says that their role has it.
fn desk_right(person: &Person) -> DeskRight {
    DeskRight {
        principal: person.principal(),
        every_list: person.account.role.may(Scope::Lists),
        pass_of: None,
    }
}

/// The same, to undo a check-in.
fn may_check(person: &Person) -> MayCheck {
    let right = desk_right(person);
    MayCheck {
        manages: right.every_list,
        right,
    }
}

/// The profiles that are there, with the words of the console's language.
fn desk_profiles(request: &HttpRequest) -> DeskProfiles {
    DeskProfiles {
        registry: App::of(request).profiles.registry(),
        language: Language::English,
    }
}

/// Whether somebody ticked that they mean it.
fn is_sure(form: &ConsoleForm) -> bool {
    form.get("sure") == "1"
}

/// The field in which somebody ticks that they mean it, with what is wrong if they did not.
fn sure(words: &'static str, lacks: bool) -> Field {
    let wrong = lacks.then(|| "Tick this if you mean it. Nothing was changed.".to_owned());
    Field::new("sure", "Are you sure?", FieldKind::ticks([("1", words)])).error(wrong)
}

fn secs(at: UnixTime) -> i64 {
    unix_seconds(at)
}

fn time(at: Option<UnixTime>) -> Cell {
    Cell::time(at.map(secs))
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// The parameters of a query that are filled in.
fn query(request: &HttpRequest) -> Vec<(String, String)> {
    crate::http::form::pairs(request.query_string().as_bytes())
        .take(32)
        .filter_map(|(name, value)| Some((name, value?.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The page that follows: the same parameters with this cursor.
fn next_page(path: &str, parameters: &[(String, String)], cursor: &str) -> Part {
    let parameters = parameters.iter().filter(|(name, _)| name != "cursor");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .append_pair("cursor", cursor)
        .finish();
    Part::Link(format!("{path}?{query}"), "Next page".to_owned())
}
