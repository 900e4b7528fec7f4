//! Reading a certificate and its key from their files.

use std::fs::{self, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::OFlags;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime as WebpkiTime};
use rustls::sign::CertifiedKey;
use rustls::{Error as TlsError, InconsistentKeys};
use webpki::{EndEntityCert, KeyUsage};
use zeroize::Zeroizing;

use super::CertificateError;
use crate::clock::rfc3339;
use crate::config::CertificateFiles;
use crate::files::is_kept_secret;
use crate::token::UnixTime;

/// A chain of ten certificates with large keys has a fifth of it.
const MAX_BYTES: usize = 64 << 10;

const CERTIFICATE: &str = "server.tls.certificate";
const KEY: &str = "server.tls.key";

/// The first second of the year 10000, which no certificate can name (RFC 5280, section 4.1.2.5): every one has expired by then, and
/// the error that says so says when.
const AFTER_ALL: Duration = Duration::from_secs(253_402_300_800);

/// A certificate with its key.
#[derive(Debug)]
pub struct Certificate {
    /// What TLS presents, and signs with.
    pub pair: Arc<CertifiedKey>,
    /// The last second of it.
    pub not_after: UnixTime,
}

/// Reads a certificate that is valid `now`, those that follow it, and the key that fits it.
///
/// # Errors
///
/// [`CertificateError`]
pub fn read(
    files: &CertificateFiles,
    provider: &CryptoProvider,
    now: UnixTime,
) -> Result<Certificate, CertificateError> {
    let chain = chain(&files.certificate)?;
    let key = key(&files.key)?;
    let not_after = validity(&chain[0], &files.certificate, now)?;
    let pair = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => CertificateError::Mismatch {
            certificate: files.certificate.clone(),
            key: files.key.clone(),
        },
        error => CertificateError::Malformed {
            setting: KEY,
            path: files.key.clone(),
            why: error.to_string(),
        },
    })?;
    Ok(Certificate {
        pair: Arc::new(pair),
        not_after,
    })
}

/// The server's certificate, and those between it and its authority; at least one.
fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let text = bytes(CERTIFICATE, path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let chain = chain.map_err(|error| malformed(CERTIFICATE, path, &error))?;
    match chain.is_empty() {
        true => Err(CertificateError::Missing {
            setting: CERTIFICATE,
            path: path.to_owned(),
            expected: "certificate",
        }),
        false => Ok(chain),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    let text = bytes(KEY, path)?;
    let is_there = |words: &[u8]| text.windows(words.len()).any(|window| window == words);
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        _ if is_there(b"BEGIN ENCRYPTED PRIVATE KEY") || is_there(b"Proc-Type: 4,ENCRYPTED") => {
            CertificateError::Encrypted {
                path: path.to_owned(),
            }
        }
        pem::Error::NoItemsFound => CertificateError::Missing {
            setting: KEY,
            path: path.to_owned(),
            expected: "private key",
        },
        error => malformed(KEY, path, &error),
    })
}

/// What is wrong with a file of PEM, without the line that is.
fn malformed(setting: &'static str, path: &Path, error: &pem::Error) -> CertificateError {
    let why = match error {
        pem::Error::MissingSectionEnd { .. } => "a part of it has no end",
        pem::Error::IllegalSectionStart { .. } => "a part of it begins with a malformed line",
        pem::Error::Base64Decode(_) => "a part of it is not base64",
        _ => "it is not PEM",
    };
    CertificateError::Malformed {
        setting,
        path: path.to_owned(),
        why: why.to_owned(),
    }
}

/// A regular file's bytes; of a key only those that nobody else may read.
fn bytes(setting: &'static str, path: &Path) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let unreadable = |source| CertificateError::Unreadable {
        setting,
        path: path.to_owned(),
        source,
    };
    let not_a_file = || CertificateError::NotAFile {
        setting,
        path: path.to_owned(),
    };
    // Looked at before it is opened, and opened without waiting: a named pipe would wait for its other end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(not_a_file());
    }
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(not_a_file());
    }
    if setting == KEY && !is_kept_secret(&metadata) {
        return Err(CertificateError::Mode {
            path: path.to_owned(),
            mode: metadata.mode() & 0o7777,
        });
    }
    // Reserved at once, so that no outgrown copy of a key stays behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    match bytes.len() > MAX_BYTES {
        true => Err(CertificateError::TooLarge {
            setting,
            path: path.to_owned(),
        }),
        false => Ok(bytes),
    }
}

/// The end of a certificate that is valid now.
fn validity(
    certificate: &CertificateDer<'_>,
    path: &Path,
    now: UnixTime,
) -> Result<UnixTime, CertificateError> {
    let malformed = |error: webpki::Error| CertificateError::Malformed {
        setting: CERTIFICATE,
        path: path.to_owned(),
        why: error.to_string(),
    };
    let certificate = EndEntityCert::try_from(certificate).map_err(malformed)?;
    // Whether it is trusted is for clients to say, so no authority is named. Times are looked at before authorities.
    let at = |time: Duration| {
        let time = WebpkiTime::since_unix_epoch(time);
        let usage = KeyUsage::server_auth();
        let found = certificate.verify_for_usage(&[], &[], &[], time, usage, None, None);
        found.err().unwrap_or(webpki::Error::UnknownIssuer)
    };
    match at(Duration::from_secs(now.as_secs())) {
        webpki::Error::CertExpired { not_after, .. } => {
            return Err(CertificateError::Expired {
                path: path.to_owned(),
                at: rfc3339(UnixTime::from_secs(not_after.as_secs())),
            });
        }
        webpki::Error::CertNotValidYet { not_before, .. } => {
            return Err(CertificateError::NotYet {
                path: path.to_owned(),
                from: rfc3339(UnixTime::from_secs(not_before.as_secs())),
            });
        }
        error @ (webpki::Error::BadDer
        | webpki::Error::BadDerTime
        | webpki::Error::InvalidCertValidity
        | webpki::Error::RequiredEkuNotFoundContext(_)) => return Err(malformed(error)),
        _ => {}
    }
    match at(AFTER_ALL) {
        webpki::Error::CertExpired { not_after, .. } => {
            Ok(UnixTime::from_secs(not_after.as_secs()))
        }
        error => Err(malformed(error)),
    }
}
