//! What pages show of a stateful token that was not opened.

use crate::clock::unix_seconds;
use crate::http::pages::{FormView, HeldError, HeldView};
use crate::link::QUERY_PATH;
use crate::opening::{OpenId, StatefulToken};

/// A token's text, and where forms about it put it.
#[derive(Debug, Clone, Copy)]
pub enum TokenText<'a> {
    /// In the path.
    Path(&'a str),
    /// In the body.
    Body(&'a str),
}

impl<'a> TokenText<'a> {
    /// The text.
    pub fn text(self) -> &'a str {
        match self {
            Self::Path(text) | Self::Body(text) => text,
        }
    }

    /// Where a form about the token is sent.
    pub fn form_path(self) -> String {
        match self {
            Self::Path(digits) => format!("/{digits}"),
            Self::Body(_) => format!("/{QUERY_PATH}"),
        }
    }

    /// What a form about it has to bring along.
    pub fn ctext(self) -> Option<&'a str> {
        match self {
            Self::Path(_) => None,
            Self::Body(text) => Some(text),
        }
    }
}

/// What they show.
pub fn view<'a>(
    held: &StatefulToken,
    token: TokenText<'a>,
    (path, token_id): (&'a str, &'a str),
    open_id: &'a OpenId,
    error: Option<HeldError>,
) -> HeldView<'a> {
    HeldView {
        issued_at: unix_seconds(held.issued_at()),
        expires_at: held.expires_at().map(unix_seconds),
        opens: None,
        again: false,
        visitor: held.by_visitor(),
        link: held.link().is_some(),
        made: None,
        token_id,
        form: FormView {
            path,
            ctext: token.ctext(),
            open_id: open_id.as_str(),
            needs_pin: held.needs_pin(),
            error,
        },
    }
}
