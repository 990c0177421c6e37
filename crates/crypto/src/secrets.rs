//! The deployment's secrets and their rotation.

use std::sync::Arc;

use portcullis_domain::secret::Secret;

/// The deployment's secrets; cheap to clone. The first one signs and encrypts, all of them verify and decrypt.
#[derive(Clone, Debug)]
pub struct Secrets(Arc<RotatedKeys<Secret<String>>>);

impl Secrets {
    /// Returns the current secret together with the secrets that it replaced, the latest first.
    #[must_use]
    pub fn new(first: Secret<String>, old: Vec<Secret<String>>) -> Self {
        Self(Arc::new(RotatedKeys { first, old }))
    }

    pub(crate) fn first(&self) -> &Secret<String> {
        self.0.first()
    }

    /// Returns a key for each secret.
    pub(crate) fn keys<Key>(&self, key: impl Fn(&Secret<String>) -> Key) -> RotatedKeys<Key> {
        RotatedKeys {
            first: key(&self.0.first),
            old: self.0.old.iter().map(key).collect(),
        }
    }
}

/// One or more keys; the first is the current one.
#[derive(Debug)]
pub(crate) struct RotatedKeys<Key> {
    first: Key,
    old: Vec<Key>,
}

impl<Key> RotatedKeys<Key> {
    pub(crate) const fn first(&self) -> &Key {
        &self.first
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.old)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show_in_debug_output() {
        let secrets = Secrets::new(
            Secret::new("today".to_owned()),
            vec![Secret::new("yesterday".to_owned())],
        );
        let text = format!("{secrets:?}");
        assert!(!text.contains("today") && !text.contains("yesterday"), "{text}");
    }

    #[test]
    fn keys_are_in_the_order_of_their_secrets() {
        let old = ["b", "c"].map(|text| Secret::new(text.to_owned())).to_vec();
        let secrets = Secrets::new(Secret::new("a".to_owned()), old);
        let keys = secrets.keys(|secret| secret.expose().clone());
        assert_eq!(keys.first(), "a");
        assert!(keys.iter().eq(["a", "b", "c"]));
    }
}
