//! Budgets, as handlers' arguments: who has one of these in hand has paid for the request, before its body was read.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::rates;
use crate::http::problem::Problem;
use crate::limits::Budget;

/// The client may ask to open a token.
pub struct OpenRateChecked(());

/// The client may have a plain code drawn.
pub struct DrawingRateChecked(());

impl OpenRateChecked {
    /// Takes it out of the client's budget.
    pub fn take(request: &HttpRequest) -> Result<Self, Problem> {
        rates::take(request, Budget::Opens).map(Self)
    }
}

impl FromRequest for OpenRateChecked {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Self::take(request))
    }
}

impl FromRequest for DrawingRateChecked {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(rates::take(request, Budget::Drawings).map(Self))
    }
}
