//! A form of the console with a file in it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};

use super::body::{expect_type, read_start};
use super::multipart;
use crate::http::admission::Person;
use crate::http::problem::{Problem, ProblemCode, too_large};
use crate::http::state::App;

/// The names of fields that hold a file.
const FILES: [&str; 2] = ["rows", "photo"];

/// More fields than such a form has.
const MAX_FIELDS: usize = 32;

/// The form. A page of ours made it: the browser says so, or it has the token of the session.
pub struct FileForm {
    /// The fields in their order, without the file.
    pub fields: Vec<(String, String)>,
    /// The file.
    pub file: Bytes,
}

impl FileForm {
    /// The field of this name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }
}

impl FromRequest for FileForm {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let is_multipart = |essence: &str| essence.eq_ignore_ascii_case("multipart/form-data");
            expect_type(&request, is_multipart, "multipart/form-data")?;
            let share = App::of(&request).request_memory.share();
            if length(&request).is_some_and(|bytes| bytes > share) {
                return Err(too_large(share));
            }
            let (body, _) = read_start(&request, payload, 0).await?;
            let form = Self::read(&request, &body).ok_or_else(|| {
                Problem::new(ProblemCode::Validation).detail("The form is not one of this page.")
            })?;
            match Person::of(&request) {
                Some(person)
                    if !person.is_from_own_page()
                        && !person.token.is_form_token(form.get("form_token")) =>
                {
                    Err(Problem::new(ProblemCode::CrossSite))
                }
                _ => Ok(form),
            }
        })
    }
}

impl FileForm {
    fn read(request: &HttpRequest, body: &Bytes) -> Option<Self> {
        let boundary = multipart::boundary(request.headers().get(CONTENT_TYPE)?.to_str().ok()?)?;
        let mut form = Self {
            fields: Vec::new(),
            file: Bytes::new(),
        };
        for part in multipart::parts(body, boundary, MAX_FIELDS)? {
            match part.name.as_str() {
                name if FILES.contains(&name) => form.file = body.slice_ref(part.value),
                _ => form
                    .fields
                    .push((part.name, String::from_utf8(part.value.to_vec()).ok()?)),
            }
        }
        Some(form)
    }
}

/// How long the body is, as its head says.
fn length(request: &HttpRequest) -> Option<usize> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}
