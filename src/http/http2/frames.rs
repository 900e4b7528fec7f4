//! Frames of HTTP/2 as they arrive (RFC 9113, section 4.1), counted by their heads.
//!
//! Belongs here: which frames cost more than the bytes that they are, and how many of those a client may send. Does not belong
//! here: what a frame says, and what becomes of a connection with too many (see `limited`).
//!
//! Pure: bytes and times come in. What is wrong with a frame finds who reads it.

use std::time::Duration;

/// The client's preface (RFC 9113, section 3.4), in front of all frames.
const PREFACE_BYTES: usize = 24;
/// A frame's length, kind, flags and stream.
const HEAD_BYTES: usize = 9;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 0x1;
const PADDED: u8 = 0x8;

/// A piece of a body is kept with about 300 bytes beside it: one that is smaller than this costs many times its bytes.
const SMALL_BYTES: u32 = 64;
/// Small pieces that nobody has read yet, beside those that time allows: as many that are not small
/// fill the window of a client's connection.
const SMALL_PIECES: u32 = 1024;
/// Frames that no request needs: so many at once, and then one for so many bytes that were answered, or as time goes by.
const OTHER_FRAMES: u32 = 1024;
const ANSWERED_BYTES: usize = 64;
/// The time that allows one more of either.
const ONE_MORE_EVERY: Duration = Duration::from_millis(10);

/// Of which frames there were too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooManyFrames {
    /// Pieces of bodies with hardly anything in them.
    #[error("too many small pieces of bodies")]
    SmallPieces,
    /// `PING`, `SETTINGS`, `PRIORITY`, `WINDOW_UPDATE`, and kinds that are not known.
    #[error("too many frames beside requests")]
    OtherFrames,
    /// Requests that were taken back.
    #[error("too many requests taken back")]
    Resets,
}

impl TooManyFrames {
    /// Its name for metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SmallPieces => "small_pieces",
            Self::OtherFrames => "other_frames",
            Self::Resets => "resets",
        }
    }
}

/// What has come on one connection.
#[derive(Debug)]
pub struct Frames {
    /// Bytes before the next head.
    skip: usize,
    /// A head, as far as it has come.
    head: [u8; HEAD_BYTES],
    came: usize,
    small: Allowance,
    other: Allowance,
    resets: Allowance,
    /// Bytes that were answered and allowed no frame yet.
    answered: usize,
}

impl Frames {
    /// Nothing has come. So many requests may be taken back at once, and as many again in each `span`.
    pub fn new(resets: u32, span: Duration) -> Self {
        Self {
            skip: PREFACE_BYTES,
            head: [0; HEAD_BYTES],
            came: 0,
            small: Allowance::new(SMALL_PIECES, ONE_MORE_EVERY),
            other: Allowance::new(OTHER_FRAMES, ONE_MORE_EVERY),
            resets: Allowance::new(resets, span / resets.max(1)),
            answered: 0,
        }
    }

    /// These bytes came next, `at` this time since the connection began.
    ///
    /// # Errors
    ///
    /// [`TooManyFrames`]
    pub fn pass(&mut self, mut bytes: &[u8], at: Duration) -> Result<(), TooManyFrames> {
        let mut counted = Ok(());
        while !bytes.is_empty() {
            let skipped = self.skip.min(bytes.len());
            self.skip -= skipped;
            bytes = &bytes[skipped..];
            let taken = (HEAD_BYTES - self.came).min(bytes.len());
            self.head[self.came..self.came + taken].copy_from_slice(&bytes[..taken]);
            self.came += taken;
            bytes = &bytes[taken..];
            if self.came == HEAD_BYTES {
                self.came = 0;
                counted = counted.and(self.count(at));
            }
        }
        counted
    }

    /// A piece of a body of so many bytes was read, or thrown away: another small one may come in its place.
    pub fn piece_was_read(&mut self, bytes: usize) {
        if (1..SMALL_BYTES as usize).contains(&bytes) {
            self.small.give(1);
        }
    }

    /// So many bytes were answered, for which a client may have to say what more it takes.
    pub fn answered(&mut self, bytes: usize) {
        self.answered += bytes;
        let frames = self.answered / ANSWERED_BYTES;
        self.answered %= ANSWERED_BYTES;
        self.other.give(u32::try_from(frames).unwrap_or(u32::MAX));
    }

    fn count(&mut self, at: Duration) -> Result<(), TooManyFrames> {
        let [high, middle, low, kind, flags, ..] = self.head;
        let length = u32::from_be_bytes([0, high, middle, low]);
        self.skip = length as usize;
        let (allowed, too_many) = match kind {
            DATA if flags & END_STREAM != 0 => return Ok(()),
            // Of one that is padded, nothing may be left.
            DATA if length >= SMALL_BYTES && flags & PADDED == 0 => return Ok(()),
            DATA => (&mut self.small, TooManyFrames::SmallPieces),
            // The heads of requests have bounds of their own.
            HEADERS | CONTINUATION => return Ok(()),
            RST_STREAM => (&mut self.resets, TooManyFrames::Resets),
            _ => (&mut self.other, TooManyFrames::OtherFrames),
        };
        match allowed.take(at) {
            true => Ok(()),
            false => Err(too_many),
        }
    }
}

/// How many more of something may come.
#[derive(Debug)]
struct Allowance {
    most: u32,
    left: u32,
    /// The time that allows one more.
    every: Duration,
    /// The time up to which that was done.
    until: Duration,
}

