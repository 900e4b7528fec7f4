//! `/console/settings`: what is configured. It is changed in the file, not here.

use actix_web::{HttpRequest, HttpResponse};

use super::{Page, text};
use crate::http::admission::Person;
use crate::http::pages::console::{Cell, Notice, Part, Table};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::token::KeyState;

/// The page.
pub async fn show(request: HttpRequest, person: Person) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    let (config, keyring) = (&app.config, app.keyring.load());
    let report = app.store.check().await?;
    let enabled = keyring
        .keys()
        .iter()
        .filter(|key| matches!(key.state(), KeyState::Primary | KeyState::Enabled))
        .count();
    let row = |name: &str, value: String| vec![Cell::Code(name.to_owned()), text(value)];
    let yes = |on: bool| if on { "yes" } else { "no" }.to_owned();
    let settings = vec![
        row("server.public_url", config.public_url().to_string()),
        row("server.listen", config.server.listen.to_string()),
        row(
            "auth.issuing",
            format!("{:?}", config.auth.issuing).to_lowercase(),
        ),
        row("page.issuer", config.issuer()),
        row(
            "page.contact",
            config
                .page
                .contact
                .clone()
                .unwrap_or_else(|| "not set".to_owned()),
        ),
        row("docs.swagger", yes(config.docs.swagger)),
        row("limits.enabled", yes(config.limits.enabled)),
        row(
            "limits.max_body_bytes",
            config.limits.max_body_bytes.to_string(),
        ),
        row("audit.days", config.audit.days.to_string()),
        row("log.level", config.log.level.to_string().to_lowercase()),
    ];
    let mut notes: Vec<Part> = report.notes.into_iter().map(Part::Text).collect();
    let mut parts = vec![
        Part::Text(
            "These are set in the server's configuration file and by environment variables, and change when it starts anew. \
             On the server, qrseal check looks for what is wrong, and qrseal config prints every setting."
                .to_owned(),
        ),
        Part::Table(Table {
            caption: "Settings",
            head: vec!["Setting", "Value"],
            rows: settings,
            empty: "",
        }),
        Part::Heading("Store and keys".to_owned()),
        Part::Facts(vec![
            ("Store", text(report.kind)),
            ("Schema", text(report.schema_version.to_string())),
            ("Keys that open codes", text(enabled.to_string())),
            ("Key that seals", text(format!("slot {}", keyring.primary().slot()))),
            ("Program", text(format!("qrseal {}", env!("CARGO_PKG_VERSION")))),
        ]),
    ];
    parts.append(&mut notes);
    let page = Page {
        request: &request,
        person: &person,
        title: "Settings",
        at: "/console/settings",
    };
    let notice = (!report.problems.is_empty()).then(|| Notice::refused(report.problems.join(" ")));
    Ok(page.answer(actix_web::http::StatusCode::OK, notice, parts))
}
