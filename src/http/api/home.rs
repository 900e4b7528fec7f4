//! `/`: the page where a person seals a document. The form works without script; the symbol comes back in the page.

use actix_web::{HttpRequest, HttpResponse};

use super::{answer, seal};
use crate::drawing::{Drawn, PictureFormat};
use crate::http::extract::{FormBody, Given, MayIssue, Options, SameSite, Topic};
use crate::http::pages::{self, Field, FieldError, HomeView, Outcome, SAMPLE, SealedView};
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
    _right: MayIssue,
    body: FormBody,
) -> Result<HttpResponse, Problem> {
    let form = Form::from_fields(body.0);
    match sealed(&request, &form).await {
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
            let answer = HttpResponse::build(problem.code.status());
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
}

impl Form {
    /// The last of repeated fields counts, as in a form that was filled twice; other fields are ignored, since
    /// browsers' extensions add some.
    fn from_fields(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "payload" => form.payload = value,
                "expires_in" => form.expires_in = value,
                "ecl" => form.ecl = value,
                _ => {}
            }
        }
        form
    }
}

struct Refused {
    problem: Problem,
    field: Field,
}

/// What the page shows of a token, in the form in which it shows it.
struct Shown {
    png: Vec<u8>,
    svg: String,
    token_id: String,
}

async fn sealed(request: &HttpRequest, form: &Form) -> Result<(IssuedToken, Shown), Refused> {
    let at = |field| move |problem| Refused { problem, field };
    let config = &App::of(request).config;
    let mut options = Options::new(Topic::Token, config);
    for (name, value, field) in [
        ("expires_in", &form.expires_in, Field::ExpiresIn),
        ("ecl", &form.ecl, Field::Ecl),
    ] {
        if !value.is_empty() {
            options.set(name, name, Given::Text(value));
            options = options.finish(config).map_err(at(field))?;
        }
    }
    let document = minify(form.payload.as_bytes())
        .map_err(Problem::from)
        .map_err(at(Field::Payload))?;
    let sealed = seal::seal(request, document, &options, None).await;
    let issued = sealed.map_err(at(Field::Payload))?.issued;
    let shown = shown(&issued, &options).map_err(at(Field::Payload))?;
    Ok((issued, shown))
}

fn shown(issued: &IssuedToken, options: &Options) -> Result<Shown, Problem> {
    let title = "QR code of a sealed document";
    let refused = |error| options.refusal(error);
    let drawn = Drawn::plain(&issued.symbol, &options.look).map_err(refused)?;
    let picture = |format| drawn.picture(format, title).map_err(Problem::from);
    Ok(Shown {
        token_id: issued.token.id().to_string(),
        png: picture(PictureFormat::Png)?,
        svg: String::from_utf8(picture(PictureFormat::Svg)?)
            .map_err(|_| Problem::new(ProblemCode::Internal))?,
    })
}

fn view<'a>(issued: &'a IssuedToken, shown: &'a Shown) -> SealedView<'a> {
    SealedView {
        png: &shown.png,
        svg: &shown.svg,
        link: &issued.link,
        token_id: &shown.token_id,
        version: issued.symbol.version(),
        modules: issued.symbol.modules(),
        ecl: issued.symbol.level().as_str(),
        payload_bytes: issued.payload_bytes,
        sealed_bytes: issued.token.as_bytes().len(),
        packed_bytes: issued.packed_bytes,
        issued_at: answer::unix_seconds(issued.token.issued_at()),
        expires_at: issued.token.expires_at().map(answer::unix_seconds),
    }
}

fn page(
    request: &HttpRequest,
    mut answer: actix_web::HttpResponseBuilder,
    form: &Form,
    outcome: Outcome<'_>,
) -> HttpResponse {
    let app = App::of(request);
    let public_url = app.config.public_url();
    let view = HomeView {
        public_url: public_url.as_str().trim_end_matches('/'),
        payload: &form.payload,
        expires_in: form.expires_in.parse().ok(),
        ecl: if form.ecl.is_empty() { "M" } else { &form.ecl },
        outcome,
        phone_cannot_reach: app.config.phone_cannot_reach(),
        issuing_open: MayIssue::check(request).is_ok(),
    };
    answer
        .content_type("text/html; charset=utf-8")
        .body(pages::home(&app.site(), &view))
}
