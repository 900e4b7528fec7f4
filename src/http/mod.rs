//! HTTP: the only place that knows actix-web.
//!
//! Belongs here: routes, what is read from a request and how an answer looks, headers, errors as problem documents,
//! the OpenAPI description, pages, and running the server. Does not belong here: any rule about documents, tokens,
//! keys or symbols.

mod accept;
mod admission;
mod audit_log;
pub mod client;
mod connection;
mod cors;
mod current;
mod edge;
mod extract;
mod form;
mod forwarded;
mod headers;
mod host;
mod html;
mod metrics;
pub(crate) mod openapi;
mod operations;
mod options;
pub mod pages;
mod problem;
mod request_facts;
mod route;
mod routes;
mod serve;
mod state;
mod token_fast_path;
mod wire;

pub use current::refresh;
pub use extract::{CodeEnvelope, OpenBody, PinGiven, TokenEnvelope, TokenIn};
pub use openapi::description;
pub use options::{Options, Topic};
pub use problem::{Problem, ProblemCode, rfc3339};
pub use serve::{RunningServer, ServeError, serve, start};
pub use state::App;
