//! `/f/{profile}`: the form by which a person fills in a document of a profile. It works without script, and leads to the code's
//! own page, so that reloading makes no second code.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderValue, LOCATION, REFERRER_POLICY, RETRY_AFTER};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use url::{Url, form_urlencoded};

use crate::http::admission::{MayFill, MayIssue, OwnForm, Person, may_fill, rates};
use crate::http::extract::{IdempotencyKey, ProfileForm, form_id, is_form_id};
use crate::http::form::pairs;
use crate::http::html;
use crate::http::operations::tokens::{Sealing, shown};
use crate::http::options::{Given, Options, Place, Topic};
use crate::http::pages::{
    self, FORM_ID, FORM_TOKEN, FormAt, MORE, ProfileFormView, REPEATED, TRAP,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::route;
use crate::http::state::App;
use crate::issuing::{Kept, Sealed};
use crate::limits::Budget;
use crate::payload::minify;
use crate::profiles::{
    FieldFault, Form, Item, MAX_REPEATED, Profile, Typed, Way, document_of, field_of,
};

/// The profile whose form is asked for, and the right to fill it in.
pub struct Filling {
    profile: Arc<Profile>,
    right: MayFill,
}

impl FromRequest for Filling {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let filling = profile_of(request).and_then(|profile| {
            let right = may_fill(request, form_of(&profile)?.open)?;
            Ok(Self { profile, right })
        });
        ready(filling)
    }
}

/// The form, with what the query fills in. Nothing is sent by it.
pub async fn show(request: HttpRequest, filling: Filling) -> Result<HttpResponse, Problem> {
    show_at(&request, &filling.profile, None)
}

/// The same, where it may stand elsewhere.
pub fn show_at(
    request: &HttpRequest,
    profile: &Profile,
    at: Option<&FormAt>,
) -> Result<HttpResponse, Problem> {
    let form = form_of(profile)?;
    // Nobody agrees to anything by a link, nor by what a list asks.
    let agreeing: HashSet<_> = form.items.iter().flat_map(agreeing).collect();
    let mut typed = at.map_or_else(Typed::new, |at| at.filled.clone());
    typed.retain(|name, _| !agreeing.contains(name));
    // Whoever chooses a language keeps what was filled in.
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs(request.query_string().as_bytes()).take(64) {
        let is_filled_in = name != "lang" && !agreeing.contains(&*name);
        if let Some(value) = value.filter(|value| is_filled_in && value.len() <= 1_000) {
            query.append_pair(&name, &value);
            typed.insert(name, value);
        }
    }
    let mut before = query.finish();
    if !before.is_empty() {
        before.push('&');
    }
    let view = View {
        profile,
        form,
        typed: &typed,
        faults: &[],
        refused: None,
        repeated: 1,
        form_id: &form_id(),
        form_token: None,
        at,
    };
    Ok(page(request, HttpResponse::Ok(), view, Some(&before)))
}

/// The names of fields of an item by which somebody may agree to something.
fn agreeing(item: &Item) -> Vec<String> {
    match item {
        Item::Field(field) if field.may_agree() => vec![field.name(None)],
        Item::Group(group) => {
            let fields = group.fields.iter().filter(|field| field.may_agree());
            fields
                .flat_map(|field| (0..group.most).map(|place| field.name(Some((group, place)))))
                .collect()
        }
        Item::Field(_) | Item::Object { .. } => Vec::new(),
    }
}

/// The code of what was sent, or the form with what is wrong.
pub async fn send(
    request: HttpRequest,
    _own_page: OwnForm,
    filling: Filling,
    body: ProfileForm,
) -> Result<HttpResponse, Problem> {
    let Filling { profile, right } = filling;
    let leads = async |right: &MayIssue, sent: Sent<'_>| {
        seal(&request, right, sent, async |sealed| {
            let place = made_at(&request, &sealed.issued.link);
            let mut answer = HttpResponse::SeeOther();
            Ok(answer.insert_header((LOCATION, place)).finish())
        })
        .await
    };
    send_at(&request, (&profile, right), &body.0, None, leads).await
}

/// What a form makes.
#[derive(Clone, Copy)]
pub struct Sent<'a> {
    profile: &'a Profile,
    document: &'a str,
    form_id: &'a str,
}

