//! What the form does, as a command line.

use serde_json::{Map, Value, json};

use super::view::{HomeView, LEVEL_CHOICES, Outcome, STORAGE_CHOICES, StyleView};

/// The document in the example command line, until another was sealed.
const COMMAND_SAMPLE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;
/// Longest document that the example command line carries inside; a longer one is read from a file there.
const LONGEST_IN_COMMAND_BYTES: usize = 120;

/// The same request as a command line for a POSIX shell.
pub(super) fn command(view: &HomeView<'_>) -> String {
    let document = match view.outcome {
        Outcome::Sealed(_) => view.payload.trim(),
        Outcome::Blank | Outcome::Preview(_) | Outcome::Refused(_) => COMMAND_SAMPLE,
    };
    let is_short =
        document.len() <= LONGEST_IN_COMMAND_BYTES && !document.chars().any(char::is_control);
    // A text is a JSON string.
    let text;
    let document = match view.code.as_text && matches!(view.outcome, Outcome::Sealed(_)) {
        false => document,
        true => {
            text = Value::from(document).to_string();
            &text
        }
    };
    match view.style.logo.is_some() || view.code.with_pin || view.code.own_pin {
        false => by_query(view, is_short.then_some(document)),
        true => by_envelope(view, is_short.then_some(document)),
    }
}

/// The header with the key, where issuing takes one.
fn key(view: &HomeView<'_>) -> &'static str {
    match view.issuing_open {
        true => "",
        false => "  -H \"authorization: Bearer $QRSEAL_API_KEY\" \\\n",
    }
}

/// Everything that can stand in a query.
fn by_query(view: &HomeView<'_>, document: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(seconds) = view.code.expires_in {
        query.append_pair("expires_in", &seconds.to_string());
    }
    if !view.code.max_opens.is_empty() {
        query.append_pair("max_opens", view.code.max_opens);
    }
    if let Some(storage) = storage(view) {
        query.append_pair("storage", storage);
    }
    if !view.code.profile.is_empty() {
        query.append_pair("profile", view.code.profile);
    }
    for (name, value) in options(view) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    let data = document.map_or_else(|| "@document.json".to_owned(), quoted);
    let address = quoted(&format!(
        "{}/api/qrcode/encrypted-payload{mark}{query}",
        view.public_url
    ));
    format!(
        "curl -o qr-code.png \\\n  -H 'content-type: application/json' \\\n{}  --data-binary {data} \\\n  {address}",
        key(view)
    )
}

/// A logo is too long for a query, a PIN that is made is told in JSON only, and one's own must not stand in a URL.
fn by_envelope(view: &HomeView<'_>, document: Option<&str>) -> String {
    let mut style = Map::new();
    for (name, value) in options(view) {
        style.insert(name.to_owned(), json!(value));
    }
    if view.style.logo.is_some()
        && let Ok(share) = view.style.logo_share.parse::<u64>()
    {
        style.insert("logo_share".to_owned(), json!(share));
    }
    let mut envelope = Map::new();
    if let Some(seconds) = view.code.expires_in {
        envelope.insert("expires_in".to_owned(), json!(seconds));
    }
    if let Ok(most) = view.code.max_opens.parse::<u64>() {
        envelope.insert("max_opens".to_owned(), json!(most));
    }
    if let Some(storage) = storage(view) {
        envelope.insert("storage".to_owned(), json!(storage));
    }
    if !view.code.profile.is_empty() {
        envelope.insert("profile".to_owned(), json!(view.code.profile));
    }
    let out = match view.code.with_pin {
        true => "",
        false => " -o qr-code.png",
    };
    match view.code.with_pin {
        true => envelope.insert("pin_auto".to_owned(), json!(true)),
        false => envelope.insert("format".to_owned(), json!("png")),
    };
    envelope.insert("style".to_owned(), Value::Object(style));
    // printf reads percent signs and backslashes in its first argument.
    let rest = Value::Object(envelope).to_string();
    let rest = rest.replace('\\', "\\\\").replace('%', "%%");
    let rest = rest.strip_prefix('{').unwrap_or_default();
    let rest = rest.strip_suffix("}}").unwrap_or_default();
    let comma = if rest.ends_with('{') { "" } else { "," };
    let (logo, file) = match view.style.logo {
        Some(_) => (
            format!("{comma}\"logo\":\"%s\""),
            " \"$(base64 < logo.png | tr -d '\\n')\"",
        ),
        None => (String::new(), ""),
    };
    // One's own PIN is in no page, nor in what a shell remembers; it may have quotation marks and backslashes.
    let (member, pin) = match view.code.own_pin && !view.code.with_pin {
        true => (
            r#""pin":"%s","#,
            r#" "$(printf %s "$QRSEAL_PIN" | sed 's/[\\"]/\\&/g')""#,
        ),
        false => ("", ""),
    };
    let format = quoted(&format!(r#"{{"payload":%s,{member}{rest}{logo}}}}}"#));
    let data = document.map_or_else(|| "\"$(cat document.json)\"".to_owned(), quoted);
    let address = quoted(&format!("{}/api/tokens", view.public_url));
    format!(
        "printf {format} \\\n  {data}{pin}{file} |\ncurl{out} \\\n  \
         -H 'content-type: application/json' \\\n{}  --data-binary @- \\\n  {address}",
        key(view)
    )
}

/// Where the document is to be, if not in the code.
fn storage<'a>(view: &HomeView<'a>) -> Option<&'a str> {
    let known = STORAGE_CHOICES.iter().skip(1);
    known
        .map(|(choice, _)| *choice)
        .find(|choice| *choice == view.code.storage)
}

/// The options of the symbol that differ from what the server takes.
fn options<'a>(view: &HomeView<'a>) -> Vec<(&'static str, &'a str)> {
    let StyleView {
        module_shape,
        finder_shape,
        dark,
        light,
        caption,
        ..
    } = view.style;
    let is_level = LEVEL_CHOICES
        .iter()
        .any(|(level, _)| *level == view.code.ecl);
    [
        ("ecl", if is_level { view.code.ecl } else { "" }, ""),
        ("module_shape", module_shape, "square"),
        ("finder_shape", finder_shape, "square"),
        ("dark", dark, "#000000"),
        ("light", light, "#ffffff"),
        ("caption", caption, ""),
    ]
    .into_iter()
    .filter(|(_, value, usual)| !value.is_empty() && value != usual)
    .map(|(name, value, _)| (name, value))
    .collect()
}

/// In single quotes, as a POSIX shell reads them. A leading `@` would make curl read a file: valid JSON has none.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
