//! The desk: lists, and codes that are shown at them.

mod badges;
mod codes;
mod console;
mod console_visits;
mod days;
mod lists;
mod no_code;
mod passes;
mod roll_call;
mod visits;

use std::sync::atomic::{AtomicU64, Ordering};

use qrseal::token::{ClaimValue, Claims};
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, now};

/// The numbers of two shipped profiles.
const TICKET: u32 = 4;
const VOUCHER: u32 = 5;

/// A ticket of this event for so many, good for a day.
fn ticket(app: &TestApp, event: &str, guests: u64) -> String {
    let document = json!({"event": event, "name": "Ana Sousa", "guests": guests});
    app.sealed(&document.to_string(), &of(TICKET), now())
}

fn of(profile: u32) -> Claims {
    Claims {
        profile: Some(ClaimValue::try_from(profile).unwrap()),
        expires_in: Some(86_400.try_into().unwrap()),
        ..Claims::default()
    }
}

fn list(app: &TestApp, members: &Value) -> String {
    let mut list = json!({"name": "Gala", "accepts": [{"profile": "ticket"}]});
    for (name, value) in members.as_object().unwrap() {
        list[name] = value.clone();
    }
    let made = app.post_json("/api/lists", list.to_string());
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

/// A request to let a code in, new each time.
fn entry(list: &str, token: &str) -> Value {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    json!({"list": list, "token": token, "check_in_id": format!("scan-{number:016}")})
}

fn exit(list: &str, token: &str) -> Value {
    let mut asked = entry(list, token);
    asked["kind"] = json!("exit");
    asked
}

fn scan(app: &TestApp, asked: &Value) -> Answer {
    app.post_json("/api/check-ins", asked.to_string())
}

fn send(app: &TestApp, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    let by = format!("Bearer {key}");
    let headers = [
        ("authorization", by.as_str()),
        ("content-type", "application/json"),
    ];
    match body {
        Value::Null => app.send(method, path, &headers[..1], b""),
        body => app.send(method, path, &headers, body.to_string().as_bytes()),
    }
}
