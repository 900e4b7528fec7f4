//! What a phone shows after a scan: who issued the document, when, until when, and the document.

use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::FormView;
use super::body::{Markup, direction, lay_out, lay_out_profile, message};
use super::site::{self, Site};
use super::staff::shown_code;
use super::text;
use super::words::Moment;
use crate::links::block_lists::BlockLists;
use crate::profiles::Profile;
use crate::qr::{Level, ModuleSize, Style, Symbol, svg};

/// An opened document, as its page shows it.
#[derive(Clone, Copy)]
pub struct DocumentView<'a> {
    /// The JSON text that was sealed: valid, at most 64 KiB and 32 levels, otherwise whatever its author wished.
    pub payload: &'a str,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// Seconds since 1970-01-01T00:00:00Z; `None`: it never ends.
    pub expires_at: Option<i64>,
    /// 24 hexadecimal digits.
    pub token_id: &'a str,
    /// The token in either text form, for the address that downloads the JSON. A request of its own, because a `data:`
    /// address opens as a page on some phones.
    pub token_text: &'a str,
    /// The link of the code, for the QR code on paper; empty if there is none.
    pub link: &'a str,
    /// Whether somebody wrote it whom the issuer does not know.
    pub visitor: bool,
    /// Whether anybody may have written it: if it is a message, it is then shown as a visitor's.
    pub anybody: bool,
    /// Hosts to which nothing in a message leads.
    pub blocked: Option<&'a BlockLists>,
    /// What kind of document it is, if that is known here.
    pub profile: Option<&'a Profile>,
    /// Its code in base64, a PNG, where it was made just now or has a style of its own.
    pub picture: Option<&'a str>,
    /// Whether the code was made just now, by whoever looks at it.
    pub made: bool,
    /// What opening it took, if it is not plain. Its JSON is in the page and nowhere else.
    pub opened: Option<OpenedView<'a>>,
}

/// What the page of a document says about the open that was just counted.
#[derive(Debug, Clone, Copy)]
pub struct OpenedView<'a> {
    /// How many opens are left, if they are limited; only then its holder can destroy the code.
    pub opens_left: Option<u64>,
    /// Where the form that does so goes.
    pub form: FormView<'a>,
}

/// The page of an opened document.
#[must_use]
pub fn document(site: &Site<'_>, view: &DocumentView<'_>) -> String {
    let mut json = String::with_capacity(view.payload.len() * 2);
    text::push_json(&mut json, view.payload);
    let message = match view.profile {
        None => message(view.payload, site.words(), view.blocked),
        Some(_) => None,
    };
    let shows_code = view.made || view.profile.is_some_and(|profile| profile.page.draws_code);
    let lay_out = |message: Option<Markup>| match (message, view.profile) {
        (Some(message), _) => message,
        (None, Some(profile)) => {
            lay_out_profile(view.payload, &profile.page, site.language, site.words())
        }
        (None, None) => lay_out(view.payload, site.words()),
    };
    let page = DocumentPage {
        site,
        direction: match view.profile {
            Some(_) => site.language.direction(),
            None => direction(view.payload),
        },
        article_language: view.profile.map_or("", |_| site.language.tag()),
        title: view.profile.map(|profile| profile.title.of(site.language)),
        contact: view.profile.and_then(|profile| {
            let contact = profile.page.contact.as_ref()?;
            Some(site.reach(contact.of(site.language)))
        }),
        shown: (shows_code && view.picture.is_none() && !view.link.is_empty())
            .then(|| shown_code(site, view.link))
            .flatten(),
        picture: view.picture.filter(|_| shows_code),
        made: view.made,
        file: view.opened.map(|_| STANDARD.encode(view.payload)),
        code: printed_code(site, view.link),
        is_message: message.is_some(),
        visitor: view.visitor || (view.anybody && message.is_some()),
        reportable: view.visitor,
        body: lay_out(message),
        json: Markup::from_escaped(json),
        issued: site.moment(view.issued_at),
        ends: view.expires_at.map(|at| site.moment(at)),
        token_id: view.token_id,
        token_text: view.token_text,
        opened: view.opened,
    };
    site::render(&page)
}

