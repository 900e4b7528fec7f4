//! `/`: the page where a person seals a document. The form works without script; the symbol comes back in the page.

mod form;
mod refused;

use std::sync::Arc;

use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use self::form::Form;
use self::refused::Refused;
use super::answers::{self, SymbolAnswer};
use super::tokens::Sealing;
use crate::clock;
use crate::drawing::{Drawn, PictureFormat};
use crate::http::admission::{MayIssue, MayWrite, Person, SameSite, rates};
use crate::http::extract::{PageForm, form_id};
use crate::http::html;
use crate::http::options::Options;
use crate::http::pages::{
    self, CodeView, Field, FieldErrors, HomeView, Language, Outcome, SealedView, SignedIn,
    StyleView,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::{IssuedToken, Kept, MaxOpens};
use crate::limits::Budget;
use crate::payload::minify_up_to;
use crate::principal::Principal;
use crate::profiles::{Registry, Way};
use crate::qr::Symbol;
use crate::store::Scope;

/// The page with an empty outcome and a sample document.
pub async fn show(request: HttpRequest) -> HttpResponse {
    let form = Form::sample();
    let profiles = App::of(&request).profiles.registry();
    Page::new(&request, &form, &profiles).answer(HttpResponse::Ok(), Outcome::Blank)
}

/// The page with the symbol of the document that was sent, with the style that is to be shown, or with what is wrong.
pub async fn seal(request: HttpRequest, _own_page: SameSite, body: PageForm) -> HttpResponse {
    let profiles = App::of(&request).profiles.registry();
    let (form, key) = Form::from_page(body, &profiles);
    let page = Page::new(&request, &form, &profiles);
    if form.preview {
        return match preview(&page).await {
            Ok(png) => page.answer(HttpResponse::Ok(), Outcome::Preview(&png)),
            Err(refused) => page.refused(&refused),
        };
    }
    match sealed(&page, key.as_deref()).await {
        Ok((issued, shown)) => {
            let outcome = Outcome::Sealed(view(&issued, &shown));
            page.answer(HttpResponse::Created(), outcome)
        }
        Err(refused) => page.refused(&refused),
    }
}

/// What the page shows of a token, in the form in which it shows it.
struct Shown {
    png: Vec<u8>,
    svg: String,
    pdf: Vec<u8>,
    token_id: String,
    version: u8,
    modules: usize,
    ecl: &'static str,
    contrast: f64,
    smallest_mm: f64,
    read_back: bool,
    is_read_from_aside: bool,
    /// The PIN that was made.
    pin: Option<String>,
}

/// The style on a code of our own, with as much in it as a short document has.
async fn preview(page: &Page<'_>) -> Result<Vec<u8>, Refused> {
    const TOKEN_BYTES: usize = 60;
    let request = page.request;
    let app = App::of(request);
    let at = Refused::at(Field::Style);
    rates::take(request, Budget::Drawings).map_err(&at)?;
    let options = page.form.options(
        &app.config,
        Arc::clone(page.profiles),
        page.issuer.is_some(),
    )?;
    let text = app.links.of_length(TOKEN_BYTES);
    let symbol = Symbol::encode(&text, options.look.level).map_err(|error| at(error.into()))?;
    let drawn = answers::drawn(request, &text, &symbol, &options.look, &options)
        .await
        .map_err(&at)?;
    let picture = drawn.picture(PictureFormat::Png, "Preview of the style");
    picture.map_err(|error| at(error.into()))
}

async fn sealed(page: &Page<'_>, key: Option<&str>) -> Result<(IssuedToken, Shown), Refused> {
    let &Page { request, form, .. } = page;
    let right = MayIssue::take_typed(request, key).map_err(|problem| match problem.code {
        // A person sets no header.
        ProblemCode::Unauthorized if key.is_none() => {
            let words = "This server makes codes only for people who sign in and for those who have an API key: type yours here.";
            Refused::at(Field::ApiKey)(problem.detail(words))
        }
        ProblemCode::Unauthorized | ProblemCode::Forbidden => Refused::at(Field::ApiKey)(problem),
        _ => problem.into(),
    })?;
    let options = form.options(&App::of(request).config, Arc::clone(page.profiles), true)?;
    let most = options.seal.max_document_bytes();
    let document = minify_up_to(form.document().as_bytes(), most).map_err(Problem::from)?;
    let sealing = Sealing {
        request,
        document_at: DOCUMENT_AT,
        way: Way::Request,
        kept: Kept::Document,
        right: &right,
        key: form.idempotency_key(),
        body: &[],
        body_bytes: form.payload.len() + form.logo.as_ref().map_or(0, Vec::len),
    };
    let sealed = sealing.seal(document, &options, async |sealed| {
        let mut shown = shown(request, &sealed.issued, &options).await?;
        shown.pin = sealed.pin.as_ref().map(|pin| pin.as_str().to_owned());
        Ok((sealed.issued.clone(), shown))
    });
    sealed.await.map_err(|refused: Refused| match refused {
        // Whoever asks may issue: it is the profile that is not for them.
        Refused { problem, .. } if problem.code == ProblemCode::Forbidden => {
            Refused::at(Field::Profile)(*problem)
        }
        refused => refused,
    })
}

async fn shown(
    request: &HttpRequest,
    issued: &IssuedToken,
    options: &Options,
) -> Result<Shown, Refused> {
    let title = "QR code of a sealed document";
    let refused = Refused::at(Field::Style);
    let drawn = answers::drawn(
        request,
        &issued.link,
        &issued.symbol,
        &options.look,
        options,
    )
    .await
    .map_err(&refused)?;
    let picture = |format| drawn.picture(format, title).map_err(Problem::from);
    let symbol = drawn.symbol();
    Ok(Shown {
        token_id: issued.token.id().to_string(),
        png: picture(PictureFormat::Png).map_err(&refused)?,
        svg: picture(PictureFormat::Svg)
            .ok()
            .and_then(|svg| String::from_utf8(svg).ok())
            .ok_or_else(|| refused(Problem::new(ProblemCode::Internal)))?,
        pdf: picture(PictureFormat::Pdf).map_err(&refused)?,
        version: symbol.version(),
        modules: symbol.modules(),
        ecl: symbol.level().as_str(),
        contrast: drawn.style().colours.contrast(),
        smallest_mm: SymbolAnswer::from(&drawn).smallest_mm,
        read_back: matches!(drawn, Drawn::Styled(_)),
        is_read_from_aside: drawn.is_read_from_aside(),
        pin: None,
    })
}

fn view<'a>(issued: &'a IssuedToken, shown: &'a Shown) -> SealedView<'a> {
    SealedView {
        png: &shown.png,
        svg: &shown.svg,
        pdf: &shown.pdf,
        link: &issued.link,
        token_id: &shown.token_id,
        version: shown.version,
        modules: shown.modules,
        ecl: shown.ecl,
        contrast: shown.contrast,
        smallest_mm: shown.smallest_mm,
        read_back: shown.read_back,
        is_read_from_aside: shown.is_read_from_aside,
        pin: shown.pin.as_deref(),
        max_opens: issued.max_opens.map(MaxOpens::value),
        is_stored: issued.stored.is_some(),
        payload_bytes: issued.payload_bytes,
        sealed_bytes: issued.token.as_bytes().len(),
        packed_bytes: issued.packed_bytes,
        issued_at: clock::unix_seconds(issued.token.issued_at()),
        expires_at: issued.token.expires_at().map(clock::unix_seconds),
    }
}

/// The page around a form.
struct Page<'a> {
    request: &'a HttpRequest,
    form: &'a Form,
    profiles: &'a Arc<Registry>,
    /// By what right it issues without an API key. Asked first: whoever typed a key is known by that afterwards.
    issuer: Option<Principal>,
    /// Whether a message may be written.
    may_write: bool,
}

