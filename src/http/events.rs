//! What a node does for events: it sends those that wait, if it is the one that does, and keeps the outbox within its bounds.

use std::collections::HashSet;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::nodes::name;
use super::state::{App, now};
use crate::clock;
use crate::events::{self, Receiver, Signer};
use crate::store::{EventFate, EventTarget, Job, Lease, StoreError, WaitingEvent};
use crate::telemetry;
use crate::token::TokenId;

/// The time between two looks for what is due, where there was nothing.
const EVERY: Duration = Duration::from_millis(500);
/// The time between two looks at the bounds.
const TRIMMED_EVERY: Duration = Duration::from_secs(10);
/// The time between two times that this node names its receivers.
const NAMED_EVERY: Duration = Duration::from_secs(60 * 60);
/// The most messages to one receiver at once, of different codes.
const AT_ONCE: usize = 16;
/// For how long a receiver may take for one message.
const PATIENCE: Duration = Duration::from_secs(10);
/// For how long a node has the job after its last look. One that dies in between holds up the others for no longer.
const LEASE_SECS: u64 = 12;
/// For how long a node that was given the job does not ask again: with a message that it then sends, no longer than it has the job.
const LEASE_KNOWN: Duration = Duration::from_secs(2);

/// This node as it holds the job: by its name and when it started, so that one that is started again after it died goes on at
/// once, and does not wait for the one that it was.
fn holder(app: &App) -> [u8; 12] {
    let name = Sha256::digest(name(app));
    let started = clock::timestamp().as_millisecond().to_be_bytes();
    let mut holder = [0; 12];
    holder[..6].copy_from_slice(&name[..6]);
    holder[6..].copy_from_slice(&started[2..]);
    holder
}

/// Tells the store who is told what, and sends what waits for as long as the server runs.
pub async fn keep_events_delivered(app: Arc<App>) {
    let settings = &app.config.events;
    let targets: Vec<_> = settings
        .targets
        .iter()
        .map(|target| EventTarget {
            id: target.id(),
            kinds: settings.kinds(),
        })
        .collect();
    name_targets(&app, &targets).await;
    let mut tasks = JoinSet::new();
    tasks.spawn_local(keep_targets_named(Arc::clone(&app), targets));
    if let Some(signer) = settings.signer.clone() {
        begin_sending(&app, &signer, &mut tasks);
    }
    // They end with this task.
    while tasks.join_next().await.is_some() {}
}

/// Tells the store until it hears it.
async fn name_targets(app: &App, targets: &[EventTarget]) {
    loop {
        match app.store.name_event_targets(targets.to_vec(), now()).await {
            Ok(0) => return,
            Ok(dropped) => {
                telemetry::metrics::events("dropped", dropped);
                tracing::error!(
                    dropped,
                    "events were dropped for addresses that no server has named in events.targets for a day"
                );
            }
            Err(error) => {
                tracing::error!(%error, "the store could not be told who is told of events");
                tokio::time::sleep(TRIMMED_EVERY).await;
            }
        }
    }
}

async fn keep_targets_named(app: Arc<App>, targets: Vec<EventTarget>) {
    loop {
        tokio::time::sleep(NAMED_EVERY).await;
        name_targets(&app, &targets).await;
    }
}

