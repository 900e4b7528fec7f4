//! `/`: the page where a person seals a document. The form works without script; the symbol comes back in the page.

mod form;
mod refused;

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
    self, CodeView, Field, FieldError, HomeView, Language, Outcome, SealedView, SignedIn, StyleView,
};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::{IssuedToken, Kept, MaxOpens};
use crate::limits::Budget;
use crate::payload::minify_up_to;
use crate::profiles::Way;
use crate::qr::Symbol;
use crate::store::Scope;

/// The page with an empty outcome and a sample document.
pub async fn show(request: HttpRequest) -> HttpResponse {
    let form = Form::sample();
    Page::new(&request, &form).answer(HttpResponse::Ok(), Outcome::Blank)
}

/// The page with the symbol of the document that was sent, with the style that is to be shown, or with what is wrong.
pub async fn seal(request: HttpRequest, _own_page: SameSite, body: PageForm) -> HttpResponse {
    let (form, key) = Form::from_page(body);
    let page = Page::new(&request, &form);
    if form.preview {
        return match preview(&request, &form).await {
            Ok(png) => page.answer(HttpResponse::Ok(), Outcome::Preview(&png)),
            Err(refused) => page.refused(&refused),
        };
    }
    match sealed(&request, key.as_deref(), &form).await {
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
async fn preview(request: &HttpRequest, form: &Form) -> Result<Vec<u8>, Refused> {
    const TOKEN_BYTES: usize = 60;
    let app = App::of(request);
    let at = Refused::at(Field::Style);
    rates::take(request, Budget::Drawings).map_err(&at)?;
    let options = form.options(&app.config)?;
    let text = app.links.of_length(TOKEN_BYTES);
    let symbol = Symbol::encode(&text, options.look.level).map_err(|error| at(error.into()))?;
    let drawn = answers::drawn(request, &text, &symbol, &options.look, &options)
        .await
        .map_err(&at)?;
    let picture = drawn.picture(PictureFormat::Png, "Preview of the style");
    picture.map_err(|error| at(error.into()))
}

async fn sealed(
    request: &HttpRequest,
    key: Option<&str>,
    form: &Form,
) -> Result<(IssuedToken, Shown), Refused> {
    let right = MayIssue::take_typed(request, key).map_err(|problem| match problem.code {
        // A person sets no header.
        ProblemCode::Unauthorized if key.is_none() => {
            let words = "This server makes codes only for people who sign in and for those who have an API key: type yours here.";
            Refused::at(Field::ApiKey)(problem.detail(words))
        }
        ProblemCode::Unauthorized | ProblemCode::Forbidden => Refused::at(Field::ApiKey)(problem),
        _ => problem.into(),
    })?;
    let options = form.options(&App::of(request).config)?;
    let most = options.seal.max_document_bytes();
    let document = minify_up_to(form.document().as_bytes(), most).map_err(Problem::from)?;
    let sealing = Sealing {
        request,
        document_at: "",
        way: Way::Request,
        kept: Kept::Document,
        right: &right,
        key: form.idempotency_key(),
        body: &[],
        body_bytes: form.payload.len() + form.logo.as_ref().map_or(0, Vec::len),
    };
    sealing
        .seal(document, &options, async |sealed| {
            let mut shown = shown(request, &sealed.issued, &options).await?;
            shown.pin = sealed.pin.as_ref().map(|pin| pin.as_str().to_owned());
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
    /// Whether issuing takes no API key. Asked first: whoever typed a key is known by that afterwards.
    issuing_open: bool,
    /// Whether a message may be written.
    may_write: bool,
}

impl<'a> Page<'a> {
    fn new(request: &'a HttpRequest, form: &'a Form) -> Self {
        Self {
            request,
            form,
            issuing_open: MayIssue::check(request).is_ok(),
            may_write: MayWrite::check(request).is_ok(),
        }
    }

    /// The form as it was sent, with what is wrong beside its field.
    fn refused(&self, Refused { problem, field }: &Refused) -> HttpResponse {
        let (field, message) = match (problem.code, in_words(problem)) {
            (ProblemCode::IdempotencyConflict, _) => (*field, ALREADY_SEALED.to_owned()),
            (_, Some(in_words)) => in_words,
            (code, None) => {
                let detail = problem.detail.as_deref();
                (*field, detail.unwrap_or(code.title()).to_owned())
            }
        };
        let number = |name| {
            let (_, value) = problem.members.iter().find(|(member, _)| *member == name)?;
            usize::try_from(value.as_u64()?).ok()
        };
        let outcome = Outcome::Refused(FieldError {
            field,
            message: &message,
            place: number("line").zip(number("column")),
            may_be_text: problem.code == ProblemCode::InvalidJson,
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
        let is_wrong = |field| matches!(outcome, Outcome::Refused(error) if error.field == field);
        let person = Person::of(self.request);
        let view = HomeView {
            public_url: public_url.as_str().trim_end_matches('/'),
            payload: &form.payload,
            form_id: &form_id,
            max_logo_bytes: app.config.limits.max_logo_bytes,
            code: CodeView {
                as_text: form.as_text,
                note: &form.note,
                max_opens: &form.max_opens,
                with_pin: form.with_pin,
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
            issuing_open: self.issuing_open,
            person: person.as_ref().map(|person| SignedIn {
                name: &person.account.display_name,
                makes_codes: self.issuing_open || person.account.role.may(Scope::Issue),
            }),
            message_page: self.may_write.then_some("/message"),
            may_sign_in: app.config.session_cookie().is_some() && app.accounts.any() == Some(true),
        };

        let html = pages::home(&app.site(Language::English), &view);
        html::page(answer, Language::English, html)
    }
}

/// The field of the option that is wrong, and what is wrong, without the name that programs have for it.
fn in_words(problem: &Problem) -> Option<(Field, String)> {
    let (_, errors) = problem.members.iter().find(|(name, _)| *name == "errors")?;
    let detail = errors[0]["detail"].as_str()?;
    let (field, label) = match errors[0]["pointer"].as_str()? {
        "/expires_in" => (Field::ExpiresIn, ""),
        "/max_opens" | "/pin_auto" => (Field::MaxOpens, ""),
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
        _ => return None,
    };
    Some((field, format!("{label}{detail}")))
}

/// What is said when a form comes again whose answer cannot: it had a PIN in it, or its code has ended.
const ALREADY_SEALED: &str = "This was sealed before. Its code has ended, or has a PIN that was shown once and is kept nowhere. \
    Seal it again from here for another code.";
