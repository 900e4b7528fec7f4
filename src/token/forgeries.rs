//! Tests only: what an attacker can do to a token, by classes. All of it has one answer.

use super::{
    ClaimValue, Codec, Key, KeyState, Keyring, Nonce, OpenError, ParsedToken, SealedClaims,
    SealedToken, Secret, Slot, TOKEN_EPOCH, UnixTime, base64url, digits, seal_exact,
};

/// When all tokens here are opened: after every issue minute, before every expiry.
const NOW: UnixTime = TOKEN_EPOCH.plus_secs(40_000_000 * 60);

/// `SplitMix64`: the same numbers in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_le_bytes()[0])
    }

    fn claim(&mut self) -> Option<ClaimValue> {
        let bits = self.below(28);
        let value = u32::try_from(self.below(1 << bits) + 1).unwrap();
        (self.below(2) == 0).then(|| ClaimValue::try_from(value).unwrap())
    }

    /// A token of any slot, age, claims and a body of 1 to 64 bytes, and a keyring with all 32 slots that opens it.
    fn token(&mut self, secret_of: impl Fn(u8) -> [u8; 32]) -> (Keyring, SealedToken) {
        let primary = u8::try_from(self.below(32)).unwrap();
        let keyring = keyring("qr.example.com", primary, secret_of);
        let now = TOKEN_EPOCH.plus_secs(self.below(1 << 24) * 60);
        let mut claims = SealedClaims {
            profile: self.claim(),
            staff_only: self.below(2) == 0,
            ..SealedClaims::default()
        };
        if self.below(2) == 0 {
            claims.expiry = Some(ClaimValue::MAX);
            claims.max_opens = self.claim();
        }
        let body: Vec<u8> = (0..=self.below(64))
            .map(|_| self.next().to_le_bytes()[0])
            .collect();
        let token = seal_exact(
            &keyring,
            Nonce::from(self.bytes()),
            now,
            claims,
            None,
            Codec::Json,
            &body,
        )
        .unwrap();
        (keyring, token)
    }
}

/// Every slot has a key, so that a changed slot meets one.
fn keyring(audience: &str, primary: u8, secret_of: impl Fn(u8) -> [u8; 32]) -> Keyring {
    let keys = Slot::all().map(|slot| {
        let state = if u8::from(slot) == primary {
            KeyState::Primary
        } else {
            KeyState::Enabled
        };
        Key::new(
            slot,
            state,
            TOKEN_EPOCH,
            Some(Secret::from(secret_of(slot.into()))),
        )
        .unwrap()
    });
    Keyring::new(audience, keys.collect()).unwrap()
}

fn own_secret(slot: u8) -> [u8; 32] {
    [slot; 32]
}

fn shared_secret(_: u8) -> [u8; 32] {
    [0x42; 32]
}

/// What anyone sees of these bytes, through both text forms.
fn answer(keyring: &Keyring, bytes: &[u8]) -> Result<(), OpenError> {
    let open = |text: &str| ParsedToken::parse(text)?.open(keyring, NOW).map(|_| ());
    let by_digits = open(&digits::encode(bytes));
    assert_eq!(open(&base64url::encode(bytes)), by_digits);
    by_digits
}

#[test]
fn every_flipped_bit_of_200_tokens_is_noticed() {
    let mut random = Random(1);
    for _ in 0..200 {
        let (keyring, token) = random.token(own_secret);
        let mut bytes = token.as_bytes().to_vec();
        assert_eq!(answer(&keyring, &bytes), Ok(()));
        for bit in 0..8 * bytes.len() {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                answer(&keyring, &bytes),
                Err(OpenError::NotRecognised),
                "bit {bit}"
            );
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
    }
}

#[test]
fn every_truncation_and_extension_is_noticed() {
    let mut random = Random(2);
    for _ in 0..50 {
        let (keyring, token) = random.token(own_secret);
        let bytes = token.as_bytes();
        for length in 0..bytes.len() {
            assert_eq!(
                answer(&keyring, &bytes[..length]),
                Err(OpenError::NotRecognised),
                "first {length}"
            );
            assert_eq!(
                answer(&keyring, &bytes[length + 1..]),
                Err(OpenError::NotRecognised),
                "last {length}"
            );
        }
        for extra in 1..=40 {
            for filler in [0x00, 0xff, 0x30] {
                let mut longer = bytes.to_vec();
                longer.resize(bytes.len() + extra, filler);
                assert_eq!(
                    answer(&keyring, &longer),
                    Err(OpenError::NotRecognised),
                    "{extra} more at the end"
                );
                longer.rotate_right(extra);
                assert_eq!(
                    answer(&keyring, &longer),
                    Err(OpenError::NotRecognised),
                    "{extra} more at the front"
                );
            }
        }
    }
}

#[test]
fn slot_minute_nonce_and_tag_of_another_token_do_not_fit() {
    let mut random = Random(3);
    // With one secret in all slots, only the derivation and the associated data tell the slots apart.
    for secret_of in [own_secret, shared_secret] {
        for _ in 0..100 {
            let (keyring, token) = random.token(secret_of);
            let (_, other) = random.token(secret_of);
            let (bytes, other) = (token.as_bytes(), other.as_bytes());
            let tag_at = bytes.len() - 16;
            for range in [0..1, 1..4, 0..4, 4..16, 0..16, tag_at..bytes.len()] {
                let mut mixed = bytes.to_vec();
                let from = if range.start == tag_at {
                    other.len() - 16..other.len()
                } else {
                    range.clone()
                };
                mixed[range.clone()].copy_from_slice(&other[from]);
                if mixed != bytes {
                    assert_eq!(
                        answer(&keyring, &mixed),
                        Err(OpenError::NotRecognised),
                        "{range:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_other_slot_is_noticed_even_if_it_has_the_same_secret() {
    let (keyring, token) = Random(4).token(shared_secret);
    for slot in Slot::all().filter(|&slot| slot != token.slot()) {
        let mut bytes = token.as_bytes().to_vec();
        bytes[0] = 0x20 | u8::from(slot);
        assert_eq!(
            answer(&keyring, &bytes),
            Err(OpenError::NotRecognised),
            "{slot}"
        );
    }
}

#[test]
fn every_other_minute_of_the_same_hour_is_noticed_although_its_subkey_is_the_same() {
    let keyring = keyring("qr.example.com", 0, own_secret);
    let issued = TOKEN_EPOCH.plus_secs(600 * 60);
    let claims = SealedClaims::default();
    let token = seal_exact(
        &keyring,
        Nonce::from([1; 12]),
        issued,
        claims,
        None,
        Codec::Json,
        b"0",
    )
    .unwrap();
    for minute in 590_u32..670 {
        let mut bytes = token.as_bytes().to_vec();
        bytes[1..4].copy_from_slice(&minute.to_be_bytes()[1..]);
        let expected = if minute == 600 {
            Ok(())
        } else {
            Err(OpenError::NotRecognised)
        };
        assert_eq!(answer(&keyring, &bytes), expected, "{minute}");
    }
}

#[test]
fn a_token_for_another_audience_is_not_recognised() {
    let mut random = Random(5);
    for _ in 0..50 {
        let (_, token) = random.token(own_secret);
        for audience in [
            "qr.example.co",
            "qr.example.comm",
            "qr.example.con",
            "Qr.example.com",
            "x",
        ] {
            let keyring = keyring(audience, 0, own_secret);
            assert_eq!(
                answer(&keyring, token.as_bytes()),
                Err(OpenError::NotRecognised),
                "{audience}"
            );
        }
    }
}
