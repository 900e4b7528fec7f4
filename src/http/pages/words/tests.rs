//! The catalogues against each other, and against the pages that speak from them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::*;

/// Pages for issuers and developers, in English only.
const ENGLISH_ONLY: [&str; 9] = [
    "managed_link.html",
    "scans.html",
    "scans_part.html",
    "home.html",
    "console.html",
    "console_cell.html",
    "colophon.html",
    "problem_doc.html",
    "problem_index.html",
];

/// Each message and attribute of a catalogue with the variables in it.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(super::catalogue(language).to_owned())
        .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
    let mut messages = BTreeMap::new();
    for entry in resource.entries() {
        match entry {
            Entry::Message(message) => {
                let name = message.id.name;
                let value = message.value.as_ref().expect("every message has a text");
                let before = messages.insert(name.to_owned(), variables(value));
                assert_eq!(before, None, "{} says {name} twice", language.tag());
                for attribute in &message.attributes {
                    let name = format!("{name}.{}", attribute.id.name);
                    messages.insert(name, variables(&attribute.value));
                }
            }
            Entry::Junk { content } => panic!("{}: {content}", language.tag()),
            _ => {}
        }
    }
    messages
}

fn variables(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => {
                assert!(!value.contains(['<', '>', '&']), "markup in {value}");
            }
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(InlineExpression::VariableReference { id }) => {
                    found.insert(id.name.to_owned());
                }
                Expression::Select { selector, variants } => {
                    if let InlineExpression::VariableReference { id } = selector {
                        found.insert(id.name.to_owned());
                    }
                    for variant in variants {
                        found.extend(variables(&variant.value));
                    }
                }
                Expression::Inline(other) => panic!("not used here: {other:?}"),
            },
        }
    }
    found
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are here") {
        let path = entry.expect("a file").path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
}

/// The sources in which messages are named, without the catalogues and this file.
fn sources() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .iter()
        .filter(|path| !path.ends_with("words/tests.rs"))
        .filter(|path| {
            path.extension()
                .is_some_and(|ext| ext == "rs" || ext == "html")
        })
        .map(|path| fs::read_to_string(path).expect("text"))
        .collect()
}

#[test]
fn every_language_has_every_message_with_the_same_variables() {
    let english = messages(Language::English);
    assert!(english.len() > 50);
    for language in Language::ALL {
        assert_eq!(messages(language), english, "{}", language.tag());
    }
}

#[test]
fn a_message_that_a_language_lacks_is_said_in_english() {
    let lacking = "yes = ja\nproblem-token_gone = Weg\nmonth-11 = Nebelmonat\n";
    let catalogues = [super::catalogue(Language::English), lacking];
    let words = Words::read(Language::German, &catalogues);
    assert_eq!((words.say("yes"), words.say("no")), ("ja", "no"));
    assert_eq!(words.say("problem-token_gone"), "Weg");
    let next = Words::of(Language::English).find("problem-token_gone.next");
    assert_eq!(next, Some(words.say("problem-token_gone.next")));
    let from = words.say_named("document-from", "issuer", "Tea & Co");
    assert_eq!(from, "Document from \u{2068}Tea & Co\u{2069}");
    let left = FluentArgs::from_iter([("left", 4)]);
    assert_eq!(words.say_with("tries-left", &left), "4 tries are left.");
    assert_eq!(words.level.fill(["5"]), "Level 5");
    let day = jiff::civil::date(2026, 11, 20);
    assert_eq!(words.times.date(day), "20 Nebelmonat 2026");
}

#[test]
fn every_message_is_said_somewhere_and_every_one_that_is_said_exists() {
    let (english, sources) = (messages(Language::English), sources());
    for key in english.keys() {
        let named = match key.split_once('.') {
            Some((_, attribute)) => sources.contains(&format!(".{attribute}\"")),
            None if key.starts_with("problem-") => {
                let code = key.trim_start_matches("problem-");
                crate::http::ProblemCode::from_text(code).is_some()
            }
            None if key.starts_with("month-") => true,
            None => sources.contains(&format!("\"{key}\"")),
        };
        assert!(named, "nothing says {key}");
    }
    for call in [
        ".say(\"",
        ".counted(\"",
        ".named(\"",
        ".at(\"",
        "Told::at(\"",
        "Told::plain(\"",
        "Told::left(\"",
    ] {
        let calls = sources.split(call).skip(1);
        for rest in calls {
            let key = rest.split('"').next().unwrap_or_default();
            assert!(english.contains_key(key), "no catalogue has {key}");
        }
    }
}

#[test]
fn templates_for_holders_have_no_words_of_their_own() {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/pages/templates");
    files(&folder, &mut found);
    let mut looked_at = 0;
    for path in found {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if ENGLISH_ONLY.contains(&name) {
            continue;
        }
        looked_at += 1;
        let template = fs::read_to_string(&path).expect("text");
        // The class of the body.
        let template = without(&template, "{% block kind %}", "{% endblock %}");
        let said = without(&without(&template, "{{", "}}"), "{%", "%}");
        for attribute in ["alt", "aria-label", "title", "placeholder", "value"] {
            for rest in said.split(&format!(" {attribute}=\"")).skip(1) {
                let value = rest.split('"').next().unwrap_or_default();
                // What a form says to us is no word for a reader.
                let ours = attribute == "value" && value == "yes";
                assert!(ours || !has_words(value), "{name}: {attribute}={value}");
            }
        }
        let text = without(&said, "<", ">");
        assert!(!has_words(&text), "{name}: {}", text.trim());
    }
    assert!(looked_at >= 5, "{looked_at}");
}

/// `text` without what stands from each `open` to the next `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut rest = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        rest.push_str(part.split_once(close).map_or("", |(_, rest)| rest));
    }
    rest
}

fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

#[test]
fn numbers_take_the_plural_of_the_language() {
    let left = |language, left| Told::left("tries-left", left).text(language);
    assert_eq!(left(Language::English, 0), "That was the last try for now.");
    assert_eq!(left(Language::English, 1), "One try is left.");
    assert_eq!(left(Language::English, 4), "4 tries are left.");
    assert_eq!(left(Language::German, 1), "Sie haben noch einen Versuch.");
    assert_eq!(left(Language::German, 4), "Sie haben noch 4 Versuche.");
}

#[test]
fn a_name_from_outside_cannot_reorder_the_sentence() {
    let said = Words::of(Language::English).say_named("document-from", "issuer", "חנות");
    assert_eq!(said, "Document from \u{2068}חנות\u{2069}");
}
