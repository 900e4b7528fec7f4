//! The figures of one document, scheme by scheme.

use qrseal::payload::Document;
use qrseal::qr::Level;

use crate::schemes::{Links, SCHEMES};
use crate::segments::Fit;

pub const LEVELS: [Level; 3] = [Level::Low, Level::Medium, Level::Quartile];

/// One document in every scheme.
pub struct Measured {
    pub name: String,
    pub payload_bytes: usize,
    /// In the order of [`SCHEMES`].
    pub by_scheme: Vec<InScheme>,
}

/// One document in one scheme.
pub struct InScheme {
    pub link_characters: usize,
    /// In the order of [`LEVELS`].
    pub fits: [Fit; LEVELS.len()],
}

impl Measured {
    pub fn new(name: &str, document: &Document, links: &Links) -> Self {
        let by_scheme = SCHEMES.iter().map(|scheme| {
            let link = scheme.link(document, links);
            InScheme {
                link_characters: link.len(),
                fits: LEVELS.map(|level| Fit::of(&link, level)),
            }
        });
        Self {
            name: name.to_owned(),
            payload_bytes: document.as_bytes().len(),
            by_scheme: by_scheme.collect(),
        }
    }

    /// `simple_invoice` for `simple_invoice-009`: documents of one kind are numbered.
    pub fn family(&self) -> &str {
        match self.name.rsplit_once('-') {
            Some((family, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => family,
            _ => &self.name,
        }
    }

    /// Whether every scheme has a symbol for it, so that means can be compared.
    pub fn fits_everywhere(&self, level: usize) -> bool {
        self.by_scheme
            .iter()
            .all(|scheme| scheme.fits[level].version.is_some())
    }
}
