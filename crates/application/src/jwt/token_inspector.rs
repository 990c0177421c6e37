//! Recognition of tokens that this deployment issued.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::id::{SessionId, UserId};
use serde_json::{Map, Value};

use super::{Jwt, Subject, audience::SESSION};
use crate::{
    ports::{Failure, VerifyingKey},
    seams::{InspectedToken, TokenInspector},
};

/// The audience of a token.
#[derive(Clone, Copy)]
enum Audience {
    /// That of tokens that clients request without an audience.
    Default,
    /// One of the allow-list.
    Allowed,
}

#[async_trait]
impl TokenInspector for Jwt {
    async fn inspect(&self, token: &str) -> Result<Option<InspectedToken>, Failure> {
        if token.matches('.').count() < 2 {
            return Ok(None);
        }
        let keys = self.store.autocommit().jwks().list().await?;
        let published = self.published(&keys).filter_map(|key| {
            Some(VerifyingKey {
                id: key.id.clone(),
                algorithm: self.keys.algorithm(key)?,
                public: key.public.clone(),
            })
        });
        let claims = self.verifier.verify(token, &published.collect::<Vec<_>>());
        Ok(claims.and_then(|claims| self.accepted(claims)))
    }
}

impl Jwt {
    /// Returns what the claims of a token with a valid signature state, or `None` if the token is not valid now.
    fn accepted(&self, claims: Map<String, Value>) -> Option<InspectedToken> {
        let audience = self.audience(&claims)?;
        let is_ours = text(&claims, "iss")? == self.issuer();
        if !is_ours || !is_valid_at(&claims, self.clock.now()) {
            return None;
        }
        let user = UserId::new(self.user(&claims, audience)?);
        let session = match audience {
            // The claims of such a token are fields of the user, and one of them may have the name of the claim.
            Audience::Default => None,
            Audience::Allowed => Some(SessionId::new(text(&claims, SESSION)?)),
        };
        Some(InspectedToken {
            user,
            session,
            claims,
        })
    }

    fn audience(&self, claims: &Map<String, Value>) -> Option<Audience> {
        let stated = match claims.get("aud")? {
            Value::String(one) => vec![one.as_str()],
            Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let is_stated = |audience: &String| stated.contains(&audience.as_str());
        if self
            .options
            .audiences
            .iter()
            .any(|allowed| is_stated(&allowed.audience))
        {
            return Some(Audience::Allowed);
        }
        let is_default = self.options.claims.audience.iter().any(is_stated);
        is_default.then_some(Audience::Default)
    }

    /// Returns the id of the user. An address is not resolved: another user may have it by now.
    fn user<'a>(&self, claims: &'a Map<String, Value>, audience: Audience) -> Option<&'a str> {
        match (audience, self.options.claims.subject) {
            (Audience::Allowed, _) | (Audience::Default, Subject::Id) => text(claims, "sub"),
            (Audience::Default, Subject::Email) => text(claims, "id"),
        }
    }
}

/// Whether a token has not expired and is valid already. A token without expiry is never valid.
fn is_valid_at(claims: &Map<String, Value>, now: DateTime<Utc>) -> bool {
    let now = now.timestamp();
    let has_expired = claims
        .get("exp")
        .and_then(Value::as_i64)
        .is_none_or(|end| end <= now);
    let is_valid_already = match claims.get("nbf") {
        None => true,
        Some(begin) => begin.as_i64().is_some_and(|begin| begin <= now),
    };
    !has_expired && is_valid_already
}

fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    claims.get(name).and_then(Value::as_str)
}
