//! Randomness.

use portcullis_domain::{
    id::{self, Id},
    secret::Secret,
    social::{CODE_VERIFIER_LENGTH, STATE_ALPHABET, STATE_LENGTH},
    token::{
        DELETION_TOKEN_LENGTH, HAND_OVER_LENGTH, LETTERS, OneTimeToken, RESET_TOKEN_LENGTH,
        SESSION_TOKEN_LENGTH, SIGN_IN_LINK_LENGTH, SessionToken, TRUSTED_DEVICE_LENGTH,
        TRUSTED_DEVICE_PREFIX, TWO_FACTOR_CHALLENGE_LENGTH, TWO_FACTOR_CHALLENGE_PREFIX,
    },
};

use uuid::Builder;

const ALPHABET: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const SMALL: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer. Implementations panic if the operating system returns no random bytes.
    fn fill(&self, buffer: &mut [u8]);

    /// Returns the form of new ids.
    fn id_form(&self) -> IdForm {
        IdForm::Text
    }
}

/// The form of ids, which depends on the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdForm {
    /// 32 letters and digits.
    Text,
    /// A UUID, version 4 (RFC 9562), for columns of the type `uuid`.
    Uuid,
}

/// Ids and tokens from random bytes.
pub trait RandomExt: Random {
    /// Returns an id as Better Auth makes them: 32 letters and digits, or a UUID.
    fn id<Kind>(&self) -> Id<Kind> {
        match self.id_form() {
            IdForm::Text => Id::new(self.text(id::LENGTH)),
            IdForm::Uuid => {
                let mut bytes = [0; 16];
                self.fill(&mut bytes);
                Id::new(Builder::from_random_bytes(bytes).into_uuid().to_string())
            }
        }
    }

    /// Returns the id of a signed token: 32 letters and digits.
    fn token_id(&self) -> String {
        self.text(id::LENGTH)
    }

    /// Returns a token for a new session: 32 letters and digits.
    fn session_token(&self) -> SessionToken {
        SessionToken::new(self.text(SESSION_TOKEN_LENGTH))
    }

    /// Returns a one-time token for a password reset: 24 letters and digits, as in Better Auth.
    fn reset_token(&self) -> OneTimeToken {
        OneTimeToken::new(self.text(RESET_TOKEN_LENGTH))
    }

    /// Returns a one-time token for the deletion of a user: 32 lower-case letters and digits, as in Better Auth.
    fn deletion_token(&self) -> OneTimeToken {
        OneTimeToken::new(self.lower_text(DELETION_TOKEN_LENGTH))
    }

    /// Returns a one-time token for a link that signs in: 32 letters, as in Better Auth.
    fn sign_in_link_token(&self) -> OneTimeToken {
        OneTimeToken::new(self.draw(LETTERS, SIGN_IN_LINK_LENGTH))
    }

    /// Returns `count` random decimal digits, each equally likely.
    fn digits(&self, count: u32) -> String {
        let mut text = String::new();
        while text.len() < usize::try_from(count).unwrap_or(usize::MAX) {
            let mut byte = [0];
            self.fill(&mut byte);
            // 250 is the largest multiple of ten that a byte holds.
            if let [byte @ 0..250] = byte {
                text.push(char::from(b'0' + byte % 10));
            }
        }
        text
    }

    /// Returns a one-time token for a sign-in that needs a second factor: `2fa-` and 20 letters and digits, as in Better
    /// Auth.
    fn two_factor_challenge(&self) -> OneTimeToken {
        let random = self.text(TWO_FACTOR_CHALLENGE_LENGTH);
        OneTimeToken::new(format!("{TWO_FACTOR_CHALLENGE_PREFIX}{random}"))
    }

    /// Returns a one-time token for a trusted device: `trust-device-` and 32 letters and digits, as in Better Auth.
    fn trusted_device(&self) -> OneTimeToken {
        let random = self.text(TRUSTED_DEVICE_LENGTH);
        OneTimeToken::new(format!("{TRUSTED_DEVICE_PREFIX}{random}"))
    }

    /// Returns a `state` parameter of an authorization request: 32 letters, digits, `-` and `_`, as in Better Auth.
    fn authorization_state(&self) -> OneTimeToken {
        OneTimeToken::new(self.draw(STATE_ALPHABET, STATE_LENGTH))
    }

    /// Returns a one-time token that hands a session over: 32 letters, digits, `-` and `_`, as in Better Auth.
    fn hand_over_token(&self) -> OneTimeToken {
        OneTimeToken::new(self.draw(STATE_ALPHABET, HAND_OVER_LENGTH))
    }

    /// Returns a code verifier (RFC 7636): 128 letters, digits, `-` and `_`, as in Better Auth.
    fn code_verifier(&self) -> Secret<String> {
        Secret::new(self.draw(STATE_ALPHABET, CODE_VERIFIER_LENGTH))
    }

    /// Returns lower-case letters and digits, each equally likely.
    fn lower_text(&self, length: usize) -> String {
        self.draw(SMALL, length)
    }

    /// Returns letters and digits, each equally likely.
    fn text(&self, length: usize) -> String {
        self.draw(ALPHABET, length)
    }

    /// Returns characters of an alphabet of at most 64, each equally likely.
    fn draw(&self, alphabet: &[u8], length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut buffer = [0_u8; 64];
        while text.len() < length {
            self.fill(&mut buffer);
            // Six bits make 64 values. Values beyond the alphabet are dropped, so that no character is more likely.
            let letters = buffer
                .iter()
                .filter_map(|byte| alphabet.get(usize::from(byte & 0b11_1111)));
            text.extend(letters.take(length - text.len()).copied().map(char::from));
        }
        text
    }
}

impl<R: Random + ?Sized> RandomExt for R {}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    /// Returns all bytes in ascending order.
    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn every_letter_and_digit_is_equally_likely() {
        let text = Counting(AtomicU8::new(0)).text(62 * 4);
        for message in ALPHABET {
            assert_eq!(text.bytes().filter(|byte| byte == message).count(), 4);
        }
    }

    #[test]
    fn every_digit_is_equally_likely() {
        let text = Counting(AtomicU8::new(0)).digits(250);
        for digit in '0'..='9' {
            assert_eq!(text.matches(digit).count(), 25);
        }
    }

    #[test]
    fn ids_and_tokens_have_better_auths_lengths() {
        let random = Counting(AtomicU8::new(9));
        assert_eq!(random.id::<()>().as_str().len(), 32);
        assert_eq!(random.session_token().expose().len(), 32);
        assert_eq!(random.reset_token().expose().len(), 24);
        assert_eq!(random.hand_over_token().expose().len(), 32);
        let deletion = random.deletion_token();
        assert_eq!(deletion.expose().len(), 32);
        assert!(!deletion.expose().contains(|c: char| c.is_ascii_uppercase()));
        let random_part = |token: &OneTimeToken, prefix| token.expose().strip_prefix(prefix).map(str::len);
        assert_eq!(random_part(&random.two_factor_challenge(), "2fa-"), Some(20));
        assert_eq!(random_part(&random.trusted_device(), "trust-device-"), Some(32));
    }
}
