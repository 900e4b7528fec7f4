//! A code that is shown to its holder: large, to be held up at a door, saved or printed.

use actix_web::HttpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::drawing::PictureFormat;
use crate::http::operations::answers;
use crate::http::options::{Options, Topic};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::link::{QUERY_PARAMETER, is_digits};
use crate::profiles::Profile;
use crate::qr::{StyledError, Symbol};
use crate::token::ClaimValue;

/// What the address of a code has behind it that was made just now, by whoever is led there.
pub const MADE: &str = "made";

/// Whether the query says so.
pub fn is_made(query: Option<&str>) -> bool {
    query.is_some_and(|query| query.split('&').any(|part| part == MADE))
}

/// What stands in the query of a token's page before the language that its reader chooses.
pub fn switch(text: &str) -> String {
    match is_digits(text) {
        true => String::new(),
        false => format!("{QUERY_PARAMETER}={text}&"),
    }
}

/// A code that was made just now.
pub struct Made {
    /// Its link.
    pub link: String,
    /// The code in base64, a PNG in its profile's style. None where it cannot be drawn, or not now: without its style the code is
    /// the same code, which its page shows however busy the server is.
    pub picture: Option<String>,
}

/// The code of a token that was made just now, under the profile of this number.
pub async fn code(request: &HttpRequest, token: &str, profile: Option<ClaimValue>) -> Made {
    let app = App::of(request);
    let registry = app.profiles.registry();
    let profile = profile.and_then(|number| registry.numbered(number));
    let link = app.links.of_text(token);
    let picture = picture(request, &link, profile.map(|profile| &**profile)).await;
    Made {
        picture: picture.ok(),
        link,
    }
}

/// The code of a link in base64, a PNG in its profile's style.
pub async fn picture(
    request: &HttpRequest,
    link: &str,
    profile: Option<&Profile>,
) -> Result<String, Problem> {
    let config = &App::of(request).config;
    let looks = config.symbol.looks();
    let style = match profile {
        Some(profile) => profile.style.clone().or(&looks),
        None => looks,
    };
    let look = style.look(config.symbol.ecl)?;
    let symbol = Symbol::encode(link, look.level)?;
    let options = Options::new(Topic::Token, config);
    let drawn = answers::drawn(request, link, &symbol, &look, &options).await?;
    let png = drawn
        .picture(PictureFormat::Png, "QR code")
        .map_err(|error| options.refusal(StyledError::from(error).into()))?;
    Ok(STANDARD.encode(png))
}
