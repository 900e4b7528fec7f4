//! Codes by the thousand, sealed with the server's own keyring without asking it.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use qrseal::keys;
use qrseal::token::{
    Claims, Codec, ExpiresIn, Keyring, Nonce, Pin, PinHash, TokenId, UnixTime, pin_salt, seal,
    seal_with_pin,
};

/// What every code says. Nothing else does.
pub const DOCUMENT: &str = r#"{"ticket":"canary-ticket-5a3e","seat":"12C"}"#;

/// The PIN of every code that has one.
pub const PIN: &str = "canary-pin-7c1d";

pub struct Mint {
    keyring: Keyring,
    next: u64,
}

/// A code that was made.
pub struct Code {
    pub id: TokenId,
    pub digits: String,
}

impl Mint {
    pub fn of(keyring: &Path) -> Self {
        Self {
            keyring: keys::load(keyring).expect("the server's keyring"),
            next: 1,
        }
    }

    /// Codes for so many opens within an hour.
    pub fn limited(&mut self, count: usize, max_opens: u32) -> Vec<Code> {
        let claims = for_an_hour(max_opens);
        (0..count).map(|_| self.code(&claims)).collect()
    }

    /// One code for so many opens within an hour.
    pub fn one(&mut self, max_opens: u32) -> Code {
        self.code(&for_an_hour(max_opens))
    }

    /// A code with a PIN, for so many opens within an hour.
    pub fn with_pin(&mut self, max_opens: u32) -> Code {
        let (bytes, now) = (self.nonce(), now());
        let salt = pin_salt(&self.keyring, &Nonce::from(bytes), now).unwrap();
        let hash = PinHash::derive(&Pin::parse(PIN).unwrap(), salt).expect("64 MiB");
        let token = seal_with_pin(
            &self.keyring,
            Nonce::from(bytes),
            now,
            &for_an_hour(max_opens),
            &hash,
            Codec::Json,
            DOCUMENT.as_bytes(),
        )
        .expect("the claims can be sealed");
        Code {
            id: TokenId::from(bytes),
            digits: token.to_digits(),
        }
    }

    /// A code without a life.
    pub fn plain(&mut self) -> Code {
        self.code(&Claims::default())
    }

    fn code(&mut self, claims: &Claims) -> Code {
        let nonce = self.nonce();
        let token = seal(
            &self.keyring,
            Nonce::from(nonce),
            now(),
            claims,
            Codec::Json,
            DOCUMENT.as_bytes(),
        )
        .expect("the claims can be sealed");
        Code {
            id: TokenId::from(nonce),
            digits: token.to_digits(),
        }
    }

    fn nonce(&mut self) -> [u8; Nonce::BYTES] {
        let mut nonce = [0xee; Nonce::BYTES];
        nonce[..8].copy_from_slice(&self.next.to_be_bytes());
        self.next += 1;
        nonce
    }
}

fn for_an_hour(max_opens: u32) -> Claims {
    Claims {
        expires_in: Some(ExpiresIn::try_from(3600).unwrap()),
        max_opens: Some(max_opens.try_into().unwrap()),
        ..Claims::default()
    }
}

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixTime::from_secs(since.as_secs())
}
