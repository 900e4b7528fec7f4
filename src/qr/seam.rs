//! Other people's readers, behind a seam: whatever a library does with a picture, the answer is codes or none.
//!
//! Belongs here: calling the libraries, on a thread of its own, for at most two seconds, with panics caught. Does not
//! belong here: which sizes of a picture are tried, and what is said to people.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Once, mpsc};
use std::time::{Duration, Instant};

use image::GrayImage;
use rxing::common::HybridBinarizer;
use rxing::multi::MultipleBarcodeReader as _;
use rxing::qrcode::cpp_port::QrReader;
use rxing::{BarcodeFormat, BinaryBitmap, DecodeHints, Luma8Source};

use super::code::Code;

/// A person waits for the answer.
pub(super) const LONGEST: Duration = Duration::from_secs(2);
/// The name of the threads whose panics are not shown: they are caught.
const THREAD: &str = "picture";

/// Runs a search for at most [`LONGEST`]. `None` if it took longer or could not be run at all.
///
/// A search that never ends keeps its thread: it asks [`Until::is_over`] wherever it can.
pub(super) fn bounded<T: Send + 'static>(
    search: impl FnOnce(Until) -> T + Send + 'static,
) -> Option<T> {
    let until = Until(Instant::now() + LONGEST);
    let (answer, answered) = mpsc::channel();
    std::thread::Builder::new()
        .name(THREAD.to_owned())
        .spawn(move || {
            // It fails if nobody waits any more.
            let _late = answer.send(search(until));
        })
        .ok()?;
    answered.recv_timeout(LONGEST).ok()
}

/// When a search has to end.
#[derive(Clone, Copy)]
pub(super) struct Until(Instant);

impl Until {
    pub(super) fn is_over(self) -> bool {
        Instant::now() >= self.0
    }
}

/// What `library` finds; nothing if it panics. The message of a panic is not shown on the threads of [`bounded`].
pub(super) fn caught<T: Default>(library: impl FnOnce() -> T) -> T {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |about| {
            if std::thread::current().name() != Some(THREAD) {
                loud(about);
            }
        }));
    });
    // What was being searched is not looked at again.
    panic::catch_unwind(AssertUnwindSafe(library)).unwrap_or_default()
}

/// All codes that `rxing` sees.
pub(super) fn codes(picture: &GrayImage) -> Vec<Code> {
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into_iter().collect()),
        ..DecodeHints::default()
    };
    let (width, height) = picture.dimensions();
    let Ok(source) = Luma8Source::new_with_slice(picture.as_raw(), width, height) else {
        return Vec::new();
    };
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let found = QrReader.decode_multiple_with_hints(&mut bitmap, &hints);
    found
        .unwrap_or_default()
        .into_iter()
        .map(|result| {
            let bytes = result.getRawBytes().to_vec();
            let corners = result
                .getPoints()
                .iter()
                .map(|point| (f64::from(point.x), f64::from(point.y)))
                .collect();
            match String::from_utf8(bytes) {
                Ok(text) if !text.is_empty() || result.getText().is_empty() => Code {
                    text,
                    bytes: None,
                    corners,
                },
                // Not UTF-8: what the library takes it for, Latin-1 or Shift JIS, and the bytes beside it.
                Ok(_) => Code {
                    text: result.getText().to_owned(),
                    bytes: None,
                    corners,
                },
                Err(error) => Code {
                    text: result.getText().to_owned(),
                    bytes: Some(error.into_bytes()),
                    corners,
                },
            }
        })
        .collect()
}
