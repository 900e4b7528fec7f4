//! The start page's form: `multipart/form-data` with a file in it, or without one as any form.
//!
//! Belongs here: what is kept of a form that is too large, so that its page can be shown again. Does not belong here: what
//! the fields mean.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};

use super::body::{FORM, MAX_FORM_FIELDS, expect_type, is_form, read_form, read_start};
use super::multipart;
use crate::http::problem::{Problem, ProblemCode, too_large};

/// Bytes beyond what a form may have that are received and thrown away: a browser that is cut off while it sends shows
/// nothing of ours, and with the form everything in it is gone. A phone's photograph has less.
const THROWN_AWAY_BYTES: usize = 32 * 1024 * 1024;

/// The fields of the start page's form, and the file in it.
pub struct PageForm {
    /// The fields in their order.
    pub fields: Vec<(String, String)>,
    /// The file of the field `logo`, if one was chosen.
    pub logo: Option<LogoFile>,
    /// The last field is longer than a form may be, and this is its beginning.
    pub is_cut: bool,
}

/// A file as it came with a form.
pub enum LogoFile {
    /// All of it.
    Whole(Vec<u8>),
    /// It did not fit into the form, and was thrown away.
    TooLarge {
        /// Bytes that it had.
        bytes: usize,
    },
}

impl FromRequest for PageForm {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let accepted = |essence: &str| is_form(essence) || is_multipart(essence);
            expect_type(&request, accepted, "multipart/form-data")?;
            if expect_type(&request, is_form, FORM).is_ok() {
                return Ok(Self {
                    fields: read_form(&request, payload).await?,
                    logo: None,
                    is_cut: false,
                });
            }
            let (body, sent) = read_start(&request, payload, THROWN_AWAY_BYTES).await?;
            match sent > body.len() {
                true => {
                    Self::from_start(&request, &body, sent).ok_or_else(|| too_large(body.len()))
                }
                false => Self::from_whole(&request, &body).ok_or_else(|| {
                    Problem::new(ProblemCode::Validation)
                        .detail("The form is not one of this page.")
                }),
            }
        })
    }
}

impl PageForm {
    fn from_whole(request: &HttpRequest, body: &Bytes) -> Option<Self> {
        let boundary = boundary(request)?;
        Self::from_parts(multipart::parts(body, boundary, MAX_FORM_FIELDS)?)
    }

    /// What came before the room for a form ended; `sent`: bytes of all of it.
    fn from_start(request: &HttpRequest, body: &Bytes, sent: usize) -> Option<Self> {
        let boundary = boundary(request)?;
        let (parts, cut) = multipart::start(body, boundary, MAX_FORM_FIELDS)?;
        let mut form = Self::from_parts(parts)?;
        match cut {
            None => {}
            Some(part) if part.name == "logo" => {
                // After the file come the last delimiter and at most a button.
                let bytes = part.value.len() + (sent - body.len());
                form.logo = Some(LogoFile::TooLarge { bytes });
            }
            Some(part) => {
                let text = match std::str::from_utf8(part.value) {
                    Ok(text) => text,
                    // A letter may have been cut, too.
                    Err(error) if error.error_len().is_none() => {
                        std::str::from_utf8(&part.value[..error.valid_up_to()]).ok()?
                    }
                    Err(_) => return None,
                };
                form.fields.push((part.name, text.to_owned()));
                form.is_cut = true;
            }
        }
        Some(form)
    }

    fn from_parts(parts: Vec<multipart::Part<'_>>) -> Option<Self> {
        let mut form = Self {
            fields: Vec::new(),
            logo: None,
            is_cut: false,
        };
        for part in parts {
            if part.name == "logo" {
                let is_chosen = !part.value.is_empty();
                form.logo = is_chosen.then(|| LogoFile::Whole(part.value.to_vec()));
            } else {
                let value = String::from_utf8(part.value.to_vec()).ok()?;
                form.fields.push((part.name, value));
            }
        }
        Some(form)
    }
}

fn boundary(request: &HttpRequest) -> Option<&str> {
    multipart::boundary(request.headers().get(CONTENT_TYPE)?.to_str().ok()?)
}

fn is_multipart(essence: &str) -> bool {
    essence.eq_ignore_ascii_case("multipart/form-data")
}
