//! `/console/links`: dynamic links, found again, and how one is made.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value, json};

use super::link_words::{ENDS, state_words};
use super::typed::Typed;
use super::{Page, next_page, query, text, time};
use crate::http::admission::{MayIssue, Person, people};
use crate::http::extract::{ConsoleForm, IdempotencyKey, LinkEnvelope, form_id};
use crate::http::operations::tokens::Sealing;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::{Kept, Packing};
use crate::links::{self, LinkContent, ListLinks, OwnedLink};
use crate::profiles::Way;
use crate::store::{LinkState, Scope};

/// When a link ends that has to, where nothing was chosen.
const USUAL_END: &str = "30d";

/// Fields that lead devices elsewhere: the name of the field, the device of its rule, and words.
const DEVICES: [(&str, &str, &str); 3] = [
    ("ios", "ios", "On iPhones and iPads"),
    ("android", "android", "On Android"),
    ("desktop", "desktop", "On computers"),
];

/// A page of links.
pub async fn list(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    page(&request, &person, StatusCode::OK, None, &Typed::default()).await
}

/// Makes a link.
pub async fn create(
    request: HttpRequest,
    person: Person,
    form: ConsoleForm,
) -> Result<HttpResponse, Problem> {
    let typed = Typed::of(&form, &NAMES);
    match made(&request, &person, &form, &typed).await {
        Ok(Made { id, pin: None }) => {
            let to = format!("/console/links/{id}");
            Ok(people::see_other(App::of(&request), &to))
        }
        Ok(Made { id, pin: Some(pin) }) => {
            let words = "The link is made. Whoever scans it needs this PIN: give it to them another way than the code.";
            let notice = Notice::done(words).with_secret(pin);
            super::link::shown(&request, &person, &id, StatusCode::CREATED, Some(notice)).await
        }
        Err(problem) => {
            let (status, typed) = refused(typed, *problem)?;
            page(&request, &person, status, None, &typed).await
        }
    }
}

/// A link that was made.
struct Made {
    id: String,
    /// The PIN that was generated.
    pin: Option<String>,
}

/// Makes the link as the API does: the same members, the same checks.
async fn made(
    request: &HttpRequest,
    person: &Person,
    form: &ConsoleForm,
    typed: &Typed,
) -> Result<Made, Box<Problem>> {
    let app = App::of(request);
    let right = MayIssue::of_person(request, person)?;
    let body = envelope(typed).to_string().into_bytes();
    let LinkEnvelope { link, mut options } = LinkEnvelope::parse(&body, &app.config)?;
    let content = LinkContent::read(&link, &app.link_policy.rules).map_err(Problem::from)?;
    content.check(&app.link_policy).map_err(Problem::from)?;
    options.packing = Packing::Raw;
    let document = content
        .document()
        .map_err(|_| Problem::new(ProblemCode::PayloadTooLarge))?;
    let sealing = Sealing {
        request,
        document_at: "",
        way: Way::Request,
        right: &right,
        key: IdempotencyKey::of_form(form.get("form_id"), &[&body]),
        kept: Kept::Link {
            expired_secs: app.link_policy.keep_expired_secs,
        },
        body: &[],
        body_bytes: body.len(),
    };
    let sealed = sealing.seal(document, &options, async |sealed| {
        Ok::<_, Problem>(Made {
            id: sealed.issued.token.id().to_string(),
            pin: sealed.pin.as_ref().map(|pin| pin.as_str().to_owned()),
        })
    });
    Ok(sealed.await?)
}

/// The names of the form's fields.
const NAMES: [&str; 9] = [
    "target",
    "note",
    "fallback",
    "expires_in",
    "max_opens",
    "pin_auto",
    "ios",
    "android",
    "desktop",
];

/// The body of `POST /api/links` that says the same.
fn envelope(typed: &Typed) -> Value {
    let mut body = Map::new();
    for name in ["target", "note", "fallback", "expires_in"] {
        if name == "target" || !typed.get(name).is_empty() {
            body.insert(name.to_owned(), typed.get(name).into());
        }
    }
    let pin = typed.get("pin_auto") == "1";
    let must_end = pin || !typed.get("max_opens").is_empty();
    if must_end && typed.get("expires_in").is_empty() {
        body.insert("expires_in".to_owned(), USUAL_END.into());
    }
    if !typed.get("max_opens").is_empty() {
        let text = typed.get("max_opens");
        let number = text.parse::<u64>();
        body.insert(
            "max_opens".to_owned(),
            number.map_or_else(|_| text.into(), Value::from),
        );
    }
    if pin {
        body.insert("pin_auto".to_owned(), true.into());
    }
    let rules: Vec<Value> = devices(typed)
        .map(|(device, target)| json!({ "device": device, "target": target }))
        .collect();
    if !rules.is_empty() {
        body.insert("rules".to_owned(), rules.into());
    }
    Value::Object(body)
}

/// The devices that are led elsewhere, in the order of their rules.
fn devices(typed: &Typed) -> impl Iterator<Item = (&'static str, &str)> {
    DEVICES
        .into_iter()
        .map(|(name, device, _)| (device, typed.get(name)))
        .filter(|(_, target)| !target.is_empty())
}

