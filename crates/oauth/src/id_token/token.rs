//! Tokens, and the keys that may have signed them.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use portcullis_application::ports::{TokenVerifier, VerifyingKey};
use portcullis_domain::{id::KeyId, jwt::Algorithm, secret::Secret};
use serde_json::{Map, Value};

use super::key_set::KeySet;

/// A token whose signature has not been verified yet.
pub(super) struct Token<'a> {
    text: &'a Secret<String>,
    algorithm: Algorithm,
    /// The id of the key. `None`: the token names no key.
    kid: Option<String>,
}

impl<'a> Token<'a> {
    /// Reads the header of a token. `None`: it names no algorithm, or one that is not supported, as those of shared
    /// secrets, or it names no key although it must.
    pub(super) fn parse(text: &'a Secret<String>, may_omit_key_id: bool) -> Option<Self> {
        let (header, _rest) = text.expose().split_once('.')?;
        let header = BASE64_URL_SAFE_NO_PAD.decode(header).ok()?;
        let header: Map<String, Value> = serde_json::from_slice(&header).ok()?;
        let kid = match header.get("kid") {
            Some(kid) => Some(kid.as_str()?.to_owned()),
            None if may_omit_key_id => None,
            None => return None,
        };
        Some(Self {
            text,
            algorithm: Algorithm::from_name(header.get("alg")?.as_str()?)?,
            kid,
        })
    }

    /// Returns whether the set has the key that the token names. If the token names none, only the signature shows
    /// whether the provider has replaced the key since.
    pub(super) fn has_key_in(&self, keys: &KeySet, verifier: &dyn TokenVerifier) -> bool {
        match &self.kid {
            Some(kid) => keys.has(kid),
            None => self.claims(keys, verifier).is_some(),
        }
    }

    /// Returns the claims if a key of the set has signed the token: the one that the token names or, if it names none, the
    /// only one of the token's algorithm. Its issuer must be one for which the key may sign.
    pub(super) fn claims(&self, keys: &KeySet, verifier: &dyn TokenVerifier) -> Option<Map<String, Value>> {
        let text = self.text.expose();
        let (key, claims) = if let Some(kid) = &self.kid {
            let key = keys.named(kid, self.algorithm)?;
            let verifying = VerifyingKey {
                id: KeyId::new(kid),
                algorithm: self.algorithm,
                public: key.public.clone(),
            };
            (key, verifier.verify(text, &[verifying]))
        } else {
            let key = keys.only(self.algorithm)?;
            (key, verifier.verify_unnamed(text, self.algorithm, &key.public))
        };
        claims.filter(|claims| key.issuer.as_ref().is_none_or(|issuer| issuer.is_of(claims)))
    }
}
