//! Why a certificate cannot be used, and what to do next. No message repeats what is in a file.

use std::io;
use std::path::PathBuf;

/// Why a certificate, or its key, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file is missing, or this user may not read it.
    #[error("cannot read {setting} {}: {source}", path.display())]
    Unreadable {
        /// `server.tls.certificate` or `server.tls.key`.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A folder, a device or a pipe.
    #[error("{setting} {} is not a regular file", path.display())]
    NotAFile {
        /// `server.tls.certificate` or `server.tls.key`.
        setting: &'static str,
        /// What is there.
        path: PathBuf,
    },
    /// Far larger than any chain of certificates.
    #[error("{setting} {} has more than 65536 bytes", path.display())]
    TooLarge {
        /// `server.tls.certificate` or `server.tls.key`.
        setting: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// Others may read the key: its mode is neither 0600 nor 0400, nor 0440 where root owns it.
    #[error(
        "the mode of the certificate's key is {mode:04o}, and only 0600 or 0400 keeps it secret: chmod 600 {}",
        path.display()
    )]
    Mode {
        /// The key.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// There is no such thing in it.
    #[error("{setting} {} holds no {expected} in PEM", path.display())]
    Missing {
        /// `server.tls.certificate` or `server.tls.key`.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What was looked for.
        expected: &'static str,
    },
    /// The key asks for a passphrase.
    #[error(
        "the certificate's key {} is encrypted, and nobody could be asked for its passphrase: openssl pkey -in {} -out key.pem",
        path.display(), path.display()
    )]
    Encrypted {
        /// The key.
        path: PathBuf,
    },
    /// It is PEM, and not what it says it is.
    #[error("{setting} {} cannot be used: {why}", path.display())]
    Malformed {
        /// `server.tls.certificate` or `server.tls.key`.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The key is another certificate's.
    #[error(
        "the key {} does not fit the first certificate of {}: the server's own stands first there, and the key must be the one \
         that it was made for",
        key.display(), certificate.display()
    )]
    Mismatch {
        /// The certificate.
        certificate: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// No client takes it any more.
    #[error("the certificate {} expired at {at}: renew it", path.display())]
    Expired {
        /// The certificate.
        path: PathBuf,
        /// Its end, RFC 3339.
        at: String,
    },
    /// No client takes it yet.
    #[error("the certificate {} is valid from {from}, and the clock says that this is to come", path.display())]
    NotYet {
        /// The certificate.
        path: PathBuf,
        /// Its begin, RFC 3339.
        from: String,
    },
}
