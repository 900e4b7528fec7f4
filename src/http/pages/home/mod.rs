//! The page at `/`: what this is, and a form that seals a document.

mod command;
mod excerpt;
mod view;

use askama::Template;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use self::command::command;
use self::excerpt::Excerpt;
pub use self::view::{
    CodeView, Field, FieldErrors, HomeView, Outcome, SAMPLE, SealedView, SignedIn, StyleView,
};
use self::view::{EXPIRY_CHOICES, LEVEL_CHOICES, STORAGE_CHOICES};
use super::site::{self, Site};
use super::words::Moment;

/// The start page.
#[must_use]
pub fn home(site: &Site<'_>, view: &HomeView<'_>) -> String {
    let (sealed, error) = match &view.outcome {
        Outcome::Blank | Outcome::Preview(_) => (None, None),
        Outcome::Sealed(sealed) => (Some(Sealed::new(site, sealed)), None),
        Outcome::Refused(error) => (None, Some(error)),
    };
    let page = HomePage {
        site,
        view,
        sealed,
        excerpt: error.and_then(|error| Excerpt::at(view.payload, error.place?)),
        error,
        command: command(view),
        expiry_choices: EXPIRY_CHOICES,
        level_choices: LEVEL_CHOICES,
        storage_choices: STORAGE_CHOICES,
        preview: match view.outcome {
            Outcome::Preview(png) => Some(data_png(png)),
            _ => None,
        },
        kept_logo: view.style.logo.map(|logo| STANDARD.encode(logo)),
    };
    site::render(&page)
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    site: &'a Site<'a>,
    view: &'a HomeView<'a>,
    sealed: Option<Sealed<'a>>,
    error: Option<&'a FieldErrors<'a>>,
    excerpt: Option<Excerpt>,
    command: String,
    expiry_choices: &'static [(u64, &'static str)],
    level_choices: &'static [(&'static str, &'static str)],
    storage_choices: &'static [(&'static str, &'static str)],
    /// The style as a picture.
    preview: Option<String>,
    /// The logo's file in base64: without script a page cannot keep a chosen file in another way.
    kept_logo: Option<String>,
}

impl HomePage<'_> {
    /// Whether what is no JSON may have been meant as a text.
    fn may_be_text(&self) -> bool {
        self.error.is_some_and(|error| error.may_be_text)
    }

    /// What keeps the document from being one of its profile.
    fn faults(&self) -> &[(&str, &str)] {
        self.error.map_or(&[], |error| error.faults)
    }

    /// What is wrong with `field`, if anything is.
    fn wrong(&self, field: Field) -> Option<String> {
        let wrong = self.error?.wrong.iter();
        let words: Vec<&str> = wrong
            .filter(|(wrong, _)| *wrong == field)
            .map(|(_, words)| words.as_str())
            .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

fn data_png(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(png))
}

struct Sealed<'a> {
    view: &'a SealedView<'a>,
    png: String,
    svg: String,
    pdf: String,
    issued: Moment,
    ends: Option<Moment>,
}

impl Sealed<'_> {
    /// What was found when the picture was tried, in plain words.
    fn verdict(&self) -> String {
        let contrast = format!(
            "The contrast ratio of its colours is {:.1}, and 3 is enough.",
            (self.view.contrast * 10.0).floor() / 10.0
        );
        let aside = match self.view.is_read_from_aside {
            true => "So it was from aside and in poor light.",
            false => {
                "From aside and in poor light our reader did not read it. Phones read more, but print it larger, or choose \
                 square or rounded corners."
            }
        };
        match self.view.read_back {
            true => format!(
                "It scans: the finished picture was read back, at its own size, and reduced to 3 pixels a dot with a \
                 slight blur. {aside} {contrast}"
            ),
            false => format!(
                "It scans: dark dots on a light ground, as the standard has them. {contrast}"
            ),
        }
    }

    /// How much smaller packing made the document.
    fn packing(&self) -> String {
        let payload = self.view.payload_bytes;
        match self.view.packed_bytes {
            None => "not packed".to_owned(),
            Some(packed) => format!(
                "packed into {packed}, {} % smaller",
                100 * payload.saturating_sub(packed) / payload.max(1)
            ),
        }
    }
}

impl<'a> Sealed<'a> {
    fn new(site: &Site<'_>, view: &'a SealedView<'a>) -> Self {
        Self {
            view,
            png: data_png(view.png),
            svg: format!("data:image/svg+xml;base64,{}", STANDARD.encode(view.svg)),
            pdf: format!("data:application/pdf;base64,{}", STANDARD.encode(view.pdf)),
            issued: site.moment(view.issued_at),
            ends: view.expires_at.map(|at| site.moment(at)),
        }
    }
}

#[cfg(test)]
mod tests;
