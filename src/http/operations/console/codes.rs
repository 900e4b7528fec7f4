//! `/console/codes`: codes that the ledger knows, found again: by what is known of them, or by a photo.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::{Page, next_page, query, secs, text, time};
use crate::http::admission::{Person, people, styled};
use crate::http::extract::FileForm;
use crate::http::extract::list::time as time_in;
use crate::http::pages::console::{Cell, Field, FieldKind, Form, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::link::{bare, token_text};
use crate::pool::Busy;
use crate::qr::{ReadError, photo_pixels, read_all};
use crate::receipts::{self, ListReceipts, Receipt};
use crate::store::ReceiptState;
use crate::token::{OpenError, ParsedStoredToken, ParsedToken, TokenId};

/// What the search of a photo costs at least, as pixels of a picture that is drawn.
const LEAST_PIXELS: usize = 1 << 20;

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
    let mut find = search(value);
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
    for (place, name, bound) in [
        (3, "since", &mut wanted.since),
        (4, "until", &mut wanted.until),
    ] {
        if value(name).is_empty() {
            continue;
        }
        match time_in(&format!("{}Z", value(name))) {
            Ok(time) => *bound = Some(time),
            Err(_) => find.fields[place].error = Some("It must be a date and a time.".to_owned()),
        }
    }
    if !value("cursor").is_empty() {
        wanted.cursor = value("cursor").parse().ok();
        if wanted.cursor.is_none() {
            notice = Some(Notice::refused("There is no such page: this is the first."));
        }
    }
    let found = receipts::list(&*app.store, wanted, app.now()).await?;
    let mut parts = vec![
        Part::Form(find),
        Part::Form(photo(None)),
        table(&found.receipts),
    ];
    if let Some(next) = found.next {
        parts.push(next_page("/console/codes", &parameters, &next.to_string()));
    }
    Ok(page.answer(StatusCode::OK, notice, parts))
}

/// Finds the code in a photo of it. The photo is read, and kept nowhere.
pub async fn find(
    request: HttpRequest,
    person: Person,
    sent: FileForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let wrong = match seen(&request, &sent).await? {
        Ok(ids) => match ids[..] {
            [id] => return Ok(people::see_other(app, &format!("/console/codes/{id}"))),
            [] => "The QR code in it is none of this server.".to_owned(),
            [_, _, ..] => format!(
                "There are {} codes of this server in it: crop it to one.",
                ids.len()
            ),
        },
        Err(words) => words,
    };
    let page = Page {
        request: &request,
        person: &person,
        title: "Codes",
        at: "/console/codes",
    };
    let parts = vec![Part::Form(photo(Some(wrong))), Part::Form(search(|_| ""))];
    Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY, None, parts))
}

/// The codes of ours in a photo, each once; or why there are none.
async fn seen(
    request: &HttpRequest,
    sent: &FileForm,
) -> Result<Result<Vec<TokenId>, String>, Problem> {
    if sent.file.is_empty() {
        return Ok(Err("No photo was chosen, or it is empty.".to_owned()));
    }
    let refused = |words: String| {
        let mut chars = words.chars();
        let first = chars.next().map(|first| first.to_uppercase().to_string());
        Ok(Err(format!(
            "{}{}.",
            first.unwrap_or_default(),
            chars.as_str()
        )))
    };
    let pixels = match photo_pixels(&sent.file) {
        Ok(pixels) => pixels,
        Err(error) => return refused(error.to_string()),
    };
    // To decode one takes a third more than to draw one, and to search the smallest takes as long as to draw a large one.
    let cost = (pixels / 3 * 4).max(LEAST_PIXELS);
    let picture = sent.file.clone();
    let codes = match styled::draw(request, cost, move || read_all(&picture)).await? {
        Ok(codes) => codes,
        Err(ReadError::Busy) => return Err(Busy.into()),
        Err(error) => return refused(error.to_string()),
    };
    let app = App::of(request);
    let mut ids: Vec<_> = codes
        .iter()
        .filter_map(|code| id_of(app, &code.text))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Ok(ids))
}

/// The id itself, or that of a link or token of ours.
pub fn id_of(app: &App, typed: &str) -> Option<TokenId> {
    if let Ok(id) = typed.parse() {
        return Some(id);
    }
    let token = token_text(typed).unwrap_or_else(|| bare(typed).to_owned());
    match ParsedStoredToken::parse(&token) {
        Ok(stored) => match stored.recognise(&app.keyring.load()) {
            Ok(token) => Some(token.id()),
            Err(OpenError::KeyRetired { id }) => Some(id),
            Err(_) => None,
        },
        Err(_) => Some(ParsedToken::parse(&token).ok()?.id()),
    }
}

fn photo(wrong: Option<String>) -> Form {
    let field = Field::new(
        "photo",
        "Photo of a code",
        FieldKind::File("image/png,image/jpeg"),
    );
    Form {
        id: "photo",
        action: "/console/codes".to_owned(),
        is_query: false,
        hidden: Vec::new(),
        fields: vec![
            field
                .hint(
                    "PNG or JPEG of at most 4 MiB and 12 million pixels; it is read, and not kept",
                )
                .error(wrong),
        ],
        button: "Find it",
        danger: false,
    }
}

fn search<'a>(value: impl Fn(&'static str) -> &'a str) -> Form {
    let states = ReceiptState::ALL.map(|state| (state.as_str(), words(state)));
    let states = [("", "any")].into_iter().chain(states);
    Form {
        id: "search",
        action: "/console/codes".to_owned(),
        is_query: true,
        hidden: Vec::new(),
        fields: vec![
            Field::new("find", "Id or link", FieldKind::Line)
                .value(value("find"))
                .optional(),
            Field::new("note", "Note", FieldKind::Line)
                .hint("or a part of it")
                .value(value("note"))
                .optional(),
            Field::new("state", "State", FieldKind::choice(states)).value(value("state")),
            Field::new("since", "Something happened from", FieldKind::Moment)
                .hint("UTC")
                .value(value("since"))
                .optional(),
            Field::new("until", "and before", FieldKind::Moment)
                .hint("UTC")
                .value(value("until"))
                .optional(),
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
