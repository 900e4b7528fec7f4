//! The address of a picture that ends.

use actix_web::HttpRequest;

use crate::http::options::Options;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::pictures::{PictureLife, PictureLink, seal_picture};
use crate::random;
use crate::token::{Nonce, SealedToken, UnixTime};

/// The address of a token's picture, and until when it is good.
pub fn picture_url(
    request: &HttpRequest,
    token: &SealedToken,
    options: &Options,
    life: PictureLife,
) -> Result<(String, UnixTime), Problem> {
    let app = App::of(request);
    let now = app.now();
    let ends_at = now.plus_secs(life.as_secs());
    let picture = PictureLink {
        token: token.as_bytes().to_vec(),
        style: options.looks_text()?,
        ends_at,
    };
    let sealed = seal_picture(
        &app.keyring.load(),
        &picture,
        Nonce::from(*random::bytes()?),
        now,
    );
    let sealed = sealed.ok_or_else(|| Problem::new(ProblemCode::TemporarilyUnavailable))?;
    Ok((app.public_address(&format!("/pictures/{sealed}")), ends_at))
}
