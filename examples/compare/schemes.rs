//! The schemes: what each makes of a document, framing as in its specification.
//!
//! Each gets the shortest link that its specification allows: the token right behind the host, no key id, no claims, the
//! shortest headers. Ciphertexts, nonces and tags of the others are stand-ins, the output of SHA-256 over a counter: they
//! have the right lengths and look as random as real ones, which is all that a symbol's size depends on. Our own tokens
//! are really sealed.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use miniz_oxide::deflate::compress_to_vec;
use qrseal::link::LinkForm;
use qrseal::payload::Document;
use qrseal::payload::zstd1::Effort;
use qrseal::payload::{mix2, zstd1};
use qrseal::token::{Claims, Codec, Keyring, Nonce, SealedToken, Secret, TOKEN_EPOCH, seal};
use sha2::{Digest, Sha256};
use url::Url;

/// A way to put an encrypted document into a link.
pub struct Scheme {
    pub name: &'static str,
    /// What it is, and where its framing is specified.
    pub specification: &'static str,
    link: fn(&Document, &Links) -> String,
}

impl Scheme {
    /// The link that carries `document`.
    pub fn link(&self, document: &Document, links: &Links) -> String {
        (self.link)(document, links)
    }
}

/// Where in [`SCHEMES`] the one stands that the others are compared with.
pub const OURS: usize = 0;

pub const SCHEMES: [Scheme; 12] = [
    Scheme {
        name: "qrseal",
        specification: "AES-256-GCM, the smaller of JSON text and codec 1; docs/token-format.md",
        link: |document, links| links.ours(document, Some(Effort::Fast)),
    },
    Scheme {
        name: "qrseal, best",
        specification: "the same, packed with more effort (payload.effort = \"best\")",
        link: |document, links| links.ours(document, Some(Effort::Best)),
    },
    Scheme {
        name: "qrseal, smallest",
        specification: "the smallest of JSON text, codec 1 and codec 2 (payload.effort = \"smallest\")",
        link: |document, links| links.smallest(document),
    },
    Scheme {
        name: "qrseal, raw",
        specification: "the same, not packed (codec=raw)",
        link: |document, links| links.ours(document, None),
    },
    Scheme {
        name: "JWE",
        specification: "JWE compact serialization, dir and A256GCM; RFC 7516 section 3.1, RFC 7518 sections 4.5 and 5.3",
        link: |document, links| {
            links.with(&jwe(
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                document.as_bytes(),
            ))
        },
    },
    Scheme {
        name: "JWE, DEFLATE",
        specification: "the same with zip=DEF where that is shorter; RFC 7516 section 4.1.3, RFC 1951",
        link: |document, links| links.with(&jwe_deflate(document)),
    },
    Scheme {
        name: "Fernet",
        specification: "AES-128-CBC and HMAC-SHA256; github.com/fernet/spec",
        link: |document, links| links.with(&fernet(document)),
    },
    Scheme {
        name: "PASETO v4.local",
        specification: "XChaCha20 and BLAKE2b, no footer; github.com/paseto-standard/paseto-spec, Version4",
        link: |document, links| links.with(&paseto(document)),
    },
    Scheme {
        name: "Branca",
        specification: "XChaCha20-Poly1305, base62; github.com/tuupola/branca-spec",
        link: |document, links| links.with(&branca(document)),
    },
    Scheme {
        name: "COSE, base45",
        specification: "COSE_Encrypt0 with A256GCM, untagged; RFC 9052 section 5.2, RFC 9053 section 4.1, RFC 9285",
        link: |document, links| links.with(&cose(document.as_bytes())),
    },
    Scheme {
        name: "COSE, base45, DEFLATE",
        specification: "the same over RFC 1951 where that is shorter: no standard, but what health certificates do",
        link: |document, links| links.with(&cose(&deflated_or_not(document))),
    },
    Scheme {
        name: "AES-CBC, base64",
        specification: "not authenticated: AES-256-CBC, PKCS #7 padding, a random IV in front (NIST SP 800-38A, 5.3), \
                        base64 (RFC 4648 section 4), percent-encoded (RFC 3986, 2.1): the usual tutorial",
        link: |document, links| links.with(&aes_cbc(document)),
    },
];

/// What all links of a comparison begin with, and the keyring of our own tokens.
pub struct Links {
    ours: qrseal::link::Links,
    prefix: String,
    keyring: Keyring,
}

impl Links {
    /// Links below `public_url`, the host written as qrseal does.
    pub fn new(public_url: &Url) -> Self {
        let keyring =
            Keyring::with_first_key("example", Secret::from([7; Secret::BYTES]), TOKEN_EPOCH)
                .expect("one key, and an audience of 7 characters");
        let ours = qrseal::link::Links::new(public_url, LinkForm::Path, false);
        let token = sealed(&keyring, Codec::Json, b"0");
        let prefix = ours
            .link(&token)
            .trim_end_matches(&token.to_digits())
            .to_owned();
        Self {
            ours,
            prefix,
            keyring,
        }
    }

