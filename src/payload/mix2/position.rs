//! Where in a JSON text the next byte stands: what the contexts are made of.
//!
//! It follows any bytes, JSON or not; what comes out of a body is checked elsewhere.

use super::tables::hash;

/// What kind of text the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between values and names, where punctuation stands.
    Between = 0,
    /// In a name.
    Name = 1,
    /// In a string that is a value.
    Text = 2,
    /// In a number or in `true`, `false`, `null`.
    Bare = 3,
}

/// An object or an array that is open.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    object: bool,
    /// The last name in it, or for an array the name it has itself.
    name: u32,
    /// The same name in plain words.
    plain_name: u32,
}

/// Everything that is known of the text before the next byte.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone)]
pub(super) struct Position {
    frames: Vec<Frame>,
    pub(super) place: Place,
    escaped: bool,
    expects_name: bool,
    name_closed: bool,
    /// Whether the value at the top has ended.
    pub(super) ended: bool,
    /// Hash of the token so far, its bytes, and which kinds of characters it has.
    pub(super) token: u32,
    pub(super) length: u32,
    pub(super) charset: u32,
    /// The name whose value this is, exactly and in plain words (letters only, in lower case).
    pub(super) name: u32,
    plain_name: u32,
    /// The letters of the string so far.
    letters: u32,
    /// The word so far: letters in lower case, a capital after a small one begins another.
    word: u32,
    /// The last eight bytes, the last lowest.
    pub(super) last: u64,
    /// The classes of the last eight bytes, four bits each.
    pub(super) classes: u32,
}

/// The hashes by which the parts of the model look up what followed.
pub(super) struct Contexts {
    pub(super) histories: [u32; 10],
    pub(super) runs: [u32; 3],
}

impl Position {
    /// Before a document.
    pub(super) fn new() -> Self {
        Self {
            frames: Vec::new(),
            place: Place::Between,
            escaped: false,
            expects_name: false,
            name_closed: false,
            ended: false,
            token: 0,
            length: 0,
            charset: 0,
            name: 0,
            plain_name: 0,
            letters: 0,
            word: 0,
            last: 0,
            classes: 0,
        }
    }

