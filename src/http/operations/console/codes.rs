//! `/console/codes`: codes that the ledger knows, found again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, next_page, query, secs, text, time};
use crate::http::admission::{Person, people};
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::link::token_text;
use crate::receipts::{self, ListReceipts, Receipt};
use crate::store::ReceiptState;
use crate::token::{OpenError, ParsedStoredToken, ParsedToken, TokenId};

/// A page of codes, or the code whose id or link was given.
pub async fn list(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let parameters = query(&request);
    let value = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let page = Page {
        request: &request,
        person: &person,
        title: "Codes",
        at: "/console/codes",
    };
    let mut find = search(value("find"), value("note"), value("state"));
    let find_text = value("find");
    if !find_text.is_empty() {
        match id_of(app, find_text) {
            Some(id) => return Ok(people::see_other(app, &format!("/console/codes/{id}"))),
            None => {
                find.fields[0].error =
                    Some("This is neither an id of 24 digits and letters a to f nor a link of this server.".to_owned());
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Ok(page.answer(status, None, vec![Part::Form(find)]));
            }
        }
    }
    let mut wanted = ListReceipts {
        made_by: person.only_of(),
        limit: 50,
        ..ListReceipts::default()
    };
    let mut notice = None;
    if !value("note").is_empty() {
        match value("note").parse() {
            Ok(note) => wanted.note = Some(note),
            Err(_) => find.fields[1].error = Some("A note has 1 to 80 characters.".to_owned()),
        }
    }
    wanted.state = value("state").parse().ok();
    if !value("cursor").is_empty() {
        wanted.cursor = value("cursor").parse().ok();
        if wanted.cursor.is_none() {
            notice = Some(Notice::refused("There is no such page: this is the first."));
        }
    }
    let found = receipts::list(&*app.store, wanted, app.now()).await?;
    let mut parts = vec![Part::Form(find), table(&found.receipts)];
    if let Some(next) = found.next {
        parts.push(next_page("/console/codes", &parameters, &next.to_string()));
    }
    Ok(page.answer(StatusCode::OK, notice, parts))
}

/// The id itself, or that of a link of ours.
pub fn id_of(app: &App, typed: &str) -> Option<TokenId> {
    if let Ok(id) = typed.parse() {
        return Some(id);
    }
    let token = token_text(typed)?;
    match ParsedStoredToken::parse(&token) {
        Ok(stored) => match stored.recognise(&app.keyring.load()) {
            Ok(token) => Some(token.id()),
            Err(OpenError::KeyRetired { id }) => Some(id),
            Err(_) => None,
        },
        Err(_) => Some(ParsedToken::parse(&token).ok()?.id()),
    }
}

fn search(find: &str, note: &str, state: &str) -> Form {
    let states = ReceiptState::ALL.map(|state| (state.as_str(), words(state)));
    let states = [("", "any")].into_iter().chain(states);
    Form {
        id: "search",
        action: "/console/codes".to_owned(),
        is_query: true,
        hidden: Vec::new(),
        fields: vec![
            Field::new("find", "Id or link", FieldKind::Line)
                .value(find)
                .optional(),
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

/// A state in plain words.
pub fn words(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Active => "can be opened",
        ReceiptState::UsedUp => "used up",
        ReceiptState::Expired => "expired",
        ReceiptState::Revoked => "revoked",
        ReceiptState::PinLocked => "PIN locked",
    }
}

/// The codes, a row each.
pub fn table(receipts: &[Receipt]) -> Part {
    let row = |receipt: &Receipt| {
        let entry = &receipt.entry;
        let id = entry.id.to_string();
        vec![
            Cell::Link(format!("/console/codes/{id}"), id),
            text(entry.note.clone().unwrap_or_default()),
            text(words(receipt.state)),
            text(match entry.max_opens {
                Some(most) => format!("{} of {most}", entry.opens),
                None => entry.opens.to_string(),
            }),
            time(entry.issued_at),
            time(entry.last_opened_at),
            text(entry.made_by.map(|by| by.to_string()).unwrap_or_default()),
        ]
    };
    Part::Table(Table {
        caption: "Codes",
        head: vec![
            "Id",
            "Note",
            "State",
            "Opens",
            "Issued",
            "Last opened",
            "Made by",
        ],
        rows: receipts.iter().map(row).collect(),
        empty: "There are none.",
    })
}

/// What a receipt tells, for its page.
pub fn facts(receipt: &Receipt) -> Vec<Part> {
    let entry = &receipt.entry;
    let mut facts = vec![
        ("State", text(words(receipt.state))),
        (
            "Note",
            text(entry.note.clone().unwrap_or_else(|| "none".to_owned())),
        ),
        (
            "Made by",
            text(
                entry
                    .made_by
                    .map_or_else(|| "not known".to_owned(), |by| by.to_string()),
            ),
        ),
        ("Issued", time(entry.issued_at)),
        ("Ends", time(entry.expires_at)),
        (
            "Opens",
            text(match entry.max_opens {
                Some(most) => format!("{} of {most}", entry.opens),
                None => format!("{}, without limit", entry.opens),
            }),
        ),
        ("First opened", time(entry.first_opened_at)),
        ("Last opened", time(entry.last_opened_at)),
        ("Wrong PINs", text(entry.pin_wrong.to_string())),
    ];
    if let Some(revoked) = &entry.revoked {
        facts.push(("Revoked", Cell::Time(secs(revoked.at))));
        facts.push((
            "Reason",
            text(match (&revoked.reason, revoked.by_holder) {
                (Some(reason), _) => reason.clone(),
                (None, true) => "its holder destroyed it".to_owned(),
                (None, false) => "none given".to_owned(),
            }),
        ));
    }
    let opens = entry.opens_listed.iter().map(|open| {
        let by = match open.suspected_bot {
            true => "perhaps a program",
            false => "a person",
        };
        vec![Cell::Time(secs(open.at)), text(by)]
    });
    vec![
        Part::Facts(facts),
        Part::Heading("Opens".to_owned()),
        Part::Table(Table {
            caption: "Opens",
            head: vec!["When", "By"],
            rows: opens.collect(),
            empty: "Nobody has opened it, or it opens without being counted.",
        }),
    ]
}
