//! `/desk/forms/{id}/{profile}`: the form of a profile at a list, for whoever comes without a code. Sending it issues the code and
//! checks it in. It stands below `/desk` so that phones with a pass have it, too.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;
use url::form_urlencoded;

use super::{Seat, judged, page};
use crate::desk::{Accepts, ListAnswer, find_list};
use crate::http::accept;
use crate::http::admission::{AtDesk, MayIssue, OwnForm};
use crate::http::extract::{CheckInBody, ProfileForm};
use crate::http::form::pairs;
use crate::http::operations::check_ins::create::checked_in;
use crate::http::operations::lists::{ListIdInPath, not_yours, unknown};
use crate::http::operations::profiles::form::{self, Sent};
use crate::http::operations::tokens::shown;
use crate::http::pages::{DeskForm, FormAt, MadeCode};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::pointer;
use crate::profiles::{Profile, Typed, typed_number};
use crate::store::{CheckInKind, ListId};
use crate::token::TokenId;

/// The name of the field, and of the query, that says at which gate somebody stands. Members of documents have no such names.
const GATE: &str = ".gate";

/// The form, with what the list asks of the fields of a code.
pub async fn show(
    request: HttpRequest,
    who: AtDesk,
    list: ListIdInPath,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &who, list.0).await?;
    who.may_fill(&request, &asked.profile)?;
    let mut gate = String::new();
    for (name, value) in pairs(request.query_string().as_bytes()).take(8) {
        if let (GATE, Some(value)) = (name.as_str(), value) {
            gate = value;
        }
    }
    let at = asked.at(&request, &who, asked.gate(&gate));
    form::show_at(&request, &asked.profile, Some(&at))
}

/// The page of the desk with the verdict and the code, or the form with what is wrong. The same form again, as when it is loaded anew or
/// its button is pressed twice, makes no second code and no second check-in.
pub async fn send(
    request: HttpRequest,
    _own_page: OwnForm,
    who: AtDesk,
    list: ListIdInPath,
    body: ProfileForm,
) -> Result<HttpResponse, Problem> {
    let asked = Asked::of(&request, &who, list.0).await?;
    let right = who.may_fill(&request, &asked.profile)?;
    let typed = body.0;
    let gate = asked.gate(typed.get(GATE).map_or("", String::as_str));
    let at = asked.at(&request, &who, gate);
    let leads = async |right: &MayIssue, sent: Sent<'_>| {
        let made = form::seal(&request, right, sent, async |sealed| {
            Ok(Made {
                token: sealed.issued.token.id(),
                link: sealed.issued.link.clone(),
            })
        });
        let made = made.await?;
        // What fails from here on unmakes no code: the same form sent again goes on with it.
        let answer = admitted(&request, &who, (&asked, list.0, gate), made).await;
        Ok(answer.unwrap_or_else(HttpResponse::from_error))
    };
    form::send_at(&request, (&asked.profile, right), &typed, Some(&at), leads).await
}

/// Checks in whoever the code was made for, and says what came of it.
async fn admitted(
    request: &HttpRequest,
    who: &AtDesk,
    (asked, list, gate): (&Asked, ListId, &str),
    made: Made,
) -> Result<HttpResponse, Problem> {
    let Made { token, link } = made;
    // One code of a form is checked in once at a list.
    let once = format!("{token}-{}", asked.list.id);
    let body = CheckInBody {
        token: link.clone(),
        list,
        kind: CheckInKind::Entry,
        check_in_id: once.parse().map_err(|_| unknown())?,
        gate: gate.parse().ok(),
        pin_text: String::new(),
        pin: None,
    };
    let (status, mut verdict) = judged(checked_in(request, &who.may(), &body).await)?;
    // However busy the server is, its own page shows the code.
    let picture = shown::picture(request, &link, Some(&asked.profile)).await;
    verdict.made = Some(MadeCode {
        picture: picture.ok(),
        place: form::made_at(request, &link),
    });
    let seat = Seat {
        list: Some(list),
        gate: gate.to_owned(),
        verdict: Some(verdict),
        ..Seat::default()
    };
    page(request, who, status, seat).await
}

