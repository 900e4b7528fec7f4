//! Dead ends with a next step, and the pages that say what each problem means.

use std::fmt;

use askama::Template;
use askama::filters::{Escaper as _, Html, HtmlSafe};

use super::body::Markup;
use super::site::{self, Site};
use super::text;
use super::words::{Language, Told};

/// A problem that a person met.
#[derive(Debug, Clone, Copy)]
pub struct ProblemView<'a> {
    /// HTTP status of the answer.
    pub status: u16,
    /// The stable code, such as `token_expired`.
    pub code: &'a str,
    /// A few words, the same for every occurrence.
    pub title: &'a str,
    /// What it means, in plain words; names in backticks are set as code.
    pub explanation: &'a str,
    /// This occurrence.
    pub detail: Option<Detail<'a>>,
    /// What to do now, in plain words; names in backticks are set as code.
    pub next_step: &'a str,
    /// The id under which the log has the request.
    pub request_id: &'a str,
}

/// What is said of one occurrence.
#[derive(Debug, Clone, Copy)]
pub enum Detail<'a> {
    /// For holders, in their language.
    Told(Told),
    /// For issuers and developers, in English.
    English(&'a str),
}

/// What a code means, for those who look it up.
#[derive(Debug, Clone, Copy)]
pub struct ProblemDoc<'a> {
    /// The stable code.
    pub code: &'a str,
    /// HTTP status of answers with this code.
    pub status: u16,
    /// A few words.
    pub title: &'a str,
    /// What it means, in plain words; names in backticks are set as code.
    pub explanation: &'a str,
    /// What to do, in plain words; names in backticks are set as code.
    pub next_step: &'a str,
}

/// The page instead of a document: what happened and what to do next.
#[must_use]
pub fn problem(site: &Site<'_>, view: &ProblemView<'_>) -> String {
    let page = ProblemPage {
        site,
        view,
        words: ProblemWords::of(site, view),
        // About the code that was scanned: the start page, made for issuers, is no help there.
        about_code: view.code.starts_with("token_")
            || matches!(
                view.code,
                "key_retired"
                    | "uri_too_long"
                    | "open_required"
                    | "pin_incorrect"
                    | "pin_locked"
                    | "link_disabled"
                    | "not_yet"
                    | "target_blocked"
            ),
        may_pass: matches!(view.status, 408 | 429 | 500..),
    };
    site::render(&page)
}

/// The page of `/problems/{code}`.
#[must_use]
pub fn problem_doc(site: &Site<'_>, doc: &ProblemDoc<'_>) -> String {
    let page = ProblemDocPage {
        site,
        doc,
        explanation: Prose(doc.explanation),
        next_step: Prose(doc.next_step),
    };
    site::render(&page)
}

/// The page of `/problems/`: every code.
#[must_use]
pub fn problem_index(site: &Site<'_>, docs: &[ProblemDoc<'_>]) -> String {
    site::render(&ProblemIndexPage { site, docs })
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    site: &'a Site<'a>,
    view: &'a ProblemView<'a>,
    words: ProblemWords<'a>,
    about_code: bool,
    may_pass: bool,
}

/// What the page says: from the catalogue, if holders meet the problem, or else what developers are told.
struct ProblemWords<'a> {
    title: &'a str,
    /// The language, where it is not the page's.
    language: Option<Language>,
    detail: Option<Markup>,
    /// Whether the detail is in English on a page that is not.
    detail_is_english: bool,
    explanation: Prose<'a>,
    next_step: Prose<'a>,
}

impl<'a> ProblemWords<'a> {
    fn of(site: &Site<'_>, view: &'a ProblemView<'a>) -> Self {
        let words = site.words();
        let key = format!("problem-{}", view.code);
        let find = |attribute: &str| words.find(&format!("{key}{attribute}"));
        let said = find("").zip(find(".explanation")).zip(find(".next"));
        let is_foreign = site.language != Language::English;
        let detail = view.detail.map(|detail| match detail {
            Detail::Told(told) => told.markup(site.language),
            Detail::English(text) => {
                let mut html = String::new();
                text::push(&mut html, text);
                Markup::from_escaped(html)
            }
        });
        let ((title, explanation), next_step) =
            said.unwrap_or(((view.title, view.explanation), view.next_step));
        Self {
            title,
            language: (said.is_none() && is_foreign).then_some(Language::English),
            detail,
            detail_is_english: is_foreign && matches!(view.detail, Some(Detail::English(_))),
            explanation: Prose(explanation),
            next_step: Prose(next_step),
        }
    }
}

#[derive(Template)]
#[template(path = "problem_doc.html")]
struct ProblemDocPage<'a> {
    site: &'a Site<'a>,
    doc: &'a ProblemDoc<'a>,
    explanation: Prose<'a>,
    next_step: Prose<'a>,
}