/// What `leads` makes of what was sent, or the form with what is wrong, or why `leads` made no code.
pub async fn send_at(
    request: &HttpRequest,
    (profile, right): (&Profile, MayFill),
    typed: &Typed,
    at: Option<&FormAt>,
    leads: impl AsyncFn(&MayIssue, Sent<'_>) -> Result<HttpResponse, Problem>,
) -> Result<HttpResponse, Problem> {
    let form = form_of(profile)?;
    let said = |name: &str| typed.get(name).map_or("", String::as_str);
    let right = right.sent(said(FORM_TOKEN))?;
    let repeated = said(REPEATED).parse().unwrap_or(1).clamp(1, MAX_REPEATED);
    let id = Some(said(FORM_ID)).filter(|id| is_form_id(id));
    let id = id.map_or_else(form_id, str::to_owned);
    let view = View {
        profile,
        form,
        typed,
        faults: &[],
        refused: None,
        repeated,
        form_id: &id,
        form_token: None,
        at,
    };
    // Looking at what was typed costs less than issuing, and not nothing.
    if let Err(problem) = rates::take(request, Budget::Opens) {
        return Ok(not_made(request, &problem, view));
    }
    if !said(MORE).is_empty() {
        let repeated = (repeated + 1).min(MAX_REPEATED);
        let view = View { repeated, ..view };
        return Ok(page(request, HttpResponse::Ok(), view, None));
    }
    let refused = |faults: &[(String, FieldFault)]| {
        let answer = HttpResponse::UnprocessableEntity();
        page(request, answer, View { faults, ..view }, None)
    };
    // People do not see the field; whatever fills it in learns nothing of why.
    if !said(TRAP).is_empty() {
        return Ok(refused(&[(TRAP.to_owned(), FieldFault::Form)]));
    }
    let document = match document_of(&form.items, typed) {
        Ok(document) => document,
        Err(faults) => return Ok(refused(&faults)),
    };
    if let Err(faults) = profile.schema.check(&document) {
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| field_of(&form.items, typed, fault))
            .collect();
        return Ok(refused(&faults));
    }
    let made = match right.taken(request) {
        Ok(right) => {
            let sent = Sent {
                profile,
                document: &document,
                form_id: &id,
            };
            leads(&right, sent).await
        }
        Err(problem) => Err(problem),
    };
    Ok(made.unwrap_or_else(|problem| not_made(request, &problem, view)))
}

type View<'a> = ProfileFormView<'a>;

/// The form again, with what was typed and why no code was made.
fn not_made(request: &HttpRequest, problem: &Problem, view: View<'_>) -> HttpResponse {
    let code = problem.code;
    let mut answer = HttpResponse::build(code.status());
    let pause = code.retry_after_seconds().map(u64::from);
    if let Some(secs) = problem.retry_after.or(pause) {
        answer.insert_header((RETRY_AFTER, secs));
    }
    let refused = Some(match code {
        ProblemCode::RateLimited => "message-too-many",
        ProblemCode::PayloadTooLarge | ProblemCode::QrCapacity => "form-too-large",
        _ => "form-not-made",
    });
    page(request, answer, View { refused, ..view }, None)
}

/// Seals what a form made, and makes the `answer` to it: the same form sent twice makes one code.
pub async fn seal<T>(
    request: &HttpRequest,
    right: &MayIssue,
    sent: Sent<'_>,
    answer: impl AsyncFn(&Sealed) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let Sent {
        profile,
        document,
        form_id,
    } = sent;
    let app = App::of(request);
    let mut options = Options::new(Topic::Token, &app.config).knowing(app.profiles.registry());
    options.set(
        Place::Form,
        "profile",
        "/profile",
        Given::Text(profile.name.as_str()),
    );
    let options = options.finish(&app.config)?;
    let sealing = Sealing {
        request,
        kept: Kept::Document,
        document_at: "",
        way: Way::Form,
        right,
        key: IdempotencyKey::of_form(
            form_id,
            &[profile.name.as_str().as_bytes(), document.as_bytes()],
        ),
        body: b"",
        body_bytes: document.len(),
    };
    sealing
        .seal(minify(document.as_bytes())?, &options, answer)
        .await
}

/// The code's own page, which shows it large to whoever is led there.
pub fn made_at(request: &HttpRequest, link: &str) -> String {
    let chosen = crate::http::accept::chosen_language(request);
    let lang = chosen.map_or_else(String::new, |language| format!("&lang={}", language.tag()));
    place_of(link, &lang)
}

/// Where the code's own page is on this server, by whichever name its reader came.
fn place_of(link: &str, lang: &str) -> String {
    let Ok(url) = Url::parse(link) else {
        return link.to_owned();
    };
    let made = shown::MADE;
    match url.query() {
        Some(query) => format!("{}?{query}&{made}{lang}", url.path()),
        None => format!("{}?{made}{lang}", url.path()),
    }
}

fn profile_of(request: &HttpRequest) -> Result<Arc<Profile>, Problem> {
    let registry = App::of(request).profiles.registry();
    let found = registry.find(route::variable(request, "profile"));
    found
        .map(Arc::clone)
        .ok_or_else(|| Problem::new(ProblemCode::NotFound))
}

fn form_of(profile: &Profile) -> Result<&Form, Problem> {
    profile
        .form
        .as_ref()
        .ok_or_else(|| Problem::new(ProblemCode::NotFound))
}

/// The page. `before`: what stands in the query of its address before the language; `None` where a form was sent, which would be
/// empty in another language.
fn page(
    request: &HttpRequest,
    mut answer: HttpResponseBuilder,
    view: View<'_>,
    before: Option<&str>,
) -> HttpResponse {
    // Browsers say in the form which page it is from, so that one of another site is told from it where they do not say more.
    answer.insert_header((REFERRER_POLICY, HeaderValue::from_static("same-origin")));
    let token = match view.at {
        Some(at) => Some(at.form_token.clone()),
        None => Person::of(request).map(|person| person.token.form_token()),
    };
    let site = html::site(App::of(request), request, before);
    let view = View {
        form_token: token.as_deref(),
        ..view
    };
    let html = pages::profile_form(&site, &view);
    html::page(answer, site.language, html)
}
