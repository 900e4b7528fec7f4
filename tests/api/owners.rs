//! What an API key sees and ends: what it made; with `read:all` and `revoke:all`, everything.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};

/// A server that others reach, with two shops and an office.
struct Site {
    app: TestApp,
    mine: String,
    other: String,
    office: String,
}

impl Site {
    fn start() -> Self {
        let app = TestApp::with(&[("SERVER__PUBLIC_URL", "https://qr.example.com")]);
        let [mine, other, office] = [
            "issue,read,revoke",
            "issue,read,revoke",
            "read:all,revoke:all",
        ]
        .map(|scopes| app.api_key(scopes));
        Self {
            app,
            mine,
            other,
            office,
        }
    }

    fn send(&self, key: &str, method: &str, path: &str, body: &Value) -> Answer {
        let by = format!("Bearer {key}");
        let by = ("authorization", by.as_str());
        if body.is_null() {
            return self.app.send(method, path, &[by], b"");
        }
        let headers = [by, ("content-type", "application/json")];
        let body = body.to_string();
        self.app.send(method, path, &headers, body.as_bytes())
    }

    fn issue(&self, key: &str, options: &Value) -> String {
        let mut body = json!({"payload": {"menu": "soup"}, "expires_in": 3600});
        for (name, value) in options.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = self.send(key, "POST", "/api/tokens", &body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }

    fn listed(&self, key: &str, query: &str) -> Vec<String> {
        let path = format!("/api/tokens?{query}");
        let answer = self.send(key, "GET", &path, &Value::Null).json();
        let receipts = answer["receipts"].as_array().unwrap();
        let ids = receipts.iter().map(|one| one["id"].as_str().unwrap());
        let mut ids: Vec<_> = ids.map(str::to_owned).collect();
        ids.sort();
        ids
    }
}

/// What others made takes another scope, and whether it is there is not told.
fn refused(answer: &Answer, scope: &str) {
    let problem = answer.problem(403, "forbidden");
    assert_eq!(problem["missing_scope"], scope);
}

#[test]
fn an_api_key_lists_and_reads_what_it_made_and_an_office_reads_everything() {
    let site = Site::start();
    let mut mine = [
        site.issue(&site.mine, &json!({"storage": "stored"})),
        site.issue(&site.mine, &json!({"remember": true, "max_opens": 1})),
    ];
    mine.sort();
    let others = site.issue(&site.other, &json!({"note": "table 7"}));
    assert_eq!(site.listed(&site.mine, ""), mine);
    assert_eq!(site.listed(&site.mine, "note=table"), [""; 0]);
    assert_eq!(site.listed(&site.mine, "made_by=key:1"), mine);
    assert_eq!(site.listed(&site.other, ""), std::slice::from_ref(&others));
    assert_eq!(site.listed(&site.office, "").len(), 3);
    assert_eq!(
        site.listed(&site.office, "made_by=key:2"),
        std::slice::from_ref(&others)
    );
    let read =
        |key: &str, id: &str| site.send(key, "GET", &format!("/api/tokens/{id}"), &Value::Null);
    assert_eq!(read(&site.mine, &mine[0]).json()["made_by"], "key:1");
    assert_eq!(read(&site.office, &others).json()["note"], "table 7");
    let nobodys = "00112233445566778899aabb";
    for id in [&others, nobodys] {
        refused(&read(&site.mine, id), "read:all");
    }
    read(&site.office, nobodys).problem(404, "token_not_recognised");
    let query = "/api/tokens?made_by=key:2";
    refused(
        &site.send(&site.mine, "GET", query, &Value::Null),
        "read:all",
    );
}

#[test]
fn an_api_key_ends_what_it_made_and_an_office_ends_everything() {
    let site = Site::start();
    let stored = json!({"storage": "stored", "max_opens": 3, "pin": "493817"});
    let (mine, others) = (
        site.issue(&site.mine, &stored),
        site.issue(&site.other, &stored),
    );
    let unremembered = site.issue(&site.mine, &json!({"max_opens": 1}));
    let operations = |id: &str| {
        let of = |path: &str| format!("/api/tokens/{id}{path}");
        [
            ("POST", of("/pin-reset"), 204),
            ("DELETE", of("/opens"), 204),
            ("POST", of("/revoke"), 200),
            ("DELETE", of(""), 204),
        ]
    };
    for id in [&others, &unremembered] {
        for (method, path, _) in operations(id) {
            refused(
                &site.send(&site.mine, method, &path, &Value::Null),
                "revoke:all",
            );
        }
    }
    let state = |id: &str| {
        let path = format!("/api/tokens/{id}");
        site.send(&site.office, "GET", &path, &Value::Null).json()["state"].clone()
    };
    assert_eq!(state(&others), "active");
    for (key, id) in [(&site.mine, &mine), (&site.office, &others)] {
        for (method, path, status) in operations(id) {
            let answer = site.send(key, method, &path, &Value::Null);
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        }
        assert_eq!(state(id), "revoked");
    }
    let unknown = format!("/api/tokens/{unremembered}/revoke");
    let revoked = site.send(&site.office, "POST", &unknown, &Value::Null);
    assert_eq!(revoked.status, 200);
}
