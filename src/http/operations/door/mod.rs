//! The door of the console: signing in, the second factor, setting a password with a recovery code, signing out.

pub mod code;
pub mod recover;
pub mod sign_in;

use actix_web::http::header::{HeaderValue, REFERRER_POLICY, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::accounts::{Door, Newcomer, SessionToken, SignInError, end_session};
use crate::audit::By;
use crate::clock::rfc3339;
use crate::http::admission::{Person, browser, people, rates};
use crate::http::client;
use crate::http::extract::ConsoleForm;
use crate::http::html;
use crate::http::pages::Language;
use crate::http::pages::console::{ConsoleView, Form, Notice, Part, console};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::limits::Budget;
use crate::principal::Principal;
use crate::random;
use crate::store::AccountRecord;
use crate::token::Keyring;

/// What is said where nobody can sign in.
const NEEDS_HTTPS: &str = "Signing in takes HTTPS, or a server on this machine alone: a password must not be read on the way. \
    The operator sets server.public_url to an address that begins with https.";

/// Lets a form in: where a password does not go over a network in clear, and as often as one client may try.
fn at_the_door(request: &HttpRequest) -> Result<(), Problem> {
    if browser::session_cookie(App::of(request), request.head()).is_none() {
        return Err(Problem::new(ProblemCode::Forbidden).detail(NEEDS_HTTPS));
    }
    rates::take(request, Budget::SignIns)
}

/// Leads whoever has signed in to the console; the browser holds the session from now on.
fn begun(request: &HttpRequest, token: &SessionToken, account: &AccountRecord) -> HttpResponse {
    let app = App::of(request);
    request.leave_asker(Principal::Account(account.id.0));
    let mut answer = people::see_other(app, "/console");
    people::hold(app, &mut answer, Some(token));
    answer
}

/// Ends the session of the request.
pub async fn sign_out(
    request: HttpRequest,
    person: Person,
    _form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let keyring = app.keyring.load();
    let by = By::fresh(person.principal(), &keyring)?;
    let (account, session) = (person.account.id, person.session.id);
    end_session(&*app.store, account, session, by, app.now()).await?;
    let mut answer = people::see_other(app, "/sign-in");
    people::hold(app, &mut answer, None);
    Ok(answer)
}

/// A page before the console. Browsers say in its forms which page they are from, so that one of another site is told from it
/// where they do not say more.
fn page(
    request: &HttpRequest,
    mut answer: HttpResponseBuilder,
    title: &str,
    notice: Option<Notice>,
    form: Option<Form>,
    parts: Vec<Part>,
) -> HttpResponse {
    let app = App::of(request);
    let parts = match browser::session_cookie(app, request.head()) {
        Some(_) => form.into_iter().map(Part::Form).chain(parts).collect(),
        None => vec![Part::Text(NEEDS_HTTPS.to_owned())],
    };
    let view = ConsoleView {
        title,
        person: None,
        notice,
        parts,
    };
    answer.insert_header((REFERRER_POLICY, HeaderValue::from_static("same-origin")));
    let page = console(&app.site(Language::English), &view);
    html::page(answer, Language::English, page)
}

/// Who comes to the door with `request`.
pub fn newcomer(request: &HttpRequest) -> Result<Newcomer, Problem> {
    let agent = request.headers().get(USER_AGENT);
    let agent = agent
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    Ok(Newcomer {
        network: client::origin(request),
        browser: browser(agent),
        random: *random::bytes()?,
        now: App::of(request).now(),
    })
}

/// What the door needs.
pub fn door<'a>(app: &'a App, keyring: &'a Keyring) -> Door<'a> {
    Door {
        store: &*app.store,
        keyring,
        hashers: &app.passwords,
    }
}

/// What went wrong, in words for the person; else what the edge answers.
pub fn told(
    error: SignInError,
    wrong: &str,
    now: crate::token::UnixTime,
) -> Result<Notice, Problem> {
    Ok(Notice::refused(match error {
        SignInError::Wrong => wrong.to_owned(),
        SignInError::Disabled => {
            "This account is disabled. An admin can enable it again.".to_owned()
        }
        SignInError::Locked { wait_secs } => format!(
            "Too many wrong passwords came from your network. Try again at {}, or ask an admin for a recovery code.",
            rfc3339(now.plus_secs(wait_secs))
        ),
        SignInError::Busy(busy) => return Err(busy.into()),
        SignInError::Store(error) => return Err(error.into()),
    }))
}

/// Which browser, and on what, as far as a list of sessions needs it.
fn browser(agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let name = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(name), None) => name.to_owned(),
        _ => "another program".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_by_its_name_and_system_and_no_more() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.1", "another program"),
            ("", "another program"),
        ] {
            assert_eq!(browser(agent), expected, "{agent}");
        }
    }
}
