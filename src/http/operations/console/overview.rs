//! `/console`: what is alive, and what needs attention.

use std::sync::atomic::Ordering;

use actix_web::{HttpRequest, HttpResponse};

use super::{Page, codes, secs};
use crate::clock::rfc3339;
use crate::cursor::MOST_ROWS;
use crate::http::admission::Person;
use crate::http::pages::console::{Cell, Part};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::links::{self, ListLinks, ShowScans, report};
use crate::receipts::{self, ListReceipts};
use crate::store::{LinkState, ReceiptState, ReportQuery, Role, ScansOf, Scope};
use crate::token::UnixTime;

/// A key of the keyring that seals for longer is due to be replaced.
const KEY_DAYS: u64 = 365;
const DAY_SECS: u64 = 24 * 60 * 60;

/// The page.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (now, role) = (app.now(), person.account.role);
    let mut parts = Vec::new();
    if role == Role::Admin {
        for words in attention(app, now) {
            parts.push(Part::Text(words));
        }
    }
    if role.may(Scope::Read) {
        let today = UnixTime::from_secs(now.as_secs() / DAY_SECS * DAY_SECS);
        let list = async |wanted| receipts::list(&*app.store, wanted, now).await;
        let all = ListReceipts {
            made_by: person.only_of(),
            limit: MOST_ROWS,
            ..ListReceipts::default()
        };
        let active = list(ListReceipts {
            state: Some(ReceiptState::Active),
            ..all.clone()
        })
        .await?;
        let lately = list(ListReceipts {
            since: Some(today),
            ..all.clone()
        })
        .await?;
        let opened = lately
            .receipts
            .iter()
            .filter(|receipt| receipt.entry.last_opened_at.is_some_and(|at| at >= today))
            .count();
        let mut seen = vec![
            (
                "Codes that can be opened",
                counted(active.receipts.len(), active.next.is_some()),
            ),
            ("Opened today (UTC)", counted(opened, lately.next.is_some())),
        ];
        seen.extend(of_links(app, &person, now).await?);
        if role == Role::Admin {
            seen.extend(of_operator(app, now).await?);
        }
        parts.push(Part::Facts(seen));
        let latest = list(ListReceipts { limit: 10, ..all }).await?;
        parts.push(Part::Heading("Latest codes".to_owned()));
        parts.push(codes::table(&latest.receipts));
    } else {
        parts.push(Part::Text(
            "Your role scans codes. Open the link of a list that you were given to begin."
                .to_owned(),
        ));
    }
    let page = Page {
        request: &request,
        person: &person,
        title: "Overview",
        at: "/console",
    };
    Ok(page.show(parts))
}

/// A count of which no more is known than that it is so large.
fn counted(count: usize, more: bool) -> Cell {
    Cell::Text(match more {
        true => format!("{count} or more"),
        false => count.to_string(),
    })
}

/// What there is to know of the links that this person sees.
async fn of_links(
    app: &App,
    person: &Person,
    now: UnixTime,
) -> Result<Vec<(&'static str, Cell)>, Problem> {
    let made_by = person.only_of();
    let days = |days: u64| UnixTime::from_secs(now.as_secs().saturating_sub(days * DAY_SECS));
    let scans = ShowScans {
        from: days(6),
        ..ShowScans::latest(
            ScansOf::Noted {
                note: None,
                made_by,
            },
            now,
        )
    };
    let total = report(&*app.store, scans).await?.total();
    let wanted = ListLinks {
        state: Some(LinkState::Active),
        made_by,
        limit: MOST_ROWS,
        ..ListLinks::default()
    };
    let keyring = app.keyring.load_full();
    let links = links::list(&*app.store, &keyring, &app.link_policy, wanted, now).await?;
    let stopped = links.links.iter().filter(|link| link.blocked.is_some());
    let stopped = stopped.count();
    let mut facts = vec![
        (
            "Links that lead on",
            counted(links.links.len() - stopped, links.next.is_some()),
        ),
        (
            "Scans in seven days",
            Cell::Text(match total.bots {
                0 => total.people().to_string(),
                bots => format!("{}, and {bots} by programs", total.people()),
            }),
        ),
    ];
    if stopped > 0 {
        let words = counted(stopped, links.next.is_some());
        facts.push(("Links that a block list or a setting stops", words));
    }
    Ok(facts)
}

/// What an operator sees besides.
async fn of_operator(app: &App, now: UnixTime) -> Result<Vec<(&'static str, Cell)>, Problem> {
    const MOST: u32 = 100;
    let query = ReportQuery {
        after: None,
        limit: MOST,
    };
    let reported = app.store.reports(query).await?.len();
    let more = u32::try_from(reported).is_ok_and(|reported| reported >= MOST);
    let made = app.keyring.load().primary().created_at();
    let key_days = now.as_secs().saturating_sub(made.as_secs()) / DAY_SECS;
    let blocked = app.blocked_scans.load(Ordering::Relaxed);
    Ok(vec![
        (
            "Scans that a block list stopped",
            Cell::Text(format!("{blocked} since this server started")),
        ),
        ("Messages that were reported", counted(reported, more)),
        (
            "Age of the key that seals",
            Cell::Text(format!("{key_days} days")),
        ),
        (
            "Writes waiting for the database",
            Cell::Text(app.store.waiting().to_string()),
        ),
    ])
}

/// What an operator is to look at, in words.
fn attention(app: &App, now: UnixTime) -> Vec<String> {
    let mut words: Vec<String> = app.store.notes().to_vec();
    let keyring = app.keyring.load();
    let made = keyring.primary().created_at();
    if secs(now) - secs(made) > secs(UnixTime::from_secs(KEY_DAYS * DAY_SECS)) {
        words.push(format!(
            "The key that seals is from {}: replace it (qrseal keys rotate).",
            rfc3339(made)
        ));
    }
    if app.config.phone_cannot_reach() {
        words.push(
            "Links lead to an address that phones cannot reach: set server.public_url.".to_owned(),
        );
    }
    words
}
