//! `POST /api/batches`: rows in, codes out, both as they come.

use std::io::{self, Read};
use std::sync::Arc;

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use tokio::sync::oneshot;

use super::answer::{Answered, Body, Form, stop_problem};
use super::asked::Asked;
use super::charged::Charged;
use super::pipe::{Ending, Incoming, Outgoing, answer, pipe};
use crate::batch::{
    Course, Dialect, Drawing, LabelPaper, NotMade, Plan, Replays, RowFault, RowsError, RowsFormat,
    RowsReader, RunKey, Stop, Summary, Workshop, run,
};
use crate::http::accept;
use crate::http::admission::MayIssue;
use crate::http::admission::batches::OneBatch;
use crate::http::client;
use crate::http::extract::{IdempotencyKey, StreamedBody};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::App;
use crate::issuing::{Sealer, run_secret, share_of_client};
use crate::limits::{Budget, Subject};
use crate::pool::Kind;
use crate::principal::Principal;
use crate::random;
use crate::token::Keyring;

/// What a client may accept.
const OFFERS: [(&str, Form); 3] = [
    ("application/x-ndjson", Form::NdJson),
    ("application/zip", Form::Zip),
    ("application/pdf", Form::Pdf),
];

/// Tells nginx to pass each piece on as it comes.
const NOT_BUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A batch, for a thread of its own.
pub struct Batch {
    app: Arc<App>,
    keyring: Arc<Keyring>,
    asked: Asked,
    format: RowsFormat,
    dialect: Dialect,
    by: Principal,
    subject: Subject,
    network: Option<String>,
    key: RunKey,
    replays: Replays,
}

impl Batch {
    /// What `right` asks for.
    ///
    /// # Errors
    /// There are no random numbers.
    pub fn new(
        request: &HttpRequest,
        right: &MayIssue,
        key: Option<&str>,
        asked: Asked,
        (format, dialect): (RowsFormat, Dialect),
    ) -> Result<Self, Problem> {
        let app = Arc::clone(App::of(request));
        let keyring = app.keyring.load_full();
        let network = client::address(request).map(|at| client::network(at).to_string());
        let secret = match key {
            Some(key) => run_secret(&keyring, right.0, network.as_deref(), key),
            None => *random::bytes()?,
        };
        Ok(Self {
            app,
            keyring,
            asked,
            format,
            dialect,
            by: right.0,
            subject: right.subject(request),
            network,
            key: RunKey::new(secret),
            replays: match key {
                Some(_) => Replays::All,
                None => Replays::Never,
            },
        })
    }

    /// A place among the batches on their way.
    ///
    /// # Errors
    /// [`ProblemCode::TemporarilyUnavailable`]
    pub fn place(&self) -> Result<OneBatch, Problem> {
        self.app.batches.take(self.subject).ok_or_else(|| {
            Problem::new(ProblemCode::TemporarilyUnavailable)
                .detail("As many batches are on their way as the server takes, or two of yours, or two of clients without an API key; try again when one is over.")
                .waiting(Some(5))
        })
    }

    /// Reads the rows to their end and answers them; `started` is told first whether there is anything to answer.
    fn work(
        self,
        input: impl Read,
        (out, ending): (Outgoing, Ending),
        started: oneshot::Sender<Result<(), Problem>>,
    ) {
        let input = Charged::new(input, Arc::clone(&self.app), self.subject, out.watch());
        let begun = self
            .begin(input)
            .and_then(|rows| Ok((rows, self.body(out)?)));
        let (mut rows, body) = match begun {
            Ok(begun) => begun,
            Err(problem) => {
                let _gone = started.send(Err(problem));
                return;
            }
        };
        let columns = (self.format == RowsFormat::Csv).then(|| rows.columns().to_vec());
        let wanted = self.asked.wanted(&self.app, self.by, &self.app.link_policy);
        let mut plan = match Plan::new(wanted, columns.as_deref()) {
            Ok(plan) => plan,
            Err(error) => {
                let _gone = started.send(Err(
                    Problem::new(ProblemCode::Validation).detail(error.to_string())
                ));
                return;
            }
        };
        if started.send(Ok(())).is_err() {
            return;
        }
        let mut answered = Answered::new(
            Arc::clone(&self.app),
            self.subject,
            self.asked.copies(),
            body,
        );
        let ended = self.run(&mut rows, &mut plan, &mut answered);
        if let Err(Stop::Answer(error)) = &ended {
            tracing::info!(%error, "nobody reads the answer of a batch any more");
            return;
        }
        match answered.finish(ended.err().as_ref()) {
            Ok(()) => ending.whole(),
            Err(error) => {
                tracing::info!(%error, "the answer of a batch was not read to its end");
            }
        }
    }

