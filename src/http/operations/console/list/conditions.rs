//! Which codes a list takes, as a person says it: kinds that are ticked, and lines such as `/event = gala-2026`.

use serde_json::{Map, Value, json};

use crate::desk::Accepts;

/// How a line is written.
pub const CONDITION: &str = "Write a line as /event = gala-2026, or with its kind of code before it: ticket /event = gala-2026.";

/// What is ticked, and the lines, that say the same; nothing if no form can.
pub fn written(accepts: &[Accepts]) -> Option<(String, String)> {
    let kinds: Vec<_> = accepts.iter().map(|one| one.profile.as_str()).collect();
    let is_twice = |place: usize| kinds[..place].contains(&kinds[place]);
    if (0..kinds.len()).any(is_twice) {
        return None;
    }
    let is_same = accepts
        .windows(2)
        .all(|pair| pair[0].fields == pair[1].fields);
    let said = match is_same {
        true => accepts.get(..1).unwrap_or_default(),
        false => accepts,
    };
    let mut lines = Vec::new();
    for one in said {
        for (pointer, value) in &one.fields {
            if pointer.contains('=') || pointer.trim() != pointer {
                return None;
            }
            let kind = match is_same {
                true => String::new(),
                false => format!("{} ", one.profile),
            };
            lines.push(format!("{kind}{pointer} = {}", text(value)));
        }
    }
    Some((kinds.join(","), lines.join("\n")))
}

/// The member `accepts` of these kinds and lines, or what is wrong with a line.
pub fn read(kinds: &str, lines: &str) -> Result<Value, String> {
    let kinds = kinds.split(',').filter(|kind| !kind.is_empty());
    let mut accepts: Vec<_> = kinds.map(|kind| (kind, Map::new())).collect();
    let lines = lines.lines().map(str::trim).enumerate();
    for (place, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let number = place + 1;
        let (kind, pointer, value) =
            condition(line).ok_or_else(|| format!("Line {number} has no sign =. {CONDITION}"))?;
        let mut meant = accepts
            .iter_mut()
            .filter(|(name, _)| kind.is_none_or(|kind| kind == *name))
            .peekable();
        if let (None, Some(_)) = (meant.peek(), kind) {
            return Err(format!(
                "Line {number} is about a kind of code that is not ticked."
            ));
        }
        for (_, fields) in meant {
            if fields.insert(pointer.clone(), value.clone()).is_some() {
                return Err(format!(
                    "Line {number} is about a field that another line is about."
                ));
            }
        }
    }
    let accepts = accepts
        .into_iter()
        .map(|(kind, fields)| match fields.is_empty() {
            true => json!({ "profile": kind }),
            false => json!({ "profile": kind, "where": fields }),
        });
    Ok(accepts.collect())
}

/// The kind of a line, if it says one, its pointer, and the value.
fn condition(line: &str) -> Option<(Option<&str>, String, Value)> {
    let (left, right) = line.split_once('=')?;
    let left = left.trim();
    let (kind, field) = match left.split_once(char::is_whitespace) {
        Some((kind, field)) if !left.starts_with('/') => (Some(kind), field.trim()),
        _ => (None, left),
    };
    let pointer = match field.starts_with('/') {
        true => field.to_owned(),
        false => format!("/{field}"),
    };
    Some((kind, pointer, value(right.trim())))
}

/// A number, `true`, `false`, `null` or a text in quotes; anything else is a text as it stands.
fn value(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(Value::Array(_) | Value::Object(_)) | Err(_) => text.into(),
        Ok(value) => value,
    }
}

/// The text that is read as this value.
fn text(value: &Value) -> String {
    match value.as_str() {
        Some(text) if is_plain(text) => text.to_owned(),
        _ => value.to_string(),
    }
}

/// Whether a text stands for itself.
fn is_plain(text: &str) -> bool {
    let clean = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
    clean && value(text) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(value: Value) -> Vec<Accepts> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn what_a_list_takes_is_the_same_after_a_form_said_it() {
        for value in [
            json!([{"profile": "ticket"}]),
            json!([{"profile": "ticket", "where": {"/event": "gala-2026", "/seat": 7}}]),
            json!([{"profile": "ticket"}, {"profile": "voucher"}]),
            json!([
                {"profile": "ticket", "where": {"/event": "a = b"}},
                {"profile": "voucher", "where": {"/event": "a = b"}},
            ]),
            json!([{"profile": "ticket", "where": {"/a b": "7", "/x": null}}, {"profile": "voucher"}]),
            json!([{"profile": "ticket", "where": {"/a": "", "/b": " c", "/d": "e\nf", "/g": "\"h\"", "/i": "[1]"}}]),
        ] {
            let (kinds, lines) = written(&accepts(value.clone())).unwrap();
            assert_eq!(read(&kinds, &lines), Ok(value), "{lines}");
        }
        for value in [
            json!([{"profile": "ticket", "where": {"/a": 1}}, {"profile": "ticket", "where": {"/a": 2}}]),
            json!([{"profile": "ticket", "where": {"/a=b": 1}}]),
        ] {
            assert_eq!(written(&accepts(value)), None);
        }
    }

    #[test]
    fn a_line_is_about_every_kind_or_about_the_one_that_it_names() {
        let read = |lines| read("ticket,voucher", lines);
        assert_eq!(
            read(" event = gala \r\n\r\nvoucher /value=5"),
            Ok(json!([
                {"profile": "ticket", "where": {"/event": "gala"}},
                {"profile": "voucher", "where": {"/event": "gala", "/value": 5}},
            ]))
        );
        for (lines, words) in [
            ("/event", "Line 1 has no sign ="),
            (
                "\n/a = 1\nticket /a = 2",
                "Line 3 is about a field that another",
            ),
            ("invoice /a = 1", "Line 1 is about a kind"),
        ] {
            let error = read(lines).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
