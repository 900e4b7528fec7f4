//! What a phone shows of a code that counts its opens or has a PIN: what it is, one button, and how its holder ends it.

use askama::Template;

use super::body::Markup;
use super::site::{self, Site};
use super::staff::shown_code;
use super::words::{Moment, Told};

/// A code that is not open yet, as its pages show it.
#[derive(Debug, Clone, Copy)]
pub struct HeldView<'a> {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub issued_at: i64,
    /// Seconds since 1970-01-01T00:00:00Z; `None`: it never ends.
    pub expires_at: Option<i64>,
    /// How many opens are left, and of how many; `None`: as many as one likes.
    pub opens: Option<(u64, u64)>,
    /// Whether this browser opened it just now, so that the button shows it again.
    pub again: bool,
    /// Whether somebody wrote it whom the issuer does not know.
    pub visitor: bool,
    /// Whether it leads elsewhere, and holds no document.
    pub link: bool,
    /// 24 hexadecimal digits.
    pub token_id: &'a str,
    /// The code itself, where it was made just now.
    pub made: Option<MadeView<'a>>,
    /// Where its forms go.
    pub form: FormView<'a>,
}

/// A code that was made just now, to be saved or printed.
#[derive(Debug, Clone, Copy)]
pub struct MadeView<'a> {
    /// The link of the code.
    pub link: &'a str,
    /// The code in base64, a PNG, if it could be drawn as its profile says.
    pub picture: Option<&'a str>,
}

/// What was wrong with a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldError {
    /// It needs its PIN, and there was none.
    PinMissing,
    /// What was typed can be no PIN.
    PinImpossible {
        /// Whether it was typed into the field for letters.
        letters: bool,
    },
    /// Not its PIN.
    PinWrong {
        /// Whether it was typed into the field for letters.
        letters: bool,
        /// Tries that are left to this network now.
        attempts_left: u32,
    },
}

impl FormView<'_> {
    /// Whether the reader is at the field for letters.
    pub(super) fn at_letters(&self) -> bool {
        matches!(
            self.error,
            Some(
                HeldError::PinImpossible { letters: true }
                    | HeldError::PinWrong { letters: true, .. }
            )
        )
    }

    /// What was wrong, in the language of `site`; empty if nothing was.
    pub(super) fn wrong(&self, site: &Site<'_>) -> String {
        match self.error {
            None => String::new(),
            Some(HeldError::PinMissing) => site.say("pin-missing").to_owned(),
            Some(HeldError::PinImpossible { .. }) => site.say("pin-impossible").to_owned(),
            Some(HeldError::PinWrong { attempts_left, .. }) => {
                let left = Told::left("tries-left", attempts_left).text(site.language);
                format!("{} {left}", site.say("pin-wrong"))
            }
        }
    }
}

/// Where a form about a code goes, and what it sends besides what is typed.
#[derive(Debug, Clone, Copy)]
pub struct FormView<'a> {
    /// Path below the public address, with its slash.
    pub path: &'a str,
    /// The token, if it does not stand in the path.
    pub ctext: Option<&'a str>,
    /// Makes the open repeatable.
    pub open_id: &'a str,
    /// Whether a PIN is to be typed.
    pub needs_pin: bool,
    /// What was wrong with the try before this page.
    pub error: Option<HeldError>,
}

/// The page with the button that opens the code.
#[must_use]
pub fn open(site: &Site<'_>, view: &HeldView<'_>) -> String {
    let picture = view.made.and_then(|made| made.picture);
    let plain = view.made.filter(|_| picture.is_none());
    site::render(&OpenPage {
        site,
        view,
        made: view.made.is_some(),
        picture,
        shown: plain.and_then(|made| shown_code(site, made.link)),
        token_id: view.token_id,
        issued: site.moment(view.issued_at),
        ends: view.expires_at.map(|at| site.moment(at)),
    })
}

/// The page that asks whether the code is to be destroyed.
#[must_use]
pub fn destroy(site: &Site<'_>, view: &HeldView<'_>) -> String {
    site::render(&DestroyPage { site, view })
}

/// The page that says that the code is destroyed. `destroyed_at`: seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn destroyed(site: &Site<'_>, token_id: &str, destroyed_at: i64) -> String {
    site::render(&DestroyedPage {
        site,
        token_id,
        destroyed: site.at("destroyed-since", destroyed_at),
    })
}