impl Allowance {
    fn new(most: u32, every: Duration) -> Self {
        Self {
            most,
            left: most,
            every,
            until: Duration::ZERO,
        }
    }

    fn give(&mut self, more: u32) {
        self.left = self.left.saturating_add(more).min(self.most);
    }

    /// Takes one, if there is one.
    fn take(&mut self, at: Duration) -> bool {
        let passed = at.saturating_sub(self.until).as_nanos();
        let more = passed / self.every.as_nanos().max(1);
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        self.give(more);
        self.until = match self.left == self.most {
            true => at,
            false => self.until + self.every * more,
        };
        match self.left.checked_sub(1) {
            None => false,
            Some(left) => {
                self.left = left;
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PREFACE: &[u8; PREFACE_BYTES] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const PING: u8 = 6;
    const SPAN: Duration = Duration::from_secs(30);

    fn frame(kind: u8, flags: u8, length: usize) -> Vec<u8> {
        let [.., high, middle, low] = length.to_be_bytes();
        let mut frame = vec![high, middle, low, kind, flags, 0, 0, 0, 1];
        // What looks like heads of other frames.
        frame.resize(HEAD_BYTES + length, RST_STREAM);
        frame
    }

    fn greeted() -> Frames {
        let mut frames = Frames::new(100, SPAN);
        frames.pass(PREFACE, Duration::ZERO).unwrap();
        frames
    }

    /// How many of these frames come through, of a hundred thousand.
    fn come_through(frames: &mut Frames, frame: &[u8], at: Duration) -> usize {
        (0..100_000)
            .take_while(|_| frames.pass(frame, at).is_ok())
            .count()
    }

    #[test]
    fn what_bodies_and_requests_need_is_never_too_much() {
        for frame in [
            frame(DATA, 0, 64),
            frame(DATA, END_STREAM, 0),
            frame(HEADERS, 0, 1),
            frame(CONTINUATION, 0, 1),
        ] {
            let frames = &mut greeted();
            assert_eq!(come_through(frames, &frame, Duration::ZERO), 100_000);
        }
    }

    #[test]
    fn frames_that_cost_more_than_their_bytes_are_counted_by_kind() {
        for (frame, expected, too_many) in [
            (frame(DATA, 0, 0), 1024, TooManyFrames::SmallPieces),
            (frame(DATA, 0, 1), 1024, TooManyFrames::SmallPieces),
            (frame(DATA, 0, 63), 1024, TooManyFrames::SmallPieces),
            (frame(DATA, PADDED, 256), 1024, TooManyFrames::SmallPieces),
            (frame(PING, 0, 8), 1024, TooManyFrames::OtherFrames),
            (frame(8, 0, 4), 1024, TooManyFrames::OtherFrames),
            (frame(0xfa, 0, 0), 1024, TooManyFrames::OtherFrames),
            (frame(RST_STREAM, 0, 4), 100, TooManyFrames::Resets),
        ] {
            let frames = &mut greeted();
            assert_eq!(come_through(frames, &frame, Duration::ZERO), expected);
            assert_eq!(frames.pass(&frame, Duration::ZERO), Err(too_many));
        }
    }

    #[test]
    fn time_answers_and_readers_allow_more() {
        let (piece, ping, reset) = (
            frame(DATA, 0, 1),
            frame(PING, 0, 8),
            frame(RST_STREAM, 0, 4),
        );
        let frames = &mut greeted();
        for frame in [&piece, &ping, &reset] {
            come_through(frames, frame, Duration::ZERO);
        }
        let later = Duration::from_millis(1005);
        assert_eq!(come_through(frames, &piece, later), 100);
        assert_eq!(come_through(frames, &ping, later), 100);
        assert_eq!(come_through(frames, &reset, later), 3);
        // Half of a moment was left over.
        let later = Duration::from_millis(1010);
        assert_eq!(come_through(frames, &piece, later), 1);
        for _ in 0..7 {
            frames.piece_was_read(1);
            frames.piece_was_read(64);
            frames.answered(100);
        }
        assert_eq!(come_through(frames, &piece, later), 7);
        assert_eq!(come_through(frames, &ping, later), 11);
        let much_later = later + 100 * SPAN;
        assert_eq!(come_through(frames, &piece, much_later), 1024);
        assert_eq!(come_through(frames, &reset, much_later), 100);
    }

    proptest! {
        #[test]
        fn frames_are_the_same_wherever_they_are_split(
            kinds in prop::collection::vec((0_u8..12, any::<u8>(), 0_usize..300), 0..300),
            pieces in prop::collection::vec(1_usize..40, 1..40),
        ) {
            let mut bytes = PREFACE.to_vec();
            for (kind, flags, length) in kinds {
                bytes.extend(frame(kind, flags, length));
            }
            let mut whole = Frames::new(4, SPAN);
            let expected = whole.pass(&bytes, Duration::ZERO);
            let mut split = Frames::new(4, SPAN);
            let mut rest = &bytes[..];
            let mut came = Ok(());
            for piece in pieces.iter().cycle() {
                if rest.is_empty() || came.is_err() {
                    break;
                }
                let (piece, more) = rest.split_at((*piece).min(rest.len()));
                came = split.pass(piece, Duration::ZERO);
                rest = more;
            }
            prop_assert_eq!(came, expected);
        }

        #[test]
        fn any_bytes_are_passed_over(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let mut frames = Frames::new(4, SPAN);
            let _counted = frames.pass(&bytes, Duration::from_secs(1));
        }
    }
}
