//! Why a target is refused.

/// The longest target, as it is given and as it is written.
pub const MAX_TARGET_CHARS: usize = 2_048;

/// Why a text may not be where a link leads. The words end a sentence that begins with the name of what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetRefused {
    /// Longer than [`MAX_TARGET_CHARS`], as it was given or as it is written.
    #[error("must have at most {MAX_TARGET_CHARS} characters, percent-encoding included")]
    TooLong,
    /// Not `https://`.
    #[error("must begin with https://")]
    Scheme,
    /// Not `https://` nor `http://`, where both may be.
    #[error("must begin with https:// or http://")]
    SchemeOfBoth,
    /// It has characters that are not seen: controls, line breaks, marks of direction.
    #[error("must not have line breaks, control characters or characters that are not seen")]
    Unseen,
    /// Browsers read one as a slash; other programs do not.
    #[error("must not have backslashes before its query: write / or %5C")]
    Backslash,
    /// No URL.
    #[error("is no URL such as https://shop.example/menu")]
    NoUrl,
    /// `https://paypal.com@evil.example`.
    #[error(
        "must not have a user name or password: it leads to the host behind the @, not to what stands before it"
    )]
    UserInfo,
    /// A host that no name server knows: an empty or overlong label, or characters that names do not have.
    #[error(
        "has a host that is no name of the Internet: labels of 1 to 63 letters, digits and hyphens, 253 characters at most"
    )]
    Host,
    /// An IP address, in whatever notation.
    #[error("must have a name for its host, not an IP address")]
    IpAddress,
    /// `https://intranet`.
    #[error("must have a host with a dot in it: names of one label are known in one network only")]
    SingleLabel,
    /// `localhost`, `printer.local`, or a name that is known to lead to such an address.
    #[error(
        "must not lead into a private network: its host is a name of this machine or of one network"
    )]
    PrivateName,
    /// A port that belongs to another service than the Web.
    #[error("must have port 443, 80 or one from 1024 on")]
    Port,
    /// This server, or another code of it.
    #[error("must not lead to this server itself, except to /message and /f/")]
    OwnHost,
}

impl TargetRefused {
    /// One word for programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Scheme | Self::SchemeOfBoth => "scheme",
            Self::Unseen => "unseen_characters",
            Self::Backslash => "backslash",
            Self::NoUrl => "no_url",
            Self::UserInfo => "user_info",
            Self::Host => "host",
            Self::IpAddress => "ip_address",
            Self::SingleLabel => "single_label",
            Self::PrivateName => "private_name",
            Self::Port => "port",
            Self::OwnHost => "own_host",
        }
    }
}
