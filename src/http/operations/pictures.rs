//! `GET /pictures/{sealed}`: the picture of a code, until its time has passed. The address is a secret: no log has it.

use actix_web::http::header::{CACHE_CONTROL, CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use super::answers;
use crate::drawing::PictureFormat;
use crate::http::admission::{DrawingRateChecked, rates};
use crate::http::client;
use crate::http::options::{Options, Topic};
use crate::http::problem::ProblemCode::PictureExpired;
use crate::http::problem::{Problem, invalid, rfc3339};
use crate::http::route;
use crate::http::state::App;
use crate::opening::OpeningError;
use crate::pictures::{PictureError, open_picture};
use crate::qr::Symbol;

/// The picture, as PNG, or with `?format=svg` as SVG.
pub async fn handle(
    request: HttpRequest,
    _paid: DrawingRateChecked,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let now = app.now();
    let format = format(request.query_string())?;
    let sealed = route::variable(&request, "sealed");
    let link = open_picture(&app.keyring.load(), sealed, now).map_err(|error| match error {
        PictureError::NotRecognised => {
            rates::unrecognised(app, client::address(&request), OpeningError::NotRecognised)
        }
        PictureError::Expired { at } => Problem::new(PictureExpired)
            .detail("The picture could be asked for until then.")
            .member("expired_at", rfc3339(at)),
    })?;
    let options = Options::from_query(Topic::Token, &app.config, &link.style, |_, _| false)?;
    let text = app.links.of_bytes(&link.token);
    let symbol = Symbol::encode(&text, options.look.level)?;
    let drawn = answers::drawn(&request, &text, &symbol, &options.look, &options).await?;
    let left = link.ends_at.as_secs().saturating_sub(now.as_secs());
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CACHE_CONTROL, format!("private, max-age={left}")))
        .insert_header((
            CROSS_ORIGIN_RESOURCE_POLICY,
            HeaderValue::from_static("cross-origin"),
        ));
    answers::picture(&mut answer, &drawn, &options, format, "QR code")
}

fn format(query: &str) -> Result<PictureFormat, Problem> {
    let mut format = None;
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let wanted = match (&*name, &*value) {
            ("format", "png") => PictureFormat::Png,
            ("format", "svg") => PictureFormat::Svg,
            ("format", _) => return Err(invalid("/format", "must be png or svg")),
            // Mail programs add parameters of their own.
            _ => continue,
        };
        format = format.or(Some(wanted));
    }
    Ok(format.unwrap_or(PictureFormat::Png))
}
