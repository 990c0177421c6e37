//! Which keys sign which tokens if several algorithms are in use.

use std::iter;

use chrono::{DateTime, Utc};

use super::{Algorithm, StoredKey};

/// The keys that sign one kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyGroup {
    /// The keys of tokens that have no algorithm of their own.
    Default,
    /// The keys of one algorithm.
    Of(Algorithm),
}

/// The algorithms of a deployment's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithms {
    default: Algorithm,
    own: Vec<Algorithm>,
}

impl Algorithms {
    /// Creates the set from the algorithm of new default keys and the algorithms that kinds of tokens have of their
    /// own.
    #[must_use]
    pub fn new(default: Algorithm, own: impl IntoIterator<Item = Algorithm>) -> Self {
        let own = own.into_iter().fold(Vec::new(), |mut own, algorithm| {
            if !own.contains(&algorithm) {
                own.push(algorithm);
            }
            own
        });
        Self { default, own }
    }

    /// Returns every algorithm once, the default one first.
    pub fn all(&self) -> impl Iterator<Item = Algorithm> {
        let own = self.own.iter().copied().filter(|own| *own != self.default);
        iter::once(self.default).chain(own)
    }

    /// Returns every group of keys, the default one first.
    pub fn groups(&self) -> impl Iterator<Item = KeyGroup> {
        let own = self.own.iter().copied().map(KeyGroup::Of);
        iter::once(KeyGroup::Default).chain(own)
    }

    /// Returns the group that signs with this algorithm, of those that [`all`](Self::all) returns.
    #[must_use]
    pub fn group_of(&self, algorithm: Algorithm) -> KeyGroup {
        if algorithm == self.default {
            KeyGroup::Default
        } else {
            KeyGroup::Of(algorithm)
        }
    }

    /// Returns the algorithm of new keys of a group.
    #[must_use]
    pub const fn of(&self, group: KeyGroup) -> Algorithm {
        match group {
            KeyGroup::Default => self.default,
            KeyGroup::Of(algorithm) => algorithm,
        }
    }

