//! What a request turned out to be about, left beside it by those who found out.
//!
//! Belongs here: the token and who asks, for the log line, and the latter for whoever checks rights. Does not belong here: what
//! only one handler knows or needs.

use actix_web::HttpMessage;

use crate::principal::Principal;
use crate::token::TokenId;

/// What is left beside a request. One entry for all of it: each of its own would have to be allocated, and a fourth makes what
/// holds them grow.
#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    token: Option<TokenId>,
    asker: Option<Principal>,
}

/// What is found out about a request.
pub trait RequestFacts {
    /// Leaves the token that the request turned out to be about.
    fn leave_token(&self, id: TokenId);
    /// Leaves who asks, where something is asked for that not everybody may.
    fn leave_asker(&self, principal: Principal);
    /// The token, if one was left.
    fn left_token(&self) -> Option<TokenId>;
    /// Who asks, if that was left.
    fn left_asker(&self) -> Option<Principal>;
}

impl<M: HttpMessage> RequestFacts for M {
    fn leave_token(&self, id: TokenId) {
        change(self, |facts| facts.token = Some(id));
    }

    fn leave_asker(&self, principal: Principal) {
        change(self, |facts| facts.asker = Some(principal));
    }

    fn left_token(&self) -> Option<TokenId> {
        self.extensions().get::<Facts>()?.token
    }

    fn left_asker(&self) -> Option<Principal> {
        self.extensions().get::<Facts>()?.asker
    }
}

fn change(request: &impl HttpMessage, with: impl FnOnce(&mut Facts)) {
    with(request.extensions_mut().get_or_insert_with(Facts::default));
}
