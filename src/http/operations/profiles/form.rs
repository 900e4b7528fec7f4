//! `/f/{profile}`: the form by which a person fills in a document of a profile. It works without script, and leads to the code's
//! own page, so that reloading makes no second code.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::{FromRequest, HttpRequest, HttpResponse, HttpResponseBuilder};
use url::{Url, form_urlencoded};

use crate::http::admission::{MayIssue, SameSite, may_fill};
use crate::http::extract::{IdempotencyKey, ProfileForm};
use crate::http::form::pairs;
use crate::http::html;
use crate::http::operations::tokens::{Sealing, shown};
use crate::http::options::{Given, Options, Place, Topic};
use crate::http::pages::{self, MORE, ProfileFormView, REPEATED, TRAP};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::{Kept, Sealed};
use crate::payload::minify;
use crate::profiles::{
    FieldFault, Form, Item, MAX_REPEATED, Profile, Typed, Way, document_of, field_of,
};

/// The profile whose form is asked for, and the right to fill it in.
pub struct Filling {
    profile: Arc<Profile>,
    right: MayIssue,
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
    let profile = filling.profile;
    let form = form_of(&profile)?;
    let mut typed = Typed::new();
    // Nobody agrees to anything by a link.
    let agreeing: HashSet<_> = form.items.iter().flat_map(agreeing).collect();
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
        profile: &profile,
        form,
        typed: &typed,
        faults: &[],
        too_much: false,
        repeated: 1,
    };
    Ok(page_at(&request, HttpResponse::Ok(), view, &before))
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
    _own_page: SameSite,
    filling: Filling,
    body: ProfileForm,
) -> Result<HttpResponse, Problem> {
    let Filling { profile, right } = filling;
    let form = form_of(&profile)?;
    let typed = body.0;
    let said = |name: &str| typed.get(name).map_or("", String::as_str);
    let repeated = said(REPEATED).parse().unwrap_or(1).clamp(1, MAX_REPEATED);
    let view = View {
        profile: &profile,
        form,
        typed: &typed,
        faults: &[],
        too_much: false,
        repeated,
    };
    if !said(MORE).is_empty() {
        let repeated = (repeated + 1).min(MAX_REPEATED);
        return Ok(page(
            &request,
            HttpResponse::Ok(),
            View { repeated, ..view },
        ));
    }
    let refused = |faults: &[(String, FieldFault)]| {
        let answer = HttpResponse::UnprocessableEntity();
        page(&request, answer, View { faults, ..view })
    };
    // People do not see the field; whatever fills it in learns nothing of why.
    if !said(TRAP).is_empty() {
        return Ok(refused(&[(TRAP.to_owned(), FieldFault::Form)]));
    }
    let document = match document_of(&form.items, &typed) {
        Ok(document) => document,
        Err(faults) => return Ok(refused(&faults)),
    };
    if let Err(faults) = profile.schema.check(&document) {
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| field_of(&form.items, &typed, fault))
            .collect();
        return Ok(refused(&faults));
    }
    let right = match right.taken(&request) {
        Ok(right) => right,
        Err(problem) => return too_much(&request, problem, view),
    };
    match sealed(&request, &right, &profile, &document).await {
        Ok(answer) => Ok(answer),
        Err(problem) => too_much(&request, problem, view),
    }
}

type View<'a> = ProfileFormView<'a>;

/// The form again where it is too much for now; any other problem is none of what was typed.
fn too_much(
    request: &HttpRequest,
    problem: Problem,
    view: View<'_>,
) -> Result<HttpResponse, Problem> {
    if problem.code != ProblemCode::RateLimited {
        return Err(problem);
    }
    let mut answer = HttpResponse::TooManyRequests();
    if let Some(secs) = problem.retry_after {
        answer.insert_header((RETRY_AFTER, secs));
    }
    Ok(page(
        request,
        answer,
        View {
            too_much: true,
            ..view
        },
    ))
}

async fn sealed(
    request: &HttpRequest,
    right: &MayIssue,
    profile: &Profile,
    document: &str,
) -> Result<HttpResponse, Problem> {
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
        key: IdempotencyKey(None),
        body: b"",
        body_bytes: document.len(),
    };
    sealing
        .seal(
            minify(document.as_bytes())?,
            &options,
            async |sealed: &Sealed| {
                let chosen = crate::http::accept::chosen_language(request);
                let lang =
                    chosen.map_or_else(String::new, |language| format!("&lang={}", language.tag()));
                let place = place_of(&sealed.issued.link, &lang);
                Ok::<_, Problem>(
                    HttpResponse::SeeOther()
                        .insert_header((LOCATION, place))
                        .finish(),
                )
            },
        )
        .await
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
    let found = registry.find(request.match_info().query("profile"));
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

fn page(request: &HttpRequest, answer: HttpResponseBuilder, view: View<'_>) -> HttpResponse {
    page_at(request, answer, view, "")
}

/// The page. `before`: what stands in the query of its address before the language.
fn page_at(
    request: &HttpRequest,
    answer: HttpResponseBuilder,
    view: View<'_>,
    before: &str,
) -> HttpResponse {
    let site = html::site(App::of(request), request, Some(before));
    let html = pages::profile_form(&site, &view);
    html::page(answer, site.language, html)
}