    fn with(&self, token: &str) -> String {
        format!("{}{token}", self.prefix)
    }

    /// Our own link: packed with this effort where that is shorter, or the text as it is.
    fn ours(&self, document: &Document, effort: Option<Effort>) -> String {
        let token = match effort.and_then(|effort| zstd1::pack(document, effort)) {
            Some(body) => sealed(&self.keyring, Codec::Zstd1, &body),
            None => sealed(&self.keyring, Codec::Json, document.as_bytes()),
        };
        self.ours.link(&token)
    }

    /// Our own link, packed with codec 2 where that is shorter, as issuing does it.
    fn smallest(&self, document: &Document) -> String {
        let least = self.ours(document, Some(Effort::Best));
        let model = mix2::pack(document)
            .map(|body| self.ours.link(&sealed(&self.keyring, Codec::Mix2, &body)));
        model
            .into_iter()
            .chain([least])
            .min_by_key(String::len)
            .expect("one at least")
    }
}

/// Sealed for the comparison only: with a key that everyone knows, and always the same nonce.
fn sealed(keyring: &Keyring, codec: Codec, body: &[u8]) -> SealedToken {
    let nonce = Nonce::from([9; Nonce::BYTES]);
    seal(keyring, nonce, TOKEN_EPOCH, &Claims::default(), codec, body)
        .expect("a document fits a token")
}

/// `header..iv.ciphertext.tag`: no encrypted key with `dir`, 12 bytes of IV and 16 of tag with A256GCM.
fn jwe(header: &str, plaintext: &[u8]) -> String {
    let mut random = Random::new(plaintext);
    let [iv, ciphertext, tag] =
        [12, plaintext.len(), 16].map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(random.bytes(bytes)));
    format!(
        "{}..{iv}.{ciphertext}.{tag}",
        BASE64_URL_SAFE_NO_PAD.encode(header)
    )
}

fn jwe_deflate(document: &Document) -> String {
    let zip = jwe(
        "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}",
        &deflated(document),
    );
    let plain = jwe("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", document.as_bytes());
    if zip.len() < plain.len() { zip } else { plain }
}

/// Version 0x80, time (8), IV (16), ciphertext in whole blocks, HMAC (32); base64url with its padding.
fn fernet(document: &Document) -> String {
    let mut random = Random::new(document.as_bytes());
    let token = [
        vec![0x80, 0, 0, 0, 0],
        random.bytes(4 + 16 + cbc_bytes(document) + 32),
    ]
    .concat();
    BASE64_URL_SAFE.encode(token)
}

/// `v4.local.` and nonce (32), ciphertext, tag (32) in base64url.
fn paseto(document: &Document) -> String {
    let mut random = Random::new(document.as_bytes());
    let payload = random.bytes(32 + document.as_bytes().len() + 32);
    format!("v4.local.{}", BASE64_URL_SAFE_NO_PAD.encode(payload))
}

/// Version 0xBA, time (4), nonce (24), ciphertext, tag (16); base62.
fn branca(document: &Document) -> String {
    let mut random = Random::new(document.as_bytes());
    base62(
        &[
            vec![0xBA],
            random.bytes(4 + 24 + document.as_bytes().len() + 16),
        ]
        .concat(),
    )
}

/// `[h'A10103', {5: iv}, ciphertext and tag]` in CBOR (RFC 8949); alg (1) is A256GCM (3), IV (5) has 12 bytes.
fn cose(plaintext: &[u8]) -> String {
    let mut random = Random::new(plaintext);
    let protected = [0x43, 0xA1, 0x01, 0x03];
    let iv = [vec![0xA1, 0x05, 0x4C], random.bytes(12)].concat();
    let ciphertext = random.bytes(plaintext.len() + 16);
    let head = byte_string_head(ciphertext.len());
    base45_in_path(&[&[0x83][..], &protected, &iv, &head, &ciphertext].concat())
}

/// IV (16) and ciphertext in whole blocks; base64, and in a link `+`, `/` and `=` as three characters each.
fn aes_cbc(document: &Document) -> String {
    let mut random = Random::new(document.as_bytes());
    let text = BASE64_STANDARD.encode(random.bytes(16 + cbc_bytes(document)));
    text.replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}

/// PKCS #7 (RFC 5652, section 6.3) fills up to whole blocks of 16 bytes, with at least one byte.
fn cbc_bytes(document: &Document) -> usize {
    (document.as_bytes().len() / 16 + 1) * 16
}

/// RFC 1951, at the highest level of the library.
fn deflated(document: &Document) -> Vec<u8> {
    compress_to_vec(document.as_bytes(), 10)
}

