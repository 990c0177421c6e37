//! The secret of webhooks, where the deployment gives none.

use base64::{Engine, prelude::BASE64_STANDARD};
use portcullis_domain::secret::Secret;

use crate::{keys, secrets::Secrets};

/// What sets the key apart.
const WEBHOOK: &[u8] = b"portcullis webhook";

impl Secrets {
    /// The secret of webhooks that is made of the first secret, in the form of Standard Webhooks: `whsec_` and
    /// base64.
    #[must_use]
    pub fn webhook_secret(&self) -> Secret<String> {
        webhook_secret(self.first())
    }

    /// The secrets of webhooks that are made of each secret, that of the first secret first: whoever verifies requests
    /// may know an older one still.
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

    /// Worked out with another implementation: whoever verifies requests has a copy.
    #[test]
    fn the_secret_of_webhooks_stays_the_same_and_is_of_the_first_secret() {
        let expected = "whsec_+0XOK0n2u1D2CP9bOd7jEmebLYteV6nqCxpOcXy9ZLA=";
        assert_eq!(secrets(&[SECRET, "old"]).webhook_secret().expose(), expected);
        assert_ne!(secrets(&["old", SECRET]).webhook_secret().expose(), expected);
        let all = secrets(&["new", SECRET]).webhook_secrets();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].expose(), secrets(&["new"]).webhook_secret().expose());
        assert_eq!(all[1].expose(), expected);
    }
}
