//! The OpenAPI 3.1 description, as `openapi/openapi.json` holds it and Swagger UI shows it.
//!
//! Belongs here: what is said of all operations together; what is said of one stands
//! beside its handler, and where it is reached in `routes`. The statuses and codes of errors come from the table of problems,
//! options from their rows, and examples from real tokens of a fixed keyring. Does not belong here: behaviour.

mod components;
pub mod contents;
pub mod paging;
pub mod parts;
mod problems;
mod profiles;
mod rules;
pub mod sample;
pub mod schemas;

use utoipa::openapi::path::{PathItem, Paths, PathsBuilder};
use utoipa::openapi::{
    Info, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder, tag::TagBuilder,
};

use super::routes::ROUTES;
use crate::profiles::Registry;

/// The description as it is committed: its server is `/`, the same place that the description came from.
#[must_use]
pub fn description() -> String {
    description_at("/", &Registry::shipped())
}

/// The description with this server address and the profiles of a server, as pretty JSON with a line feed at its end.
pub(super) fn description_at(server: &str, registry: &Registry) -> String {
    let mut description = serde_json::to_value(document(server))
        .expect("a description of strings and numbers is JSON");
    rules::add(&mut description);
    profiles::add(&mut description, registry);
    let mut text = format!("{description:#}");
    text.push('\n');
    text
}

fn document(server: &str) -> OpenApi {
    OpenApiBuilder::new()
        .info(info())
        .servers(Some([ServerBuilder::new().url(server).build()]))
        .paths(paths())
        .components(Some(components::components()))
        .tags(Some(
            [
                ("Seal", "A document in; a QR code and its link out."),
                ("Open", "What a phone scans: a token in, the document out."),
                (
                    "Receipts",
                    "What the ledger knows of tokens: how often they were opened, and when.",
                ),
                ("Change", "What a stored code shows."),
                (
                    "Profiles",
                    "Kinds of documents: what they look like, and what their codes may do.",
                ),
                ("Messages", "A text that whoever scans its code reads."),
                (
                    "Links",
                    "Codes that lead elsewhere, and can be changed after they were printed.",
                ),
                ("Revoke", "A token's end before its time."),
                (
                    "Desk",
                    "Staff scan codes; lists say who enters, and remember who came. An app for a door takes an API key with the scope `check` that \
                     was given the list (`PUT /api/lists/{id}/staff`): it shows what `GET /api/lists` has, sends each code that it reads with a new \
                     `check_in_id` to `POST /api/check-ins`, the same again while no answer comes, shows `outcome` or the problem's `code` with \
                     `display`, prints `badge` if there is one, and undoes by `check_in_id` within 15 minutes. It keeps no documents.",
                ),
                ("Audit", "Who did what when."),
                ("Plain codes", "QR codes of any text, without sealing."),
                ("Service", "For what watches the server."),
            ]
            .map(|(name, words)| {
                TagBuilder::new()
                    .name(name)
                    .description(Some(words))
                    .build()
            }),
        ))
        .build()
}

/// Every route that is described, with who may.
fn paths() -> Paths {
    let described = ROUTES
        .iter()
        .filter_map(|row| Some((row, row.description()?)));
    described
        .fold(PathsBuilder::new(), |paths, (row, operation)| {
            let operation = match row.scope {
                Some(scope) => parts::secured(operation, scope),
                None => operation,
            };
            paths.path(row.path, PathItem::new(row.method.http_method(), operation))
        })
        .build()
}

fn info() -> Info {
    InfoBuilder::new()
        .title("qrseal")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Seals a JSON document into a QR code: `POST` a document and get a symbol whose link carries the document, \
             encrypted and authenticated; a phone that scans it opens the link and sees the document. Nothing is \
             stored.\n\nErrors are `application/problem+json` (RFC 9457) with a stable `code`; what each means stands \
             under `/problems/{code}`. A client whose `Accept` names `text/html` gets a page with the same status. A \
             method that an address does not take is answered with 405 and `Allow`.",
        ))
        .license(Some(
            LicenseBuilder::new()
                .name("MIT OR Apache-2.0")
                .identifier(Some("MIT OR Apache-2.0"))
                .build(),
        ))
        .build()
}
