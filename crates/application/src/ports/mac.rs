//! Signatures of data that clients store.

/// The length of a [`Tag`] in bytes: HMAC-SHA256.
pub const TAG_LENGTH: usize = 32;

/// A signature.
pub type Tag = [u8; TAG_LENGTH];

/// The purpose of a signature. Each purpose has its own key, so that a signature for one purpose is invalid for any
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A cookie's value: signed with the secret itself, as Better Auth does, so that servers can share cookies.
    Cookie,
    /// The key of a rate limit counter, so that a reader of the counters cannot see which e-mail address it belongs to.
    RateLimit,
    /// The state of a request to an authorization server, which a browser carries in a cookie and in a URL. Clients
    /// choose it, so it must not be signed with a key that signs anything else.
    AuthorizationState,
    /// The digest of a service's secret, which is kept instead of the secret and never stored.
    ServiceSecret,
}

/// Signs with the deployment's secret.
pub trait Mac: Send + Sync {
    /// Returns the signature of this message.
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag;

    /// Returns whether this is the message's signature, in constant time.
    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool;
}
