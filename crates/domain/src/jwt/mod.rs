//! Keys that sign JWTs, and their rotation.

mod algorithms;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::algorithms::{Algorithms, KeyGroup};
use crate::{id::KeyId, secret::Secret};

/// How long a new key is published before it signs, if another key can sign meanwhile. Verifiers may cache the
/// published keys for five minutes, and clocks differ a little.
pub const ANNOUNCEMENT: TimeDelta = TimeDelta::minutes(6);

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

    /// Returns the algorithm's name in JWS.
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

    /// Whether key generation may take too long for a request that waits for a token.
    #[must_use]
    pub const fn takes_long(self) -> bool {
        matches!(self, Self::Rs256 | Self::Ps256)
    }

    /// Returns the algorithm with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// A key pair as it is stored, in Better Auth's format.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// The id, which is the `kid` of tokens.
    pub id: KeyId,
    /// The public JWK as JSON text, with neither `kid` nor, as a rule, `alg`.
    pub public: String,
    /// The private JWK as JSON text, or a JSON text that holds it encrypted.
    pub private: Secret<String>,
    /// When the key was created.
    pub created_at: DateTime<Utc>,
    /// When the key stops signing.
    pub expires_at: Option<DateTime<Utc>>,
}

/// When keys are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RotationPolicy {
    /// How long a key signs. `None`: until another key is created.
    pub interval: Option<TimeDelta>,
    /// How long a key is published after it stopped signing.
    pub grace: TimeDelta,
}

impl RotationPolicy {
    /// Returns when a key that is created now stops signing.
    #[must_use]
    pub fn end(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.interval.map(|interval| now + interval)
    }

    /// Whether it is time to create the key that replaces `newest`: verifiers must know it when `newest` expires.
    #[must_use]
    pub fn is_next_due(self, newest: &StoredKey, now: DateTime<Utc>) -> bool {
        let ahead = self.interval.unwrap_or(ANNOUNCEMENT).min(ANNOUNCEMENT);
        newest.expires_at.is_some_and(|end| end - ahead <= now)
    }
}

/// Returns the key that signs. `keys` must start with the newest. It is the newest announced key, or the oldest one if
/// none is announced. Keys that are older than an expired key never sign again.
pub fn that_signs<'a, Rest>(
    keys: impl IntoIterator<Item = (&'a StoredKey, Rest)>,
    now: DateTime<Utc>,
) -> Option<(&'a StoredKey, Rest)> {
    let mut chosen = None;
    for (key, rest) in keys.into_iter().take_while(|(key, _)| key.may_sign(now)) {
        chosen = Some((key, rest));
        if key.is_announced(now) {
            break;
        }
    }
    chosen
}

impl StoredKey {
    /// Whether all verifiers have had time to read the key.
    #[must_use]
    pub fn is_announced(&self, now: DateTime<Utc>) -> bool {
        self.created_at + ANNOUNCEMENT <= now
    }

    /// Whether the key may sign.
    #[must_use]
    pub fn may_sign(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }

    /// Whether verifiers may still need the key for tokens that it has signed.
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
            assert_eq!(Algorithm::from_name(algorithm.name()), Some(algorithm));
        }
        assert_eq!(Algorithm::from_name("none"), None);
    }

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
    }

    fn key(id: &str, created_at: DateTime<Utc>, expires_at: Option<DateTime<Utc>>) -> StoredKey {
        StoredKey {
            id: KeyId::new(id),
            public: String::new(),
            private: Secret::new(String::new()),
            created_at,
            expires_at,
        }
    }

    #[test]
    fn a_key_signs_until_it_expires_and_is_published_for_the_grace_period() {
        let end = start();
        let policy = RotationPolicy {
            interval: None,
            grace: TimeDelta::days(30),
        };
        let mut key = key("K", end, Some(end));
        assert!(key.may_sign(end - TimeDelta::milliseconds(1)) && !key.may_sign(end));
        assert!(key.is_published(policy, end + policy.grace - TimeDelta::milliseconds(1)));
        assert!(!key.is_published(policy, end + policy.grace));
        key.expires_at = None;
        assert!(key.may_sign(end + TimeDelta::days(999)) && key.is_published(policy, end));
    }

    #[test]
    fn a_new_key_signs_once_it_is_announced_or_if_no_other_key_can() {
        let ago = |minutes| start() - TimeDelta::minutes(minutes);
        let in_time = |minutes: i64| Some(ago(-minutes));
        for (keys, expected) in [
            (vec![], None),
            (vec![key("first", ago(0), None)], Some("first")),
            (
                vec![key("new", ago(5), None), key("old", ago(9), in_time(1))],
                Some("old"),
            ),
            (
                vec![key("new", ago(6), None), key("old", ago(9), in_time(1))],
                Some("new"),
            ),
            (
                vec![key("new", ago(0), None), key("old", ago(9), in_time(0))],
                Some("new"),
            ),
            (
                vec![
                    key("newest", ago(0), None),
                    key("new", ago(1), None),
                    key("old", ago(9), None),
                ],
                Some("old"),
            ),
            (
                vec![key("two", ago(0), None), key("one", ago(1), None)],
                Some("one"),
            ),
            (
                vec![key("ended", ago(7), in_time(0)), key("old", ago(9), None)],
                None,
            ),
        ] {
            let found = that_signs(keys.iter().map(|key| (key, ())), start());
            assert_eq!(found.map(|(key, ())| key.id.as_str()), expected, "{keys:?}");
        }
    }

    #[test]
    fn the_next_key_is_made_early_enough_to_be_announced() {
        let minutes = TimeDelta::minutes;
        for (interval, left, is_due) in [
            (Some(minutes(60)), Some(minutes(7)), false),
            (Some(minutes(60)), Some(minutes(6)), true),
            (Some(minutes(60)), Some(minutes(-1)), true),
            (Some(minutes(2)), Some(minutes(3)), false),
            (Some(minutes(2)), Some(minutes(2)), true),
            (None, Some(minutes(6)), true),
            (None, None, false),
        ] {
            let policy = RotationPolicy {
                interval,
                grace: TimeDelta::zero(),
            };
            let newest = key("K", start(), left.map(|left| start() + left));
            assert_eq!(
                policy.is_next_due(&newest, start()),
                is_due,
                "{interval:?} {left:?}"
            );
        }
    }

    #[test]
    fn a_key_expires_after_the_interval_or_never() {
        let now = start();
        let mut policy = RotationPolicy {
            interval: Some(TimeDelta::days(1)),
            grace: TimeDelta::zero(),
        };
        assert_eq!(policy.end(now), Some(now + TimeDelta::days(1)));
        policy.interval = None;
        assert_eq!(policy.end(now), None);
    }
}
