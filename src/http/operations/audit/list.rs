//! `GET /api/audit`: who did what when.

use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;
use utoipa::openapi::path::OperationBuilder;

use crate::audit::{self, AuditAnswer, ListAudit, Verb, What};
use crate::http::admission::MayAudit;
use crate::http::extract::list::{self, each};
use crate::http::openapi::paging::{CURSOR, page_of};
use crate::http::openapi::parts::{answer, date_time, fail, filter, operation, string};
use crate::http::problem::Problem;
use crate::http::problem::ProblemCode::{
    Forbidden, TemporarilyUnavailable, Unauthorized, Validation,
};
use crate::http::state::App;

/// What OpenAPI says.
pub fn describe() -> OperationBuilder {
    let words = |words: &[&str]| {
        string()
            .enum_values(Some(words.iter().map(|word| json!(word))))
            .build()
    };
    let principal = string()
        .pattern(Some(
            "^(local|anonymous|cli|(key|account|pass):(0|[1-9][0-9]{0,18}))$",
        ))
        .build();
    let id = string()
        .min_length(Some(1))
        .max_length(Some(ListAudit::MAX_ID_CHARS))
        .pattern(Some("^[0-9a-z]+$"))
        .build();
    let operation = operation(
        "listAudit",
        "Audit",
        "Who did what when",
        "The rows of the audit log, the newest first: revoking, stored documents, PIN resets, erased opens, API keys, and keys \
         of the keyring. A row never has a token, a document or a PIN. `qrseal audit verify` looks whether any was changed or \
         taken out.",
    )
    .parameters(Some([
        filter("since", "Only of this time and later.", date_time(), json!("2026-11-20T00:00:00Z")),
        filter("until", "Only of before this time.", date_time(), json!("2026-11-21T00:00:00Z")),
        filter("principal", "Only by this principal.", principal, json!("key:3")),
        filter("verb", "Only with this verb.", words(&Verb::ALL.map(Verb::as_str)), json!("revoke")),
        filter("what", "Only about this kind of thing.", words(&What::KINDS), json!("token")),
        filter("what_id", "Only about the one with this id, number or slot.", id, json!("404142434445464748494a4b")),
    ]))
    .parameters(Some(page_of(true, CURSOR)))
    .response("200", answer("A page of rows.", "AuditAnswer"));
    fail(
        operation,
        &[Unauthorized, Forbidden, Validation, TemporarilyUnavailable],
    )
}

/// A page of rows.
pub async fn handle(request: HttpRequest, _right: MayAudit) -> Result<HttpResponse, Problem> {
    let wanted = audit_query(request.query_string())?;
    let app = App::of(&request);
    let page = audit::list(&*app.store, &app.keyring.load(), wanted).await?;
    Ok(HttpResponse::Ok().json(AuditAnswer::from(page)))
}

/// Reads the filters from a query.
///
/// # Errors
///
/// `validation` for a parameter that is unknown, repeated or out of its range.
fn audit_query(query: &str) -> Result<ListAudit, Problem> {
    let mut wanted = ListAudit::default();
    each(query, |name, value| {
        match name {
            "since" => wanted.since = Some(list::time(value)?),
            "until" => wanted.until = Some(list::time(value)?),
            "principal" => wanted.principal = Some(list::parse(value)?),
            "verb" => wanted.verb = Some(list::parse(value)?),
            "what" => {
                wanted.what = Some(
                    What::kind_of(value)
                        .ok_or_else(|| format!("must be {}", What::KINDS.join(", ")))?,
                );
            }
            "what_id" => {
                let fits = (1..=ListAudit::MAX_ID_CHARS).contains(&value.len())
                    && value
                        .bytes()
                        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
                if !fits {
                    return Err(
                        "must be an id, a number or a slot: 1 to 64 of 0-9 and a-z".to_owned()
                    );
                }
                wanted.what_id = Some(value.to_owned());
            }
            "limit" => wanted.limit = list::limit(value)?,
            "cursor" => wanted.cursor = Some(list::parse(value)?),
            _ => return Err("unknown".to_owned()),
        }
        Ok(())
    })?;
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::principal::Principal;

    #[test]
    fn every_parameter_is_read_once() {
        let wanted = audit_query(
            "since=2026-11-20T13:10:00Z&principal=key:3&verb=revoke&what=api_key&what_id=3&limit=7",
        )
        .unwrap();
        assert_eq!(wanted.principal, Some(Principal::Key(3)));
        assert_eq!(
            (wanted.verb, wanted.what),
            (Some(Verb::Revoke), Some("api_key"))
        );
        assert_eq!((wanted.what_id.as_deref(), wanted.limit), (Some("3"), 7));
        assert!(wanted.since.is_some() && wanted.until.is_none());
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for query in [
            "principal=key",
            "principal=",
            "verb=steal",
            "what=tokens",
            "what_id=",
            "what_id=%00",
            "limit=0",
            "until=yesterday",
            "cursor=abc",
            "verb=issue&verb=issue",
            "page=2",
        ] {
            assert!(audit_query(query).is_err(), "{query}");
        }
    }
}
