//! Messages: written on a page or with a POST, read by whoever scans the code, managed with a link of their own.
//!
//! Belongs here: what these operations share: the links to a picture and to manage a message. Does not belong here: sealing
//! and opening, which are those of every stored code.

pub mod create;
pub mod manage;
pub mod page;
pub mod report;

use crate::http::options::Options;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::{IssuedToken, Storage};
use crate::messages::{ManageLink, Managed, MessageLife, seal_manage};
use crate::random;
use crate::token::{Nonce, UnixTime};

/// The options of a message that is sealed: a stored document that ends.
fn as_message(options: &mut Options, life: MessageLife) {
    options.seal.storage = Some(Storage::Stored);
    options.seal.expires_in = Some(life.expires_in());
}

/// The link by which whoever wrote a message manages it.
fn manage_url(app: &App, issued: &IssuedToken, with_pin: bool) -> Result<String, Problem> {
    let token = &issued.token;
    let link = ManageLink {
        id: token.id(),
        ends_at: token.expires_at().unwrap_or(UnixTime::from_secs(u64::MAX)),
        of: Managed::Message {
            counted: with_pin || issued.max_opens.is_some(),
        },
    };
    let sealed = seal_manage(
        &app.keyring.load(),
        link,
        Nonce::from(*random::bytes()?),
        app.now(),
    );
    let sealed = sealed.ok_or_else(|| Problem::new(ProblemCode::TemporarilyUnavailable))?;
    Ok(app.public_address(&format!("/manage/{sealed}")))
}
