//! The stored form of the tokens of providers.

use std::sync::Arc;

use portcullis_domain::{
    account::{AccountTokens, TokenChange},
    secret::Secret,
};

use super::TokenOptions;
use crate::ports::{Cipher, Failure, Ports, ProviderTokens, SealPurpose, Sealed};

/// Shortest ciphertext: the hexadecimal digits of a nonce of 24 bytes and a tag of 16 bytes.
const SHORTEST_CIPHERTEXT: usize = 80;

/// Writes and reads stored tokens.
#[derive(Clone)]
pub(crate) struct StoredTokens {
    cipher: Arc<dyn Cipher>,
    options: TokenOptions,
}

impl StoredTokens {
    pub(crate) fn new(ports: &Ports, options: TokenOptions) -> Self {
        Self {
            cipher: Arc::clone(&ports.cipher),
            options,
        }
    }

    /// Returns whether a sign-in replaces stored tokens.
    pub(crate) const fn are_updated_on_sign_in(&self) -> bool {
        self.options.updates_on_sign_in
    }

    /// Returns the stored form of tokens. The id token is never encrypted, as in Better Auth.
    pub(crate) fn write(&self, tokens: &ProviderTokens) -> TokenChange {
        let stored = |token: &Option<Secret<String>>| token.as_ref().and_then(|token| self.stored(token));
        TokenChange {
            tokens: AccountTokens {
                access_token: stored(&tokens.access_token),
                refresh_token: stored(&tokens.refresh_token),
                id_token: tokens.id_token.clone(),
                access_token_expires_at: tokens.access_token_expires_at,
                refresh_token_expires_at: tokens.refresh_token_expires_at,
            },
            scope: tokens.scopes.as_ref().map(|scopes| scopes.join(",")),
        }
    }

    /// Returns a stored access or refresh token as the provider issued it. A token that was stored before encryption
    /// was enabled is read as it is. A deployment that does not encrypt decrypts nothing: clients choose some of the
    /// tokens, and other data of the deployment is encrypted with the same key.
    pub(crate) fn read(&self, stored: &Secret<String>) -> Result<Secret<String>, Failure> {
        if !self.options.is_encrypted || !is_ciphertext(stored.expose()) {
            return Ok(stored.clone());
        }
        let sealed = Sealed(stored.expose().clone());
        let opened = self.cipher.open(SealPurpose::ProviderToken, &sealed)?;
        Ok(opened.text)
    }

    /// Returns the stored form of a token. `None`: encryption is disabled, and the token is a ciphertext of this
    /// deployment: if it was stored, it would be decrypted after encryption is enabled.
    fn stored(&self, token: &Secret<String>) -> Option<Secret<String>> {
        if self.options.is_encrypted {
            let sealed = self.cipher.seal(SealPurpose::ProviderToken, token.expose());
            return Some(Secret::new(sealed.0));
        }
        (!self.is_own_ciphertext(token)).then(|| token.clone())
    }

    fn is_own_ciphertext(&self, token: &Secret<String>) -> bool {
        let sealed = Sealed(token.expose().clone());
        is_ciphertext(token.expose()) && self.cipher.open(SealPurpose::ProviderToken, &sealed).is_ok()
    }
}

/// Returns whether a text has the form of a ciphertext: that of the cipher, or that of later versions of Better Auth.
fn is_ciphertext(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_long = text.len() >= SHORTEST_CIPHERTEXT && text.len().is_multiple_of(2);
    text.starts_with("$ba$") || (is_long && text.bytes().all(is_digit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Opened;

    /// A ciphertext of a signing key or of a second factor, and what is encrypted in it.
    const STOLEN: &str = "$ba$1$a private key";
    const PLAINTEXT: &str = "a private key";

    /// Uses one key for all purposes, as the tokens' key is also that of other data.
    struct OneKey;

    impl Cipher for OneKey {
        fn seal(&self, _: SealPurpose, text: &str) -> Sealed {
            Sealed(format!("$ba$1${text}"))
        }

        fn open(&self, _: SealPurpose, sealed: &Sealed) -> Result<Opened, Failure> {
            let text = sealed.0.strip_prefix("$ba$1$").map(str::to_owned);
            let text = Secret::new(text.ok_or_else(|| Failure::new("no ciphertext"))?);
            Ok(Opened {
                text,
                is_stale: false,
            })
        }
    }

    fn deployment(is_encrypted: bool) -> StoredTokens {
        StoredTokens {
            cipher: Arc::new(OneKey),
            options: TokenOptions {
                is_encrypted,
                updates_on_sign_in: true,
                cookie_lifetime: None,
            },
        }
    }

    fn presented(text: &str) -> ProviderTokens {
        ProviderTokens {
            access_token: Some(Secret::new(text.to_owned())),
            refresh_token: Some(Secret::new(text.to_owned())),
            ..ProviderTokens::default()
        }
    }

    /// Returns what a deployment reads of the tokens that another one has stored.
    fn read_after(written: bool, read: bool, text: &str) -> Vec<String> {
        let change = deployment(written).write(&presented(text));
        let stored = [change.tokens.access_token, change.tokens.refresh_token];
        let stored = stored.into_iter().flatten();
        let read = stored.map(|token| deployment(read).read(&token).unwrap().expose().clone());
        read.collect()
    }

    #[test]
    fn a_ciphertext_that_a_client_presents_as_a_token_is_never_decrypted() {
        for (written, read) in [(false, false), (true, true), (false, true), (true, false)] {
            let texts = read_after(written, read, STOLEN);
            let is_shown = texts.iter().any(|shown| shown == PLAINTEXT);
            assert!(!is_shown, "{written} {read}: {texts:?}");
            assert_eq!(texts.is_empty(), !written, "stored in plain: {texts:?}");
        }
    }

    /// Some servers issue tokens that consist of hexadecimal digits.
    #[test]
    fn a_token_that_only_has_the_form_of_a_ciphertext_is_stored() {
        let digits = "0f".repeat(SHORTEST_CIPHERTEXT / 2);
        for (written, read) in [(false, false), (true, true)] {
            assert_eq!(read_after(written, read, &digits), [&*digits, &*digits]);
        }
    }

    #[test]
    fn a_ciphertext_that_is_already_stored_is_not_decrypted_without_encryption() {
        let stored = Secret::new(STOLEN.to_owned());
        let read = deployment(false).read(&stored).unwrap();
        assert_eq!(read.expose(), STOLEN);
    }

    #[test]
    fn other_texts_than_ciphertexts_are_stored_and_read_as_they_are() {
        let upper = "0F".repeat(SHORTEST_CIPHERTEXT / 2);
        let odd = "0".repeat(SHORTEST_CIPHERTEXT + 1);
        let short = "0".repeat(SHORTEST_CIPHERTEXT - 2);
        for text in ["", "ya29.token", "ba$1$", &upper, &odd, &short] {
            for (written, read) in [(false, false), (true, true), (false, true)] {
                assert_eq!(read_after(written, read, text), [text, text]);
            }
        }
    }
}
