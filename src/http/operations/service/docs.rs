//! The OpenAPI description and Swagger UI.

use std::sync::Arc;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use utoipa_swagger_ui::Config as SwaggerConfig;

use crate::http::headers::SWAGGER_POLICY;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;

/// The description of this server: the committed one, with this server's own address.
pub async fn description(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(App::of(&request).description().to_owned())
}

/// Swagger UI's own links are relative to the path with the slash.
pub async fn add_slash(request: HttpRequest) -> HttpResponse {
    let base = App::of(&request).links.base_path();
    HttpResponse::PermanentRedirect()
        .insert_header((LOCATION, format!("{base}/swagger-ui/")))
        .finish()
}

/// A file of Swagger UI.
pub async fn swagger_ui(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let file = request.match_info().query("file");
    let base = App::of(&request).links.base_path();
    let description = format!("{base}/api-docs/openapi.json");
    let config = SwaggerConfig::from(description).try_it_out_enabled(true);
    let found = utoipa_swagger_ui::serve(file, Arc::new(config)).map_err(|error| {
        tracing::error!(%error, "Swagger UI could not be served");
        Problem::new(ProblemCode::Internal)
    })?;
    let file = found.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    let mut answer = HttpResponse::Ok();
    let policy = HeaderValue::from_static(SWAGGER_POLICY);
    answer.insert_header((CONTENT_SECURITY_POLICY, policy));
    if file.gzpipped {
        answer.insert_header((CONTENT_ENCODING, HeaderValue::from_static("gzip")));
    }
    Ok(answer
        .content_type(file.content_type)
        .body(file.bytes.into_owned()))
}