impl<'a> Page<'a> {
    fn new(request: &'a HttpRequest, form: &'a Form, profiles: &'a Arc<Registry>) -> Self {
        Self {
            request,
            form,
            profiles,
            issuer: MayIssue::check(request).ok().map(|right| right.0),
            may_write: MayWrite::check(request).is_ok(),
        }
    }

    /// The form as it was sent, with what is wrong beside its field.
    fn refused(&self, Refused { problem, field }: &Refused) -> HttpResponse {
        let faults = faults(problem);
        let mut wrong = match faults.is_empty() {
            true => in_words(problem, *field),
            false => vec![(Field::Payload, NOT_OF_THE_PROFILE.to_owned())],
        };
        if wrong.is_empty() {
            let words = match problem.code {
                ProblemCode::IdempotencyConflict => ALREADY_SEALED,
                code => problem.detail.as_deref().unwrap_or(code.title()),
            };
            wrong.push((*field, words.to_owned()));
        }
        let number = |name| {
            let (_, value) = problem.members.iter().find(|(member, _)| *member == name)?;
            usize::try_from(value.as_u64()?).ok()
        };
        let outcome = Outcome::Refused(FieldErrors {
            wrong: &wrong,
            place: number("line").zip(number("column")),
            may_be_text: problem.code == ProblemCode::InvalidJson,
            faults: &faults,
        });
        let mut answer = HttpResponse::build(problem.code.status());
        if let Some(seconds) = problem.retry_after {
            answer.insert_header((RETRY_AFTER, seconds));
        }
        self.answer(answer, outcome)
    }