/// The forms that somebody may fill in at a list.
pub fn links(request: &HttpRequest, who: &AtDesk, list: &ListAnswer, gate: &str) -> Vec<DeskForm> {
    let language = accept::language(request);
    let chosen = accept::chosen_language(request).map(|language| ("lang", language.tag()));
    let gate = Some((GATE, gate)).filter(|(_, gate)| !gate.is_empty());
    let behind: Vec<_> = gate.into_iter().chain(chosen).collect();
    let forms = forms(request, who, list).into_iter();
    let links = forms.map(|(profile, _)| {
        let query = match behind.is_empty() {
            true => String::new(),
            false => query(&behind),
        };
        DeskForm {
            path: format!("{}{query}", path(&list.id, &profile)),
            title: profile.title.of(language).to_owned(),
        }
    });
    links.collect()
}

/// Profiles whose codes a list takes and whose form somebody may fill in, each with what the list asks of it first.
fn forms<'a>(
    request: &HttpRequest,
    who: &AtDesk,
    list: &'a ListAnswer,
) -> Vec<(Arc<Profile>, &'a Accepts)> {
    let registry = App::of(request).profiles.registry();
    let mut found: Vec<(Arc<Profile>, &Accepts)> = Vec::new();
    for accepts in &list.accepts {
        let Some(profile) = registry.find(&accepts.profile) else {
            continue;
        };
        let is_new = found
            .iter()
            .all(|(_, known)| known.profile != accepts.profile);
        let is_taken = list.accept_public || !profile.is_for_anyone();
        if is_new && is_taken && who.fills_in(profile) {
            found.push((Arc::clone(profile), accepts));
        }
    }
    found
}

fn path(list: &str, profile: &Profile) -> String {
    format!("/desk/forms/{list}/{}", profile.name.as_str())
}

fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::for_suffix("?".to_owned(), 1);
    query.extend_pairs(pairs);
    query.finish()
}

/// What is asked for: a form at a list.
struct Asked {
    list: ListAnswer,
    profile: Arc<Profile>,
    filled: Typed,
}

/// A code that was issued.
struct Made {
    token: TokenId,
    link: String,
}

impl Asked {
    async fn of(request: &HttpRequest, who: &AtDesk, id: ListId) -> Result<Self, Problem> {
        let list = find_list(&*App::of(request).store, id).await?;
        let list = list.ok_or_else(unknown)?;
        if !who.may().right.may_check(&list) {
            return Err(not_yours());
        }
        let list = ListAnswer::of(list);
        let name = route::variable(request, "profile");
        let mut forms = forms(request, who, &list).into_iter();
        let found = forms.find(|(_, accepts)| accepts.profile == name);
        let (profile, accepts) = found.ok_or_else(|| {
            Problem::new(ProblemCode::Forbidden).detail(
                "The list takes no such codes, or you may not fill in their form: somebody who issues codes can.",
            )
        })?;
        let filled = filled(accepts);
        Ok(Self {
            list,
            profile,
            filled,
        })
    }

    /// A gate of the list; empty for none.
    fn gate<'a>(&self, said: &'a str) -> &'a str {
        match self.list.gates.iter().any(|gate| gate == said) {
            true => said,
            false => "",
        }
    }

    fn at(&self, request: &HttpRequest, who: &AtDesk, gate: &str) -> FormAt {
        let mut back = vec![("list", &*self.list.id), ("gate", gate)];
        let chosen = accept::chosen_language(request);
        back.extend(chosen.map(|language| ("lang", language.tag())));
        let back = query(&back);
        FormAt {
            path: path(&self.list.id, &self.profile),
            hidden: vec![(GATE, gate.to_owned())],
            form_token: who.form_token(),
            back: (self.list.name.clone(), format!("/desk{back}")),
            filled: self.filled.clone(),
        }
    }
}

/// The texts and numbers that a list asks of a document, by the names of the form's fields.
fn filled(accepts: &Accepts) -> Typed {
    let mut filled = Typed::new();
    for (pointer, value) in &accepts.fields {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => typed_number(&number.to_string()),
            _ => continue,
        };
        let names: Vec<_> = pointer::names(pointer).collect();
        filled.insert(names.join("."), text);
    }
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_list_asks_is_filled_in_but_nobody_agrees_by_that() {
        let accepts: Accepts = serde_json::from_value(json!({
            "profile": "ticket",
            "where": {"/event": "gala", "/seat/row": 7, "/price": 12.345, "/a~1b": "c", "/consent": true}
        }))
        .unwrap();
        // As a form reads it.
        let expected = [
            ("a/b", "c"),
            ("event", "gala"),
            ("price", "12.3450"),
            ("seat.row", "7"),
        ];
        let mut found: Vec<_> = filled(&accepts).into_iter().collect();
        found.sort();
        let found: Vec<_> = found
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        assert_eq!(found, expected);
    }
}