    /// Returns the keys of a group in the given order. Each key has its algorithm, or `None` if it cannot be used.
    ///
    /// The default group has the keys of its algorithm. If none of them signs yet, it also has those of algorithms that
    /// nothing else uses: after a change of the algorithm, the earlier keys sign until they are rotated.
    #[must_use]
    pub fn keys_of<'a>(
        &self,
        group: KeyGroup,
        keys: &[(&'a StoredKey, Option<Algorithm>)],
        now: DateTime<Utc>,
    ) -> Vec<&'a StoredKey> {
        let those = |belongs: &dyn Fn(Option<Algorithm>) -> bool| -> Vec<&'a StoredKey> {
            let keys = keys.iter().filter(|(_, algorithm)| belongs(*algorithm));
            keys.map(|(key, _)| *key).collect()
        };
        let of_algorithm = those(&|algorithm| algorithm == Some(self.of(group)));
        let signs = |key: &&StoredKey| key.may_sign(now) && key.is_announced(now);
        if group != KeyGroup::Default || of_algorithm.iter().any(signs) {
            return of_algorithm;
        }
        those(&|algorithm| !algorithm.is_some_and(|algorithm| self.is_of_others(algorithm)))
    }

    /// Returns whether the algorithm is used, but not by the default group.
    fn is_of_others(&self, algorithm: Algorithm) -> bool {
        algorithm != self.default && self.own.contains(&algorithm)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::{id::KeyId, secret::Secret};

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
    }

    /// A key that was created so many minutes ago, and expires in so many minutes.
    fn key(id: &str, age: i64, expires_in: Option<i64>) -> StoredKey {
        StoredKey {
            id: KeyId::new(id),
            public: String::new(),
            private: Secret::new(String::new()),
            created_at: now() - TimeDelta::minutes(age),
            expires_at: expires_in.map(|minutes| now() + TimeDelta::minutes(minutes)),
        }
    }

    fn ids(algorithms: &Algorithms, group: KeyGroup, keys: &[(StoredKey, Option<Algorithm>)]) -> Vec<String> {
        let keys: Vec<_> = keys.iter().map(|(key, algorithm)| (key, *algorithm)).collect();
        let found = algorithms.keys_of(group, &keys, now());
        found.iter().map(|key| key.id.to_string()).collect()
    }

    #[test]
    fn each_algorithm_in_use_is_listed_once_and_the_default_one_first() {
        let algorithms = Algorithms::new(
            Algorithm::EdDsa,
            [
                Algorithm::Es256,
                Algorithm::EdDsa,
                Algorithm::Es256,
                Algorithm::Rs256,
            ],
        );
        assert_eq!(
            algorithms.all().collect::<Vec<_>>(),
            [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256]
        );
        assert_eq!(
            algorithms.groups().collect::<Vec<_>>(),
            [
                KeyGroup::Default,
                KeyGroup::Of(Algorithm::Es256),
                KeyGroup::Of(Algorithm::EdDsa),
                KeyGroup::Of(Algorithm::Rs256)
            ]
        );
        assert_eq!(algorithms.group_of(Algorithm::EdDsa), KeyGroup::Default);
        assert_eq!(
            algorithms.group_of(Algorithm::Es256),
            KeyGroup::Of(Algorithm::Es256)
        );
    }

    #[test]
    fn a_group_has_only_the_keys_of_its_algorithm() {
        let algorithms = Algorithms::new(Algorithm::EdDsa, [Algorithm::Es256]);
        let keys = [
            (key("es", 9, None), Some(Algorithm::Es256)),
            (key("ed", 9, None), Some(Algorithm::EdDsa)),
            (key("rs", 9, None), Some(Algorithm::Rs256)),
            (key("broken", 9, None), None),
        ];
        for (group, expected) in [
            (KeyGroup::Default, vec!["ed"]),
            (KeyGroup::Of(Algorithm::Es256), vec!["es"]),
            (KeyGroup::Of(Algorithm::Ps256), vec![]),
        ] {
            assert_eq!(ids(&algorithms, group, &keys), expected, "{group:?}");
        }
    }

    /// An audience was removed from the configuration, or a replica has a newer configuration.
    #[test]
    fn keys_of_an_algorithm_that_nothing_uses_do_not_replace_default_keys() {
        let algorithms = Algorithms::new(Algorithm::EdDsa, []);
        let left = || (key("left", 7, None), Some(Algorithm::Es256));
        let old = || (key("old", 99, None), Some(Algorithm::EdDsa));
        assert_eq!(ids(&algorithms, KeyGroup::Default, &[left(), old()]), ["old"]);
        let new = (key("new", 1, None), Some(Algorithm::EdDsa));
        assert_eq!(
            ids(&algorithms, KeyGroup::Default, &[new, left(), old()]),
            ["new", "old"]
        );
    }

    #[test]
    fn after_a_change_of_the_algorithm_earlier_keys_sign_until_they_are_rotated() {
        let algorithms = Algorithms::new(Algorithm::Rs256, [Algorithm::Es256]);
        let earlier = |expires_in| (key("earlier", 99, expires_in), Some(Algorithm::EdDsa));
        let of_audience = || (key("audience", 98, None), Some(Algorithm::Es256));
        assert_eq!(
            ids(&algorithms, KeyGroup::Default, &[of_audience(), earlier(None)]),
            ["earlier"]
        );
        let announced = |age| (key("new", age, None), Some(Algorithm::Rs256));
        assert_eq!(
            ids(
                &algorithms,
                KeyGroup::Default,
                &[announced(5), of_audience(), earlier(Some(1))]
            ),
            ["new", "earlier"]
        );
        assert_eq!(
            ids(
                &algorithms,
                KeyGroup::Default,
                &[announced(6), of_audience(), earlier(Some(0))]
            ),
            ["new"]
        );
    }
}
