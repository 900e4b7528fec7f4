//! The headers that every answer has, unless its handler set its own.
//!
//! They are the ones that a token route needs (nothing stored, nothing sent on, nothing framed, nothing run), and no
//! other route is hurt by them.

use actix_web::http::header::{
    self, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};

/// For our own pages: their style sheet, script and pictures, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// For Swagger UI, which sets styles from its script and asks this server.
pub const SWAGGER_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Features of the browser that no page of ours uses.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), \
    display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), \
    identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), \
    screen-wake-lock=(), serial=(), storage-access=(), usb=(), window-management=(), \
    xr-spatial-tracking=()";

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Adds what `headers` does not have yet.
pub fn complete(headers: &mut HeaderMap) {
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    add(CACHE_CONTROL, "no-store");
    add(CONTENT_SECURITY_POLICY, PAGE_POLICY);
    add(header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    add(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    add(PERMISSIONS_POLICY, PERMISSIONS);
    add(REFERRER_POLICY, "no-referrer");
    add(ROBOTS, "noindex, nofollow, noarchive, nosnippet");
    add(VARY, "Accept");
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
}
