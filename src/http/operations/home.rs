//! `/`: the page where a person seals a document. The form works without script; the symbol comes back in the page.

use std::collections::BTreeMap;

use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::answers::{self, SymbolAnswer};
use super::tokens::Sealing;
use crate::clock;
use crate::drawing::{Drawn, PictureFormat};
use crate::http::admission::{MayIssue, SameSite};
use crate::http::extract::{IdempotencyKey, PageForm};
use crate::http::html;
use crate::http::options::{Given, Options, Place, Topic, style_options};
use crate::http::pages::{
    self, Field, FieldError, HomeView, Language, Outcome, SAMPLE, SealedView, StyleView,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::IssuedToken;
use crate::payload::minify;

/// The page with an empty outcome and a sample document.
pub async fn show(request: HttpRequest) -> HttpResponse {
    let form = Form {
        payload: SAMPLE.to_owned(),
        ..Form::default()
    };
    let answer = HttpResponse::Ok();
    page(&request, answer, &form, Outcome::Blank)
}

/// The page with the symbol of the document that was sent, or with what is wrong with it.
pub async fn seal(
    request: HttpRequest,
    _own_page: SameSite,
    right: MayIssue,
    body: PageForm,
) -> Result<HttpResponse, Problem> {
    let form = Form::from_page(body);
    match sealed(&request, &right, &form).await {
        Ok((issued, shown)) => {
            let outcome = Outcome::Sealed(view(&issued, &shown));
            Ok(page(&request, HttpResponse::Created(), &form, outcome))
        }
        Err(Refused { problem, field }) if problem.code.status().is_client_error() => {
            let detail = problem.detail.clone();
            let number = |name| {
                let (_, value) = problem.members.iter().find(|(member, _)| *member == name)?;
                usize::try_from(value.as_u64()?).ok()
            };
            let outcome = Outcome::Refused(FieldError {
                field,
                message: detail.as_deref().unwrap_or(problem.code.title()),
                place: number("line").zip(number("column")),
            });
            let mut answer = HttpResponse::build(problem.code.status());
            if let Some(seconds) = problem.retry_after {
                answer.insert_header((RETRY_AFTER, seconds));
            }
            Ok(page(&request, answer, &form, outcome))
        }
        Err(refused) => Err(refused.problem),
    }
}

/// What was typed, kept when something in it is wrong.
#[derive(Default)]
struct Form {
    payload: String,
    expires_in: String,
    ecl: String,
    /// The options of the style by their names, those that were filled in.
    style: BTreeMap<&'static str, String>,
    /// The logo's file: chosen now, or before and kept by the page.
    logo: Option<Vec<u8>>,
}

impl Form {
    /// The last of repeated fields counts, as in a form that was filled twice; other fields are ignored, since
    /// browsers' extensions add some.
    fn from_page(page: PageForm) -> Self {
        let mut form = Self::default();
        let mut kept = None;
        let (mut transparent, mut remove) = (false, false);
        for (name, value) in page.fields {
            match name.as_str() {
                "payload" => form.payload = value,
                "expires_in" => form.expires_in = value,
                "ecl" => form.ecl = value,
                "transparent" => transparent = true,
                "remove_logo" => remove = true,
                // What is no base64 was not kept by the page.
                "kept_logo" => kept = STANDARD.decode(value).ok(),
                name => {
                    if let Some(option) =
                        style_options(Place::Form).find(|option| option.name == name)
                        && !value.is_empty()
                    {
                        form.style.insert(option.name, value);
                    }
                }
            }
        }
        if transparent {
            form.style.insert("light", "transparent".to_owned());
        }
        let kept = kept.filter(|logo| !remove && !logo.is_empty());
        form.logo = page.logo.or(kept);
        form
    }
}

struct Refused {
    problem: Problem,
    field: Field,
}

/// What was refused of the document itself.
impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Self {
            problem: problem.into(),
            field: Field::Payload,
        }
    }
}

/// What the page shows of a token, in the form in which it shows it.
struct Shown {
    png: Vec<u8>,
    svg: String,
    token_id: String,
    version: u8,
    modules: usize,
    ecl: &'static str,
    contrast: f64,
    smallest_mm: f64,
    read_back: bool,
}