fn begin_sending(app: &Arc<App>, signer: &Signer, tasks: &mut JoinSet<()>) {
    let holder = holder(app);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        // Only the configuration says where events go: not HTTP_PROXY, which other programs are given.
        .proxy(None)
        .timeout_global(Some(PATIENCE))
        .user_agent(concat!("qrseal/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    for receiver in app.config.events.targets.clone() {
        let sender = Sender {
            app: Arc::clone(app),
            agent: agent.clone(),
            signer: signer.clone(),
            receiver,
            holder,
            leased: None,
            sending: JoinSet::new(),
            in_flight: HashSet::new(),
        };
        tasks.spawn_local(sender.run());
    }
    tasks.spawn_local(keep_outbox_bounded(Arc::clone(app), holder));
}

/// Whether this node sends.
async fn is_ours(app: &App, holder: [u8; 12]) -> Result<bool, StoreError> {
    let lease = Lease {
        job: Job::DeliverEvents,
        holder,
        secs: LEASE_SECS,
        now: now(),
    };
    app.store.take_lease(lease).await
}

async fn keep_outbox_bounded(app: Arc<App>, holder: [u8; 12]) {
    loop {
        let looked = async {
            if is_ours(&app, holder).await? {
                while app.store.tell_scans(now()).await? {}
                let most = u64::try_from(app.config.events.outbox).unwrap_or(u64::MAX);
                loop {
                    let dropped = app.store.trim_outbox(most, now()).await?;
                    if dropped == 0 {
                        break;
                    }
                    telemetry::metrics::events("dropped", dropped);
                    tracing::error!(
                        dropped,
                        "the outbox of events is full: the oldest were dropped"
                    );
                }
            }
            telemetry::metrics::outbox(app.store.outbox_state().await?, now());
            Ok::<(), StoreError>(())
        };
        if let Err(error) = looked.await {
            tracing::warn!(%error, "the outbox of events could not be looked at");
        }
        tokio::time::sleep(TRIMMED_EVERY).await;
    }
}

/// A message that was sent: the event, and why it did not arrive.
type Sent = (WaitingEvent, Result<(), String>);

/// What sends to one receiver: none waits for another.
struct Sender {
    app: Arc<App>,
    agent: ureq::Agent,
    signer: Signer,
    receiver: Receiver,
    holder: [u8; 12],
    /// When this node was last given the job.
    leased: Option<Instant>,
    /// Messages on their way, each of another code.
    sending: JoinSet<(TokenId, Option<Sent>)>,
    /// Those codes.
    in_flight: HashSet<TokenId>,
}

impl Sender {
    async fn run(mut self) {
        loop {
            let looked = match self.fill().await {
                Ok(()) => self.settle().await,
                Err(error) => Err(error),
            };
            if let Err(error) = looked {
                tracing::warn!(%error, "events could not be read or settled; they wait");
                tokio::time::sleep(EVERY).await;
            }
        }
    }

    /// Begins to send what is due, if this node is the one that sends, and fewer messages are on their way than may be.
    async fn fill(&mut self) -> Result<(), StoreError> {
        let free = AT_ONCE.saturating_sub(self.in_flight.len());
        if free == 0 || !self.has_job().await? {
            return Ok(());
        }
        // Of a code on its way one event is due at most.
        let most = u32::try_from(AT_ONCE + self.in_flight.len()).unwrap_or(u32::MAX);
        let target = self.receiver.id();
        let due = self.app.store.due_events(target, most, now()).await?;
        let new = due
            .into_iter()
            .filter(|event| !self.in_flight.contains(&event.key.token_id));
        let new: Vec<_> = new.take(free).collect();
        for event in new {
            let token_id = event.key.token_id;
            self.in_flight.insert(token_id);
            let outcome = self.send(event);
            self.sending
                .spawn_local(async move { (token_id, outcome.await.ok()) });
        }
        Ok(())
    }

    /// Whether this node sends. Asked before what is due is looked for, which only one node need do.
    async fn has_job(&mut self) -> Result<bool, StoreError> {
        if self.leased.is_some_and(|at| at.elapsed() < LEASE_KNOWN) {
            return Ok(true);
        }
        let asked = Instant::now();
        let ours = is_ours(&self.app, self.holder).await?;
        self.leased = ours.then_some(asked);
        Ok(ours)
    }

    /// Waits for a message that arrives or fails, or for a moment, and notes what became of all that did.
    async fn settle(&mut self) -> Result<(), StoreError> {
        if self.sending.is_empty() {
            tokio::time::sleep(EVERY).await;
            return Ok(());
        }
        let Ok(first) = tokio::time::timeout(EVERY, self.sending.join_next()).await else {
            return Ok(());
        };
        let mut ended: Vec<_> = first.and_then(Result::ok).into_iter().collect();
        while let Some(more) = self.sending.try_join_next() {
            ended.extend(more.ok());
        }
        // What nobody heard of stays due.
        let fates: Vec<_> = ended
            .iter()
            .filter_map(|(_, sent)| sent.as_ref())
            .map(|(event, outcome)| (event.key, self.fate(event, outcome)))
            .collect();
        let settled = self.app.store.settle_events(fates).await;
        for (token_id, _) in &ended {
            self.in_flight.remove(token_id);
        }
        if ended.iter().any(|(_, sent)| sent.is_none()) {
            tokio::time::sleep(EVERY).await;
        }
        settled
    }

    fn fate(&self, event: &WaitingEvent, outcome: &Result<(), String>) -> EventFate {
        let fate = match outcome {
            Ok(()) => EventFate::Delivered,
            Err(why) => self.failed(event, why),
        };
        telemetry::metrics::events(
            match fate {
                EventFate::Delivered => "delivered",
                EventFate::Again(_) => "failed",
                EventFate::GivenUp => "given_up",
            },
            1,
        );
        fate
    }

    /// Sends one message on a thread of its own: a server that ends does not wait for a receiver.
    fn send(&self, event: WaitingEvent) -> oneshot::Receiver<Sent> {
        let (agent, signer) = (self.agent.clone(), self.signer.clone());
        let url = self.receiver.url().to_string();
        let (told, outcome) = oneshot::channel();
        let started = thread::Builder::new()
            .name("qrseal-event".to_owned())
            .spawn(move || {
                let outcome = deliver(&agent, &signer, &url, &event);
                // Nobody waits for it if the server ends.
                let _heard = told.send((event, outcome));
            });
        if let Err(error) = started {
            tracing::warn!(%error, "no thread could be started to send an event");
        }
        outcome
    }

    fn failed(&self, event: &WaitingEvent, why: &str) -> EventFate {
        let fate = events::next_try(event, now());
        match fate {
            EventFate::GivenUp => tracing::error!(
                receiver = %self.receiver, token_id = %event.key.token_id, event = event.key.kind.as_str(),
                "an event was given up after three days: {why}; qrseal events redeliver tries again"
            ),
            _ if event.tries == 0 => tracing::warn!(
                receiver = %self.receiver, event = event.key.kind.as_str(), "an event was not delivered, and is sent again: {why}"
            ),
            _ => {}
        }
        fate
    }
}

/// Sends one message; why it did not arrive.
fn deliver(
    agent: &ureq::Agent,
    signer: &Signer,
    url: &str,
    event: &WaitingEvent,
) -> Result<(), String> {
    let message = events::message(event);
    let timestamp = clock::unix_seconds(now());
    let answer = agent
        .post(url)
        .content_type("application/json")
        .header("webhook-id", &message.id)
        .header("webhook-timestamp", timestamp.to_string())
        .header(
            "webhook-signature",
            signer.sign(&message.id, timestamp, &message.body),
        )
        .send(message.body.as_str());
    // What it answers besides is not read.
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
        Err(error) => Err(error.to_string()),
    }
}
