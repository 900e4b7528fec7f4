//! `/sign-in/code`: the second factor, after the password.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};

use super::{door, newcomer, page, told};
use crate::accounts::{Half, SecondFactorError, SignInError, sign_in_with_code};
use crate::http::admission::{OwnForm, people, rates};
use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Field, FieldKind, Form, Notice, Part};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::AskedBy;
use crate::http::state::App;
use crate::limits::Budget;
use crate::principal::Principal;
use crate::random;
use crate::store::{AccountRecord, StoredPassword};
use crate::token::UnixTime;

/// Asks whoever knows the password for the code.
pub fn ask(
    request: &HttpRequest,
    account: &AccountRecord,
    rehashed: Option<&StoredPassword>,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let half = Half::seal(
        &app.keyring.load(),
        account,
        rehashed,
        *random::bytes()?,
        app.now(),
    );
    let half = half.ok_or_else(|| Problem::new(ProblemCode::TemporarilyUnavailable))?;
    Ok(form(request, StatusCode::OK, &half, None, None))
}

/// Signs somebody in.
pub async fn sign_in(
    request: HttpRequest,
    _own_page: OwnForm,
    fields: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    if people::session_cookie(app, request.head()).is_none() {
        return Err(Problem::new(ProblemCode::Forbidden).detail(super::NEEDS_HTTPS));
    }
    rates::take(&request, Budget::SignIns)?;
    let half = fields.get("half");
    let newcomer = newcomer(&request)?;
    let keyring = app.keyring.load();
    let signed_in = sign_in_with_code(door(app, &keyring), half, fields.get("code"), &newcomer);
    match signed_in.await {
        Ok((token, account)) => {
            let by = AskedBy(Principal::Account(account.id.0));
            request.extensions_mut().insert(by);
            let mut answer = people::see_other(app, "/console");
            people::hold(app, &mut answer, Some(&token));
            Ok(answer)
        }
        Err(error) => {
            let (status, wait) = match &error {
                SecondFactorError::SignIn(SignInError::Locked { wait_secs }) => {
                    (StatusCode::TOO_MANY_REQUESTS, Some(*wait_secs))
                }
                _ => (StatusCode::FORBIDDEN, None),
            };
            let notice = refused(error, newcomer.now)?;
            Ok(form(&request, status, half, Some(notice), wait))
        }
    }
}

/// What is wrong with a code, in words for the person.
pub fn refused(error: SecondFactorError, now: UnixTime) -> Result<Notice, Problem> {
    let words = match error {
        SecondFactorError::Wrong => {
            "This is not the code of the moment, and no backup code that is left. Should it be wrong each time, let your device set its clock by itself.".to_owned()
        }
        SecondFactorError::Used => {
            "This code was used already. Wait until the app shows the next one.".to_owned()
        }
        SecondFactorError::ClockBehind(secs) => clock_behind(secs),
        SecondFactorError::Outdated => {
            "This took too long, or the password has changed meanwhile. Begin again with the password.".to_owned()
        }
        SecondFactorError::AlreadySet => "A second factor is set already.".to_owned(),
        SecondFactorError::NotSet => "There is no second factor any more. Begin again.".to_owned(),
        SecondFactorError::KeyGone => "The key that sealed your second factor was destroyed. An admin takes it away: with a recovery \
                                       code, or on the server qrseal accounts recover NAME --reset-totp."
            .to_owned(),
        SecondFactorError::SignIn(SignInError::Locked { wait_secs }) => format!(
            "Too many wrong codes were given for this account. Try again at {}.",
            crate::clock::rfc3339(now.plus_secs(wait_secs))
        ),
        SecondFactorError::SignIn(error) => return told(error, "Begin again with the password.", now),
    };
    Ok(Notice::refused(words))
}

/// The reason why a code of another time is refused.
fn clock_behind(secs: u64) -> String {
    let off = match secs {
        secs if secs < 120 => format!("{secs} seconds"),
        secs => format!("{} minutes", secs / 60),
    };
    format!(
        "This is a code of another time: your device\u{2019}s clock seems to be about {off} behind. Let it set its clock by itself, and \
         take the code that it shows then."
    )
}

fn form(
    request: &HttpRequest,
    status: StatusCode,
    half: &str,
    notice: Option<Notice>,
    wait: Option<u64>,
) -> HttpResponse {
    let form = Form {
        id: "code",
        action: "/sign-in/code".to_owned(),
        is_query: false,
        hidden: vec![("half", half.to_owned())],
        fields: vec![
            Field::new("code", "Code", FieldKind::Line)
                .hint("the six digits that your app shows, or one of your backup codes")
                .autocomplete("one-time-code"),
        ],
        button: "Sign in",
        danger: false,
    };
    let parts = vec![
        Part::Text(
            "Phone and backup codes lost? An admin takes the second factor away.".to_owned(),
        ),
        Part::Link("/sign-in".to_owned(), "Begin again".to_owned()),
    ];
    let mut answer = HttpResponse::build(status);
    if let Some(secs) = wait {
        answer.insert_header((RETRY_AFTER, secs));
    }
    page(request, answer, "Your second factor", notice, form, parts)
}
