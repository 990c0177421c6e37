//! Bearer tokens: session tokens in headers, for clients that keep no cookies.

mod credential_scheme;
mod response_decorator;

pub(crate) use self::response_decorator::HEADER;

/// Session tokens are accepted in the header `Authorization` and sent in the header `set-auth-token`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BearerOptions {
    /// Whether a token is valid only with this server's signature.
    pub require_signature: bool,
}
