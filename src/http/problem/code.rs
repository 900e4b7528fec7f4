//! The stable codes: the one table of what can go wrong, as `/problems/{code}` and the OpenAPI description show it.

use http::StatusCode;

/// A row each: the code's name here, its status, its text, a few words, what it means, and what to do next.
macro_rules! problems {
    ($(
        $(#[$doc:meta])*
        $code:ident = $status:ident, $text:literal, $title:literal, $explanation:literal => $next_step:literal;
    )+) => {
        /// What went wrong. Codes are part of the interface: they are never renamed or reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemCode {
            $($(#[$doc])* $code,)+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: [Self; [$($text),+].len()] = [$(Self::$code),+];

            fn row(self) -> &'static Row {
                const ROWS: &[Row] = &[$(Row {
                    status: StatusCode::$status,
                    text: $text,
                    title: $title,
                    explanation: $explanation,
                    next_step: $next_step,
                }),+];
                &ROWS[self as usize]
            }
        }
    };
}

struct Row {
    status: StatusCode,
    text: &'static str,
    title: &'static str,
    explanation: &'static str,
    next_step: &'static str,
}

problems! {
    /// Malformed, tampered with, unknown version or key, other audience.
    TokenNotRecognised = NOT_FOUND, "token_not_recognised", "This code is not recognised",
        "The code was read, but it is not one that this server issued: it may belong to another service, be \
          cut off, or have been changed. Which of these is not told, so that nobody can learn from trying."
        => "Scan the whole code again, in good light. If it stays like this, ask whoever gave it to you for a \
          new one.";
    /// Authentic, past its expiry.
    TokenExpired = GONE, "token_expired", "This code has expired",
        "The code is genuine, but it was issued with an end, and that end has passed."
        => "Ask whoever gave you the code for a new one.";
    /// Authentic, all its opens are spent.
    TokenUsedUp = GONE, "token_used_up", "This code has been used",
        "The code is genuine, but it could be opened only so many times, and somebody has done that. Link \
          previews and repeated requests do not count, an open by a person or a program that presses buttons does."
        => "If that was you, all is well: the browser that opened it gets it again for two minutes, and for longer whoever \
          gave you the code can make a new one. If it was not you, tell them: somebody else has read it.";
    /// Authentic, ended by its issuer or its holder.
    TokenRevoked = GONE, "token_revoked", "This code has been withdrawn",
        "The code is genuine, but whoever issued it or held it has ended it before its time."
        => "Ask whoever gave you the code for a new one.";
    /// A stored token of ours that has no row any more.
    TokenGone = GONE, "token_gone", "What this code led to has ended",
        "The code is genuine, but its document was kept on the server, and it is there no more: it expired, was used \
          up or was withdrawn some time ago."
        => "Ask whoever gave you the code for a new one.";
    /// Limited or with a PIN, and issued before the store was restored from a backup.
    TokenClosed = FORBIDDEN, "token_closed", "This code is closed for now",
        "The code is genuine, but it opens only so often or takes a PIN, and the server was restored from a backup: it does not \
          know whether the code was opened since that was made. No open was spent."
        => "Ask whoever gave you the code: they can let such codes open again, or give you a new one.";
    /// A picture that was asked for too late.
    PictureExpired = GONE, "picture_expired", "The picture has expired",
        "The address of the picture is genuine, but it was good for a time only, and that has passed. The code itself may still \
          open."
        => "Ask whoever sent you the picture for a new one.";
    /// A link that its owner switched off.
    LinkDisabled = GONE, "link_disabled", "This code leads nowhere now",
        "The code is genuine, but whoever made it has switched it off. They can switch it on again."
        => "Try again later, or ask whoever gave you the code.";
    /// A link whose time has not come.
    NotYet = FORBIDDEN, "not_yet", "It is too early for this code",
        "The code is genuine, and it leads somewhere from a later time on."
        => "Scan it again then.";
    /// A link to where no link may lead.
    TargetBlocked = FORBIDDEN, "target_blocked", "This code does not lead on",
        "The code is genuine, but the address that it leads to is one that this server does not send anybody to: it is on a list of           harmful sites, or it is not allowed here any more. Whoever made the code sees which."
        => "Do not look for the address elsewhere. Tell whoever gave you the code.";
    /// Authentic, its key is disabled.
    KeyRetired = GONE, "key_retired", "This code has been retired",
        "The code is genuine, but the issuer has switched off the key that it was sealed with, and with it \
          every code of that key."
        => "Ask whoever gave you the code for a new one.";
    /// Authentic, to be opened with a POST.
    OpenRequired = FORBIDDEN, "open_required", "This code has to be opened",
        "Opening this code counts, or takes a PIN, and a GET never does either. Send a POST to the same address \
          with what `requires` lists: `open_id`, 16 to 64 random characters that make the request repeatable for \
          two minutes, and `pin` if the code has one."
        => "Scan the code again and press the button; a program sends a POST.";
    /// Not the token's PIN.
    PinIncorrect = FORBIDDEN, "pin_incorrect", "The PIN is wrong",
        "It is not the PIN of this code. No open was spent. After five wrong PINs from one network that network \
          has to wait; `attempts_left` says how many are left."
        => "Check the PIN and type it again.";
    /// Too many wrong PINs.
    PinLocked = TOO_MANY_REQUESTS, "pin_locked", "Too many wrong PINs",
        "Too many wrong PINs were tried. One network has to wait for 15 minutes after five, longer each time; after \
          20 from anywhere the code stays locked until its issuer resets it."
        => "Wait, then try again with the right PIN. If you do not know it, ask whoever gave you the code.";
    /// Not JSON, duplicate names, or a lone surrogate.
    InvalidJson = BAD_REQUEST, "invalid_json", "The body is not acceptable JSON",
        "The body is not JSON (RFC 8259), names a member twice in one object, or holds half of a surrogate \
          pair. `line` and `column` say where, both counted from 1."
        => "Correct the document at the place named and send it again.";
    /// A body of a media type or encoding that the route does not take.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body has the wrong media type",
        "The route takes another Content-Type, or the body is compressed."
        => "Send the body uncompressed, with Content-Type: application/json.";
    /// A body or document over its size limit.
    PayloadTooLarge = PAYLOAD_TOO_LARGE, "payload_too_large", "The document is too large",
        "A document is at most 65,536 bytes without white space, and the body around it at most as large as \
          the server allows."
        => "Leave out what the reader does not need, or put a link in its place.";
    /// More than 32 brackets deep, or more than 1,000 members in an object.
    JsonTooDeep = UNPROCESSABLE_ENTITY, "json_too_deep", "The document is too deep or has too many members",
        "A document is at most 32 brackets deep, and an object has at most 1,000 members."
        => "Make the document flatter, or split it.";
    /// An option or field that is unknown, missing or out of its range.
    Validation = UNPROCESSABLE_ENTITY, "validation", "An option or field is not valid",
        "An option or field is unknown, missing, out of its range, or not available in this version. \
          `errors` lists each with a pointer to it."
        => "Correct what `errors` lists and send it again.";
    /// The text does not fit into the largest symbol.
    QrCapacity = UNPROCESSABLE_ENTITY, "qr_capacity", "It does not fit into a symbol",
        "The largest symbol, version 40, does not hold the text at the error correction level asked for. \
          `needed_bits` and `available_bits` say by how much."
        => "Shorten the document, lower the error correction level (ecl=L holds most), or seal it with `storage=stored`: then the code \
          is small whatever the document's size.";
    /// Scanners would not read the symbol in this style.
    StyleUnscannable = UNPROCESSABLE_ENTITY, "style_unscannable", "Scanners would not read this style",
        "Scanners would not find or read the symbol: its colours are too close to each other, its logo hides too \
          much, its margin or scale is too small, or the finished picture could not be read back. `check` says \
          which, `found` what was found, and `passes` what would pass, where that is a number."
        => "Change what `check` names; black squares on white, without a logo, always work.";
    /// It takes an API key or a session, or the key given is not good.
    Unauthorized = UNAUTHORIZED, "unauthorized", "It takes an API key, or signing in",
        "Making codes, seeing and ending them, check-in lists, the audit log and metrics take an API key, in the header \
          `Authorization: Bearer qrs_...`, or a browser in which somebody has signed in. The request had neither, or a key that is \
          unknown, disabled or expired. Neither is needed only on the server's own machine while no key and no account was ever \
          made; and for making codes, where the operator opened it to everyone."
        => "Sign in at `/sign-in`, or ask the operator for an API key (`qrseal api-keys create`) and send it with the request.";
    /// The API key does not have the scope that it takes, or the account not the role.
    Forbidden = FORBIDDEN, "forbidden", "This is not yours to do",
        "It is known who asks, but this takes more. An API key was made without the scope that it takes: issue, read, \
          revoke, audit, lists, check or visits; or, for what it did not make itself, read:all or revoke:all. `missing_scope` names \
          it. Of somebody who has signed in, the account's role does not include it, or takes a second factor that is not set \
          yet. A check-in list may be another's, and staff work at those that they were given. Signing in takes HTTPS."
        => "Ask an admin or the operator for an API key with that scope, for another role, or for a place at the list; set the \
          second factor at `/console/second-factor`.";
    /// An idempotency key that was used for another request.
    IdempotencyConflict = CONFLICT, "idempotency_conflict", "The idempotency key was used before",
        "The same `Idempotency-Key` came within a day with another address, query or body; or the first answer cannot be \
          given again, because it held a PIN that was drawn, which nobody keeps, or because the key that sealed the \
          token is gone."
        => "Use a new key for a new request; send the same request again to get the same answer.";
    /// What was to be changed was changed meanwhile.
    RevisionConflict = PRECONDITION_FAILED, "revision_conflict", "It was changed meanwhile",
        "Somebody else changed it since you looked: `revision` says which revision is there now. Nothing of your change was \
          made."
        => "Look at what is there now, and send your change again with its revision in `If-Match`.";
    /// A code that entered before.
    AlreadyRedeemed = CONFLICT, "already_redeemed", "This code is in already",
        "The code was let in on this list before, and the list lets it in once, or once a day, or again only after it left. \
          `entered_at`, `gate` and `made_by` say when, where and by whom, for as long as the list keeps that."
        => "Look at what the code says and at who is before you. If the first scan was a mistake, undo it.";
    /// A code that the list does not take.
    NotOnList = UNPROCESSABLE_ENTITY, "not_on_list", "This code is not for this list",
        "The code is genuine, but the list takes codes of other profiles, or such as say something else in the fields that \
          the list looks at."
        => "Check whether the right list is chosen.";
    /// A list that is not open.
    OutsideWindow = UNPROCESSABLE_ENTITY, "outside_window", "This list is not open now",
        "The list lets people in between `opens_at` and `closes_at` only."
        => "Come back when it is open, or have its times changed.";
    /// As many are inside as may be.
    ListFull = UNPROCESSABLE_ENTITY, "list_full", "It is full",
        "As many people are inside as may be, or the code admits more than there is room for."
        => "Wait until somebody leaves. Whoever leaves is to be scanned, too, or they go on counting.";
    /// A form that was sent from another site.
    CrossSite = FORBIDDEN, "cross_site", "The form came from another site",
        "Forms are taken only from this site's own pages."
        => "Open this site's own page and send the form from there.";
    /// More than a rate limit or quota lets through.
    RateLimited = TOO_MANY_REQUESTS, "rate_limited", "Too many requests",
        "More was asked in a short time, or in a day, than one place or one API key may, so that there is room for \
          everybody. Nothing was counted and no open was spent. A program finds what is limited in `limit` and in the \
          header `RateLimit-Policy`, and the seconds to wait in `Retry-After`."
        => "Wait a moment, then try again. The code itself is not lost.";
    /// The body did not arrive in time.
    RequestTimeout = REQUEST_TIMEOUT, "request_timeout", "The request took too long to arrive",
        "The whole body has to arrive within the time that the server allows."
        => "Send it again over a better connection.";
    /// What arrived is not HTTP as its standards have it.
    MalformedRequest = BAD_REQUEST, "malformed_request", "The request is malformed",
        "What arrived is not a request as HTTP has it: its host cannot be one, or its body broke off before its end \
          or is not divided as its head says."
        => "Send it again, over a better connection or with a client that speaks HTTP/1.1.";
    /// A request target that is longer than a server takes.
    UriTooLong = URI_TOO_LONG, "uri_too_long", "The address is too long",
        "The link is longer than an address may be, so that the code in it is not whole. A token this long is opened by \
          a POST to `/api/decrypt/qrcode-details`, with the token as `ctext` in the body."
        => "Send the token in the body of a POST; on the command line, `qrseal open`.";
    /// No such path.
    NotFound = NOT_FOUND, "not_found", "Not found",
        "No page or operation has this address."
        => "Check the address, or begin at the start page.";
    /// The path does not take this method.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take that method",
        "The address exists; the `Allow` header lists the methods that it takes."
        => "Use one of the methods that `Allow` lists.";
    /// Overload, keyring or clock trouble.
    TemporarilyUnavailable = SERVICE_UNAVAILABLE, "temporarily_unavailable", "Not available right now",
        "The server is busy, its clock or its keyring is in trouble, or the code needs something that this \
          server does not have. The code itself is not lost."
        => "Try again in a moment.";
    /// A fault of the server.
    Internal = INTERNAL_SERVER_ERROR, "internal", "Something went wrong on the server",
        "A fault of the server, not of the request. It is in the server's log under the request id."
        => "Try again; if it stays, tell the operator the request id.";
}

impl ProblemCode {
    /// The code of this text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// The code as it stands in `code` and at the end of `type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().text
    }

    /// The status of an answer with this code.
    #[must_use]
    pub fn status(self) -> StatusCode {
        self.row().status
    }

    /// Seconds after which to try again, where that helps.
    #[must_use]
    pub fn retry_after_seconds(self) -> Option<u32> {
        (self == Self::TemporarilyUnavailable).then_some(5)
    }

    /// A few words, the same for every occurrence (RFC 9457, section 3.1.3).
    #[must_use]
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// What it means, in plain words.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        self.row().explanation
    }

    /// What to do next, in plain words.
    #[must_use]
    pub fn next_step(self) -> &'static str {
        self.row().next_step
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
