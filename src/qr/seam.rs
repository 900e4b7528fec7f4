//! Other people's readers, behind a seam: whatever a library does with a picture, the answer is codes or none.
//!
//! Belongs here: calling the libraries, on a thread of its own, for at most two seconds, with panics caught, and few that go on longer. Does not
//! belong here: which sizes of a picture are tried, and what is said to people.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Once, mpsc};
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

/// Searches that may go on when nobody waits for them any more: each keeps a core and the memory of its picture.
const MOST_LATE: usize = 4;
/// How many do.
static LATE: AtomicUsize = AtomicUsize::new(0);

/// Why a search found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsearched {
    /// It took longer than a person waits, or could not be run at all.
    TooLong,
    /// As many others still run that took too long.
    Busy,
}

/// Runs a search for at most [`LONGEST`].
///
/// A search that never ends keeps its thread: it asks [`Until::is_over`] wherever it can, and while [`MOST_LATE`] do not, no other begins.
pub(super) fn bounded<T: Send + 'static>(
    search: impl FnOnce(Until) -> T + Send + 'static,
) -> Result<T, Unsearched> {
    bounded_by(LONGEST, &LATE, search)
}

fn bounded_by<T: Send + 'static>(
    longest: Duration,
    late: &'static AtomicUsize,
    search: impl FnOnce(Until) -> T + Send + 'static,
) -> Result<T, Unsearched> {
    if late.load(Ordering::SeqCst) >= MOST_LATE {
        return Err(Unsearched::Busy);
    }
    let until = Until(Instant::now() + longest);
    let (answer, answered) = mpsc::channel();
    let running = Running {
        is_settled: Arc::new(AtomicBool::new(false)),
        late,
    };
    let is_settled = Arc::clone(&running.is_settled);
    std::thread::Builder::new()
        .name(THREAD.to_owned())
        .spawn(move || {
            let _running = running;
            // It fails if nobody waits any more.
            let _late = answer.send(search(until));
        })
        .map_err(|_| Unsearched::TooLong)?;
    answered.recv_timeout(longest).map_err(|_| {
        late.fetch_add(1, Ordering::SeqCst);
        if is_settled.swap(true, Ordering::SeqCst) {
            late.fetch_sub(1, Ordering::SeqCst);
        }
        Unsearched::TooLong
    })
}

/// A search that has not ended. Whoever settles first, the search by ending or those who wait by going away, leaves it to the other to
/// count.
struct Running {
    is_settled: Arc<AtomicBool>,
    late: &'static AtomicUsize,
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.is_settled.swap(true, Ordering::SeqCst) {
            self.late.fetch_sub(1, Ordering::SeqCst);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_searches_go_on_for_which_nobody_waits_no_other_begins() {
        static LATE: AtomicUsize = AtomicUsize::new(0);
        let mut ends = Vec::new();
        for _ in 0..MOST_LATE {
            let (end, ended) = mpsc::channel::<()>();
            let search = move |_| {
                let _end = ended.recv();
            };
            let found = bounded_by(Duration::ZERO, &LATE, search);
            assert_eq!(found, Err(Unsearched::TooLong));
            ends.push(end);
        }
        let busy = bounded_by(LONGEST, &LATE, |_| 1);
        assert_eq!(busy, Err(Unsearched::Busy));
        drop(ends);
        while LATE.load(Ordering::SeqCst) > 0 {
            std::thread::yield_now();
        }
        assert_eq!(bounded_by(LONGEST, &LATE, |_| 1), Ok(1));
    }
}
