//! `/sign-in/code`: the second factor, after the password.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};

use super::{at_the_door, begun, door, newcomer, page, told};
use crate::accounts::{Half, SecondFactorError, SignInError, sign_in_with_code};
use crate::http::admission::{OwnForm, people};
use crate::http::extract::ConsoleForm;
use crate::http::pages::console::{Field, FieldKind, Form, Notice, Part};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
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
    Ok(form(request, StatusCode::OK, &half, None, None, None))
}

/// A page that is loaded again begins again: there is no form without the password.
pub async fn show(request: HttpRequest) -> HttpResponse {
    people::see_other(App::of(&request), "/sign-in")
}

/// Signs somebody in.
pub async fn sign_in(
    request: HttpRequest,
    _own_page: OwnForm,
    fields: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    at_the_door(&request)?;
    let half = fields.get("half");
    let newcomer = newcomer(&request)?;
    let keyring = app.keyring.load();
    let signed_in = sign_in_with_code(door(app, &keyring), half, fields.get("code"), &newcomer);
    match signed_in.await {
        Ok((token, account)) => Ok(begun(&request, &token, &account)),
        Err(error) => {
            let (status, wait) = match &error {
                SecondFactorError::SignIn(SignInError::Locked { wait_secs }) => {
                    (StatusCode::TOO_MANY_REQUESTS, Some(*wait_secs))
                }
                _ => (StatusCode::FORBIDDEN, None),
            };
            Ok(match refused(error, newcomer.now)? {
                Refused::Code(words) => form(&request, status, half, Some(words), None, None),
                Refused::Now(notice) => form(&request, status, half, None, Some(notice), wait),
                Refused::Form(notice, way_on) => {
                    let answer = HttpResponse::build(status);
                    let parts = vec![way_on];
                    page(&request, answer, TITLE, Some(notice), None, parts)
                }
            })
        }
    }
}

/// What is said where a code does not do.
pub enum Refused {
    /// Another code may do: said beside its field.
    Code(String),
    /// None does at this time.
    Now(Notice),
    /// None does in this form any more: what is said, and the way on.
    Form(Notice, Part),
}

const TITLE: &str = "Your second factor";

/// What is wrong with a code, in words for the person.
pub fn refused(error: SecondFactorError, now: UnixTime) -> Result<Refused, Problem> {
    let form = |words: &str, path: &str, way_on: &str| {
        let way_on = Part::Link(path.to_owned(), way_on.to_owned());
        Refused::Form(Notice::refused(words), way_on)
    };
    let begin_again = |words| form(words, "/sign-in", "Begin again");
    Ok(match error {
        SecondFactorError::Wrong => Refused::Code(
            "This is not the code of the moment, and no backup code that is left. Should it be wrong each time, let your device set its clock by itself."
                .to_owned(),
        ),
        SecondFactorError::Used => Refused::Code(
            "This code was used already. Wait until the app shows the next one.".to_owned(),
        ),
        SecondFactorError::ClockBehind(secs) => Refused::Code(clock_behind(secs)),
        SecondFactorError::Outdated => begin_again(
            "This took too long, or the password has changed meanwhile. Begin again with the password.",
        ),
        SecondFactorError::AlreadySet => {
            Refused::Now(Notice::refused("A second factor is set already."))
        }
        SecondFactorError::NotSet => begin_again("There is no second factor any more."),
        SecondFactorError::KeyGone => form(
            "The key that sealed your second factor was destroyed. An admin takes it away: with a recovery code, or on the server \
             qrseal accounts recover NAME --reset-totp.",
            "/sign-in/recover",
            "Set a password with a recovery code",
        ),
        SecondFactorError::SignIn(SignInError::Locked { wait_secs }) => {
            Refused::Now(Notice::refused(format!(
                "Too many wrong codes were given for this account. Try again at {}.",
                crate::clock::rfc3339(now.plus_secs(wait_secs))
            )))
        }
        SecondFactorError::SignIn(error) => {
            Refused::Now(told(error, "Begin again with the password.", now)?)
        }
    })
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
    wrong_code: Option<String>,
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
                .autocomplete("one-time-code")
                .error(wrong_code),
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
    page(request, answer, TITLE, notice, Some(form), parts)
}
