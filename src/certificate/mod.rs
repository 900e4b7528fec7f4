//! The certificate that a server presents, and its key: read, checked, and told apart from what is none.
//!
//! Belongs here: files in, a pair that TLS can use out. Does not belong here: connections, and when files are read again (see
//! `http::tls`).

mod error;
mod read;

pub use error::CertificateError;
pub use read::{Certificate, read};
