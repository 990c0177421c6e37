//! The webhook secret that is used if the deployment configures none.

use base64::{Engine, prelude::BASE64_STANDARD};
use portcullis_domain::secret::Secret;

use crate::{keys, secrets::Secrets};

/// HKDF label of the webhook secret.
const WEBHOOK: &[u8] = b"portcullis webhook";

impl Secrets {
    /// Returns the webhook secret that is derived from the first secret, in the format of Standard Webhooks: `whsec_`
    /// and base64.
    #[must_use]
    pub fn webhook_secret(&self) -> Secret<String> {
        webhook_secret(self.first())
    }

    /// Returns the webhook secrets that are derived from each secret, in the same order: receivers may still verify
    /// with an older one.
    #[must_use]
    pub fn webhook_secrets(&self) -> Vec<Secret<String>> {
        self.keys(webhook_secret).iter().cloned().collect()
    }
}

fn webhook_secret(secret: &Secret<String>) -> Secret<String> {
    let key = keys::derived::<32>(secret, None, WEBHOOK);
    Secret::new(format!("whsec_{}", BASE64_STANDARD.encode(key.expose())))
}

#[cfg(test)]
mod tests {
    use crate::testing::{SECRET, secrets};

    /// Computed with another implementation: receivers have a copy of the secret.
    #[test]
    fn the_webhook_secret_is_stable_and_derived_from_the_first_secret() {
        let expected = "whsec_+0XOK0n2u1D2CP9bOd7jEmebLYteV6nqCxpOcXy9ZLA=";
        assert_eq!(secrets(&[SECRET, "old"]).webhook_secret().expose(), expected);
        assert_ne!(secrets(&["old", SECRET]).webhook_secret().expose(), expected);
        let all = secrets(&["new", SECRET]).webhook_secrets();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].expose(), secrets(&["new"]).webhook_secret().expose());
        assert_eq!(all[1].expose(), expected);
    }
}
