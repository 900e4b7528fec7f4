//! The stable codes: the one table of what can go wrong, as `/problems/{code}` and the OpenAPI description show it.

use actix_web::http::StatusCode;

/// What went wrong. Codes are part of the interface: they are never renamed or reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemCode {
    /// Malformed, tampered with, unknown version or key, other audience.
    TokenNotRecognised,
    /// Authentic, past its expiry.
    TokenExpired,
    /// Authentic, all its opens are spent.
    TokenUsedUp,
    /// Authentic, ended by its issuer or its holder.
    TokenRevoked,
    /// A stored token of ours that has no row any more.
    TokenGone,
    /// Authentic, its key is disabled.
    KeyRetired,
    /// Authentic, to be opened with a POST.
    OpenRequired,
    /// Not the token's PIN.
    PinIncorrect,
    /// Too many wrong PINs.
    PinLocked,
    /// Not JSON, duplicate names, or a lone surrogate.
    InvalidJson,
    /// A body of a media type or encoding that the route does not take.
    UnsupportedMediaType,
    /// A body or document over its size limit.
    PayloadTooLarge,
    /// More than 32 brackets deep, or more than 1,000 members in an object.
    JsonTooDeep,
    /// An option or field that is unknown, missing or out of its range.
    Validation,
    /// The text does not fit into the largest symbol.
    QrCapacity,
    /// Scanners would not read the symbol in this style.
    StyleUnscannable,
    /// It needs an API key, or the one given is not good.
    Unauthorized,
    /// The API key does not have the scope that it takes.
    Forbidden,
    /// An idempotency key that was used for another request.
    IdempotencyConflict,
    /// A form that was sent from another site.
    CrossSite,
    /// More than a rate limit or quota lets through.
    RateLimited,
    /// The body did not arrive in time.
    RequestTimeout,
    /// No such path.
    NotFound,
    /// The path does not take this method.
    MethodNotAllowed,
    /// Overload, keyring or clock trouble.
    TemporarilyUnavailable,
    /// A fault of the server.
    Internal,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: [Self; 26] = [
        Self::TokenNotRecognised,
        Self::TokenExpired,
        Self::TokenUsedUp,
        Self::TokenRevoked,
        Self::TokenGone,
        Self::KeyRetired,
        Self::OpenRequired,
        Self::PinIncorrect,
        Self::PinLocked,
        Self::InvalidJson,
        Self::UnsupportedMediaType,
        Self::PayloadTooLarge,
        Self::JsonTooDeep,
        Self::Validation,
        Self::QrCapacity,
        Self::StyleUnscannable,
        Self::Unauthorized,
        Self::Forbidden,
        Self::IdempotencyConflict,
        Self::CrossSite,
        Self::RateLimited,
        Self::RequestTimeout,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::TemporarilyUnavailable,
        Self::Internal,
    ];

    /// The code of this text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// The code as it stands in `code` and at the end of `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TokenNotRecognised => "token_not_recognised",
            Self::TokenExpired => "token_expired",
            Self::TokenUsedUp => "token_used_up",
            Self::TokenRevoked => "token_revoked",
            Self::TokenGone => "token_gone",
            Self::KeyRetired => "key_retired",
            Self::OpenRequired => "open_required",
            Self::PinIncorrect => "pin_incorrect",
            Self::PinLocked => "pin_locked",
            Self::InvalidJson => "invalid_json",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::PayloadTooLarge => "payload_too_large",
            Self::JsonTooDeep => "json_too_deep",
            Self::Validation => "validation",
            Self::QrCapacity => "qr_capacity",
            Self::StyleUnscannable => "style_unscannable",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::IdempotencyConflict => "idempotency_conflict",
            Self::CrossSite => "cross_site",
            Self::RateLimited => "rate_limited",
            Self::RequestTimeout => "request_timeout",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::Internal => "internal",
        }
    }

    /// The status of an answer with this code.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::TokenNotRecognised | Self::NotFound => StatusCode::NOT_FOUND,
            Self::TokenExpired
            | Self::TokenUsedUp
            | Self::TokenRevoked
            | Self::TokenGone
            | Self::KeyRetired => StatusCode::GONE,
            Self::PinLocked | Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::InvalidJson => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::JsonTooDeep | Self::Validation | Self::QrCapacity | Self::StyleUnscannable => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::OpenRequired | Self::PinIncorrect | Self::Forbidden | Self::CrossSite => {
                StatusCode::FORBIDDEN
            }
            Self::IdempotencyConflict => StatusCode::CONFLICT,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which to try again, where that helps.
    #[must_use]
    pub fn retry_after_seconds(self) -> Option<u32> {
        match self {
            Self::TemporarilyUnavailable => Some(5),
            _ => None,
        }
    }

    /// A few words, the same for every occurrence (RFC 9457, section 3.1.3).
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::TokenNotRecognised => "This code is not recognised",
            Self::TokenExpired => "This code has expired",
            Self::TokenUsedUp => "This code has been used",
            Self::TokenRevoked => "This code has been withdrawn",
            Self::TokenGone => "What this code led to has ended",
            Self::KeyRetired => "This code has been retired",
            Self::OpenRequired => "This code has to be opened",
            Self::PinIncorrect => "The PIN is wrong",
            Self::PinLocked => "Too many wrong PINs",
            Self::InvalidJson => "The body is not acceptable JSON",
            Self::UnsupportedMediaType => "The body has the wrong media type",
            Self::PayloadTooLarge => "The document is too large",
            Self::JsonTooDeep => "The document is too deep or has too many members",
            Self::Validation => "An option or field is not valid",
            Self::QrCapacity => "It does not fit into a symbol",
            Self::StyleUnscannable => "Scanners would not read this style",
            Self::Unauthorized => "It needs an API key",
            Self::Forbidden => "The API key is not for this",
            Self::IdempotencyConflict => "The idempotency key was used before",
            Self::CrossSite => "The form came from another site",
            Self::RateLimited => "Too many requests",
            Self::RequestTimeout => "The request took too long to arrive",
            Self::NotFound => "Not found",
            Self::MethodNotAllowed => "This address does not take that method",
            Self::TemporarilyUnavailable => "Not available right now",
            Self::Internal => "Something went wrong on the server",
        }
    }

    /// What it means, in plain words.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::TokenNotRecognised => {
                "The code was read, but it is not one that this server issued: it may belong to another service, be \
                 cut off, or have been changed. Which of these is not told, so that nobody can learn from trying."
            }
            Self::TokenExpired => {
                "The code is genuine, but it was issued with an end, and that end has passed."
            }
            Self::TokenUsedUp => {
                "The code is genuine, but it could be opened only so many times, and somebody has done that. Link \
                 previews and repeated requests do not count, an open by a person or a program that presses buttons does."
            }
            Self::TokenRevoked => {
                "The code is genuine, but whoever issued it or held it has ended it before its time."
            }
            Self::OpenRequired => {
                "Opening this code counts, or takes a PIN, and a GET never does either. Send a POST to the same address \
                 with what `requires` lists: `open_id`, 16 to 64 random characters that make the request repeatable for \
                 two minutes, and `pin` if the code has one."
            }
            Self::PinIncorrect => {
                "It is not the PIN of this code. No open was spent. After five wrong PINs from one network that network \
                 has to wait; `attempts_left` says how many are left."
            }
            Self::PinLocked => {
                "Too many wrong PINs were tried. One network has to wait for 15 minutes after five, longer each time; after \
                 20 from anywhere the code stays locked until its issuer resets it."
            }
            Self::TokenGone => {
                "The code is genuine, but its document was kept on the server, and it is there no more: it expired, was used \
                 up or was withdrawn some time ago."
            }
            Self::KeyRetired => {
                "The code is genuine, but the issuer has switched off the key that it was sealed with, and with it \
                 every code of that key."
            }
            Self::InvalidJson => {
                "The body is not JSON (RFC 8259), names a member twice in one object, or holds half of a surrogate \
                 pair. `line` and `column` say where, both counted from 1."
            }
            Self::UnsupportedMediaType => {
                "The route takes another Content-Type, or the body is compressed."
            }
            Self::PayloadTooLarge => {
                "A document is at most 65,536 bytes without white space, and the body around it at most as large as \
                 the server allows."
            }
            Self::JsonTooDeep => {
                "A document is at most 32 brackets deep, and an object has at most 1,000 members."
            }
            Self::Validation => {
                "An option or field is unknown, missing, out of its range, or not available in this version. \
                 `errors` lists each with a pointer to it."
            }
            Self::QrCapacity => {
                "The largest symbol, version 40, does not hold the text at the error correction level asked for. \
                 `needed_bits` and `available_bits` say by how much."
            }
            Self::StyleUnscannable => {
                "Scanners would not find or read the symbol: its colours are too close to each other, its logo hides too \
                 much, its margin or scale is too small, or the finished picture could not be read back. `check` says \
                 which, `found` what was found, and `passes` what would pass, where that is a number."
            }
            Self::Unauthorized => {
                "Issuing, reading receipts and revoking take an API key, in the header `Authorization: Bearer qrs_...`. The \
                 request had none, or one that is unknown, disabled or expired. None is needed only on the server's own \
                 machine while no key was ever made; and for issuing, where the operator opened it to everyone."
            }
            Self::Forbidden => {
                "The API key is good, but it was made without the scope that this takes: issue, read or revoke. \
                 `missing_scope` names it."
            }
            Self::IdempotencyConflict => {
                "The same `Idempotency-Key` came within a day with another address, query or body; or the first answer cannot be \
                 given again, because it held a PIN that was drawn, which nobody keeps, or because the key that sealed the \
                 token is gone."
            }
            Self::CrossSite => "Forms are taken only from this site's own pages.",
            Self::RateLimited => {
                "More was asked in a short time, or in a day, than one place or one API key may, so that there is room for \
                 everybody. Nothing was counted and no open was spent. A program finds what is limited in `limit` and in the \
                 header `RateLimit-Policy`, and the seconds to wait in `Retry-After`."
            }
            Self::RequestTimeout => {
                "The whole body has to arrive within the time that the server allows."
            }
            Self::NotFound => "No page or operation has this address.",
            Self::MethodNotAllowed => {
                "The address exists; the `Allow` header lists the methods that it takes."
            }
            Self::TemporarilyUnavailable => {
                "The server is busy, its clock or its keyring is in trouble, or the code needs something that this \
                 server does not have. The code itself is not lost."
            }
            Self::Internal => {
                "A fault of the server, not of the request. It is in the server's log under the request id."
            }
        }
    }

    /// What to do next, in plain words.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        match self {
            Self::TokenNotRecognised => {
                "Scan the whole code again, in good light. If it stays like this, ask whoever gave it to you for a \
                 new one."
            }
            Self::TokenExpired | Self::KeyRetired | Self::TokenRevoked | Self::TokenGone => {
                "Ask whoever gave you the code for a new one."
            }
            Self::TokenUsedUp => {
                "Ask whoever gave you the code for a new one. If it was not you who opened it, tell them that too: somebody \
                 else has read it."
            }
            Self::OpenRequired => {
                "Scan the code again and press the button; a program sends a POST."
            }
            Self::PinIncorrect => "Check the PIN and type it again.",
            Self::PinLocked => {
                "Wait, then try again with the right PIN. If you do not know it, ask whoever gave you the code."
            }
            Self::InvalidJson => "Correct the document at the place named and send it again.",
            Self::UnsupportedMediaType => {
                "Send the body uncompressed, with Content-Type: application/json."
            }
            Self::PayloadTooLarge => {
                "Leave out what the reader does not need, or put a link in its place."
            }
            Self::JsonTooDeep => "Make the document flatter, or split it.",
            Self::Validation => "Correct what `errors` lists and send it again.",
            Self::QrCapacity => {
                "Shorten the document, lower the error correction level (ecl=L holds most), or seal it with `storage=stored`: then the code \
                 is small whatever the document's size."
            }
            Self::StyleUnscannable => {
                "Change what `check` names; black squares on white, without a logo, always work."
            }
            Self::Unauthorized => {
                "Ask the operator for an API key (`qrseal api-keys create`), and send it with the request."
            }
            Self::Forbidden => "Use an API key with that scope, or ask the operator for one.",
            Self::IdempotencyConflict => {
                "Use a new key for a new request; send the same request again to get the same answer."
            }
            Self::CrossSite => "Open this site's own page and send the form from there.",
            Self::RateLimited => "Wait a moment, then try again. The code itself is not lost.",
            Self::RequestTimeout => "Send it again over a better connection.",
            Self::NotFound => "Check the address, or begin at the start page.",
            Self::MethodNotAllowed => "Use one of the methods that `Allow` lists.",
            Self::TemporarilyUnavailable => "Try again in a moment.",
            Self::Internal => "Try again; if it stays, tell the operator the request id.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_text_and_no_two_are_alike() {
        for code in ProblemCode::ALL {
            assert_eq!(ProblemCode::from_text(code.as_str()), Some(code));
        }
        assert_eq!(ProblemCode::from_text("no_such_code"), None);
    }
}
