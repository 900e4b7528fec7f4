//! `[server.tls]`: the files of the certificate that the server presents itself.

use std::path::PathBuf;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

/// Where the server's certificate and its key are; both, or neither.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsSettings {
    /// The certificate and those between it and its authority, PEM.
    #[serde(deserialize_with = "pem_file")]
    pub certificate: Option<PathBuf>,
    /// Its key, PEM.
    #[serde(deserialize_with = "pem_file")]
    pub key: Option<PathBuf>,
}

/// A certificate's file and its key's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// `server.tls.certificate`
    pub certificate: PathBuf,
    /// `server.tls.key`
    pub key: PathBuf,
}

impl TlsSettings {
    /// Both files, if the server speaks TLS itself.
    #[must_use]
    pub fn files(&self) -> Option<CertificateFiles> {
        let (certificate, key) = self.certificate.clone().zip(self.key.clone())?;
        Some(CertificateFiles { certificate, key })
    }

    /// Refuses one without the other.
    pub(super) fn check(&self) -> Result<(), String> {
        match (&self.certificate, &self.key) {
            (Some(certificate), None) => Err(format!(
                "server.tls.certificate names {}, and server.tls.key names no file: name the certificate's key, too",
                certificate.display()
            )),
            (None, Some(key)) => Err(format!(
                "server.tls.key names {}, and server.tls.certificate names no file: name the key's certificate, too",
                key.display()
            )),
            _ => Ok(()),
        }
    }
}

/// A file, if one is named. What stands in such files is easily taken for their names.
fn pem_file<'de, D: Deserializer<'de>>(value: D) -> Result<Option<PathBuf>, D::Error> {
    let name = String::deserialize(value)?;
    if name.contains("-----BEGIN") {
        return Err(D::Error::custom(
            "must name a file, and not hold what is in it",
        ));
    }
    Ok((!name.is_empty()).then(|| PathBuf::from(name)))
}
