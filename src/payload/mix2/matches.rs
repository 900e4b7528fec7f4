//! The longest text before that ended as this one does, and what followed it there.

use super::boxed::boxed;
use super::guesses::{Guesses, MATCH_KINDS};
use super::tables::hash;

/// Two searches: for the last six bytes, and for the last three after the same name.
const LEAST: [u32; MATCH_KINDS] = [6, 3];
const BUCKETS_LOG: u32 = 16;
/// How far back a match is measured.
const MOST: usize = 400;
/// How often a match may be wrong before it is given up, unless it was long just before.
const MOST_MISSES: u32 = 8;
const LONG: u32 = 16;

/// One match: where it goes on, how long it is (0: there is none), and how often it was wrong.
#[derive(Debug, Clone, Copy, Default)]
struct Match {
    at: usize,
    length: u32,
    misses: u32,
}

/// All text so far, and the matches in it.
#[derive(Debug, Clone)]
pub(super) struct Matches {
    /// The prior and the document, behind one zero byte.
    text: Vec<u8>,
    /// Where the document begins.
    document: usize,
    /// Where a text of that hash ended last; 0: nowhere.
    places: [Box<[u32; 1 << BUCKETS_LOG]>; MATCH_KINDS],
    found: [Match; MATCH_KINDS],
    undo: Option<Vec<(usize, usize, u32)>>,
}

impl Matches {
    pub(super) fn new() -> Self {
        Self {
            text: vec![0],
            document: 1,
            places: std::array::from_fn(|_| boxed(0)),
            found: [Match::default(); MATCH_KINDS],
            undo: None,
        }
    }

    pub(super) fn freeze(&mut self) {
        self.document = self.text.len();
        self.undo = Some(Vec::new());
    }

    pub(super) fn undo(&mut self) {
        for (kind, bucket, place) in self.undo.iter_mut().flat_map(|undo| undo.drain(..).rev()) {
            self.places[kind][bucket] = place;
        }
        self.text.truncate(self.document);
    }

    /// Before a document or a segment of the prior.
    pub(super) fn start(&mut self, guesses: &mut Guesses) {
        self.document = self.text.len();
        self.found = [Match::default(); MATCH_KINDS];
        self.guess(guesses);
    }

    fn guess(&self, guesses: &mut Guesses) {
        for (kind, found) in (0..).zip(&self.found) {
            let byte = match found.length {
                0 => None,
                _ => self.text.get(found.at).copied(),
            };
            let own = if found.at >= self.document { 64 } else { 0 };
            let length = match found.length {
                short @ 0..=32 => short,
                long => 32 + ((long - 32) / 8).min(20),
            };
            let [place, ..] = (own + length).to_le_bytes();
            guesses.set_match(kind, byte, place);
        }
    }

    /// Learns a byte. `last` are the last eight with it, and `name` is the name whose value comes.
    pub(super) fn end(&mut self, byte: u8, last: u64, name: u32, guesses: &mut Guesses) {
        self.text.push(byte);
        let [b0, b1, b2, b3, b4, b5, ..] = last.to_le_bytes();
        let four = u32::from_le_bytes([b0, b1, b2, b3]);
        let two = u32::from_le_bytes([b4, b5, 0, 0]);
        let three = u32::from_le_bytes([b0, b1, b2, 0]);
        for (kind, sought) in [hash(four, two), hash(three, name)].into_iter().enumerate() {
            let bucket = (sought >> (32 - BUCKETS_LOG)) as usize;
            let end = self.text.len();
            let mut found = self.go_on(kind, byte);
            let place = self.places[kind][bucket];
            if found.length < LEAST[kind] && place != 0 {
                let length = self.common(place as usize);
                if length >= LEAST[kind] {
                    found = Match {
                        at: place as usize,
                        length,
                        misses: 0,
                    };
                }
            }
            self.found[kind] = found;
            if let Some(undo) = &mut self.undo {
                undo.push((kind, bucket, place));
            }
            self.places[kind][bucket] = u32::try_from(end).unwrap_or(0);
        }
        self.guess(guesses);
    }

    /// A match after one more byte: longer, or wrong once more, or given up.
    fn go_on(&self, kind: usize, byte: u8) -> Match {
        let Match { at, length, misses } = self.found[kind];
        if length > 0 && self.text[at] == byte {
            Match {
                at: at + 1,
                length: length + 1,
                misses,
            }
        } else if length >= LONG || length > 0 && misses < MOST_MISSES {
            Match {
                at: at + 1,
                length: 1,
                misses: misses + 1,
            }
        } else {
            Match::default()
        }
    }

    /// How many bytes before `place` are those before the end.
    fn common(&self, place: usize) -> u32 {
        let end = self.text.len();
        let same = self.text[1..place]
            .iter()
            .rev()
            .zip(self.text[..end].iter().rev())
            .take(MOST)
            .take_while(|(then, now)| then == now);
        u32::try_from(same.count()).unwrap_or(0)
    }

    /// Everything in it that learns, as bytes in the order of the format.
    #[cfg(test)]
    pub(super) fn each_byte(&self, mut write: impl FnMut(&[u8])) {
        write(&self.text);
        for place in self.places.iter().flat_map(|places| places.iter()) {
            write(&place.to_le_bytes());
        }
    }
}
