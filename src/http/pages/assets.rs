//! The files that pages load. They are part of the binary, and pages name them with a fingerprint of their content, so
//! they can be cached for ever.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::hex::hex;

/// Path of the style sheet, below the base.
pub(super) const STYLE: &str = "/assets/qrseal.css";
/// Path of the script, below the base.
pub(super) const SCRIPT: &str = "/assets/qrseal.js";
/// Path of the desk's script, below the base.
pub(super) const DESK_SCRIPT: &str = "/assets/desk.js";
/// Path of the icon, below the base.
pub(super) const ICON: &str = "/favicon.svg";

/// One file that pages load.
#[derive(Debug)]
pub struct Asset {
    /// Path below the base, without a query: `/assets/qrseal.css`.
    pub path: &'static str,
    /// The whole `Content-Type` value.
    pub content_type: &'static str,
    /// The content.
    pub body: &'static [u8],
    /// First 8 hexadecimal digits of the content's SHA-256; pages add it to the address as `?v=`.
    pub fingerprint: String,
    /// The `ETag` value, quotes included.
    pub etag: String,
}

/// All files that pages load.
#[must_use]
pub fn assets() -> &'static [Asset] {
    static ASSETS: OnceLock<[Asset; 4]> = OnceLock::new();
    ASSETS.get_or_init(|| {
        [
            load(
                STYLE,
                "text/css; charset=utf-8",
                include_bytes!("assets/qrseal.css"),
            ),
            load(
                SCRIPT,
                "text/javascript; charset=utf-8",
                include_bytes!("assets/qrseal.js"),
            ),
            load(
                DESK_SCRIPT,
                "text/javascript; charset=utf-8",
                include_bytes!("assets/desk/desk.js"),
            ),
            load(ICON, "image/svg+xml", include_bytes!("assets/favicon.svg")),
        ]
    })
}

/// The file at `path` (below the base, without a query).
#[must_use]
pub fn asset(path: &str) -> Option<&'static Asset> {
    assets().iter().find(|asset| asset.path == path)
}

impl Asset {
    /// The query of addresses that name this content.
    pub fn version(&self) -> String {
        format!("v={}", self.fingerprint)
    }
}

fn load(path: &'static str, content_type: &'static str, body: &'static [u8]) -> Asset {
    let fingerprint = hex(&Sha256::digest(body)[..4]);
    let etag = format!("\"{fingerprint}\"");
    Asset {
        path,
        content_type,
        body,
        fingerprint,
        etag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_found_by_its_path_and_has_a_fingerprint() {
        for known in assets() {
            let found = asset(known.path).expect("listed assets are found");
            assert!(!found.body.is_empty());
            assert_eq!(found.fingerprint.len(), 8);
            assert_eq!(found.etag, format!("\"{}\"", found.fingerprint));
        }
        assert!(asset("/assets/other.css").is_none());
    }

    #[test]
    fn the_script_of_the_desk_was_made_of_its_source() {
        let digest = hex(&Sha256::digest(include_bytes!("assets/desk/main.js")));
        let script = asset(DESK_SCRIPT).expect("it is listed").body;
        let script = std::str::from_utf8(script).expect("assets are text");
        let first = script.lines().next().unwrap_or_default();
        assert!(
            first.contains(&digest),
            "run build.mjs beside main.js: {first}"
        );
        assert!(first.contains("MIT"), "the licence of what is in it");
    }

    #[test]
    fn assets_load_nothing_from_elsewhere() {
        for asset in assets() {
            let text = std::str::from_utf8(asset.body).expect("assets are text");
            let text = text.replace("http://www.w3.org/2000/svg", "");
            for reach in ["http:", "https:", "@import", "url(", "eval(", "innerHTML"] {
                assert!(!text.contains(reach), "{} contains {reach}", asset.path);
            }
        }
    }
}
