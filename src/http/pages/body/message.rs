//! A message: the text as it was written, in which nothing is interpreted but addresses of the Web.

use serde::Deserialize;

use super::{Markup, Reach};
use crate::http::pages::text;
use crate::http::pages::words::Words;
use crate::links::block_lists::BlockLists;

/// The most addresses that lead somewhere; the others are text.
const MOST_LINKS: usize = 20;

/// A document that is nothing but a message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    message: String,
}

/// The message, if the document is one. An address in it is seen whole before there is a link; one whose host is blocked stays
/// text.
pub(in crate::http::pages) fn message(
    json: &str,
    words: &Words,
    blocked: Option<&BlockLists>,
) -> Option<Markup> {
    // An array of one text would do for serde.
    let object = json.starts_with('{').then_some(json)?;
    let Document { message } = serde_json::from_str(object).ok()?;
    let mut html = String::with_capacity(message.len() * 2);
    html.push_str("<div class=\"message\" id=\"message\">");
    let mut links = 0;
    for part in message.split_inclusive(char::is_whitespace) {
        let (before, address, after) = address_in(part);
        text::push(&mut html, before);
        match Reach::of(address) {
            Some(Reach::Web(to, host)) if links < MOST_LINKS && !is_blocked(blocked, to) => {
                links += 1;
                Reach::Web(to, host).push(&mut html, address, words);
            }
            _ => text::push(&mut html, address),
        }
        text::push(&mut html, after);
    }
    html.push_str("</div>");
    Some(Markup::from_escaped(html))
}

/// Whether the lists block where it leads, whatever its port, and with a dot behind its host or without.
fn is_blocked(lists: Option<&BlockLists>, address: &str) -> bool {
    let Some(lists) = lists else { return false };
    let url = url::Url::parse(address).ok();
    let host = url.as_ref().and_then(url::Url::host_str);
    host.is_none_or(|host| lists.blocks(host.trim_end_matches('.')).is_some())
}

/// A word, and what a sentence puts before and behind it.
fn address_in(part: &str) -> (&str, &str, &str) {
    let is_around = |c: char| c.is_whitespace() || "()<>[]{}\"'“”„‘’«»,.;:!?".contains(c);
    let rest = part.trim_start_matches(is_around);
    let word = rest.trim_end_matches(is_around);
    let before = part.len() - rest.len();
    let (before, rest) = part.split_at(before);
    let (word, after) = rest.split_at(word.len());
    (before, word, after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

    fn shown(text: &str) -> String {
        let json = serde_json::json!({ "message": text }).to_string();
        let markup = message(&json, Words::of(Language::English), None).expect("a message");
        markup.to_string()
    }

    #[test]
    fn a_text_stays_as_it_was_written() {
        assert_eq!(
            shown("a  <b>\n\n  c@d.example tel:112 http://e.example javascript:f()"),
            "<div class=\"message\" id=\"message\">a  &lt;b&gt;\n\n  c@d.example tel:112 http://e.example javascript:f()</div>"
        );
    }

    #[test]
    fn an_address_is_seen_whole_without_the_sentence_around_it() {
        let html = shown("(look: https://e.example/a?b.), https://user@f.example");
        assert!(
            html.contains("(look: <details class=\"go\"><summary>https://e.example/a?b</summary>"),
            "{html}"
        );
        assert!(
            html.contains("</details>.), https://user@f.example</div>"),
            "{html}"
        );
    }

    #[test]
    fn of_many_addresses_some_lead_somewhere() {
        let html = shown(&"https://e.example ".repeat(30));
        assert_eq!(html.matches("<details").count(), MOST_LINKS);
        assert_eq!(html.matches("https://e.example ").count(), 30 - MOST_LINKS);
    }

    #[test]
    fn other_documents_are_no_messages() {
        for json in [
            r#"{"message":"a","b":1}"#,
            r#"{"message":1}"#,
            "[\"message\"]",
            "\"message\"",
        ] {
            assert!(
                message(json, Words::of(Language::English), None).is_none(),
                "{json}"
            );
        }
    }
}
