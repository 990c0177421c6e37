//! Signatures of what a client keeps for us.

/// The length of a [`Tag`] in bytes: HMAC-SHA256.
pub const TAG_LENGTH: usize = 32;

/// A signature.
pub type Tag = [u8; TAG_LENGTH];

/// What is signed. Each purpose has a key of its own, so that what is signed for one is worth nothing for
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A cookie's value: with the secret itself, as the reference signs, so that servers can share cookies.
    Cookie,
    /// What is counted about somebody, so that nobody reads in the counts whom they are about.
    RateLimit,
}

/// Signs with the deployment's secret.
pub trait Mac: Send + Sync {
    /// The signature of this message.
    fn tag(&self, purpose: Purpose, message: &[u8]) -> Tag;

    /// Whether this is the message's signature, told in constant time.
    fn verify(&self, purpose: Purpose, message: &[u8], tag: &[u8]) -> bool;
}
