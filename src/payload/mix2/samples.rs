//! Codec 3: the model of codec 2, which has read sample documents after its prior.
//!
//! Belongs here: models with their samples. Which samples a token needs, and what stands before its body, is said elsewhere
//! (`samples`).
//!
//! To read samples takes a millisecond a kilobyte, up to 16, so a model that has read them is kept: 6.5 MB for each of the eight
//! sets that were used last. A ninth takes the place of the one that was not used for longest.

use std::sync::{Arc, Mutex, PoisonError};

use super::model::Model;
use super::{Document, MAX_DOCUMENT_BYTES, SHORT, UnpackError, lock, pack_on, unpack_on};

/// The most models that are kept.
const MODELS: usize = 8;

/// A model, and what it has read.
struct Kept {
    samples: Arc<[Document]>,
    model: Arc<Mutex<Model>>,
}

/// The models; the one that was used last is the last.
static MODELS_WITH_SAMPLES: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

/// The model that has read these samples.
fn model_after(samples: &Arc<[Document]>) -> Arc<Mutex<Model>> {
    // What is in it is whole at any moment.
    let mut kept = MODELS_WITH_SAMPLES
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let found = if let Some(at) = kept.iter().position(|one| one.samples == *samples) {
        kept.remove(at)
    } else {
        let mut model = lock(&SHORT).clone();
        model.read(samples.iter().map(Document::as_bytes));
        if kept.len() >= MODELS {
            kept.remove(0);
        }
        Kept {
            samples: Arc::clone(samples),
            model: Arc::new(Mutex::new(model)),
        }
    };
    let model = Arc::clone(&found.model);
    kept.push(found);
    model
}

/// As [`pack`](super::pack), by a model that has read `samples`, one after the other. The first time takes longer.
pub fn pack_after(samples: &Arc<[Document]>, document: &Document) -> Option<Vec<u8>> {
    pack_on(&model_after(samples), document)
}

/// As [`unpack`](super::unpack), by a model that has read `samples`.
///
/// # Errors
/// [`UnpackError`]; nothing of the body is to be used then.
pub fn unpack_after(samples: &Arc<[Document]>, body: &[u8]) -> Result<Vec<u8>, UnpackError> {
    unpack_on(&model_after(samples), body, MAX_DOCUMENT_BYTES).map_err(|_| UnpackError)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde::Deserialize;
    use sha2::{Digest as _, Sha256};

    use super::super::{pack, pack_with};
    use super::*;
    use crate::payload::{check, minify};

    #[derive(Deserialize)]
    struct Vectors {
        sets: Vec<Set>,
        bodies: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Set {
        number: usize,
        documents: Vec<String>,
        primed_sha256: String,
    }

    #[derive(Deserialize)]
    struct Vector {
        name: String,
        set: usize,
        expect: String,
        body: String,
        #[serde(default)]
        text: String,
        #[serde(default)]
        state_sha256: String,
    }

    fn vectors() -> Vectors {
        serde_json::from_str(include_str!("../../../tests/vectors/codec-3.json")).unwrap()
    }

    fn documents(texts: &[String]) -> Arc<[Document]> {
        texts.iter().map(|text| document(text)).collect()
    }

    fn document(text: &str) -> Document {
        minify(text.as_bytes()).unwrap()
    }

    /// What of a body stands behind its head.
    fn behind_head(vector: &Vector) -> Vec<u8> {
        let hex = &vector.body[6..];
        (0..hex.len() / 2)
            .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
            .collect()
    }

    /// SHA-256 of everything that learns, when the model has read this text behind the samples.
    fn state_digest(samples: &Arc<[Document]>, text: &[u8]) -> String {
        let model = model_after(samples);
        let mut model = lock(&model);
        pack_with(&mut model, text);
        let mut digest = Sha256::new();
        model.each_byte(|bytes| digest.update(bytes));
        model.undo();
        let digest: [u8; 32] = digest.finalize().into();
        digest.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    }

    #[test]
    fn known_bodies_are_packed_and_unpacked_after_their_samples_as_they_were() {
        let Vectors { sets, bodies } = vectors();
        let mut unpacked = 0;
        for set in &sets {
            let samples = documents(&set.documents);
            assert_eq!(state_digest(&samples, b""), set.primed_sha256);
            for vector in bodies.iter().filter(|vector| vector.set == set.number) {
                let (name, body) = (&vector.name, behind_head(vector));
                match vector.expect.as_str() {
                    "unpacked" => {
                        let text = vector.text.as_bytes();
                        assert_eq!(unpack_after(&samples, &body).unwrap(), text, "{name}");
                        let packed = {
                            let model = model_after(&samples);
                            let mut model = lock(&model);
                            let packed = pack_with(&mut model, text);
                            model.undo();
                            packed
                        };
                        assert_eq!(packed, body, "{name}");
                        if unpacked % 6 == 0 {
                            assert_eq!(state_digest(&samples, text), vector.state_sha256, "{name}");
                        }
                        unpacked += 1;
                    }
                    "refused" => assert!(unpack_after(&samples, &body).is_err(), "{name}"),
                    _ => {}
                }
            }
        }
        assert!(unpacked >= 18);
    }

    #[test]
    fn samples_make_documents_of_their_kind_smaller_and_leave_codec_2_as_it_is() {
        let Vectors { sets, bodies } = vectors();
        let text = document(&bodies[0].text);
        let without = pack(&text).unwrap();
        let samples = documents(&sets[0].documents);
        let after = pack_after(&samples, &text).unwrap();
        assert!(
            after.len() + 9 < without.len(),
            "{} {}",
            after.len(),
            without.len()
        );
        assert_eq!(pack(&text).unwrap(), without);
        assert_eq!(pack_after(&samples, &document("7")), None);
    }

    #[test]
    fn more_sets_than_are_kept_take_turns_and_give_the_same_bodies() {
        let text = document(r#"{"seat":"B12","row":7}"#);
        let sets: Vec<_> = (0..=MODELS)
            .map(|row| documents(&[format!(r#"{{"seat":"A1{row}","row":{row}}}"#)]))
            .collect();
        let bodies: Vec<_> = sets.iter().map(|set| pack_after(set, &text)).collect();
        for (set, body) in sets.iter().zip(&bodies) {
            assert_eq!(&pack_after(set, &text), body);
            let unpacked = unpack_after(set, body.as_ref().unwrap());
            assert_eq!(unpacked.as_deref(), Ok(text.as_bytes()));
        }
        let kept = MODELS_WITH_SAMPLES.lock().unwrap();
        assert!(kept.len() <= MODELS);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_gives_an_error_or_a_bounded_text() {
        let Vectors { sets, bodies } = vectors();
        let samples = documents(&sets[1].documents);
        let small = |vector: &&Vector| vector.set == 2 && vector.expect == "unpacked";
        for vector in bodies.iter().filter(small).take(3) {
            let body = behind_head(vector);
            let flipped = (0..8 * body.len()).map(|at| {
                let mut other = body.clone();
                other[at / 8] ^= 1 << (at % 8);
                other
            });
            let cut = (0..body.len()).map(|end| body[..end].to_vec());
            for other in flipped.chain(cut) {
                if let Ok(text) = unpack_after(&samples, &other) {
                    assert!(text.len() <= MAX_DOCUMENT_BYTES);
                    let _ = check(&text);
                }
            }
            let text = unpack_after(&samples, &body);
            assert_eq!(text.as_deref(), Ok(vector.text.as_bytes()));
        }
    }
}
