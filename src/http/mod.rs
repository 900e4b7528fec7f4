//! HTTP: the only place that knows actix-web.
//!
//! Belongs here: routes, what is read from a request and how an answer looks, headers, errors as problem documents,
//! the OpenAPI description, pages, and running the server. Does not belong here: any rule about documents, tokens,
//! keys or symbols.

#[cfg(feature = "server")]
mod accept;
#[cfg(feature = "server")]
mod admission;
#[cfg(feature = "server")]
mod admitted;
#[cfg(feature = "server")]
mod audit_log;
#[cfg(feature = "server")]
pub mod client;
#[cfg(feature = "server")]
mod connection;
#[cfg(feature = "server")]
mod console_pages;
#[cfg(feature = "server")]
mod cors;
#[cfg(feature = "server")]
mod current;
#[cfg(feature = "server")]
mod edge;
#[cfg(feature = "server")]
mod events;
mod extract;
mod form;
#[cfg(feature = "server")]
mod forwarded;
#[cfg(feature = "server")]
mod hangups;
#[cfg(feature = "server")]
mod headers;
#[cfg(feature = "server")]
mod health;
#[cfg(feature = "server")]
mod host;
#[cfg(feature = "server")]
mod html;
#[cfg(feature = "server")]
mod http2;
#[cfg(feature = "server")]
mod keep_certificate;
#[cfg(feature = "server")]
mod keep_keyring;
#[cfg(feature = "server")]
mod keep_samples;
#[cfg(feature = "server")]
mod metrics;
#[cfg(feature = "server")]
mod nodes;
#[cfg(feature = "server")]
pub(crate) mod openapi;
#[cfg(feature = "server")]
mod operations;
mod options;
pub mod pages;
mod problem;
#[cfg(feature = "server")]
mod request_facts;
#[cfg(feature = "server")]
mod request_id;
#[cfg(feature = "server")]
mod route;
#[cfg(feature = "server")]
mod routes;
#[cfg(feature = "server")]
mod routing;
#[cfg(feature = "server")]
mod serve;
#[cfg(feature = "server")]
mod state;
#[cfg(feature = "server")]
mod tls;
#[cfg(feature = "server")]
mod token_fast_path;
#[cfg(feature = "server")]
mod wire;
#[cfg(feature = "server")]
mod worker;

#[cfg(feature = "server")]
pub use current::refresh;
pub use extract::{CodeEnvelope, OpenBody, PinGiven, TokenEnvelope, TokenIn};
#[cfg(feature = "server")]
pub use openapi::description;
pub use options::{Options, Topic};
pub use problem::{Problem, ProblemCode, rfc3339};
#[cfg(feature = "server")]
pub use routes::ROUTES;
#[cfg(feature = "server")]
pub use serve::{RunningServer, ServeError, serve, start};
#[cfg(feature = "server")]
pub use state::App;
