//! A document into a body.

use zstd::zstd_safe::compress_bound;

use super::effort::Effort;
use super::{FRAME_HEADER, contexts, dictionary};
use crate::payload::Document;

/// Above this many bytes a document is packed with [`Effort::Fast`] whatever is asked: it fits a symbol only if it
/// repeats itself, which every level finds, and [`Effort::Best`] takes tens of milliseconds for 64 KiB.
const MOST_FOR_BEST: usize = 8 * 1024;

/// Prepares what the first [`pack`] with this effort would otherwise take tens of milliseconds for.
pub fn prepare(effort: Effort) {
    for effort in [Effort::Fast, effort] {
        // A context looks at its dictionary when it packs for the first time.
        body(b"{}", effort);
    }
    dictionary::for_unpacking();
}

/// Packs a document: the body of a token with codec 1.
///
/// `None` if that would not be smaller than the document's own text, which is then the better body.
pub fn pack(document: &Document, effort: Effort) -> Option<Vec<u8>> {
    let text = document.as_bytes();
    let body = match effort {
        _ if text.len() > MOST_FOR_BEST => body(text, Effort::Fast),
        Effort::Fast => body(text, Effort::Fast),
        // Now and then the faster level finds the smaller body.
        Effort::Best => [Effort::Fast, Effort::Best]
            .into_iter()
            .filter_map(|effort| body(text, effort))
            .min_by_key(Vec::len),
    };
    body.filter(|body| body.len() < text.len())
}

fn body(text: &[u8], effort: Effort) -> Option<Vec<u8>> {
    let mut frame = Vec::with_capacity(compress_bound(text.len()));
    contexts::with(effort, |context| context.compress2(&mut frame, text)).ok()?;
    without_header(frame)
}

/// zstd asks for no larger a window than this document needs; the format, for all frames, for the largest one, which only
/// promises the reader less. So the header is left out if the frame keeps to what [`FRAME_HEADER`] says.
fn without_header(mut frame: Vec<u8>) -> Option<Vec<u8>> {
    let [descriptor, window] = *frame.first_chunk()?;
    if descriptor != FRAME_HEADER[0] || window > FRAME_HEADER[1] {
        return None;
    }
    frame.drain(..FRAME_HEADER.len());
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_header_that_the_format_stands_for_is_left_out() {
        assert_eq!(without_header(vec![0x00, 0x38, 1, 2]), Some(vec![1, 2]));
        assert_eq!(
            without_header(vec![0x00, 0x00, 1, 2]),
            Some(vec![1, 2]),
            "a smaller window"
        );
        assert_eq!(
            without_header(vec![0x00, 0x39, 1, 2]),
            None,
            "a larger window"
        );
        assert_eq!(without_header(vec![0x04, 0x38, 1, 2]), None, "a checksum");
        assert_eq!(without_header(vec![0x00]), None);
    }
}
