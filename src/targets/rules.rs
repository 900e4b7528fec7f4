//! What an installation lets targets be.

use url::Url;

use super::host;

/// What an installation lets targets be.
#[derive(Debug, Clone, Default)]
pub struct TargetRules {
    /// Whether `http` is allowed beside `https`.
    pub allow_http: bool,
    /// Whether IP addresses, names of one label and names of private networks are allowed.
    pub allow_private: bool,
    own: Option<Own>,
}

/// This server, as links name it.
#[derive(Debug, Clone)]
struct Own {
    host: String,
    base_path: String,
}

impl TargetRules {
    /// The rules of the server whose links begin with `public_url`.
    #[must_use]
    pub fn of(public_url: &Url, allow_http: bool, allow_private: bool) -> Self {
        let own = public_url.host_str().map(|host| Own {
            host: host::without_dots(host).to_owned(),
            base_path: public_url.path().trim_end_matches('/').to_owned(),
        });
        Self {
            allow_http,
            allow_private,
            own,
        }
    }

    /// Whether a URL with this host and path leads to this server, where a link may not lead. Ports do not matter: other ports
    /// of a host often lead to the same server.
    pub(super) fn is_own(&self, host: &str, path: &str) -> bool {
        let Some(own) = self.own.as_ref().filter(|own| own.host == host) else {
            return false;
        };
        let allowed = path
            .strip_prefix(own.base_path.as_str())
            .is_some_and(|path| {
                let form = path.strip_prefix("/f/").is_some_and(|name| {
                    !name.is_empty()
                        && name
                            .bytes()
                            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
                });
                path == "/message" || form
            });
        !allowed
    }
}
