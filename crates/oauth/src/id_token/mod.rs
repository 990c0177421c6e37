//! Id tokens (OpenID Connect Core 1.0, 2): verification of their signatures and claims.

mod claims;
mod issuers;
mod jwks;
mod key_set;
mod rules;
#[cfg(test)]
mod tests;
mod token;

use std::sync::Arc;

use portcullis_application::ports::{Clock, ProviderError, TokenVerifier};
use portcullis_domain::secret::Secret;
use serde_json::{Map, Value};

pub(crate) use self::claims::{is_for, is_unexpired};
pub use self::{issuers::Issuers, rules::IdTokenRules};
use self::{jwks::KeySets, key_set::KeySet, token::Token};
use crate::client::Client;

/// Verifies id tokens with the keys that providers publish.
///
/// Keys are kept for an hour, and for a day if the provider cannot be reached. They are read again when a token names an
/// unknown key, or names none and the only key has not signed it, but at most once in 60 seconds. Other tokens do not
/// wait for that.
pub struct IdTokenVerifier {
    key_sets: KeySets,
    verifier: Arc<dyn TokenVerifier>,
    clock: Arc<dyn Clock>,
}

impl IdTokenVerifier {
    /// Returns a verifier that has not read any keys yet.
    #[must_use]
    pub fn new(client: Client, verifier: Arc<dyn TokenVerifier>, clock: Arc<dyn Clock>) -> Self {
        Self {
            key_sets: KeySets::new(client, Arc::clone(&clock)),
            verifier,
            clock,
        }
    }

    /// Returns whether the provider signed the token, and its claims satisfy the rules now. `nonce`: the nonce that the
    /// token must contain.
    ///
    /// # Errors
    ///
    /// If the provider's keys cannot be read.
    pub async fn verify(
        &self,
        rules: &IdTokenRules,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<bool, ProviderError> {
        let claims = self.verified_claims(rules, token, nonce).await?;
        Ok(claims.is_some())
    }

    /// Returns the claims if [`Self::verify`] accepts the token.
    ///
    /// # Errors
    ///
    /// If the provider's keys cannot be read.
    pub async fn verified_claims(
        &self,
        rules: &IdTokenRules,
        token: &Secret<String>,
        nonce: Option<&str>,
    ) -> Result<Option<Map<String, Value>>, ProviderError> {
        let Some(token) = Token::parse(token, rules.may_omit_key_id) else {
            return Ok(None);
        };
        let verifier = &*self.verifier;
        let has_key = |keys: &KeySet| token.has_key_in(keys, verifier);
        let keys = self.key_sets.with_key(&rules.jwks, has_key).await?;
        let claims = token.claims(&keys, verifier);
        let now = self.clock.now();
        Ok(claims.filter(|claims| rules.accept(claims, nonce, now)))
    }
}
