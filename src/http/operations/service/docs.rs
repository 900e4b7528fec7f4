//! The OpenAPI description and Swagger UI.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use utoipa_swagger_ui::Config as SwaggerConfig;

use super::kept::Kept;
use crate::http::headers::SWAGGER_POLICY;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

/// The description of this server: the committed one, with this server's own address.
pub async fn description(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let app = told(&request)?;
    Ok(app.description().answer(&request, None))
}

/// Swagger UI's own links are relative to the path with the slash.
pub async fn add_slash(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let base = told(&request)?.links.base_path();
    Ok(HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, format!("{base}/swagger-ui/")))
        .finish())
}

/// A file of Swagger UI.
pub async fn swagger_ui(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = match request.match_info().query("file") {
        "" => INDEX,
        file => file,
    };
    let files = &told(&request)?.swagger().0;
    let file = files
        .get(file)
        .ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    Ok(file.answer(&request, Some(SWAGGER_POLICY)))
}

/// The state of a server that tells of its interface.
fn told(request: &HttpRequest) -> Result<&Arc<App>, Problem> {
    let app = App::of(request);
    match app.config.docs.swagger {
        true => Ok(app),
        false => Err(Problem::new(ProblemCode::NotFound)),
    }
}

const INDEX: &str = "index.html";

/// What the page of Swagger UI loads.
const LOADED: [&str; 7] = [
    "swagger-ui.css",
    "index.css",
    "favicon-32x32.png",
    "favicon-16x16.png",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-initializer.js",
];

/// Swagger UI: its page, and what that loads under addresses that name the content.
pub struct SwaggerFiles(BTreeMap<&'static str, Kept>);

impl SwaggerFiles {
    /// The files for a server whose public address has this path.
    pub fn below(base: &str) -> Self {
        let description = format!("{base}/api-docs/openapi.json");
        let config = Arc::new(SwaggerConfig::from(description).try_it_out_enabled(true));
        let mut files = BTreeMap::new();
        for name in LOADED.into_iter().chain([INDEX]) {
            let found = utoipa_swagger_ui::serve(name, Arc::clone(&config))
                .ok()
                .flatten();
            // Another version of Swagger UI may have other files.
            let Some(found) = found else { continue };
            let kept = match found.gzpipped {
                true => Kept::compressed(found.content_type, found.bytes.into_owned()),
                false => Kept::new(found.content_type, &found.bytes),
            };
            files.insert(name, kept);
        }
        let page = files
            .get(INDEX)
            .map(|page| String::from_utf8(page.content()));
        if let Some(Ok(mut page)) = page {
            for (name, file) in &files {
                let named = format!("./{name}?v={}\"", file.fingerprint);
                page = page.replace(&format!("./{name}\""), &named);
            }
            files.insert(
                INDEX,
                Kept::new("text/html; charset=utf-8", page.as_bytes()),
            );
        }
        Self(files)
    }
}