/// What was refused, beside its field; what is about no field is a problem of its own.
fn refused(mut typed: Typed, problem: Problem) -> Result<(StatusCode, Typed), Problem> {
    let status = problem.code.status();
    let errors = problem.members.iter().find(|(name, _)| *name == "errors");
    let errors = errors.and_then(|(_, errors)| errors.as_array().cloned());
    for error in errors.unwrap_or_default() {
        let pointer = error["pointer"].as_str().unwrap_or_default();
        let detail = error["detail"].as_str().unwrap_or_default();
        let field = match pointer.strip_prefix("/rules/") {
            Some(rest) => {
                let number = rest
                    .split('/')
                    .next()
                    .and_then(|number| number.parse().ok());
                let device = number.and_then(|number| devices(&typed).nth(number));
                device.map(|(device, _)| device)
            }
            None => {
                let name = pointer.trim_start_matches('/');
                let name = if name == "pin_auto" {
                    "max_opens"
                } else {
                    name
                };
                NAMES.into_iter().find(|known| *known == name)
            }
        };
        if let Some(field) = field {
            typed.refuse(field, format!("It {detail}."));
        }
    }
    match typed.is_refused() {
        true => Ok((status, typed)),
        false => Err(problem),
    }
}

async fn page(
    request: &HttpRequest,
    person: &Person,
    status: StatusCode,
    mut notice: Option<Notice>,
    typed: &Typed,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let parameters = query(request);
    let value = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let mut find = search(value("note"), value("state"));
    let mut wanted = ListLinks {
        made_by: person.only_of(),
        state: value("state").parse().ok(),
        limit: 50,
        ..ListLinks::default()
    };
    if !value("note").is_empty() {
        match value("note").parse() {
            Ok(note) => wanted.note = Some(note),
            Err(_) => find.fields[0].error = Some("A note has 1 to 80 characters.".to_owned()),
        }
    }
    if !value("cursor").is_empty() {
        wanted.cursor = value("cursor").parse().ok();
        if wanted.cursor.is_none() && notice.is_none() {
            notice = Some(Notice::refused("There is no such page: this is the first."));
        }
    }
    let keyring = app.keyring.load_full();
    let found = links::list(&*app.store, &keyring, &app.link_policy, wanted, app.now()).await?;
    let makes = person.account.role.may(Scope::Issue);
    let mut parts = Vec::new();
    // What is wrong with a new link is seen at once.
    if makes && typed.is_refused() {
        parts.extend(new_link(typed));
    }
    parts.push(Part::Form(find));
    parts.push(table(&found.links));
    if let Some(next) = found.next {
        parts.push(next_page("/console/links", &parameters, &next.to_string()));
    }
    if makes && !typed.is_refused() {
        parts.extend(new_link(typed));
    }
    let page = Page {
        request,
        person,
        title: "Links",
        at: "/console/links",
    };
    Ok(page.answer(status, notice, parts))
}

fn search(note: &str, state: &str) -> Form {
    let states = LinkState::ALL.map(|state| (state.as_str(), state_words(state)));
    let states = [("", "any")].into_iter().chain(states);
    Form {
        id: "search",
        action: "/console/links".to_owned(),
        is_query: true,
        hidden: Vec::new(),
        fields: vec![
            Field::new("note", "Note", FieldKind::Line)
                .hint("or a part of it")
                .value(note)
                .optional(),
            Field::new("state", "State", FieldKind::choice(states)).value(state),
        ],
        button: "Search",
        danger: false,
    }
}

fn new_link(typed: &Typed) -> Vec<Part> {
    let ends = [("", "never")].into_iter().chain(ENDS);
    let mut fields = vec![
        typed
            .field("target", "Leads to", FieldKind::Line)
            .hint("an address that begins with https"),
        typed
            .field("note", "Note", FieldKind::Line)
            .hint("by which you find it again; nothing personal; may be left out")
            .optional(),
        typed.field("expires_in", "Ends", FieldKind::choice(ends)),
        typed
            .field("fallback", "Leads there once it has ended", FieldKind::Line)
            .hint("may be left out")
            .optional(),
        typed
            .field("max_opens", "Opens", FieldKind::Line)
            .hint("times; empty: as often as one likes")
            .optional(),
        typed.field(
            "pin_auto",
            "PIN",
            FieldKind::ticks([("1", "ask for a PIN: it is made here and shown once")]),
        ),
    ];
    for (name, _, words) in DEVICES {
        let field = typed.field(name, words, FieldKind::Line);
        fields.push(field.hint("leads elsewhere; may be left out").optional());
    }
    vec![
        Part::Heading("New link".to_owned()),
        Part::Text(
            "A QR code that leads to an address, which you can change after the code was printed. A link that has a limit or a PIN ends \
             after 30 days if you choose \u{201c}never\u{201d}."
                .to_owned(),
        ),
        Part::Form(Form {
            id: "new",
            action: "/console/links".to_owned(),
            is_query: false,
            hidden: vec![("form_id", form_id())],
            fields,
            button: "Make the link",
            danger: false,
        }),
    ]
}

/// The links, a row each.
fn table(links: &[OwnedLink]) -> Part {
    let row = |link: &OwnedLink| {
        let id = link.row.id.to_string();
        let target = link.written.as_ref().map_or("", |written| &*written.target);
        let name = link.row.note.clone().unwrap_or_else(|| id.clone());
        vec![
            Cell::Link(format!("/console/links/{id}"), name),
            text(target),
            text(match link.blocked {
                Some(_) => "stopped",
                None => state_words(link.state),
            }),
            time(link.row.expires_at),
            text(
                link.row
                    .made_by
                    .map(|by| by.to_string())
                    .unwrap_or_default(),
            ),
        ]
    };
    Part::Table(Table {
        caption: "Links",
        head: vec!["Note or id", "Leads to", "State", "Ends", "Made by"],
        rows: links.iter().map(row).collect(),
        empty: "There are none.",
    })
}
