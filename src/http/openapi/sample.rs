//! Examples that are true: a document sealed with a fixed keyring, nonce and time.

use serde_json::{Value, json};
use url::Url;

use crate::drawing::Drawn;
use crate::http::operations::answers::IssuedAnswer;
use crate::issuing::{Effort, IssueToken, IssuedToken, Issuer, Packed, Packing, TokenKind, issue};
use crate::link::{LinkForm, Links};
use crate::payload::minify;
use crate::qr::{Level, Style, Symbol};
use crate::token::{ExpiresIn, Keyring, Nonce, Secret, UnixTime};

/// The document of every example.
pub const DOCUMENT: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;

/// The document as a value, its number as it was written.
pub fn document() -> Value {
    json!({"id": "INV-2026-0042", "amount": 1234.50, "currency": "EUR"})
}

/// The document, sealed for 30 days on 20 November 2026.
pub fn issued() -> IssuedToken {
    let now = UnixTime::from_secs(1_795_173_000);
    let keyring = Keyring::with_first_key("qr.example.com", Secret::from([7; 32]), now)
        .expect("the sample's audience is visible ASCII");
    let url = Url::parse("https://qr.example.com/").expect("the sample's address is a URL");
    let links = Links::new(&url, LinkForm::Path, false);
    let issuer = Issuer {
        keyring: &keyring,
        links: &links,
    };
    let request = IssueToken {
        document: minify(DOCUMENT.as_bytes()).expect("the sample is JSON"),
        expires_in: ExpiresIn::try_from(2_592_000).ok(),
        max_opens: None,
        kind: TokenKind::default(),
        packing: Packing::Packed(Effort::Fast),
        packed: Packed::default(),
        level: Level::Medium.into(),
    };
    let nonce = Nonce::from([
        0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b,
    ]);
    issue(issuer, &request, None, nonce, now).expect("the sample fits a symbol")
}

/// What issuing answers as JSON.
pub fn issued_answer() -> Value {
    let issued = issued();
    let drawn = Drawn::Plain(&issued.symbol, Style::default());
    serde_json::to_value(IssuedAnswer::new(&issued, &drawn)).expect("an answer is JSON")
}

/// A symbol of version 2.
pub fn symbol() -> Symbol {
    Symbol::encode("https://example.com/menu", Level::Medium).expect("a short text fits")
}
