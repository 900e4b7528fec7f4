//! `/desk`: the page at which staff scan codes, and volunteers whose phones have a pass.

pub mod badge;
pub mod no_code;
pub mod pass;
pub mod roll_call;

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::check_ins::create::{checked_in, passed};
use super::check_ins::undo::undone;
use crate::audit::By;
use crate::clock::unix_seconds;
use crate::desk::{
    CheckInResult, ListAnswer, ListCheckIns, find_list, list_check_ins, list_lists, revoke_pass,
};
use crate::http::admission::{AtDesk, PassHolder, passes, people};
use crate::http::extract::{CheckInBody, ConsoleForm};
use crate::http::headers;
use crate::http::html;
use crate::http::pages::{self, DeskAt, DeskChoice, DeskScan, DeskView, Verdict};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::principal::Principal;
use crate::random;
use crate::store::{CheckInKind, ListId, ListRecord, UNDO_SECS};
use crate::token::base64url;

/// The most lists to choose from.
const MOST_LISTS: u32 = 200;

/// The scans of a person that the page lists.
const LAST_SCANS: u32 = 10;

/// The page, with the list and gate of its query.
pub async fn show(request: HttpRequest, who: AtDesk) -> Result<HttpResponse, Problem> {
    let (mut list, mut gate) = (None, String::new());
    for (name, value) in crate::http::form::pairs(request.query_string().as_bytes()).take(8) {
        match (name.as_str(), value) {
            ("list", Some(value)) => list = value.parse().ok(),
            ("gate", Some(value)) => gate = value,
            _ => {}
        }
    }
    let seat = Seat {
        list,
        gate,
        ..Seat::default()
    };
    page(&request, &who, StatusCode::OK, seat).await
}

/// What a form of the page asks: a code is checked, or a check-in undone. Or what the page of a code asks: it is brought here.
pub async fn scan(
    request: HttpRequest,
    who: AtDesk,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let may = who.may();
    if !form.get("leave").is_empty() {
        return leave(&request, &who).await;
    }
    let mut seat = Seat {
        list: form.get("list").parse().ok(),
        gate: form.get("gate").to_owned(),
        exit: form.get("kind") == CheckInKind::Exit.as_str(),
        ..Seat::default()
    };
    if !form.get("undo").is_empty() {
        let verdict = match undone(&request, &may, form.get("undo")).await {
            Ok(_) => Verdict::of("undone", true),
            Err(problem) if problem.code == ProblemCode::TemporarilyUnavailable => {
                return Err(problem);
            }
            Err(problem) => told(&problem),
        };
        seat.verdict = Some(verdict);
        return page(&request, &who, StatusCode::OK, seat).await;
    }
    let token = typed_token(form.get("token")).into_owned();
    if form.get("check_in_id").is_empty() && !token.is_empty() {
        // The code's own page brought it: it is typed in, and whoever sits here checks it at a list of theirs.
        seat.brought = Some(token);
        return page(&request, &who, StatusCode::OK, seat).await;
    }
    let body = CheckInBody::of_form(|name| match name {
        "token" => &token,
        name => form.get(name),
    })?;
    let (status, verdict) = judged(checked_in(&request, &may, &body).await)?;
    if ["open_required", "pin_incorrect"].contains(&verdict.outcome) {
        seat.pin_for = Some(token.clone());
    }
    seat.verdict = Some(verdict);
    page(&request, &who, status, seat).await
}

/// What is said of a code that was judged, and the status of the page with it.
fn judged(result: Result<CheckInResult, Problem>) -> Result<(StatusCode, Verdict), Problem> {
    match result.and_then(passed) {
        Ok(answer) => {
            let mut verdict = Verdict::of(answer.outcome, answer.outcome != "undone");
            verdict.people = answer.people;
            verdict.badge = answer.badge;
            if let Some(display) = answer.display {
                verdict.title = display.title;
                let fields = display.fields.into_iter();
                verdict.fields = fields.map(|field| (field.label, field.value)).collect();
            }
            Ok((StatusCode::OK, verdict))
        }
        Err(problem) if problem.code == ProblemCode::TemporarilyUnavailable => Err(problem),
        Err(problem) => Ok((problem.code.status(), told(&problem))),
    }
}

