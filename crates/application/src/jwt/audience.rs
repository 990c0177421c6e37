//! Tokens for one audience.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::jwt::{Algorithm, KeyGroup};
use serde_json::{Map, Value};

use super::claims::REGISTERED;

/// The claim that names the session of a token.
pub(super) const SESSION: &str = "sid";

/// An audience for which clients may request tokens, and what these tokens contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudienceOptions {
    /// The `aud` claim.
    pub audience: String,
    /// The algorithm of the signature. `None`: that of the default tokens.
    pub algorithm: Option<Algorithm>,
    /// Which fields of the user are included.
    pub payload: Vec<String>,
    /// How long a token is valid.
    pub expires_in: TimeDelta,
}

impl AudienceOptions {
    pub(super) fn key_group(&self) -> KeyGroup {
        self.algorithm.map_or(KeyGroup::Default, KeyGroup::Of)
    }

    /// Returns the claims that do not depend on the user, and the chosen fields of `view`, which is the user as clients
    /// see it.
    pub(super) fn claims(&self, view: Map<String, Value>, now: DateTime<Utc>) -> Map<String, Value> {
        let mut claims = Map::new();
        let now = now.timestamp();
        claims.insert("iat".to_owned(), now.into());
        claims.insert("exp".to_owned(), (now + self.expires_in.num_seconds()).into());
        claims.insert("aud".to_owned(), self.audience.as_str().into());
        claims.extend(view.into_iter().filter(|(name, _)| self.includes(name)));
        claims
    }

    /// Whether a field is included. A field never sets a claim that verifiers rely on.
    fn includes(&self, name: &str) -> bool {
        let is_chosen = self.payload.iter().any(|chosen| chosen == name);
        is_chosen && !REGISTERED.contains(&name) && name != SESSION
    }
}
