//! The secret that all receivers share with this installation, and signatures with it.

use std::fmt;
use std::str::FromStr;

use aes_gcm::KeyInit as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Secrets at most: the one in use, and the next. All receivers have the same.
const MOST: usize = 2;

/// Signs messages with one secret, or with two while one takes the place of the other.
#[derive(Clone)]
pub struct Signer(Vec<Zeroizing<Vec<u8>>>);

impl FromStr for Signer {
    type Err = SecretError;

    /// `whsec_` and 24 to 64 bytes in base64; two of them with a space in between.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let read = |word: &str| {
            let encoded = word.strip_prefix("whsec_").ok_or(SecretError)?;
            let bytes = STANDARD.decode(encoded).map_err(|_| SecretError)?;
            match (24..=64).contains(&bytes.len()) {
                true => Ok(Zeroizing::new(bytes)),
                false => Err(SecretError),
            }
        };
        let secrets: Vec<_> = text
            .split_whitespace()
            .map(read)
            .collect::<Result<_, _>>()?;
        match (1..=MOST).contains(&secrets.len()) {
            true => Ok(Self(secrets)),
            false => Err(SecretError),
        }
    }
}

impl Signer {
    /// What the header `webhook-signature` says.
    #[must_use]
    pub fn sign(&self, id: &str, timestamp: i64, body: &str) -> String {
        let text = format!("{id}.{timestamp}.{body}");
        let signed = self.0.iter().map(|secret| {
            let mut mac =
                Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
            mac.update(text.as_bytes());
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        });
        signed.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(redacted)")
    }
}

/// A text that is no secret. It says nothing about the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be whsec_ and 24 to 64 random bytes in base64 (echo whsec_$(openssl rand -base64 32)), or two of them with a space in \
     between"
)]
pub struct SecretError;

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference implementations.
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        let signer: Signer = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse().unwrap();
        let signature = signer.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both: Signer =
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
                .parse()
                .unwrap();
        let signed = both.sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(signed.split(' ').next(), Some(signature.as_str()));
        assert_eq!(signed.split(' ').count(), 2);
    }

    #[test]
    fn what_is_no_secret_is_refused_without_a_word_of_it() {
        for text in [
            "",
            "secret",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_!!!",
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ] {
            assert_eq!(text.parse::<Signer>().unwrap_err(), SecretError, "{text}");
        }
        let three = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ".repeat(3);
        assert_eq!(three.parse::<Signer>().unwrap_err(), SecretError);
    }
}