/// Signs a phone out that has a pass: nobody signs in with that any more.
async fn leave(request: &HttpRequest, who: &AtDesk) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    if let Some(holder) = who.pass() {
        let keyring = app.keyring.load_full();
        let by = By::fresh(holder.principal(), &keyring)?;
        let (list, id) = (holder.pass.list, holder.pass.id);
        revoke_pass(&*app.store, list, id, holder.right(), by, app.now()).await?;
    }
    let over = format!("/desk/pass{}", html::site(app, request, None).lang_query());
    let mut answer = people::see_other(app, &over);
    passes::hold(app, &mut answer, None);
    Ok(answer)
}

/// What was typed: a token, or, where a keyboard layout made something else of a link, the last long run of digits; of a French one
/// its top row, too.
fn typed_token(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    if let Some(digits) = last_digits(text) {
        return Cow::Borrowed(digits);
    }
    let typed: String = text.chars().map(azerty_digit).collect();
    let digits = last_digits(&typed).map(str::to_owned);
    digits.map_or(Cow::Borrowed(text), Cow::Owned)
}

fn last_digits(text: &str) -> Option<&str> {
    const FEWEST_DIGITS: usize = 20;
    let runs = text.split(|char: char| !char.is_ascii_digit());
    runs.rev().find(|run| run.len() >= FEWEST_DIGITS)
}

/// The digit of the key that types this in the top row of a French keyboard; anything else as it is.
fn azerty_digit(typed: char) -> char {
    match typed {
        '&' => '1',
        '\u{e9}' => '2',
        '"' => '3',
        '\'' => '4',
        '(' => '5',
        '-' => '6',
        '\u{e8}' => '7',
        '_' => '8',
        '\u{e7}' => '9',
        '\u{e0}' => '0',
        other => other,
    }
}

/// What is said of a code that is not let in.
fn told(problem: &Problem) -> Verdict {
    let mut verdict = Verdict::of(problem.code.as_str(), false);
    for (name, value) in &problem.members {
        match (*name, value) {
            ("entered_at", serde_json::Value::String(at)) => {
                verdict.since = crate::clock::parse_rfc3339(at).map(unix_seconds);
            }
            ("gate", serde_json::Value::String(gate)) => verdict.gate = Some(gate.clone()),
            ("made_by", serde_json::Value::String(by)) => match by.parse() {
                Ok(Principal::Pass(number)) => verdict.by_pass = Some(number),
                _ => verdict.by = Some(by.clone()),
            },
            ("made_by_name", serde_json::Value::String(name)) => verdict.by = Some(name.clone()),
            ("badge", badge) => {
                verdict.badge = serde_json::from_value(badge.clone()).ok();
            }
            ("display", display) => {
                let fields = display["fields"].as_array().into_iter().flatten();
                let text = |field: &serde_json::Value, name: &str| {
                    field[name].as_str().unwrap_or_default().to_owned()
                };
                let fields = fields.map(|field| (text(field, "label"), text(field, "value")));
                verdict.fields = fields.collect();
            }
            _ => {}
        }
    }
    verdict
}

/// Where somebody sits, and what came of what they did last.
#[derive(Default)]
struct Seat {
    list: Option<ListId>,
    gate: String,
    exit: bool,
    pin_for: Option<String>,
    brought: Option<String>,
    verdict: Option<Verdict>,
}

