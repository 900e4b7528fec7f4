//! The files of Swagger UI.

use std::collections::BTreeMap;
use std::sync::Arc;

use utoipa_swagger_ui::Config as SwaggerConfig;

use super::kept::Kept;

/// The page.
pub const INDEX: &str = "index.html";

/// What the page of Swagger UI loads.
const LOADED: [&str; 7] = [
    "swagger-ui.css",
    "index.css",
    "favicon-32x32.png",
    "favicon-16x16.png",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-initializer.js",
];

/// Swagger UI: its page, and what that loads under addresses that name the content.
pub struct SwaggerFiles(pub(super) BTreeMap<&'static str, Kept>);

impl SwaggerFiles {
    /// The files for a server whose public address has this path.
    pub fn below(base: &str) -> Self {
        let description = format!("{base}/api-docs/openapi.json");
        let config = Arc::new(SwaggerConfig::from(description).try_it_out_enabled(true));
        let mut files = BTreeMap::new();
        for name in LOADED.into_iter().chain([INDEX]) {
            let found = utoipa_swagger_ui::serve(name, Arc::clone(&config))
                .ok()
                .flatten();
            // Another version of Swagger UI may have other files.
            let Some(found) = found else { continue };
            let kept = match found.gzpipped {
                true => Kept::compressed(found.content_type, found.bytes.into_owned()),
                false => Kept::new(found.content_type, &found.bytes),
            };
            files.insert(name, kept);
        }
        let page = files
            .get(INDEX)
            .map(|page| String::from_utf8(page.content()));
        if let Some(Ok(mut page)) = page {
            for (name, file) in &files {
                let named = format!("./{name}?v={}\"", file.fingerprint);
                page = page.replace(&format!("./{name}\""), &named);
            }
            files.insert(
                INDEX,
                Kept::new("text/html; charset=utf-8", page.as_bytes()),
            );
        }
        Self(files)
    }
}