    /// What would become of the rows. Nothing is sealed.
    ///
    /// # Errors
    /// The rows cannot be read.
    pub fn look(mut self, input: impl Read) -> Result<Summary, Problem> {
        self.asked.dry = true;
        let mut rows = self.begin(input)?;
        let columns = (self.format == RowsFormat::Csv).then(|| rows.columns().to_vec());
        let wanted = self.asked.wanted(&self.app, self.by, &self.app.link_policy);
        let plan = Plan::new(wanted, columns.as_deref());
        let mut plan =
            plan.map_err(|error| Problem::new(ProblemCode::Validation).detail(error.to_string()))?;
        let mut answered = Answered::new(Arc::clone(&self.app), self.subject, 0, Body::Nothing);
        match self.run(&mut rows, &mut plan, &mut answered) {
            Ok(_) => Ok(answered.summary),
            Err(stop) => Err(stop_problem(&stop)),
        }
    }

    fn begin<R: Read>(&self, input: R) -> Result<RowsReader<R>, Problem> {
        RowsReader::new(input, self.format, self.dialect).map_err(|error| match error {
            RowsError::Io(error) => stop_problem(&Stop::Rows(RowsError::Io(error))),
            error => Problem::new(ProblemCode::Validation).detail(error.to_string()),
        })
    }

    fn body(&self, out: Outgoing) -> Result<Body, Problem> {
        let body = match (self.asked.form, self.asked.paper) {
            (Form::Pdf, Some((sheet, looks))) => {
                LabelPaper::new(out, sheet, looks, self.asked.typeface.clone())
                    .map(|paper| Body::Pdf(Box::new(paper)))
            }
            (Form::Zip, _) => Body::zip(out),
            _ => Ok(Body::NdJson(out)),
        };
        body.map_err(|error| {
            Problem::new(ProblemCode::TemporarilyUnavailable).detail(error.to_string())
        })
    }

    fn run<R: Read>(
        &self,
        rows: &mut RowsReader<R>,
        plan: &mut Plan<'_>,
        answered: &mut Answered,
    ) -> Result<Summary, Stop<io::Error>> {
        let (app, keyring) = (&self.app, &self.keyring);
        let anonymous = self.by == Principal::Anonymous;
        let pixels = |pixels: usize| self.charge(pixels);
        let share = app
            .config
            .limits
            .stored_bytes_per_client
            .filter(|_| anonymous);
        let workshop = Workshop {
            sealer: Sealer {
                issuer: app.issuer(keyring),
                store: Some(&*app.store),
                pins: &app.pins,
                long: &app.long,
                quota: app.config.limits.per_day(),
                room: &app.room,
                max_inline_version: app.config.symbol.max_inline_version,
            },
            made_by: self.by,
            network: self.network.clone(),
            share: share.map(|most| share_of_client(keyring, self.network.as_deref(), most)),
            subject: Some(self.subject),
            replays: self.replays,
            asked: self.asked.text.clone(),
            drawing: match (self.asked.form, self.asked.paper) {
                (_, Some((sheet, _))) => Drawing::Label(sheet),
                (Form::Zip, None) if !self.asked.dry => Drawing::Picture(self.asked.picture),
                _ => Drawing::Nothing,
            },
            pool: Some((
                Arc::clone(&app.pool),
                if anonymous {
                    Kind::AnonymousPicture
                } else {
                    Kind::Picture
                },
            )),
            // A look at the rows takes nothing.
            pixels: (!self.asked.dry).then_some(&pixels),
        };
        // Each copy is a label to print.
        let most_rows = app.config.limits.max_batch_rows as u64 / u64::from(self.asked.copies());
        let course = Course {
            jobs: 1,
            eager: true,
            most_rows: Some(
                self.asked
                    .first_row
                    .saturating_sub(1)
                    .saturating_add(most_rows),
            ),
            first_row: self.asked.first_row,
            dry: self.asked.dry,
            key: &self.key,
        };
        run(rows, plan, &workshop, &course, answered)
    }

