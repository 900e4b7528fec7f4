//! The limit that a request met.

/// A limit, as the `RateLimit` fields have it (draft-ietf-httpapi-ratelimit-headers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name.
    pub name: &'static str,
    /// What a window has: requests, or bytes of bodies.
    pub quota: u64,
    /// Whether it counts bytes.
    pub bytes: bool,
    /// Seconds of a window.
    pub window_secs: u32,
    /// Seconds after which to try again.
    pub wait_secs: u64,
}