async fn page(
    request: &HttpRequest,
    who: &AtDesk,
    status: StatusCode,
    mut seat: Seat,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let right = who.may().right;
    let of = (!right.every_list).then_some(right.principal);
    let lists = match right.pass_of {
        Some(_) => Vec::new(),
        None => list_lists(&*app.store, of, true, None, MOST_LISTS).await?.0,
    };
    if let (Some(_), None, [only]) = (&seat.brought, seat.list, &*lists) {
        seat.list = Some(only.id);
    }
    let chosen = match right.pass_of.or(seat.list) {
        None => None,
        Some(id) => find_list(&*app.store, id).await?,
    };
    let chosen = chosen.filter(|list| right.may_check(list));
    let choice = |list: &ListRecord| DeskChoice {
        id: list.id.to_string(),
        name: list.name.clone(),
    };
    let others = lists
        .iter()
        .filter(|list| chosen.as_ref().is_none_or(|chosen| chosen.id != list.id))
        .map(choice)
        .collect();
    let brought = seat.brought.take_if(|_| chosen.is_none());
    let at = match chosen {
        None => None,
        Some(list) => Some(at(request, who, list, seat).await?),
    };
    let form_token = who.form_token();
    let (person, api) = match who {
        AtDesk::Person(person) => (person.account.display_name.clone(), "/api/check-ins"),
        AtDesk::Pass(holder) => (name_of(holder), "/desk/check-ins"),
    };
    let view = DeskView {
        person: &person,
        api,
        pass_until: who.pass().map(|holder| unix_seconds(holder.pass.ends_at)),
        form_token: &form_token,
        lists: others,
        at,
        brought,
    };
    let before = html::again(request);
    let site = html::site(app, request, before.as_deref());
    let page = pages::desk(&site, &view);
    let mut answer = html::page(HttpResponse::build(status), site.language, page);
    // The one page that may use a camera, and ask the server.
    let headers = answer.headers_mut();
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(headers::DESK_POLICY),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(headers::DESK_PERMISSIONS),
    );
    Ok(answer)
}

/// What a phone with a pass is called: by its number, as check-ins are, and by its note.
fn name_of(holder: &PassHolder) -> String {
    let number = holder.principal().to_string();
    match &holder.pass.note {
        Some(note) => format!("{note} ({number})"),
        None => number,
    }
}

async fn at(
    request: &HttpRequest,
    who: &AtDesk,
    list: ListRecord,
    seat: Seat,
) -> Result<DeskAt, Problem> {
    let app = App::of(request);
    let asked = ListCheckIns {
        made_by: Some(who.may().right.principal),
        limit: LAST_SCANS,
        ..ListCheckIns::default()
    };
    let (rows, _) = list_check_ins(&*app.store, list.id, asked).await?;
    let now = app.now();
    let scans = rows.into_iter().map(|row| DeskScan {
        id: row.id.to_string(),
        at: unix_seconds(row.happened_at),
        undo: row.outcome.is_passed()
            && row.undone_at.is_none()
            && now <= row.happened_at.plus_secs(UNDO_SECS),
        outcome: match row.undone_at {
            Some(_) => "undone",
            None => row.outcome.as_str(),
        },
    });
    let scans = scans.collect();
    let random: [u8; 16] = *random::bytes()?;
    let answer = ListAnswer::of(list);
    let gate = Some(seat.gate)
        .filter(|gate| answer.gates.contains(gate))
        .unwrap_or_default();
    let forms = no_code::links(request, who, &answer, &gate);
    Ok(DeskAt {
        list: DeskChoice {
            id: answer.id,
            name: answer.name,
        },
        gates: answer.gates,
        gate,
        exits: answer.exits == "on",
        roll_call: answer.roll_call == "staff",
        inside: answer.inside,
        exit: seat.exit,
        check_in_id: base64url::encode(&random),
        pin_for: seat.pin_for,
        brought: seat.brought,
        verdict: seat.verdict,
        scans,
        forms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_keyboard_made_of_a_link_its_digits_are_found() {
        let digits = "12345678901234567890123456789012345678901234567890";
        let french = "&\u{e9}\"'(-\u{e8}_\u{e7}\u{e0}".repeat(5);
        for text in [
            digits.to_owned(),
            format!(" {digits}\r\n"),
            format!("https://qr.example.com/{digits}"),
            format!("httpsÖ--qr.example.com-{digits}"),
            format!("httpsM!!qr:exqmple:co,!{digits}"),
            format!("https://qr.example.com/{digits}https://qr.example.com/{digits}"),
            format!("httpsM!!qr:exqmple:co,!{french}"),
            format!("{french}\n"),
        ] {
            assert_eq!(typed_token(&text), digits, "{text}");
        }
        for text in ["", "IAbcDEF_-0", "https://example.com/4711"] {
            assert_eq!(typed_token(text), text);
        }
    }
}