/// The QR code of `link`, as small as phones read it from a hand's width; none if it does not fit into one.
fn printed_code(site: &Site<'_>, link: &str) -> Option<Markup> {
    /// Millimetres of a dot.
    const DOT_MM: f64 = 0.33;
    if link.is_empty() {
        return None;
    }
    let symbol = Symbol::encode(link, Level::Medium).ok()?;
    let style = Style {
        module_size: ModuleSize::from_mm(DOT_MM).ok(),
        ..Style::default()
    };
    let drawing = svg(&symbol, &style, site.say("qr-code"));
    Some(Markup::from_escaped(drawing))
}

/// Why a holder reports what a visitor wrote, each with its words.
const REPORT_REASONS: [(&str, &str); 3] = [
    ("fraud", "report-fraud"),
    ("abuse", "report-abuse"),
    ("other", "report-other"),
];

#[derive(Template)]
#[template(path = "document.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one part of the page is there"
)]
struct DocumentPage<'a> {
    site: &'a Site<'a>,
    body: Markup,
    is_message: bool,
    direction: &'static str,
    article_language: &'static str,
    title: Option<&'a str>,
    contact: Option<Markup>,
    shown: Option<Markup>,
    picture: Option<&'a str>,
    made: bool,
    /// The JSON in base64, where it has no address of its own.
    file: Option<String>,
    code: Option<Markup>,
    visitor: bool,
    /// Whether it is kept, so that the operator can look at it.
    reportable: bool,
    json: Markup,
    issued: Moment,
    ends: Option<Moment>,
    token_id: &'a str,
    token_text: &'a str,
    opened: Option<OpenedView<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

    const SITE: Site<'_> = Site {
        base: "/codes",
        issuer: "Shop & Co",
        contact: None,
        version: "1.2.3",
        language: Language::English,
        docs: true,
        chosen: false,
        switch: None,
    };

    fn page(payload: &str) -> String {
        let view = DocumentView {
            payload,
            issued_at: 1_795_179_955,
            expires_at: None,
            token_id: "0f1e2d3c4b5a69788796a5b4",
            token_text: "0123456789",
            link: "https://SHOP.EXAMPLE/0123456789",
            visitor: false,
            anybody: false,
            blocked: None,
            profile: None,
            picture: None,
            made: false,
            opened: None,
        };
        document(&SITE, &view)
    }

    #[test]
    fn after_an_open_that_counts_the_page_says_what_is_left_and_offers_to_destroy_the_code() {
        let opened = |opens_left| {
            let form = FormView {
                path: "/0123456789",
                ctext: None,
                open_id: "abcdefghijklmnop",
                needs_pin: false,
                error: None,
            };
            let view = DocumentView {
                payload: "{}",
                issued_at: 1_795_179_955,
                expires_at: Some(1_795_266_300),
                token_id: "0f1e2d3c4b5a69788796a5b4",
                token_text: "0123456789",
                link: "https://SHOP.EXAMPLE/0123456789",
                visitor: false,
                anybody: false,
                blocked: None,
                profile: None,
                picture: None,
                made: false,
                opened: Some(OpenedView { opens_left, form }),
            };
            document(&SITE, &view)
        };
        let last = opened(Some(0));
        assert!(last.contains("cannot be opened again"), "{last}");
        assert!(last.contains("name=\"destroy\" value=\"yes\""));
        assert!(opened(Some(1)).contains("one more time"));
        assert!(opened(Some(5)).contains("5 more times"));
        let pin = opened(None);
        assert!(!pin.contains("more times") && !pin.contains("destroy"));
        for html in [last, pin] {
            assert_well_formed(&html.replace("<input ", "<img "));
            assert!(
                !html.contains("download=1")
                    && html.contains("href=\"data:application/json;base64,e30=\""),
                "the JSON has no address of its own"
            );
        }
    }

    /// The tags of a page, without their attributes.
    fn tags(html: &str) -> Vec<&str> {
        html.split('<')
            .skip(1)
            .map(|rest| rest.split([' ', '>', '\n']).next().unwrap_or_default())
            .collect()
    }

    /// Every opening tag has its closing tag, in the right order.
    fn assert_well_formed(html: &str) {
        let mut open = Vec::new();
        for tag in tags(html) {
            match tag.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed), "{html}"),
                None if matches!(tag, "!doctype" | "meta" | "link" | "img" | "path") => {}
                None => open.push(tag),
            }
        }
        assert_eq!(open, [""; 0]);
    }

    #[test]
    fn the_page_says_who_when_and_until_when() {
        let html = page(r#"{"id":"INV-1"}"#);
        for part in [
            "Shop &#38; Co</h1>",
            "20 November 2026, 13:05 UTC",
            "<dd>no end</dd>",
            "0f1e2d3c4b5a69788796a5b4",
            "href=\"/codes/api/decrypt/qrcode-details?ctext=0123456789&amp;download=1\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn nothing_in_a_payload_becomes_markup_wherever_it_stands() {
        let evil = r#"</script><img src=x onerror=alert(1)>\" onload='x' &lt;"#;
        let payload = format!(
            r#"{{"{evil}":"{evil}","a":{{"{evil}":["{evil}",{{"{evil}":"{evil}"}}]}},"t":[{{"{evil}":"{evil}","name":"{evil}"}}],"l":["{evil}","b"]}}"#
        );
        let html = page(&payload);
        assert_well_formed(&html);
        let plain =
            page(r#"{"q":"q","a":{"q":["q",{"q":"q"}]},"t":[{"q":"q","name":"q"}],"l":["q","b"]}"#);
        assert_eq!(tags(&html), tags(&plain));
        assert!(!html.contains("<img src=x") && html.contains("onerror=alert(1)"));
        // Quotes inside attributes are escaped too.
        assert!(html.contains("data-label=\"&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&#34; onload=&#39;x&#39; &amp;lt;\""));
    }

    #[test]
    fn no_script_or_style_stands_in_the_page_itself() {
        let html = page(r#"{"a":1}"#);
        assert!(
            !html.contains("<style") && !html.contains(" style=") && !html.contains(" on"),
            "{html}"
        );
        assert_eq!(
            html.matches("<script").count(),
            html.matches("<script src=").count()
        );
    }

    #[test]
    fn the_page_of_a_hostile_document_is_well_formed_and_grows_linearly() {
        let deep_objects = format!("{}1{}", "{\"a\":".repeat(32), "}".repeat(32));
        let deep_arrays = format!("{}1{}", "[".repeat(32), "]".repeat(32));
        let deep_mixed = format!("{}1{}", "[{\"\":".repeat(16), "}]".repeat(16));
        let long_text = format!("\"{}\"", "All work and no play. ".repeat(2_900));
        let long_word = format!("{{\"a\":\"{}\"}}", "x".repeat(65_000));
        let long_number = "9".repeat(65_000);
        let long_name = format!("{{\"{}\":1}}", "n".repeat(65_000));
        let marks = format!("\"{}\"", "\u{85}".repeat(32_000));
        let quotes = format!("\"{}\"", "\\\"".repeat(32_000));
        let many = |item: &str| format!("[{}]", vec![item; 65_000 / (item.len() + 1)].join(","));
        let unlike: Vec<String> = (0..6_000)
            .map(|index| format!("{{\"m{index}\":1}}"))
            .collect();
        let unlike = format!("[{}]", unlike.join(","));
        for payload in [
            &deep_objects,
            &deep_arrays,
            &deep_mixed,
            &long_text,
            &long_word,
            &long_number,
            &long_name,
            &marks,
            &quotes,
            &unlike,
            &many("0"),
            &many("[]"),
            &many("[0]"),
            &many("{}"),
            &many("null"),
            &many("\"\""),
            &many("{\"\":{\"\":1}}"),
            &many("{\"a\":1,\"b\":\"\"}"),
            &many("[[[[0]]]]"),
            &many("{\"\":[[]]}"),
            &many(&deep_objects),
            &many(&deep_arrays),
        ] {
            let html = page(payload);
            assert_well_formed(&html);
            let head: String = payload.chars().take(40).collect();
            assert!(
                html.len() <= 4_000 + 24 * payload.len(),
                "{} bytes of {} from {head}",
                html.len(),
                payload.len()
            );
        }
    }

    #[test]
    fn what_is_not_json_is_shown_and_does_not_panic() {
        for payload in ["", "{", "{\"a\":}", "\"\\ud800\"", "<b>"] {
            assert_well_formed(&page(payload));
        }
    }
}
