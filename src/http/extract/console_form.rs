//! The fields of a form of the console, or of its door.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use zeroize::Zeroizing;

use super::body::{FORM, expect_type, is_form, read_form};
use crate::http::admission::{PassHolder, Person};
use crate::http::problem::{Problem, ProblemCode};

/// The fields as they were sent. If somebody has signed in, or the phone has a pass, the form was made by a page of ours: the browser says so, or the
/// form has the token of the session. Overwritten when dropped: a password may be among them.
pub struct ConsoleForm(Vec<(String, Zeroizing<String>)>);

impl ConsoleForm {
    /// The field of this name, the last if there are several; empty if there is none.
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).last().unwrap_or_default()
    }

    /// All fields of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl FromRequest for ConsoleForm {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            expect_type(&request, is_form, FORM)?;
            let fields = read_form(&request, payload).await?;
            let fields = fields
                .into_iter()
                .map(|(name, value)| (name, Zeroizing::new(value)));
            let form = Self(fields.collect());
            let carried = form.get("form_token");
            let is_ours = match (Person::of(&request), PassHolder::of(&request)) {
                (Some(person), _) => {
                    person.is_from_own_page() || person.token.is_form_token(carried)
                }
                (None, Some(pass)) => pass.is_from_own_page() || pass.token.is_form_token(carried),
                (None, None) => true,
            };
            match is_ours {
                true => Ok(form),
                false => Err(Problem::new(ProblemCode::CrossSite)),
            }
        })
    }
}
