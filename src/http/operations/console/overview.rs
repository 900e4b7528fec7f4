//! `/console`: what is alive, and what needs attention.

use actix_web::{HttpRequest, HttpResponse};

use super::{Page, codes, secs};
use crate::clock::rfc3339;
use crate::http::admission::Person;
use crate::http::pages::console::{Cell, Part};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::receipts::{self, ListReceipts};
use crate::store::{ReceiptState, Role, Scope};
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
            limit: ListReceipts::MAX_LIMIT,
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
        let counted = |count: usize, more: bool| {
            Cell::Text(match more {
                true => format!("{count} or more"),
                false => count.to_string(),
            })
        };
        parts.push(Part::Facts(vec![
            (
                "Codes that can be opened",
                counted(active.receipts.len(), active.next.is_some()),
            ),
            ("Opened today (UTC)", counted(opened, lately.next.is_some())),
        ]));
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

/// What an operator is to look at, in words.
fn attention(app: &App, now: UnixTime) -> Vec<String> {
    let mut words: Vec<String> = app.store.notes().to_vec();
    let keyring = app.keyring.load();
    let made = keyring.primary().created_at();
    if secs(now) - secs(made) > secs(UnixTime::from_secs(KEY_DAYS * DAY_SECS)) {
        words.push(format!(
            "The key that seals is from {}: replace it (qrseal keys add, qrseal keys promote).",
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