fn deflated_or_not(document: &Document) -> Vec<u8> {
    let deflated = deflated(document);
    if deflated.len() < document.as_bytes().len() {
        deflated
    } else {
        document.as_bytes().to_vec()
    }
}

/// RFC 8949, section 3: major type 2, and a length in its shortest form.
fn byte_string_head(bytes: usize) -> Vec<u8> {
    match (u8::try_from(bytes), u16::try_from(bytes)) {
        (Ok(bytes @ 0..24), _) => vec![0x40 | bytes],
        (Ok(bytes), _) => vec![0x58, bytes],
        (_, Ok(bytes)) => [&[0x59][..], &bytes.to_be_bytes()].concat(),
        _ => [
            &[0x5A][..],
            &u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes(),
        ]
        .concat(),
    }
}

/// The bytes as one number, the first the most significant, in digits to base 62.
fn base62(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut number = bytes.to_vec();
    let mut digits = Vec::new();
    while !number.is_empty() {
        let mut remainder = 0_usize;
        for byte in &mut number {
            let value = remainder * 256 + usize::from(*byte);
            *byte = u8::try_from(value / 62).expect("the remainder is below 62");
            remainder = value % 62;
        }
        digits.push(char::from(DIGITS[remainder]));
        number.drain(..number.iter().take_while(|&&byte| byte == 0).count());
    }
    digits.iter().rev().collect()
}

/// RFC 9285, and percent-encoded what a path cannot hold (section 6 there): the space and the percent sign.
fn base45_in_path(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let mut text = String::new();
    for pair in bytes.chunks(2) {
        let mut number = pair
            .iter()
            .fold(0, |number, &byte| number * 256 + usize::from(byte));
        for _ in 0..=pair.len() {
            match DIGITS[number % 45] {
                b' ' => text.push_str("%20"),
                b'%' => text.push_str("%25"),
                digit => text.push(char::from(digit)),
            }
            number /= 45;
        }
    }
    text
}

/// Bytes that look random and are the same in every run: SHA-256 of a seed and a counter.
struct Random {
    seed: [u8; 32],
    counter: u64,
}

impl Random {
    fn new(seed: &[u8]) -> Self {
        Self {
            seed: Sha256::digest(seed).into(),
            counter: 0,
        }
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 32);
        while bytes.len() < length {
            bytes.extend_from_slice(
                &Sha256::new()
                    .chain_update(self.seed)
                    .chain_update(self.counter.to_be_bytes())
                    .finalize(),
            );
            self.counter += 1;
        }
        bytes.truncate(length);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use qrseal::payload::minify;

    use super::*;

    fn document(text: &str) -> Document {
        minify(text.as_bytes()).unwrap()
    }

    #[test]
    fn base45_is_that_of_its_specification() {
        for (bytes, text) in [
            ("AB", "BB8"),
            ("Hello!!", "%69 VD92EX0"),
            ("base-45", "UJCLQE7W581"),
            ("ietf!", "QED8WEX0"),
        ] {
            assert_eq!(
                base45_in_path(bytes.as_bytes()),
                text.replace('%', "%25").replace(' ', "%20")
            );
        }
    }

    #[test]
    fn base62_writes_a_number() {
        assert_eq!(base62(&[61]), "z");
        assert_eq!(base62(&[0x0F, 0x03]), "zz");
        assert_eq!(base62(&[1, 0, 0, 0, 0]), "4gfFC4");
    }

    /// The lengths of the known answers in the specifications of Fernet ("hello") and Branca ("Hello world!"), and for
    /// the others what their framing adds up to.
    #[test]
    fn tokens_are_as_long_as_those_of_the_specifications() {
        let hello = document("\"hel\"");
        let hello_world = document("\"Hello worl\"");
        assert_eq!(fernet(&hello).len(), 100);
        assert_eq!(branca(&hello_world).len(), 77);
        assert_eq!(paseto(&hello_world).len(), 9 + 102);
        assert_eq!(
            jwe(
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}",
                hello_world.as_bytes()
            )
            .len(),
            39 + 2 + 16 + 1 + 16 + 1 + 22
        );
        assert_eq!(byte_string_head(23), [0x57]);
        assert_eq!(byte_string_head(24), [0x58, 24]);
        assert_eq!(byte_string_head(256), [0x59, 1, 0]);
        let block = aes_cbc(&document("\"0123456789abc\""));
        assert_eq!(
            block
                .replace("%2B", "+")
                .replace("%2F", "/")
                .replace("%3D", "=")
                .len(),
            44
        );
    }

    #[test]
    fn deflate_is_left_out_where_it_does_not_help() {
        let short = document("[1,2,3]");
        assert_eq!(
            jwe_deflate(&short).split('.').next(),
            jwe("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", b"")
                .split('.')
                .next()
        );
        assert_eq!(deflated_or_not(&short), short.as_bytes());
    }
}
