//! What a provider can do wrong.

use std::time::Duration;

/// Something that a [`MockProvider`](super::MockProvider) does wrong until [`MockProvider::behave`](super::MockProvider::behave).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Id tokens name another issuer.
    WrongIssuer,
    /// Id tokens are for another client.
    WrongAudience,
    /// Id tokens have expired.
    Expired,
    /// Id tokens contain another nonce than the request.
    WrongNonce,
    /// Id tokens and profiles have no user id.
    NoSub,
    /// The profile is that of another user than the id token.
    UserInfoSubDiffers,
    /// Id tokens name the published key, and another key has signed them.
    WrongSignature,
    /// Id tokens name a key that is not published.
    UnknownKey,
    /// Id tokens have the algorithm `none` and no signature.
    AlgNone,
    /// The token endpoint issues no id token.
    NoIdToken,
    /// The token endpoint issues no access token.
    NoAccessToken,
    /// The token endpoint reports `invalid_grant` for each request.
    ErrorAnswer,
    /// Endpoints answer with a page instead of JSON.
    HtmlAnswer,
    /// Endpoints answer with this status and a JSON error.
    Status(u16),
    /// Endpoints answer after this time.
    Slow(Duration),
    /// Endpoints answer with 64 MiB of JSON.
    HugeAnswer,
    /// Endpoints redirect to this URL.
    Redirect(String),
    /// Profiles and id tokens contain no e-mail address.
    NoEmail,
    /// Profiles and id tokens contain this text in the member that says whether the address is verified.
    EmailVerifiedAsText(String),
    /// The user id is the empty text.
    EmptyId,
    /// The redirect to the client contains the parameter `code` twice.
    RepeatedCode,
}

/// An endpoint whose answers can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultyEndpoint {
    /// All endpoints to which servers send requests.
    All,
    /// The token endpoint.
    Token,
    /// The endpoints that describe the user.
    UserInfo,
    /// The document with the public keys.
    Jwks,
    /// The discovery document.
    Discovery,
}

impl FaultyEndpoint {
    /// Whether this is `other` or includes it.
    pub(super) fn includes(self, other: Self) -> bool {
        self == Self::All || self == other
    }
}