    fn answer(&self, answer: HttpResponseBuilder, outcome: Outcome<'_>) -> HttpResponse {
        let (app, form) = (App::of(self.request), self.form);
        let public_url = app.config.public_url();
        let form_id = form_id();
        let chosen = |name| form.style.get(name).map_or("", String::as_str);
        let is_wrong = |field| matches!(outcome, Outcome::Refused(errors) if errors.has(field));
        let person = Person::of(self.request);
        let profiles = self.profiles();
        let view = HomeView {
            public_url: public_url.as_str().trim_end_matches('/'),
            payload: &form.payload,
            form_id: &form_id,
            profiles: &profiles,
            max_logo_bytes: app.config.limits.max_logo_bytes,
            code: CodeView {
                as_text: form.as_text,
                note: &form.note,
                max_opens: &form.max_opens,
                profile: &form.profile,
                with_pin: form.with_pin,
                own_pin: form.has_own_pin(),
                storage: &form.storage,
                expires_in: form.expires_in.parse().ok(),
                ecl: &form.ecl,
            },
            style: StyleView {
                module_shape: chosen("module_shape"),
                finder_shape: chosen("finder_shape"),
                dark: chosen("dark"),
                light: chosen("light"),
                caption: chosen("caption"),
                logo_share: chosen("logo_share"),
                // What was wrong is not kept; one that was kept before is, when another was too large.
                logo: form
                    .logo
                    .as_deref()
                    .filter(|_| !is_wrong(Field::Logo) || form.logo_thrown_away.is_some()),
            },
            outcome,
            phone_cannot_reach: app.config.phone_cannot_reach(),
            issuing_open: self.issuer.is_some(),
            person: person.as_ref().map(|person| SignedIn {
                name: &person.account.display_name,
                makes_codes: self.issuer.is_some() || person.account.role.may(Scope::Issue),
            }),
            message_page: self.may_write.then_some("/message"),
            may_sign_in: app.config.session_cookie().is_some() && app.accounts.any() == Some(true),
        };

        let html = pages::home(&app.site(Language::English), &view);
        html::page(answer, Language::English, html)
    }

    /// The profiles that whoever asks may issue, by name and title. Where the form asks for an API key, none but those for anyone:
    /// strangers are not told what keys make here, and type the name.
    fn profiles(&self) -> Vec<(&'a str, &'a str)> {
        let issuer = self.issuer.unwrap_or(Principal::Anonymous);
        let all = self.profiles.all();
        all.filter(|profile| profile.is_for(issuer, Way::Request))
            .map(|profile| (profile.name.as_str(), profile.title.of(Language::English)))
            .collect()
    }
}

/// What a problem says is wrong: where, and what would be right.
fn errors(problem: &Problem) -> impl Iterator<Item = (&str, &str)> {
    let errors = problem.members.iter().find(|(name, _)| *name == "errors");
    let errors = errors.and_then(|(_, errors)| errors.as_array());
    errors
        .into_iter()
        .flatten()
        .filter_map(|error| Some((error["pointer"].as_str()?, error["detail"].as_str()?)))
}

/// What is wrong with a document that is none of its profile: where in it, and what would be right.
fn faults(problem: &Problem) -> Vec<(&str, &str)> {
    errors(problem)
        .filter_map(|(place, detail)| Some((place.strip_prefix(DOCUMENT_AT)?, detail)))
        .collect()
}

/// The fields whose options are wrong, and what is wrong with each, without the name that programs have for it.
fn in_words(problem: &Problem, otherwise: Field) -> Vec<(Field, String)> {
    let in_words = |(pointer, detail): (&str, &str)| {
        let (field, label) = match pointer {
            "/expires_in" => (Field::ExpiresIn, ""),
            "/max_opens" => (Field::MaxOpens, ""),
            "/pin" | "/pin_auto" => (Field::Pin, ""),
            "/profile" => (Field::Profile, ""),
            "/note" => (Field::Note, ""),
            "/storage" => (Field::Storage, ""),
            "/ecl" => (Field::Ecl, ""),
            "/logo" => (Field::Logo, ""),
            "/module_shape" => (Field::Style, "Dots: "),
            "/finder_shape" => (Field::Style, "Corners: "),
            "/dark" => (Field::Style, "Dark: "),
            "/light" => (Field::Style, "Light: "),
            "/caption" => (Field::Style, "Caption: "),
            "/logo_share" => (Field::Style, "Logo’s width: "),
            // The form has no field for it.
            _ => return (otherwise, format!("{pointer}: {detail}")),
        };
        (field, format!("{label}{detail}"))
    };
    errors(problem).map(in_words).collect()
}

/// Where the document stands in the form, as faults of it tell: no option is called so.
const DOCUMENT_AT: &str = "/payload";

/// What is said of a document with faults, which follow.
const NOT_OF_THE_PROFILE: &str = "The document is not one of the profile that was chosen:";

/// What is said when a form comes again whose answer cannot: it had a PIN in it, or its code has ended.
const ALREADY_SEALED: &str = "This was sealed before. Its code has ended, or has a PIN that was shown once and is kept nowhere. \
    Seal it again from here for another code.";
