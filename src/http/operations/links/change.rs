//! `PATCH /api/links/{id}`: where a link leads from now on.

use actix_web::http::header::ETAG;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;
use utoipa::openapi::schema::SchemaType;
use utoipa::openapi::{ArrayBuilder, ContentBuilder, Object, ObjectBuilder, Type};

use crate::http::admission::{MayChange, rates};
use crate::http::extract::{JsonBody, link_edits, revision_to_change};
use crate::http::openapi::parts::{self, answer, fail, operation, required_body};
use crate::http::openapi::schemas::{closed, named};
use crate::http::operations::tokens::{self, TokenIdInPath};
use crate::http::problem::ProblemCode::{
    CrossSite, Forbidden, InvalidJson, MalformedRequest, PayloadTooLarge, RateLimited,
    RequestTimeout, RevisionConflict, TemporarilyUnavailable, TokenExpired, TokenGone,
    TokenNotRecognised, TokenRevoked, TokenUsedUp, Unauthorized, UnsupportedMediaType, Validation,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::request_facts::RequestFacts as _;
use crate::http::state::App;
use crate::issuing::IssueError;
use crate::issuing::Note;
use crate::links::{ChangeError, ChangeLink, LinkAnswer, LinkChanger, MAX_RULES, change};

/// Changes a link.
pub async fn handle(
    request: HttpRequest,
    right: MayChange,
    TokenIdInPath(id): TokenIdInPath,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let app = App::of(&request);
    rates::take_issue_bytes(&request, right.subject(&request), body.0.len())?;
    let edits = link_edits(&body.0)?;
    let keyring = app.keyring.load_full();
    let asked = ChangeLink {
        id,
        edits: &edits,
        of_edition: revision_to_change(&request),
        by: right.by(),
        only_of: right.only_of(),
        now: app.now(),
    };
    let changed = change(changer(app, &keyring), asked).await;
    app.link_cache.forget(id);
    let changed = changed?;
    request.leave_token(id);
    let answer = LinkAnswer::from(changed);
    Ok(HttpResponse::Ok()
        .insert_header((ETAG, format!("\"{}\"", answer.revision)))
        .json(answer))
}

/// What changing needs of this server.
pub fn changer<'a>(app: &'a App, keyring: &'a crate::token::Keyring) -> LinkChanger<'a> {
    LinkChanger {
        keyring,
        store: &*app.store,
        policy: &app.link_policy,
        pins: &app.pins,
        room: &app.room,
        share_bytes: app.config.limits.stored_bytes_per_client,
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Unknown => Self::new(ProblemCode::TokenNotRecognised),
            ChangeError::NotYours(id) => Self::new(ProblemCode::Forbidden)
                .detail(
                    "The link was made by somebody else; to change it takes the scope revoke, too.",
                )
                .about(Some(id)),
            ChangeError::Conflict { id, edition } => Self::new(ProblemCode::RevisionConflict)
                .detail(format!("Revision {edition} is there now."))
                .member("revision", edition)
                .about(Some(id)),
            ChangeError::Fault(fault) => fault.into(),
            ChangeError::Ended(error) => error.into(),
            ChangeError::Seal(error) => IssueError::from(error).into(),
            ChangeError::NoRoom(error) => error.into(),
            ChangeError::Pins(error) => error.into(),
            ChangeError::Store(error) => error.into(),
            ChangeError::Random(error) => error.into(),
        }
    }
}

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let body = ContentBuilder::new().schema(Some(named("LinkEdits")));
    let operation = operation(
        "changeLink",
        "Links",
        "Change where a link leads",
        "Whoever scans the printed code next is sent to the new target, through every server on the same store within two \
         seconds. Members that are not given stay as they are. A new end revives a link that has expired, for as long as its \
         record is kept (`links.keep_expired_days`); one that is used up or revoked stays ended. It takes the API key that made \
         the link, or one with the scope `revoke`.",
    )
    .parameter(tokens::id())
    .parameter(parts::if_match())
    .request_body(Some(required_body(body)))
    .response("200", answer("The link as it is now.", "LinkAnswer"));
    let problems = [
        InvalidJson,
        MalformedRequest,
        Unauthorized,
        Forbidden,
        CrossSite,
        TokenNotRecognised,
        RequestTimeout,
        TokenExpired,
        TokenUsedUp,
        TokenRevoked,
        TokenGone,
        RevisionConflict,
        PayloadTooLarge,
        UnsupportedMediaType,
        Validation,
        RateLimited,
        TemporarilyUnavailable,
    ];
    fail(operation, &problems)
}

/// What a link says, as members of a body. `edit`: of one that there is.
pub fn add_members(object: ObjectBuilder, edit: bool) -> ObjectBuilder {
    let text = |words: &str| {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(words))
            .max_length(Some(2048))
    };
    let target = parts::string()
        .description(Some(
            "Where the link leads: an `https` address with a public host name, at most 2,048 characters, without user name or \
             password.",
        ))
        .max_length(Some(2048))
        .examples([json!("https://shop.example/menu")]);
    let flag = |words: &str| {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::Boolean, Type::Null]))
            .description(Some(words))
    };
    let rules = ArrayBuilder::new()
        .items(named("WrittenRule"))
        .max_items(Some(MAX_RULES))
        .description(Some(
            "Where the link leads under conditions. The first rule that fits counts, or else `target`.",
        ));
    let object = object
        .property("target", target.build())
        .property(
            "fallback",
            text("Where the link leads once it has expired. Such scans are not counted.").build(),
        )
        .property("rules", rules.build())
        .property(
            "interstitial",
            parts::string()
                .enum_values(Some([json!("auto"), json!("always")]))
                .description(Some(
                    "When a page shows where the link leads before it does. `auto`: where anybody may make links and the host is \
                     not trusted, and where it looks like another.",
                ))
                .build(),
        )
        .property(
            "forward_query",
            flag("Whether the query of a scan is added to the target's, whose names win.").build(),
        )
        .property(
            "not_before",
            text("The time before which the link leads nowhere (RFC 3339).")
                .examples([json!("2026-12-01T09:00:00Z")])
                .build(),
        );
    match edit {
        true => object,
        false => object.required("target"),
    }
}

/// The schema of the body.
pub fn edits() -> Object {
    let object = closed()
        .min_properties(Some(1))
        .description(Some("What of a link is to change."));
    let seconds = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Integer, Type::String, Type::Null]))
        .description(Some(
            "How long the link leads anywhere from now: seconds, or a text such as `30d`; null for no end, where it has neither \
             limit nor PIN.",
        ));
    add_members(object, true)
        .property("expires_in", seconds.build())
        .property(
            "note",
            ObjectBuilder::new()
                .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                .description(Some("A text in clear by which you find the link again; nothing personal."))
                .min_length(Some(1))
                .max_length(Some(Note::MAX_CHARS))
                .pattern(Some(Note::PATTERN))
                .build(),
        )
        .property(
            "enabled",
            ObjectBuilder::new()
                .schema_type(Type::Boolean)
                .description(Some("Whether the link leads anywhere. It can be switched off and on again."))
                .build(),
        )
        .property(
            "pin",
            parts::string()
                .description(Some(
                    "The PIN of a link that has one, for every change but of `note` and `enabled`: the server does not know it. What \
                     is given here is its PIN from now on.",
                ))
                .build(),
        )
        .examples([json!({"target": "https://shop.example/winter"})])
        .build()
}
