//! Rules about the claims of id tokens (OpenID Connect Core 1.0, 3.1.3.7).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::{
    claims::{LEEWAY, is_authorized, is_for, is_unexpired, number, seconds, text},
    issuers::Issuers,
};

/// The rules by which id tokens are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdTokenRules {
    /// URL of the provider's public keys (RFC 7517).
    pub jwks: String,
    /// The issuers.
    pub issuers: Issuers,
    /// The client ids of the deployment. The token must be issued for one of them.
    pub audiences: Vec<String>,
    /// How long after its issue a token is accepted. `None`: until it expires.
    pub max_age: Option<TimeDelta>,
    /// Whether tokens may leave out `kid` if the provider has exactly one key of their algorithm (OpenID Connect Core 1.0,
    /// 10.1).
    pub may_omit_key_id: bool,
}

impl IdTokenRules {
    /// Returns whether the claims of a token with a valid signature are accepted. A nonce in the token is compared only
    /// with a nonce that was given, as in Better Auth.
    pub(super) fn accept(
        &self,
        claims: &Map<String, Value>,
        nonce: Option<&str>,
        now: DateTime<Utc>,
    ) -> bool {
        self.issuers.is_of(claims)
            && is_for(claims, &self.audiences)
            && is_authorized(claims, &self.audiences)
            && is_unexpired(claims, now) == Some(true)
            && self.is_young(claims, now)
            && number(claims, "nbf").is_none_or(|start| start <= seconds(now + LEEWAY))
            && nonce.is_none_or(|nonce| text(claims, "nonce") == Some(nonce))
    }

    fn is_young(&self, claims: &Map<String, Value>, now: DateTime<Utc>) -> bool {
        let Some(max_age) = self.max_age else {
            return true;
        };
        number(claims, "iat").is_some_and(|issued| {
            issued >= seconds(now - max_age - LEEWAY) && issued <= seconds(now + LEEWAY)
        })
    }
}
