//! Contents that clients keep: named by their hash, and compressed once for all of them.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};

use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, HeaderValue, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::assets::unchanged_or;
use crate::hex::hex;

/// A content, compressed.
pub struct Kept {
    content_type: Cow<'static, str>,
    gzip: Cow<'static, [u8]>,
    /// First 8 hexadecimal digits of the compressed content's SHA-256.
    pub fingerprint: String,
}

impl Kept {
    /// This content.
    pub fn new(content_type: impl Into<Cow<'static, str>>, content: &[u8]) -> Self {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        let gzip = gzip.write_all(content).and_then(|()| gzip.finish());
        let gzip = gzip.expect("memory takes every byte");
        Self::compressed(content_type, gzip)
    }

    /// A content that is compressed.
    pub fn compressed(
        content_type: impl Into<Cow<'static, str>>,
        gzip: impl Into<Cow<'static, [u8]>>,
    ) -> Self {
        let gzip = gzip.into();
        let fingerprint = hex(&Sha256::digest(&gzip)[..4]);
        Self {
            content_type: content_type.into(),
            gzip,
            fingerprint,
        }
    }

    /// The content as it is.
    pub fn content(&self) -> Vec<u8> {
        let mut content = Vec::new();
        // What this program compressed, or was built with.
        let read = GzDecoder::new(&*self.gzip).read_to_end(&mut content);
        read.expect("a content that was compressed here");
        content
    }

    /// The answer to `request`, with this policy for a page. It is kept for a year if the address names the content.
    pub fn answer(&self, request: &HttpRequest, policy: Option<&'static str>) -> HttpResponse {
        let gzip = takes_gzip(request);
        let encoding = if gzip { "-gzip" } else { "" };
        let etag = format!("\"{}{encoding}\"", self.fingerprint);
        let named = request.query_string() == format!("v={}", self.fingerprint);
        unchanged_or(request, &etag, named, |answer| {
            answer.content_type(&*self.content_type);
            answer.insert_header((VARY, HeaderValue::from_static("Accept-Encoding")));
            if let Some(policy) = policy {
                let policy = HeaderValue::from_static(policy);
                answer.insert_header((CONTENT_SECURITY_POLICY, policy));
            }
            match gzip {
                true => {
                    let encoding = HeaderValue::from_static("gzip");
                    answer.insert_header((CONTENT_ENCODING, encoding));
                    answer.body(self.gzip.to_vec())
                }
                false => answer.body(self.content()),
            }
        })
    }
}

/// Whether `Accept-Encoding` names gzip, and not with the weight zero (RFC 9110, section 12.5.3).
fn takes_gzip(request: &HttpRequest) -> bool {
    let values = request.headers().get_all(ACCEPT_ENCODING);
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| {
                name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip")
            });
            let refused = |part: &str| {
                let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
                weight.is_some_and(|weight| weight.bytes().all(|byte| matches!(byte, b'0' | b'.')))
            };
            named && !parts.any(refused)
        })
}