#[derive(Template)]
#[template(path = "open.html")]
struct OpenPage<'a> {
    site: &'a Site<'a>,
    view: &'a HeldView<'a>,
    made: bool,
    picture: Option<&'a str>,
    shown: Option<Markup>,
    token_id: &'a str,
    issued: Moment,
    ends: Option<Moment>,
}

#[derive(Template)]
#[template(path = "destroy.html")]
struct DestroyPage<'a> {
    site: &'a Site<'a>,
    view: &'a HeldView<'a>,
}

#[derive(Template)]
#[template(path = "destroyed.html")]
struct DestroyedPage<'a> {
    site: &'a Site<'a>,
    token_id: &'a str,
    destroyed: Markup,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::Language;

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

    fn view(opens: Option<(u64, u64)>, needs_pin: bool) -> HeldView<'static> {
        HeldView {
            issued_at: 1_795_179_955,
            expires_at: Some(1_795_266_300),
            opens,
            again: false,
            visitor: false,
            link: false,
            made: None,
            token_id: "0f1e2d3c4b5a69788796a5b4",
            form: FormView {
                path: "/0123456789",
                ctext: None,
                open_id: "abcdefghijklmnop",
                needs_pin,
                error: None,
            },
        }
    }

    #[test]
    fn the_page_says_how_often_it_opens_and_until_when() {
        let once = open(&SITE, &view(Some((1, 1)), false));
        for part in [
            "Shop &#38; &#60;Co&#62;",
            "21 November 2026, 13:05 UTC",
            "This code can be opened only once",
            "<dd>1 of 1</dd>",
            "method=\"post\" action=\"/codes/0123456789\"",
            "name=\"open_id\" value=\"abcdefghijklmnop\"",
        ] {
            assert!(once.contains(part), "{part} in {once}");
        }
        assert!(!once.contains("name=\"pin\"") && !once.contains("ctext"));
        let last = open(&SITE, &view(Some((1, 3)), false));
        assert!(last.contains("This code can be opened one more time") && last.contains("1 of 3"));
        let several = open(&SITE, &view(Some((2, 3)), false));
        assert!(several.contains("This code can be opened 2 more times"));
    }

    #[test]
    fn a_pin_is_typed_on_a_number_pad_and_one_with_letters_on_a_keyboard() {
        let html = open(&SITE, &view(None, true));
        for part in [
            "name=\"pin\" type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\"",
            "name=\"pin_text\" type=\"text\" autocomplete=\"off\" autocapitalize=\"none\"",
            "This code needs a PIN",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("Opens left"));
    }

    #[test]
    fn what_was_wrong_stands_beside_the_field() {
        let mut view = view(None, true);
        view.form.error = Some(HeldError::PinWrong {
            letters: false,
            attempts_left: 4,
        });
        let html = open(&SITE, &view);
        assert!(html.contains("The PIN is wrong. 4 tries are left."));
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"wrong\" autofocus"));
        assert_eq!(html.matches("autofocus").count(), 1);
        view.form.error = Some(HeldError::PinWrong {
            letters: true,
            attempts_left: 4,
        });
        let html = open(&SITE, &view);
        assert!(html.contains("<details open>"));
        let (pin, letters) = html.split_once("<details open>").expect("both fields");
        assert!(!pin.contains("autofocus") && letters.contains("autofocus"));
    }

    #[test]
    fn destroying_takes_a_second_form_with_the_pin_if_there_is_one() {
        let mut view = view(Some((1, 3)), true);
        view.form.ctext = Some("IA8q0EBB");
        let html = destroy(&SITE, &view);
        for part in [
            "name=\"destroy\" value=\"yes\"",
            "name=\"ctext\" value=\"IA8q0EBB\"",
            "name=\"pin\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        let done = destroyed(&SITE, "0f1e2d3c4b5a69788796a5b4", 1_795_179_955);
        assert!(done.contains("20 November 2026, 13:05 UTC"));
    }

    #[test]
    fn no_script_or_style_stands_in_the_pages() {
        let view = view(Some((2, 3)), true);
        for html in [open(&SITE, &view), destroy(&SITE, &view)] {
            assert!(
                !html.contains("<style") && !html.contains(" style=") && !html.contains(" on"),
                "{html}"
            );
        }
    }
}