#[derive(Template)]
#[template(path = "problem_index.html")]
struct ProblemIndexPage<'a> {
    site: &'a Site<'a>,
    docs: &'a [ProblemDoc<'a>],
}

/// A sentence with names in backticks, which become `<code>`.
#[derive(Debug)]
struct Prose<'a>(&'a str);

impl fmt::Display for Prose<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.split('`').enumerate() {
            if index % 2 == 0 {
                Html.write_escaped_str(&mut *out, part)?;
            } else {
                out.write_str("<code>")?;
                Html.write_escaped_str(&mut *out, part)?;
                out.write_str("</code>")?;
            }
        }
        Ok(())
    }
}

// Every part is escaped above.
impl HtmlSafe for Prose<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Site<'_> = Site {
        base: "/codes",
        issuer: "Shop & <Co>",
        contact: None,
        version: "1.2.3",
        language: Language::English,
        docs: true,
        chosen: false,
        switch: None,
    };

    fn view(status: u16, code: &str) -> ProblemView<'_> {
        ProblemView {
            status,
            code,
            title: "Its <title>",
            explanation: "It is <genuine>, see `errors`.",
            detail: Some(Detail::English("It has <detail>.")),
            next_step: "Ask for a new one.",
            request_id: "01ab",
        }
    }

    #[test]
    fn a_dead_end_says_what_happened_and_what_to_do_in_the_language_of_its_holder() {
        let told = Some(Detail::Told(Told::at("expired-at", 1_795_179_955)));
        let view = ProblemView {
            detail: told,
            ..view(410, "token_expired")
        };
        let html = problem(&SITE, &view);
        for part in [
            "<h1>This code has expired</h1>",
            "until <time datetime=\"2026-11-20T13:05:55Z\">20 November 2026, 13:05 UTC</time>.</p>",
            "Ask whoever gave you the code for a new one.",
            "href=\"/codes/problems/token_expired\"",
            "01ab",
            "Shop &#38; &#60;Co&#62;",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let german = Site {
            language: Language::German,
            ..SITE
        };
        let html = problem(&german, &view);
        for part in [
            "<html lang=\"de\" dir=\"ltr\">",
            "<h1>Dieser Code ist abgelaufen</h1>",
            "Er ließ sich bis <time datetime=\"2026-11-20T13:05:55Z\">20. November 2026, 13:05 Uhr UTC</time> öffnen.",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn a_dead_code_says_whom_to_ask_if_the_operator_says_so() {
        let asks = |contact, code| {
            let site = Site { contact, ..SITE };
            problem(&site, &view(410, code))
        };
        let html = asks(Some("Till 3, or <desk>"), "token_revoked");
        assert!(
            html.contains("Whom to ask:</strong> Till 3, or &lt;desk&gt;"),
            "{html}"
        );
        let html = asks(Some("desk@example.org"), "token_expired");
        assert!(html.contains("href=\"mailto:desk@example.org\""), "{html}");
        assert!(!asks(Some("desk@example.org"), "not_found").contains("Whom"));
        assert!(!asks(None, "token_revoked").contains("Whom"));
    }

    #[test]
    fn what_only_developers_meet_is_in_english_and_says_so() {
        let german = Site {
            language: Language::German,
            ..SITE
        };
        let html = problem(&german, &view(422, "qr_capacity"));
        for part in [
            "<h1 lang=\"en\">Its &#60;title&#62;</h1>",
            "<p class=\"lead\" lang=\"en\">It has &lt;detail&gt;.</p>",
            "It is &#60;genuine&#62;, see <code>errors</code>.",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn only_what_may_pass_offers_to_try_again_and_only_lost_visitors_the_start_page() {
        let offers = |status, code| {
            let html = problem(&SITE, &view(status, code));
            (
                html.contains(">Try again</a>"),
                html.contains(">Start page</a>"),
            )
        };
        assert_eq!(offers(503, "temporarily_unavailable"), (true, false));
        assert_eq!(offers(410, "key_retired"), (false, false));
        assert_eq!(offers(404, "token_not_recognised"), (false, false));
        assert_eq!(offers(404, "not_found"), (false, true));
    }

    #[test]
    fn every_code_is_listed_and_explained() {
        let doc = ProblemDoc {
            code: "invalid_json",
            status: 400,
            title: "Not JSON",
            explanation: "`line` says where.",
            next_step: "Correct it.",
        };
        let page = problem_doc(&SITE, &doc);
        assert!(
            page.contains("<h1><code>invalid_json</code></h1>")
                && page.contains("<code>line</code> says where.")
        );
        let index = problem_index(&SITE, &[doc]);
        assert!(
            index.contains("href=\"/codes/problems/invalid_json\"") && index.contains("Not JSON")
        );
    }
}
