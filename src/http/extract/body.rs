//! Request bodies: of one media type, bounded in size and in the time that they may take.

use std::future::{Future, ready};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_core::Stream;

use super::form_or_json::FormOrJson;
use crate::http::admission::bytes::HeldBytes;
use crate::http::admission::in_progress;
use crate::http::client;
use crate::http::connection::Flow;
use crate::http::form;
use crate::http::options::pointer_part;
use crate::http::problem::{Problem, ProblemCode, invalid, too_large};
use crate::http::route::Route;
use crate::http::state::App;
use crate::limits::Subject;

/// More fields than any form of ours has.
pub(super) const MAX_FORM_FIELDS: usize = 64;

/// A body of type `application/json` or `.../...+json`.
pub struct JsonBody(pub Bytes);

/// A JSON body, or nothing at all.
pub struct OptionalJsonBody(pub Option<Bytes>);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for JsonBody {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            expect_type(&request, is_json, "application/json")?;
            Ok(Self(read(&request, payload).await?))
        })
    }
}

impl FromRequest for OptionalJsonBody {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let length = headers.get(CONTENT_LENGTH).map(HeaderValue::as_bytes);
        // With HTTP/2, a body needs no field that announces it.
        let is_empty = matches!(payload, Payload::None) || length == Some(b"0");
        if is_empty && !headers.contains_key(CONTENT_TYPE) {
            let none = App::of(request).request_memory.none(None);
            return Box::pin(ready(
                in_progress::begin(request, none).map(|()| Self(None)),
            ));
        }
        let body = JsonBody::from_request(request, payload);
        Box::pin(async move { Ok(Self(Some(body.await?.0))) })
    }
}

impl FromRequest for FormOrJson {
    type Error = Problem;
    type Future = Reading<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let accepted = |essence: &str| is_form(essence) || is_json(essence);
            expect_type(&request, accepted, "application/json, or as a form")?;
            match expect_type(&request, is_json, "application/json") {
                Ok(()) => Ok(Self::Json(read(&request, payload).await?)),
                Err(_) => Ok(Self::Form(read_form(&request, payload).await?)),
            }
        })
    }
}

