//! What the form does, as a command line.

use serde_json::{Map, Value, json};

use super::{HomeView, LEVEL_CHOICES, Outcome, StyleView};

/// The document in the example command line, until another was sealed.
const COMMAND_SAMPLE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;
/// Longest document that the example command line carries inside; a longer one is read from a file there.
const LONGEST_IN_COMMAND_BYTES: usize = 120;

/// The same request as a command line for a POSIX shell.
pub(super) fn command(view: &HomeView<'_>) -> String {
    let document = match view.outcome {
        Outcome::Sealed(_) => view.payload.trim(),
        Outcome::Blank | Outcome::Refused(_) => COMMAND_SAMPLE,
    };
    let is_short =
        document.len() <= LONGEST_IN_COMMAND_BYTES && !document.chars().any(char::is_control);
    match view.style.logo {
        None => by_query(view, is_short.then_some(document)),
        Some(_) => by_envelope(view, is_short.then_some(document)),
    }
}

/// Everything that can stand in a query.
fn by_query(view: &HomeView<'_>, document: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(seconds) = view.expires_in {
        query.append_pair("expires_in", &seconds.to_string());
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
        "curl -o symbol.png \\\n  -H 'content-type: application/json' \\\n  --data-binary {data} \\\n  {address}"
    )
}

/// A logo is too long for a query.
fn by_envelope(view: &HomeView<'_>, document: Option<&str>) -> String {
    let mut style = Map::new();
    for (name, value) in options(view) {
        style.insert(name.to_owned(), json!(value));
    }
    if let Ok(share) = view.style.logo_share.parse::<u64>() {
        style.insert("logo_share".to_owned(), json!(share));
    }
    let mut envelope = Map::new();
    if let Some(seconds) = view.expires_in {
        envelope.insert("expires_in".to_owned(), json!(seconds));
    }
    envelope.insert("format".to_owned(), json!("png"));
    envelope.insert("style".to_owned(), Value::Object(style));
    // printf reads percent signs and backslashes in its first argument.
    let rest = Value::Object(envelope).to_string();
    let rest = rest.replace('\\', "\\\\").replace('%', "%%");
    let rest = rest.strip_prefix('{').unwrap_or_default();
    let rest = rest.strip_suffix("}}").unwrap_or_default();
    let comma = if rest.ends_with('{') { "" } else { "," };
    let format = quoted(&format!(r#"{{"payload":%s,{rest}{comma}"logo":"%s"}}}}"#));
    let data = document.map_or_else(|| "\"$(cat document.json)\"".to_owned(), quoted);
    let address = quoted(&format!("{}/api/tokens", view.public_url));
    format!(
        "printf {format} \\\n  {data} \"$(base64 < logo.png | tr -d '\\n')\" |\ncurl -o symbol.png \\\n  \
         -H 'content-type: application/json' \\\n  --data-binary @- \\\n  {address}"
    )
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
    let is_level = LEVEL_CHOICES.iter().any(|(level, _)| *level == view.ecl);
    [
        ("ecl", if is_level { view.ecl } else { "" }, ""),
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
