//! Tokens: issued, looked at, opened, ended. And what these operations share: the token's id in the path, its text, the
//! answer with the document.

pub mod delete;
pub mod destroy;
mod document_page;
mod held_view;
pub mod issue;
pub mod look;
pub mod open;
mod recent;
pub mod replace_payload;
pub mod reset_pin;
pub mod revoke;
pub mod seal_payload;
mod sealing;
pub mod shown;
pub mod staff;
pub mod stateful;

pub use sealing::Sealing;

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, Object, ObjectBuilder, RefOr, Required, Response,
    ResponseBuilder, Schema, Type,
};

use crate::http::openapi::parts::string;
use crate::http::openapi::sample;
use crate::http::openapi::schemas::any;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::opening::Opener;
use crate::token::{Keyring, TokenId};

/// The id of a token, from the path.
#[derive(Debug, Clone, Copy)]
pub struct TokenIdInPath(pub TokenId);

impl TokenIdInPath {
    /// Reads an id of 24 lower-case hexadecimal digits.
    ///
    /// # Errors
    ///
    /// Another text is no id of any token.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        text.parse().map(Self).map_err(|_| unknown())
    }
}

impl FromRequest for TokenIdInPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::parse(route::variable(request, "id")))
    }
}

/// What opening takes of the server.
pub fn opener<'a>(app: &'a App, keyring: &'a Keyring) -> Opener<'a> {
    Opener {
        keyring,
        store: &*app.store,
        revocations: &app.revocations,
        pins: &app.pins,
        long: &app.long,
    }
}

/// The ledger never met the token.
pub fn unknown() -> Problem {
    Problem::new(ProblemCode::TokenNotRecognised)
}

pub(super) fn ctext() -> Object {
    string().pattern(Some("^[A-Za-z0-9_-]+$")).build()
}

pub(super) fn digits() -> Parameter {
    ParameterBuilder::new()
        .name("digits")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(
            "Put yours here: the token as digits, what follows the last slash of a link.",
        ))
        .schema(Some(string().pattern(Some("^[0-9]+$")).build()))
        .build()
}

pub(super) fn document(counted: bool) -> Response {
    let document: RefOr<Schema> = any("The document.").into();
    let json = ContentBuilder::new()
        .schema(Some(document))
        .example(Some(sample::document()))
        .build();
    let response = ResponseBuilder::new()
        .description("The document.")
        .content("application/json", json);
    if !counted {
        return response.build();
    }
    let left = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(0))
        .build();
    let left = HeaderBuilder::new()
        .description(Some(
            "How often the token opens after this; absent if that is not limited.",
        ))
        .schema(Some(left))
        .build();
    response.header("Qrseal-Opens-Left", left).build()
}

/// Where a dynamic link leads.
pub(super) fn way_on() -> Response {
    ResponseBuilder::new()
        .description("The token is a dynamic link, and this is where it leads.")
        .header(
            "Location",
            HeaderBuilder::new()
                .description(Some("The link's target."))
                .schema(Some(string().build()))
                .build(),
        )
        .build()
}

pub fn id() -> Parameter {
    let schema = string().pattern(Some("^[0-9a-f]{24}$")).build();
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(
            "Put yours here: the token's id, as issuing answered it.",
        ))
        .schema(Some(schema))
        .build()
}