    /// Before a segment of the prior, which may be a piece of a document: its first byte says of what.
    pub(super) fn at_segment(first: u8) -> Self {
        let mut position = Self::new();
        let frames = match first {
            b'{' | b'[' => 0,
            b'}' | b']' | b':' => 6,
            b'"' | b',' => {
                position.expects_name = first == b'"';
                1
            }
            _ => {
                position.place = Place::Text;
                position.token = 7;
                1
            }
        };
        position.frames = vec![
            Frame {
                object: true,
                ..Frame::default()
            };
            frames
        ];
        position
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// The place, and whether a name is expected: 0 to 7.
    pub(super) fn state(&self) -> u32 {
        self.place as u32 * 2 + u32::from(self.expects_name)
    }

    /// Goes on by one byte.
    pub(super) fn advance(&mut self, byte: u8) {
        let before = self.last.to_le_bytes()[0];
        self.last = self.last << 8 | u64::from(byte);
        self.classes = self.classes << 4 | class(byte);
        self.spell(byte, before);
        match self.place {
            Place::Name | Place::Text => self.in_string(byte),
            Place::Between | Place::Bare => self.outside(byte),
        }
        if self.length == 0 {
            self.charset = 0;
        } else {
            self.charset |= kind(byte);
        }
    }

    fn spell(&mut self, byte: u8, before: u8) {
        let letter = byte.is_ascii_alphabetic() || byte >= 128;
        if !letter || byte.is_ascii_uppercase() && before.is_ascii_lowercase() {
            self.word = 0;
        }
        if letter {
            let lower = u32::from(byte.to_ascii_lowercase());
            self.word = hash(self.word, lower);
            self.letters = hash(self.letters, lower);
        }
    }

    fn in_string(&mut self, byte: u8) {
        if byte == b'"' && !self.escaped {
            if self.place == Place::Name {
                self.name = self.token;
                self.plain_name = self.letters;
                if let Some(frame) = self.frames.last_mut() {
                    frame.name = self.token;
                    frame.plain_name = self.letters;
                }
                self.name_closed = true;
            }
            self.ended = self.frames.is_empty();
            self.place = Place::Between;
            self.begin(1);
        } else {
            self.escaped = byte == b'\\' && !self.escaped;
            self.lengthen(byte);
        }
    }

    fn outside(&mut self, byte: u8) {
        let after_name = std::mem::take(&mut self.name_closed);
        match byte {
            b'{' => {
                self.frames.push(Frame {
                    object: true,
                    ..Frame::default()
                });
                self.expects_name = true;
                self.between(2);
            }
            b'[' => {
                self.frames.push(Frame {
                    object: false,
                    name: self.name,
                    plain_name: self.plain_name,
                });
                self.expects_name = false;
                self.between(3);
            }
            b'}' | b']' => {
                self.frames.pop();
                let around = self.frames.last().copied().unwrap_or_default();
                self.name = around.name;
                self.plain_name = around.plain_name;
                self.ended = self.frames.is_empty();
                self.expects_name = false;
                self.between(4);
            }
            b',' => {
                if let Some(frame) = self.frames.last_mut() {
                    // Only in the prior: names in a row are the values of an array.
                    frame.object &= !after_name;
                    self.expects_name = frame.object;
                    if !frame.object {
                        self.name = frame.name;
                        self.plain_name = frame.plain_name;
                    }
                }
                self.between(5);
            }
            b':' => {
                self.expects_name = false;
                self.between(6);
            }
            b'"' => {
                self.place = if self.expects_name {
                    Place::Name
                } else {
                    Place::Text
                };
                self.letters = 0;
                self.begin(7);
            }
            _ => {
                if self.place == Place::Between {
                    self.place = Place::Bare;
                    self.begin(8);
                }
                self.lengthen(byte);
            }
        }
    }

    fn between(&mut self, token: u32) {
        self.place = Place::Between;
        self.token = token;
    }

    fn begin(&mut self, token: u32) {
        self.token = token;
        self.length = 0;
    }

    fn lengthen(&mut self, byte: u8) {
        self.token = hash(self.token, u32::from(byte));
        self.length += 1;
    }

    /// What the next byte is looked up by.
    pub(super) fn contexts(&self) -> Contexts {
        let [b0, b1, b2, b3, b4, ..] = self.last.to_le_bytes();
        let in_name = self.place == Place::Name || self.expects_name;
        let around = self.frames.last().map_or(0, |frame| frame.name);
        let parent = match self.frames.len() {
            0 | 1 => 0,
            n => self.frames[n - 2].name,
        };
        let name = if in_name {
            hash(around, 11)
        } else {
            hash(self.name, 13)
        };
        let order_1 = u32::from(b0);
        let order_2 = u32::from(u16::from_le_bytes([b0, b1]));
        let order_3 = u32::from_le_bytes([b0, b1, b2, 0]);
        let order_4 = u32::from_le_bytes([b0, b1, b2, b3]);
        let histories = [
            self.state(),
            hash(order_1, self.state()),
            order_2,
            order_3,
            hash(self.word, order_1),
            hash(self.charset, hash(name, self.length.min(2))),
            hash(self.charset, hash(self.classes & 15, self.length.min(48))),
            hash(self.plain_name, hash(self.token, u32::from(in_name))),
            hash(order_4, u32::from(b4)),
            hash(self.word, self.state()),
        ];
        let runs = [
            order_4,
            hash(self.letters, u32::from(in_name)),
            hash(hash(name, parent), self.token),
        ];
        Contexts {
            histories: salted(histories, 1),
            runs: salted(runs, 101),
        }
    }
}

/// Keeps contexts of different kinds apart.
fn salted<const N: usize>(mut contexts: [u32; N], first: u32) -> [u32; N] {
    for (context, salt) in contexts.iter_mut().zip(first..) {
        *context = hash(*context, salt);
    }
    contexts
}

/// The class of a byte, 1 to 15.
fn class(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => 1,
        b'a'..=b'f' => 2,
        b'g'..=b'z' => 3,
        b'A'..=b'F' => 4,
        b'G'..=b'Z' => 5,
        b'"' => 6,
        b'{' | b'[' => 7,
        b'}' | b']' => 8,
        b':' | b',' => 9,
        b' ' => 10,
        b'-' | b'.' | b'/' | b'_' | b'@' | b'+' => 11,
        0..=31 => 12,
        128..=191 => 13,
        192..=255 => 14,
        _ => 15,
    }
}

/// The kind of a byte in a token, one bit of eight.
fn kind(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => 1,
        b'a'..=b'f' => 2,
        b'g'..=b'z' => 4,
        b'A'..=b'F' => 8,
        b'G'..=b'Z' => 16,
        b' ' => 32,
        128..=255 => 64,
        _ => 128,
    }
}
