//! The form of a profile: as many fields as its schema has, by their names.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::body::{FORM, expect_type, is_form, read_form_of};
use crate::http::problem::Problem;
use crate::profiles::Typed;

/// More fields than the form of any profile has: 64, each 20 times.
const MAX_FIELDS: usize = 1_500;

/// What was typed into the form of a profile. Of a name that stands twice, the first counts.
pub struct ProfileForm(pub Typed);

impl FromRequest for ProfileForm {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            expect_type(&request, is_form, FORM)?;
            let mut typed = Typed::new();
            for (name, value) in read_form_of(&request, payload, MAX_FIELDS).await? {
                typed.entry(name).or_insert(value);
            }
            Ok(Self(typed))
        })
    }
}
