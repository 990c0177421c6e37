//! Keys that sign JWTs, and when another one takes their place.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{id::KeyId, secret::Secret};

/// An algorithm of JWS (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519.
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 5] = [Self::EdDsa, Self::Es256, Self::Es512, Self::Rs256, Self::Ps256];

    /// The algorithm as JWS names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
        }
    }

    /// The algorithm with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// A pair of keys as it is stored, in the reference's form.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// What tokens call it: `kid`.
    pub id: KeyId,
    /// The public JWK as JSON text, with neither `kid` nor, as a rule, `alg`.
    pub public: String,
    /// The private JWK as JSON text, or a JSON text that holds it encrypted.
    pub private: Secret<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From then on it signs nothing more.
    pub expires_at: Option<DateTime<Utc>>,
}

/// When keys change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationPolicy {
    /// How long a key signs; none: until another is made.
    pub interval: Option<TimeDelta>,
    /// How long a key is published after it has signed for the last time.
    pub grace: TimeDelta,
}

impl RotationPolicy {
    /// When a key that is made now signs for the last time.
    #[must_use]
    pub fn end(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.interval.map(|interval| now + interval)
    }
}

impl StoredKey {
    /// Whether the key may sign.
    #[must_use]
    pub fn may_sign(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }

    /// Whether others still need the key to verify what it has signed.
    #[must_use]
    pub fn is_published(&self, policy: RotationPolicy, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| end + policy.grace > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn algorithms_are_found_by_their_names() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::named(algorithm.name()), Some(algorithm));
        }
        assert_eq!(Algorithm::named("none"), None);
    }

    #[test]
    fn a_key_signs_until_its_end_and_is_published_for_its_grace() {
        let end = DateTime::from_timestamp_millis(1_767_225_600_000).unwrap();
        let policy = RotationPolicy {
            interval: None,
            grace: TimeDelta::days(30),
        };
        let mut key = StoredKey {
            id: KeyId::new("K"),
            public: String::new(),
            private: Secret::new(String::new()),
            created_at: end,
            expires_at: Some(end),
        };
        assert!(key.may_sign(end - TimeDelta::milliseconds(1)) && !key.may_sign(end));
        assert!(key.is_published(policy, end + policy.grace - TimeDelta::milliseconds(1)));
        assert!(!key.is_published(policy, end + policy.grace));
        key.expires_at = None;
        assert!(key.may_sign(end + TimeDelta::days(999)) && key.is_published(policy, end));
    }

    #[test]
    fn a_key_ends_by_the_interval_or_never() {
        let now = DateTime::from_timestamp_millis(1_767_225_600_000).unwrap();
        let mut policy = RotationPolicy {
            interval: Some(TimeDelta::days(1)),
            grace: TimeDelta::zero(),
        };
        assert_eq!(policy.end(now), Some(now + TimeDelta::days(1)));
        policy.interval = None;
        assert_eq!(policy.end(now), None);
    }
}
