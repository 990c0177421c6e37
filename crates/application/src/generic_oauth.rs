//! Providers that the deployment describes itself. [`Social`](crate::social::Social) uses them as all others; they also
//! have routes of their own.

use std::collections::BTreeSet;

/// The ids of the providers that the deployment describes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenericOAuth {
    ids: BTreeSet<String>,
}

impl GenericOAuth {
    /// Returns these ids.
    #[must_use]
    pub fn new(ids: impl IntoIterator<Item = String>) -> Self {
        Self {
            ids: ids.into_iter().collect(),
        }
    }

    /// Returns whether the provider with this id is one of them.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_of_the_list_of_social_providers_is_not_generic() {
        let generic = GenericOAuth::new(["keycloak".to_owned()]);
        assert!(generic.has("keycloak"));
        assert!(!generic.has("github"));
        assert!(!generic.has("Keycloak"));
    }
}
