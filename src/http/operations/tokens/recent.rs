//! Back after an open: for two minutes the browser that opened a limited token has its `open_id`, so that it gets the document
//! again and nobody is told that somebody else has read it.

use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HeaderValue};

use crate::http::state::App;
use crate::opening::OpenId;
use crate::store::REPEAT_SECS;
use crate::token::TokenId;

/// The cookie's name before the token's id, which keeps tokens apart; the link itself would be too long for a cookie's path.
const NAME: &str = "qrseal-open-";

/// The `Set-Cookie` that keeps the `open_id` of an open of this token. Scripts cannot read it, other sites' pages cannot have it sent.
pub fn keep(app: &App, token: TokenId, open_id: &OpenId) -> Option<HeaderValue> {
    let base = app.links.base_path();
    let secure = if app.https { "; Secure" } else { "" };
    let cookie = format!(
        "{NAME}{token}={}; Max-Age={REPEAT_SECS}; Path={base}/; HttpOnly; SameSite=Lax{secure}",
        open_id.as_str()
    );
    // Every byte of it is visible ASCII, but what a configured path may have.
    HeaderValue::try_from(cookie).ok()
}

/// The `open_id` with which this browser opened the token just now.
pub fn kept(request: &HttpRequest, token: TokenId) -> Option<OpenId> {
    let name = format!("{NAME}{token}");
    request
        .headers()
        .get_all(COOKIE)
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(known, _)| *known == name)?
        .1
        .parse()
        .ok()
}
