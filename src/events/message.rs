//! What a receiver gets, and when it is sent again.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::clock::rfc3339;
use crate::hex::hex;
use crate::store::{EventFate, EventKey, WaitingEvent};
use crate::token::UnixTime;

/// For how long a message is sent again and again.
const PATIENCE_SECS: u64 = 3 * 24 * 60 * 60;
/// The times between tries; the last goes on.
const PAUSES_SECS: [u64; 7] = [5, 30, 120, 600, 1_800, 3_600, 10_800];

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same however often it is sent: by it a receiver knows a repetition.
    pub id: String,
    /// JSON.
    pub body: String,
}

/// The message of an event.
#[must_use]
pub fn message(event: &WaitingEvent) -> Message {
    let mut data = Map::new();
    data.insert("token_id".to_owned(), event.key.token_id.to_string().into());
    // Written by this program; what is none would only be left out.
    if let Ok(Value::Object(more)) = serde_json::from_str(&event.data) {
        data.extend(more);
    }
    let body = serde_json::json!({
        "type": event.key.kind.as_str(),
        "timestamp": rfc3339(event.happened_at),
        "data": data,
    });
    Message {
        id: id(&event.key),
        body: body.to_string(),
    }
}

fn id(key: &EventKey) -> String {
    let mut digest = Sha256::new();
    digest.update(key.token_id.as_bytes());
    digest.update(key.place.to_be_bytes());
    digest.update(key.kind.number().to_be_bytes());
    let digest: [u8; 32] = digest.finalize().into();
    format!("msg_{}", hex(&digest[..12]))
}

/// What becomes of an event whose delivery failed now.
#[must_use]
pub fn next_try(event: &WaitingEvent, now: UnixTime) -> EventFate {
    let tries = usize::try_from(event.tries).unwrap_or(usize::MAX);
    let pause = PAUSES_SECS[tries.min(PAUSES_SECS.len() - 1)];
    match now >= event.since.plus_secs(PATIENCE_SECS) {
        true => EventFate::GivenUp,
        false => EventFate::Again(now.plus_secs(pause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{EventKind, TargetId};
    use crate::token::TokenId;

    const NOW: UnixTime = UnixTime::from_secs(1_795_000_000);

    fn event(tries: u32) -> WaitingEvent {
        WaitingEvent {
            key: EventKey {
                target: TargetId([1; 8]),
                token_id: TokenId::from([0x40; 12]),
                place: 7,
                kind: EventKind::TokenOpened,
            },
            happened_at: NOW,
            data: r#"{"opens":3}"#.to_owned(),
            tries,
            next_at: NOW,
            since: NOW,
            given_up: false,
        }
    }

    #[test]
    fn a_message_tells_ids_and_times_and_is_the_same_each_time() {
        let one = message(&event(0));
        assert_eq!(
            one.body,
            r#"{"type":"token.opened","timestamp":"2026-11-18T11:06:40Z","data":{"token_id":"404040404040404040404040","opens":3}}"#
        );
        assert_eq!(one, message(&event(9)));
        let mut another = event(0);
        another.key.kind = EventKind::TokenUsedUp;
        assert_ne!(one.id, message(&another).id);
        assert!(
            one.id.starts_with("msg_") && one.id.len() == 28,
            "{}",
            one.id
        );
    }

    #[test]
    fn what_is_no_token_of_ours_has_no_id() {
        let mut refused = event(0);
        refused.key.kind = EventKind::CheckInRefused;
        refused.data = r#"{"token_id":null,"list":"a"}"#.to_owned();
        let body = message(&refused).body;
        assert!(
            body.ends_with(r#""data":{"token_id":null,"list":"a"}}"#),
            "{body}"
        );
    }

    #[test]
    fn a_delivery_that_fails_is_tried_for_three_days_at_growing_distances() {
        let (mut now, mut pauses) = (NOW, Vec::new());
        for tries in 0.. {
            match next_try(&event(tries), now) {
                EventFate::Again(at) => {
                    pauses.push(at.as_secs() - now.as_secs());
                    now = at;
                }
                fate => {
                    assert_eq!(fate, EventFate::GivenUp);
                    break;
                }
            }
        }
        assert!(pauses.is_sorted() && pauses[0] == 5, "{pauses:?}");
        let days = (now.as_secs() - NOW.as_secs()) / 86_400;
        assert_eq!(days, 3);
    }
}
