//! The OpenAPI description and Swagger UI.

use std::sync::{Arc, PoisonError};

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};

use super::kept::Kept;
use super::swagger_files::INDEX;
use crate::http::headers::SWAGGER_POLICY;
use crate::http::openapi::description_at;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;

/// The description of this server: the committed one, with this server's own address and profiles.
pub async fn description(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let app = told(&request)?;
    let registry = app.profiles.registry();
    // It is made anew when the profiles change, and once for all who ask meanwhile.
    let mut described = app
        .description
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let kept = match &*described {
        Some((of, kept)) if Arc::ptr_eq(of, &registry) => Arc::clone(kept),
        _ => {
            let server = match app.links.base_path() {
                "" => "/",
                base => base,
            };
            let text = description_at(server, &registry);
            let kept = Arc::new(Kept::new("application/json", text.as_bytes()));
            *described = Some((registry, Arc::clone(&kept)));
            kept
        }
    };
    drop(described);
    Ok(kept.answer(&request, None))
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
    let file = match route::variable(&request, "file") {
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