    /// Takes a picture that is read back out of what whoever asks has left.
    fn charge(&self, pixels: usize) -> Result<(), NotMade> {
        let cost = u32::try_from(pixels).unwrap_or(u32::MAX);
        let budget = match self.by {
            Principal::Anonymous => {
                let most = self.app.config.limits.max_anonymous_styled_pixels;
                if pixels > most {
                    return Err(RowFault {
                        field: "scale".to_owned(),
                        detail: format!(
                            "without an API key, a picture with shapes, logo or caption may have {most} pixels"
                        ),
                    }
                    .into());
                }
                Budget::StyledPixels
            }
            Principal::Local => return Ok(()),
            _ => Budget::KeyPixels,
        };
        Ok(self.app.rates.take(budget, self.subject, cost)?)
    }
}

/// Begins a batch on a thread of its own, and answers it from its first row on. `input` reads the rows; `held` is kept until the answer
/// is over.
pub async fn begin<H: Unpin + 'static>(
    batch: Batch,
    input: impl Read + Send + 'static,
    held: H,
) -> Result<HttpResponse, Problem> {
    let place = batch.place()?;
    let form = batch.asked.form;
    let idle = batch.app.config.server.body_timeout;
    let (out, ending, answering) = answer(idle, held);
    let (started, has_started) = oneshot::channel();
    let unavailable = |error: io::Error| {
        tracing::error!(%error, "a batch cannot begin");
        Problem::new(ProblemCode::TemporarilyUnavailable)
    };
    std::thread::Builder::new()
        .name("batch".to_owned())
        .spawn(move || {
            batch.work(input, (out, ending), started);
            drop(place);
        })
        .map_err(unavailable)?;
    has_started
        .await
        .unwrap_or_else(|_| Err(Problem::new(ProblemCode::Internal)))?;
    let mut response = HttpResponse::Ok();
    response.content_type(form.media_type());
    response.insert_header((NOT_BUFFERED, HeaderValue::from_static("no")));
    let name = match form {
        Form::NdJson => None,
        Form::Zip => Some("attachment; filename=\"codes.zip\""),
        Form::Pdf => Some("attachment; filename=\"labels.pdf\""),
    };
    if let Some(name) = name {
        response.insert_header((CONTENT_DISPOSITION, HeaderValue::from_static(name)));
    }
    Ok(response.streaming(answering))
}

/// Seals the rows of the body, and answers what each became as it comes.
pub async fn handle(
    request: HttpRequest,
    right: MayIssue,
    key: IdempotencyKey,
    mut body: StreamedBody,
) -> Result<HttpResponse, Problem> {
    body.expect_plain()?;
    let app = App::of(&request);
    let format = Asked::rows_format(&body.media_type)?;
    let accepted = accept::most_wanted(&request, &OFFERS);
    let asked = Asked::read(app, request.query_string(), accepted)?;
    let dialect = asked.dialect(body.charset.as_deref())?;
    let batch = Batch::new(&request, &right, key.0.as_deref(), asked, (format, dialect))?;
    let streaming = body.streaming();
    let idle = app.config.server.body_timeout;
    let (rows, arriving) = pipe();
    actix_web::rt::spawn(async move {
        // Room is waited for before the next piece is asked for: what is not read yet stays with the client.
        while let Ok(room) = rows.reserve().await {
            let next = tokio::select! {
                next = body.next() => next,
                // The answer is over: nobody wants the rest.
                () = rows.closed() => return,
            };
            match next {
                Ok(Some(piece)) => room.send(Ok(piece)),
                Ok(None) => return,
                Err(problem) => {
                    let words = problem.detail.unwrap_or_default();
                    return room.send(Err(io::Error::other(words)));
                }
            }
        }
    });
    let input = Incoming::new(arriving, idle);
    begin(batch, input, streaming).await
}
