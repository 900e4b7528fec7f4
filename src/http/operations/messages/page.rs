//! `/message`: the page where a person writes a message. It works without script.

use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{as_message, manage_url};
use crate::clock::unix_seconds;
use crate::drawing::PictureFormat;
use crate::http::admission::{MayWrite, SameSite};
use crate::http::extract::{IdempotencyKey, MessageEnvelope, PageForm};
use crate::http::html;
use crate::http::operations::answers;
use crate::http::operations::tokens::Sealing;
use crate::http::pages::{self, MessageRefused, MessageView, WrittenView};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::Kept;
use crate::issuing::Sealed;
use crate::messages::Message;
use crate::profiles::Way;
use crate::qr::StyledError;
use crate::token::Pin;

/// The empty form.
pub async fn show(request: HttpRequest) -> Result<HttpResponse, Problem> {
    MayWrite::check(&request)?;
    Ok(form(&request, HttpResponse::Ok(), MessageView::default()))
}

/// The code of the message that was sent, or what is wrong with it.
pub async fn write(
    request: HttpRequest,
    _own_page: SameSite,
    right: MayWrite,
    body: PageForm,
) -> Result<HttpResponse, Problem> {
    let problem = match written(&request, &right, &body).await {
        Ok(answer) => return Ok(answer),
        Err(problem) => problem,
    };
    let field = |name: &str| {
        let last = body.fields.iter().rev().find(|(known, _)| known == name);
        last.map_or("", |(_, value)| value.as_str())
    };
    let too_much = problem.code == ProblemCode::RateLimited;
    if !too_much && field("message").parse::<Message>().is_ok() {
        return Err(problem);
    }
    let view = MessageView {
        message: field("message"),
        expires_in: field("expires_in"),
        once: !field("once").is_empty(),
        pin: !field("pin").is_empty(),
        refused: Some(match too_much {
            true => MessageRefused::TooMuch,
            false => MessageRefused::Text,
        }),
    };
    let mut answer = HttpResponse::build(problem.code.status());
    if let Some(secs) = problem.retry_after {
        answer.insert_header((RETRY_AFTER, secs));
    }
    Ok(form(&request, answer, view))
}

fn form(
    request: &HttpRequest,
    answer: actix_web::HttpResponseBuilder,
    view: MessageView<'_>,
) -> HttpResponse {
    let before = html::again(request);
    let site = html::site(App::of(request), request, before.as_deref());
    let page = pages::message(&site, &view);
    html::page(answer, site.language, page)
}

async fn written(
    request: &HttpRequest,
    right: &MayWrite,
    body: &PageForm,
) -> Result<HttpResponse, Problem> {
    let app = App::of(request);
    let MessageEnvelope {
        message,
        life,
        mut options,
    } = MessageEnvelope::of_form(&body.fields, &app.config)?;
    as_message(&mut options, life);
    let document = message.document();
    let sealing = Sealing {
        request,
        document_at: "",
        way: Way::Request,
        kept: Kept::Document,
        right: &right.0,
        key: IdempotencyKey(None),
        body: b"",
        body_bytes: document.as_bytes().len(),
    };
    sealing
        .seal(document, &options, async |sealed: &Sealed| {
            let issued = &sealed.issued;
            let drawn = answers::drawn(
                request,
                &issued.link,
                &issued.symbol,
                &options.look,
                &options,
            )
            .await?;
            let png = drawn
                .picture(PictureFormat::Png, "QR code of a message")
                .map_err(|error| options.refusal(StyledError::from(error).into()))?;
            let view = WrittenView {
                png: &STANDARD.encode(png),
                link: &issued.link,
                manage: &manage_url(app, issued, sealed.pin.is_some())?,
                pin: sealed.pin.as_ref().map(Pin::as_str),
                once: issued.max_opens.is_some(),
                expires_at: issued.token.expires_at().map(unix_seconds),
                token_id: &issued.token.id().to_string(),
            };
            let site = html::site(app, request, None);
            let page = pages::written(&site, &view);
            Ok::<_, Problem>(html::page(HttpResponse::Created(), site.language, page))
        })
        .await
}