pub(super) async fn read_form(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Vec<(String, String)>, Problem> {
    read_form_of(request, payload, MAX_FORM_FIELDS).await
}

/// The same of a form that may have so many fields.
pub(super) async fn read_form_of(
    request: &HttpRequest,
    payload: Payload,
    most: usize,
) -> Result<Vec<(String, String)>, Problem> {
    let bytes = read(request, payload).await?;
    let fields = form::pairs(&bytes)
        .take(most + 1)
        .map(|(name, value)| {
            let pointer = format!("/{}", pointer_part(&name));
            Ok((
                name,
                value.ok_or_else(|| invalid(&pointer, form::NOT_UTF_8))?,
            ))
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    if fields.len() > most {
        return Err(Problem::new(ProblemCode::Validation)
            .detail(format!("The form has more than {most} fields.")));
    }
    Ok(fields)
}

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn is_form(essence: &str) -> bool {
    essence.eq_ignore_ascii_case(FORM)
}

fn is_json(essence: &str) -> bool {
    if essence.eq_ignore_ascii_case("application/json") {
        return true;
    }
    let (_, subtype) = essence.split_once('/').unwrap_or_default();
    let suffix = subtype.len().checked_sub("+json".len());
    suffix.is_some_and(|at| at > 0 && subtype.as_bytes()[at..].eq_ignore_ascii_case(b"+json"))
}

/// A media type without its parameters.
fn essence_of(media_type: &str) -> &str {
    let end = media_type.bytes().position(|byte| byte == b';');
    media_type[..end.unwrap_or(media_type.len())].trim()
}

pub(super) fn expect_type(
    request: &HttpRequest,
    accepted: impl Fn(&str) -> bool,
    wanted: &str,
) -> Result<(), Problem> {
    let wrong = |detail: String| Problem::new(ProblemCode::UnsupportedMediaType).detail(detail);
    let text = |name| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    let essence = text(&CONTENT_TYPE).map(essence_of);
    if !essence.is_some_and(accepted) {
        return Err(wrong(format!("Send the body with Content-Type: {wanted}.")));
    }
    let encoding = text(&CONTENT_ENCODING).unwrap_or("identity");
    if !encoding.trim().eq_ignore_ascii_case("identity") {
        return Err(wrong("Send the body uncompressed.".to_owned()));
    }
    Ok(())
}

/// The whole body, if it is not larger than its route takes, there is room for it, and it arrives within the configured time.
/// The request has its permit then, and keeps that and the room until it is answered.
async fn read(request: &HttpRequest, payload: Payload) -> Result<Bytes, Problem> {
    let (bytes, _) = read_start(request, payload, 0).await?;
    Ok(bytes)
}

/// As [`read`], but up to `thrown_away` bytes more than the route takes are received and thrown away. The body, or its
/// beginning, and the bytes that came.
pub(super) async fn read_start(
    request: &HttpRequest,
    payload: Payload,
    thrown_away: usize,
) -> Result<(Bytes, usize), Problem> {
    let app = App::of(request);
    let body = Route::handling(request).and_then(|row| row.body);
    let most = body.map_or(0, |body| {
        body.most(&app.config.limits, request.query_string())
    });
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let all = most + thrown_away;
    if declared.is_some_and(|bytes| usize::try_from(bytes).map_or(true, |bytes| bytes > all)) {
        return Err(too_large(most));
    }
    let client = Subject::client(client::address(request));
    let mut receiving = Receiving {
        payload,
        flow: request.conn_data::<Rc<Flow>>(),
        held: app.request_memory.none(Some(client)),
        most,
        all,
    };
    let received = in_time(request, receiving.whole()).await?;
    if let Some(flow) = receiving.flow {
        flow.body_is_whole();
    }
    in_progress::begin(request, receiving.held)?;
    Ok(received)
}

/// What `body` comes to, if it does so within the configured time.
async fn in_time<T>(
    request: &HttpRequest,
    body: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let mut body = pin!(body);
    // Most bodies came with their headers, and are handed over right after them: no timer for those.
    let mut again = false;
    let there = std::future::poll_fn(|context| match body.as_mut().poll(context) {
        Poll::Pending if !std::mem::replace(&mut again, true) => {
            context.waker().wake_by_ref();
            Poll::Pending
        }
        there => Poll::Ready(there),
    })
    .await;
    match there {
        Poll::Ready(read) => read,
        Poll::Pending => {
            let time = App::of(request).config.server.body_timeout;
            tokio::time::timeout(time, body).await.map_err(|_| {
                Problem::new(ProblemCode::RequestTimeout).detail(format!(
                    "The body did not arrive within {} seconds.",
                    time.as_secs()
                ))
            })?
        }
    }
}

/// A body on its way.
struct Receiving<'a> {
    payload: Payload,
    flow: Option<&'a Rc<Flow>>,
    held: HeldBytes,
    /// Bytes that are kept.
    most: usize,
    /// Bytes that are received.
    all: usize,
}

impl Receiving<'_> {
    async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = std::future::poll_fn(|context| {
            let next = Pin::new(&mut self.payload).poll_next(context);
            if let (Poll::Pending, Some(flow)) = (&next, self.flow) {
                flow.wants_body();
            }
            next
        });
        chunk.await.transpose().map_err(|_| {
            Problem::new(ProblemCode::MalformedRequest).detail("The body broke off before its end.")
        })
    }

    /// Takes room for a body of this length.
    fn make_room(&mut self, length: usize) -> Result<usize, Problem> {
        if length > self.all {
            return Err(too_large(self.most));
        }
        self.held.grow_to(length.min(self.most))?;
        Ok(length)
    }

    /// The body, or its beginning, and the bytes that came.
    async fn whole(&mut self) -> Result<(Bytes, usize), Problem> {
        // One chunk is the body as it is.
        let Some(first) = self.next().await? else {
            return Ok((Bytes::new(), 0));
        };
        let mut length = self.make_room(first.len())?;
        let kept = first.slice(..first.len().min(self.most));
        let Some(second) = self.next().await? else {
            return Ok((kept, length));
        };
        let mut body = BytesMut::from(kept);
        let mut chunk = Some(second);
        while let Some(more) = chunk {
            length = self.make_room(length + more.len())?;
            let room = self.most.saturating_sub(body.len());
            body.extend_from_slice(&more[..more.len().min(room)]);
            chunk = self.next().await?;
        }
        Ok((body.freeze(), length))
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_has_many_names() {
        for (essence, expected) in [
            ("application/json", true),
            ("APPLICATION/JSON", true),
            ("application/ld+json", true),
            ("application/problem+json", true),
            ("text/json", false),
            ("text/plain", false),
            ("application/+json", false),
            ("json", false),
        ] {
            assert_eq!(is_json(essence), expected, "{essence}");
        }
    }
}
