//! The claims of JWTs.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::user::User;
use serde_json::{Map, Value};

/// Claim names that RFC 7519 registers: only this server sets them, never a field of a user.
pub(super) const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Which value of a user is the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The id, which never changes.
    Id,
    /// The e-mail address.
    Email,
}

/// Options of the claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimOptions {
    /// Which fields of the user are included. `None`: all that clients see.
    pub payload: Option<Vec<String>>,
    /// The `sub` claim.
    pub subject: Subject,
    /// The `iss` claim.
    pub issuer: String,
    /// The `aud` claim: a string if there is one audience, an array if there are several.
    pub audience: Vec<String>,
    /// How long a JWT is valid.
    pub expires_in: TimeDelta,
}

impl ClaimOptions {
    /// Returns the claims of a JWT issued at `now`, in Better Auth's order.
    pub(super) fn of(&self, user: &User, view: Map<String, Value>, now: DateTime<Utc>) -> Value {
        let mut claims = Map::new();
        let now = now.timestamp();
        claims.insert("iat".to_owned(), now.into());
        claims.extend(view.into_iter().filter(|(name, _)| self.includes(name)));
        let subject = match self.subject {
            Subject::Id => user.id.as_str(),
            Subject::Email => user.email.as_str(),
        };
        claims.insert("sub".to_owned(), subject.into());
        claims.insert("exp".to_owned(), (now + self.expires_in.num_seconds()).into());
        claims.insert("iss".to_owned(), self.issuer.as_str().into());
        claims.insert("aud".to_owned(), self.audience());
        Value::Object(claims)
    }

    fn includes(&self, name: &str) -> bool {
        let is_chosen = self
            .payload
            .as_ref()
            .is_none_or(|chosen| chosen.iter().any(|chosen| chosen == name));
        is_chosen && !REGISTERED.contains(&name)
    }

    fn audience(&self) -> Value {
        match self.audience.as_slice() {
            [one] => one.as_str().into(),
            several => several.into(),
        }
    }
}
