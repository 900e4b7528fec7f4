//! What a node does for events: it sends those that wait, if it is the one that does, and keeps the outbox within its bounds.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::nodes::name;
use super::state::{App, now};
use crate::clock;
use crate::events::{self, Receiver, Signer};
use crate::store::{EventFate, EventTarget, Job, Lease, StoreError, WaitingEvent};
use crate::telemetry;

/// The time between two looks for what is due, where there was nothing.
const EVERY: Duration = Duration::from_millis(500);
/// The time between two looks at the bounds.
const TRIMMED_EVERY: Duration = Duration::from_secs(10);
/// The most messages to one receiver at once, of different codes.
const AT_ONCE: u32 = 16;
/// For how long a receiver may take for one message.
const PATIENCE: Duration = Duration::from_secs(10);
/// For how long a node has the job after its last look. One that dies in between holds up the others for no longer.
const LEASE_SECS: u64 = 12;

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
    let holder = holder(&app);
    let settings = &app.config.events;
    let targets: Vec<_> = settings
        .targets
        .iter()
        .map(|target| EventTarget {
            id: target.id(),
            kinds: settings.kinds(),
        })
        .collect();
    while let Err(error) = app.store.set_event_targets(targets.clone()).await {
        tracing::error!(%error, "the store could not be told who is told of events");
        tokio::time::sleep(TRIMMED_EVERY).await;
    }
    let Some(signer) = settings.signer.clone() else {
        return;
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .user_agent(concat!("qrseal/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut tasks = JoinSet::new();
    for receiver in settings.targets.clone() {
        let sender = Sender {
            app: Arc::clone(&app),
            agent: agent.clone(),
            signer: signer.clone(),
            receiver,
            holder,
        };
        tasks.spawn_local(sender.run());
    }
    tasks.spawn_local(keep_outbox_bounded(Arc::clone(&app), holder));
    // They end with this task.
    while tasks.join_next().await.is_some() {}
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

/// What sends to one receiver: none waits for another.
struct Sender {
    app: Arc<App>,
    agent: ureq::Agent,
    signer: Signer,
    receiver: Receiver,
    holder: [u8; 12],
}

impl Sender {
    async fn run(self) {
        loop {
            let sent = match self.round().await {
                Ok(sent) => sent,
                Err(error) => {
                    tracing::warn!(%error, "events could not be read or settled; they wait");
                    0
                }
            };
            if sent == 0 {
                tokio::time::sleep(EVERY).await;
            }
        }
    }

    /// Sends what is due, each message of another code; how many were tried.
    async fn round(&self) -> Result<usize, StoreError> {
        let store = &*self.app.store;
        let target = self.receiver.id();
        if store.due_events(target, 1, now()).await?.is_empty()
            || !is_ours(&self.app, self.holder).await?
        {
            return Ok(0);
        }
        let due = store.due_events(target, AT_ONCE, now()).await?;
        let sending: Vec<_> = due.into_iter().map(|event| self.send(event)).collect();
        let mut fates = Vec::with_capacity(sending.len());
        for sending in sending {
            // Without an answer it stays due.
            let Ok((event, outcome)) = sending.await else {
                continue;
            };
            let fate = match outcome {
                Ok(()) => EventFate::Delivered,
                Err(why) => self.failed(&event, &why),
            };
            telemetry::metrics::events(
                match fate {
                    EventFate::Delivered => "delivered",
                    EventFate::Again(_) => "failed",
                    EventFate::GivenUp => "given_up",
                },
                1,
            );
            fates.push((event.key, fate));
        }
        let settled = fates.len();
        store.settle_events(fates).await?;
        Ok(settled)
    }

    /// Sends one message on a thread of its own: a server that ends does not wait for a receiver.
    fn send(&self, event: WaitingEvent) -> oneshot::Receiver<(WaitingEvent, Result<(), String>)> {
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
