//! What the form does, as a command line.

use super::{HomeView, LEVEL_CHOICES, Outcome};

/// The document in the example command line, until another was sealed.
const COMMAND_SAMPLE: &str = r#"{"id":"INV-2026-0042","amount":1234.50,"currency":"EUR"}"#;
/// Longest document that the example command line carries inside; a longer one is read from a file there.
const LONGEST_IN_COMMAND_BYTES: usize = 120;

/// The same request as a command line for a POSIX shell.
pub(super) fn command(view: &HomeView<'_>) -> String {
    let mut options = String::new();
    if let Some(seconds) = view.expires_in {
        options = format!("?expires_in={seconds}");
    }
    if view.ecl != "M" && LEVEL_CHOICES.iter().any(|(level, _)| *level == view.ecl) {
        options.push(if options.is_empty() { '?' } else { '&' });
        options.push_str("ecl=");
        options.push_str(view.ecl);
    }
    let document = match view.outcome {
        Outcome::Sealed(_) => view.payload.trim(),
        Outcome::Blank | Outcome::Refused(_) => COMMAND_SAMPLE,
    };
    let data =
        if document.len() <= LONGEST_IN_COMMAND_BYTES && !document.chars().any(char::is_control) {
            quoted(document)
        } else {
            "@document.json".to_owned()
        };
    let address = quoted(&format!(
        "{}/api/qrcode/encrypted-payload{options}",
        view.public_url
    ));
    format!(
        "curl -o symbol.png \\\n  -H 'content-type: application/json' \\\n  --data-binary {data} \\\n  {address}"
    )
}

/// In single quotes, as a POSIX shell reads them. A leading `@` would make curl read a file: valid JSON has none.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
