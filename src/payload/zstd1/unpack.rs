//! A body into the bytes of a document.

use std::cell::RefCell;

use thiserror::Error;
use zstd::zstd_safe::{DCtx, DParameter, ErrorCode, FrameFormat};

use super::{FRAME_HEADER, dictionary};
use crate::payload::MAX_BYTES;

/// The body is not codec 1: not exactly one zstd frame as the format has it, or too many bytes unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not one zstd frame, or one of too many bytes")]
pub struct UnpackError;

thread_local! {
    /// One for each thread, with room for the largest document of a token: both are far more expensive to make than to use again.
    static CONTEXT: RefCell<(DCtx<'static>, Vec<u8>)> =
        RefCell::new((context(), Vec::with_capacity(MAX_BYTES)));
}

/// Unpacks the body of a token with codec 1.
///
/// Never writes more than [`MAX_BYTES`] bytes, whatever the frame says, and refuses a body that goes on after its frame.
///
/// # Errors
/// [`UnpackError`]; nothing of the body is to be used then.
pub fn unpack(body: &[u8]) -> Result<Vec<u8>, UnpackError> {
    unpack_up_to(body, MAX_BYTES)
}

/// As [`unpack`], of a record: never more than `most` bytes, at least [`MAX_BYTES`].
///
/// # Errors
/// As [`unpack`].
pub fn unpack_up_to(body: &[u8], most: usize) -> Result<Vec<u8>, UnpackError> {
    if !is_one_frame(body) {
        return Err(UnpackError);
    }
    let frame = [&FRAME_HEADER, body].concat();
    CONTEXT
        .with_borrow_mut(|(context, room)| {
            context.ref_ddict(dictionary::for_unpacking())?;
            // Writes into the room that is there, and fails if it is not enough.
            match context.decompress(room, &frame) {
                Ok(_) => Ok(room.clone()),
                // Most documents in the store are as small as those in tokens; room for others is made when one comes.
                Err(_) if most > MAX_BYTES => {
                    let mut room = Vec::with_capacity(most);
                    context.decompress(&mut room, &frame)?;
                    room.shrink_to_fit();
                    Ok(room)
                }
                Err(error) => Err(error),
            }
        })
        .map_err(|_: ErrorCode| UnpackError)
}

fn context() -> DCtx<'static> {
    let mut context = DCtx::create();
    context
        .set_parameter(DParameter::Format(FrameFormat::Magicless))
        .expect("zstd knows magicless frames");
    context
}

/// Whether the blocks (RFC 8878, section 3.1.1.2), up to the one that says it is the last, are exactly this long.
///
/// zstd's own function for a whole frame goes on to a second frame as if it belonged to the first.
fn is_one_frame(mut blocks: &[u8]) -> bool {
    while let Some((&[low, middle, high], rest)) = blocks.split_first_chunk() {
        let header = u32::from_le_bytes([low, middle, high, 0]);
        let last = header & 1 == 1;
        let size = match header >> 1 & 3 {
            BLOCK_RUN_LENGTH => Ok(1),
            BLOCK_RAW | BLOCK_COMPRESSED => usize::try_from(header >> 3),
            _ => return false,
        };
        let Some(rest) = size.ok().and_then(|size| rest.get(size..)) else {
            return false;
        };
        if last {
            return rest.is_empty();
        }
        blocks = rest;
    }
    false
}

const BLOCK_RAW: u32 = 0;
const BLOCK_RUN_LENGTH: u32 = 1;
const BLOCK_COMPRESSED: u32 = 2;
