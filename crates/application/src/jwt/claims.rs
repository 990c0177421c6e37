//! What a JWT says.

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::user::User;
use serde_json::{Map, Value};

/// Names that RFC 7519 has taken: what they say is ours to say, and no field of a user's.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// Which of a user's texts is the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The id, which never changes.
    Id,
    /// The address.
    Email,
}

/// What JWTs say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimOptions {
    /// Which members of the user they tell; none: all that clients see.
    pub payload: Option<Vec<String>>,
    /// Whom they are about.
    pub subject: Subject,
    /// Who makes them.
    pub issuer: String,
    /// For whom they are; one is told as a text, several as an array.
    pub audience: Vec<String>,
    /// How long they are good.
    pub expires_in: TimeDelta,
}

impl ClaimOptions {
    /// The claims of a JWT that is made now, in the reference's order.
    pub(super) fn of(&self, user: &User, view: Map<String, Value>, now: DateTime<Utc>) -> Value {
        let mut claims = Map::new();
        let now = now.timestamp();
        claims.insert("iat".to_owned(), now.into());
        claims.extend(view.into_iter().filter(|(name, _)| self.tells(name)));
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

    fn tells(&self, name: &str) -> bool {
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
