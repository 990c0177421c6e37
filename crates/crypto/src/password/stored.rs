//! Stored hashes of every known form. The original library decides how a password becomes bytes: Portcullis and Better
//! Auth normalise it, all others hash it as typed.

use openssl::hash::MessageDigest;
use portcullis_application::ports::Unverifiable;
use portcullis_domain::password::Password;

use super::{
    Scheme, argon2, bcrypt, firebase, firebase_parameters::FirebaseParameters, form::PasswordForm,
    memory::Memory, normalize, pbkdf2, scrypt,
};

/// A stored hash whose form is known and whose cost is within the limits.
pub(super) enum Stored {
    Argon2(argon2::Stored),
    BetterAuth(scrypt::Stored),
    Scrypt(scrypt::Stored),
    Pbkdf2(pbkdf2::Stored),
    Bcrypt(bcrypt::Stored),
    Firebase(firebase::Stored),
}

impl Stored {
    /// Parses a stored hash. Nothing is computed.
    pub(super) fn parse(text: &str, firebase: Option<&FirebaseParameters>) -> Result<Self, Unverifiable> {
        match text.split_once('$') {
            Some(("", rest)) => Self::parse_modular(text, rest),
            // Django's prefixes.
            Some(("argon2", rest)) => argon2::Stored::parse(&format!("${rest}")).map(Self::Argon2),
            Some(("bcrypt", rest)) => bcrypt::Stored::parse(rest).map(Self::Bcrypt),
            Some(("bcrypt_sha256", rest)) => bcrypt::Stored::parse_django_sha256(rest).map(Self::Bcrypt),
            Some(("pbkdf2_sha1", rest)) => {
                pbkdf2::Stored::parse_django(MessageDigest::sha1(), rest).map(Self::Pbkdf2)
            }
            Some(("pbkdf2_sha256", rest)) => {
                pbkdf2::Stored::parse_django(MessageDigest::sha256(), rest).map(Self::Pbkdf2)
            }
            Some(("scrypt", rest)) => scrypt::Stored::parse_django(rest).map(Self::Scrypt),
            // Spring Security's prefix.
            Some(("{bcrypt}", rest)) => bcrypt::Stored::parse(&format!("${rest}")).map(Self::Bcrypt),
            Some(("firebase-scrypt", rest)) => firebase::Stored::parse(rest, firebase).map(Self::Firebase),
            _ => scrypt::Stored::parse_better_auth(text).map(Self::BetterAuth),
        }
    }

    /// Parses a text that begins with `$` and a name; `rest` lacks the `$`.
    fn parse_modular(text: &str, rest: &str) -> Result<Self, Unverifiable> {
        match rest.split('$').next().unwrap_or_default() {
            "argon2id" | "argon2i" | "argon2d" => argon2::Stored::parse(text).map(Self::Argon2),
            "2a" | "2b" | "2y" => bcrypt::Stored::parse(text).map(Self::Bcrypt),
            "bcrypt-sha256" => bcrypt::Stored::parse_passlib_sha256(rest).map(Self::Bcrypt),
            "scrypt" => scrypt::Stored::parse_phc(text).map(Self::Scrypt),
            name if name.starts_with("pbkdf2") => pbkdf2::Stored::parse(text).map(Self::Pbkdf2),
            _ => Err(Unverifiable::UnknownForm),
        }
    }

    /// Returns the form.
    pub(super) fn form(&self) -> PasswordForm {
        match self {
            Self::Argon2(stored) => stored.form(),
            Self::BetterAuth(_) => PasswordForm::BetterAuth,
            Self::Scrypt(_) => PasswordForm::Scrypt,
            Self::Pbkdf2(_) => PasswordForm::Pbkdf2,
            Self::Bcrypt(_) => PasswordForm::Bcrypt,
            Self::Firebase(_) => PasswordForm::Firebase,
        }
    }

    /// Returns whether a new hash would have this form and these parameters.
    pub(super) fn is_current(&self, scheme: Scheme) -> bool {
        match (self, scheme) {
            (Self::Argon2(stored), Scheme::Argon2id(wanted)) => stored.has(wanted),
            (Self::BetterAuth(_), Scheme::Scrypt) => true,
            _ => false,
        }
    }

    /// Returns whether the password has this hash. `scheme` is that of new hashes.
    pub(super) fn matches(&self, password: &Password, scheme: Scheme, memory: &Memory) -> bool {
        let typed = password.expose().as_bytes();
        match self {
            Self::Argon2(stored) => {
                let normalized = normalize(password);
                let normalized = normalized.expose().as_bytes();
                let mut inputs = stored.inputs(typed, normalized, self.is_current(scheme));
                inputs.any(|input| stored.matches(input, memory))
            }
            Self::BetterAuth(stored) => stored.matches(normalize(password).expose().as_bytes()),
            Self::Scrypt(stored) => stored.matches(typed),
            Self::Pbkdf2(stored) => stored.matches(typed),
            Self::Bcrypt(stored) => stored.matches(typed),
            Self::Firebase(stored) => stored.matches(typed),
        }
    }
}