async fn sealed(
    request: &HttpRequest,
    right: &MayIssue,
    form: &Form,
) -> Result<(IssuedToken, Shown), Refused> {
    let at = |field| move |problem| Refused { problem, field };
    let config = &App::of(request).config;
    let mut options = Options::new(Topic::Token, config);
    for (name, value, field) in [
        ("expires_in", &form.expires_in, Field::ExpiresIn),
        ("ecl", &form.ecl, Field::Ecl),
    ] {
        if !value.is_empty() {
            options.set(Place::Form, name, name, Given::Text(value));
            options.clone().finish(config).map_err(at(field))?;
        }
    }
    for (name, value) in &form.style {
        options.set(Place::Form, name, name, Given::Text(value));
    }
    if let Some(logo) = &form.logo {
        options.set(Place::Form, "logo", "logo", Given::File(logo));
    }
    let options = options.finish(config).map_err(at(Field::Style))?;
    let document = minify(form.payload.as_bytes())
        .map_err(Problem::from)
        .map_err(at(Field::Payload))?;
    let sealing = Sealing {
        request,
        right,
        key: IdempotencyKey(None),
        body: &[],
        body_bytes: form.payload.len() + form.logo.as_ref().map_or(0, Vec::len),
    };
    sealing
        .seal(document, &options, async |sealed| {
            let shown = shown(request, &sealed.issued, &options).await?;
            Ok((sealed.issued.clone(), shown))
        })
        .await
}

async fn shown(
    request: &HttpRequest,
    issued: &IssuedToken,
    options: &Options,
) -> Result<Shown, Refused> {
    let title = "QR code of a sealed document";
    let refused = |problem| Refused {
        problem,
        field: Field::Style,
    };
    let drawn = answers::drawn(
        request,
        &issued.link,
        &issued.symbol,
        &options.look,
        options,
    )
    .await
    .map_err(refused)?;
    let picture = |format| drawn.picture(format, title).map_err(Problem::from);
    let symbol = drawn.symbol();
    Ok(Shown {
        token_id: issued.token.id().to_string(),
        png: picture(PictureFormat::Png).map_err(refused)?,
        svg: picture(PictureFormat::Svg)
            .ok()
            .and_then(|svg| String::from_utf8(svg).ok())
            .ok_or_else(|| refused(Problem::new(ProblemCode::Internal)))?,
        version: symbol.version(),
        modules: symbol.modules(),
        ecl: symbol.level().as_str(),
        contrast: drawn.style().colours.contrast(),
        smallest_mm: SymbolAnswer::from(&drawn).smallest_mm,
        read_back: matches!(drawn, Drawn::Styled(_)),
    })
}

fn view<'a>(issued: &'a IssuedToken, shown: &'a Shown) -> SealedView<'a> {
    SealedView {
        png: &shown.png,
        svg: &shown.svg,
        link: &issued.link,
        token_id: &shown.token_id,
        version: shown.version,
        modules: shown.modules,
        ecl: shown.ecl,
        contrast: shown.contrast,
        smallest_mm: shown.smallest_mm,
        read_back: shown.read_back,
        payload_bytes: issued.payload_bytes,
        sealed_bytes: issued.token.as_bytes().len(),
        packed_bytes: issued.packed_bytes,
        issued_at: clock::unix_seconds(issued.token.issued_at()),
        expires_at: issued.token.expires_at().map(clock::unix_seconds),
    }
}

fn page(
    request: &HttpRequest,
    answer: actix_web::HttpResponseBuilder,
    form: &Form,
    outcome: Outcome<'_>,
) -> HttpResponse {
    let app = App::of(request);
    let public_url = app.config.public_url();
    let chosen = |name| form.style.get(name).map_or("", String::as_str);
    let view = HomeView {
        public_url: public_url.as_str().trim_end_matches('/'),
        payload: &form.payload,
        expires_in: form.expires_in.parse().ok(),
        ecl: &form.ecl,
        style: StyleView {
            module_shape: chosen("module_shape"),
            finder_shape: chosen("finder_shape"),
            dark: chosen("dark"),
            light: chosen("light"),
            caption: chosen("caption"),
            logo_share: chosen("logo_share"),
            logo: form.logo.as_deref(),
        },
        outcome,
        phone_cannot_reach: app.config.phone_cannot_reach(),
        issuing_open: MayIssue::check(request).is_ok(),
    };
    let html = pages::home(&app.site(Language::English), &view);
    html::page(answer, Language::English, html)
}
