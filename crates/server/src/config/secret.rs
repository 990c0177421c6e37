//! The secrets that sign and encrypt.

use std::collections::BTreeSet;

use portcullis_crypto::Secrets;
use portcullis_domain::secret::Secret;

use super::{
    declare,
    key::{Declaration, Key},
    mode::Mode,
    secret_strength,
    settings::Settings,
};

pub(super) const SECRET: Key<Option<Secret<String>>> = declare::secret("secret", "Secret that signs cookies. In production, it must have at least 32 random characters; `portcullis secret` prints one. If neither this nor `secrets` is set, the variable `AUTH_SECRET` is used, as in Better Auth.").otherwise("created once in `.portcullis/secret` in development; required in production");
pub(super) const SECRETS: Key<Option<Vec<Secret<String>>>> = declare::secrets("secrets", "The current secret, followed by previous ones. What previous secrets have signed and encrypted stays valid. Set this instead of `secret`.").otherwise("only `secret`");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&SECRET.declaration, &SECRETS.declaration];

/// Minimum length of a secret in production, in characters.
pub(super) const SHORTEST: usize = 32;
/// Minimum entropy of a secret in production, in bits, by Better Auth's estimate.
const LEAST_ENTROPY: f64 = 120.0;
/// Secrets in Better Auth's source, documentation and tests, which are public.
const KNOWN: [&str; 8] = [
    "better-auth-secret-12345678901234567890",
    "better-auth-secret-123456789",
    "better-auth-secret-that-is-long-enough-for-validation-test",
    "your-secret-key-at-least-32-characters-long",
    "your-secret-key-here-at-least-32-chars",
    "your-super-secret-key-at-least-32-characters-long",
    "your-super-secret-key-change-this-in-production",
    "replace-this-with-a-secret-of-at-least-32-characters",
];
const TOO_SHORT: &str = "must have at least 32 characters in production";
const ADVICE: &str = "set BETTER_AUTH_SECRET or `secret` to what `portcullis secret` prints";

/// Returns the secrets, the current one first. Weak secrets are refused in production, except for previous ones that
/// are only short: they sign nothing new, and what they have encrypted could not be read without them.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Secrets> {
    let secret = settings.get(&SECRET);
    let secrets = settings.get(&SECRETS);
    let is_given = settings.is_given(&SECRET) || settings.is_given(&SECRETS);
    if mode == Mode::Production && !is_given {
        settings.refuse(&SECRET, format!("`secret` is required in production: {ADVICE}"));
    }
    if settings.is_given(&SECRETS) {
        return read_all(settings, mode, secret.as_ref(), secrets?);
    }
    let secret = secret?;
    if let Some(fault) = fault(secret.expose(), mode) {
        settings.refuse(&SECRET, format!("`secret` {fault}: {ADVICE}"));
    }
    Some(Secrets::new(secret, Vec::new()))
}

/// Returns every secret of the server that was given.
pub(super) fn all(settings: &Settings) -> Vec<Secret<String>> {
    let secrets = settings.get(&SECRETS).unwrap_or_default();
    settings.get(&SECRET).into_iter().chain(secrets).collect()
}

fn read_all(
    settings: &mut Settings,
    mode: Mode,
    secret: Option<&Secret<String>>,
    mut secrets: Vec<Secret<String>>,
) -> Option<Secrets> {
    for (place, secret) in secrets.iter().enumerate() {
        let number = place + 1;
        match fault(secret.expose(), mode) {
            Some(TOO_SHORT) if place > 0 => settings.warn(
                &SECRETS,
                format!("`secrets`: number {number} has fewer than {SHORTEST} characters: attackers may guess it, and forge what it has signed; remove it when nothing depends on it any more"),
            ),
            Some(fault) => settings.refuse(&SECRETS, format!("`secrets`: number {number} {fault}: {ADVICE}")),
            None => {}
        }
    }
    if secrets.is_empty() {
        settings.refuse(&SECRETS, "`secrets` must contain at least the current secret");
        return None;
    }
    let first = secrets.remove(0);
    if secret.is_some_and(|secret| secret.expose() != first.expose()) {
        settings.refuse(
            &SECRET,
            "`secret` and the first of `secrets` differ, but both are the current secret: remove `secret`",
        );
    }
    Some(Secrets::new(first, secrets))
}

fn fault(secret: &str, mode: Mode) -> Option<&'static str> {
    if secret.is_empty() {
        return Some("is empty");
    }
    if mode == Mode::Development {
        return None;
    }
    if KNOWN.contains(&secret.trim().to_lowercase().as_str()) {
        return Some("is a published example");
    }
    if secret.chars().count() < SHORTEST {
        return Some(TOO_SHORT);
    }
    weakness(secret)
}

/// Returns why a secret that is long enough is easy to guess, or `None` if it seems random.
pub(super) fn weakness(secret: &str) -> Option<&'static str> {
    if entropy(secret) < LEAST_ENTROPY {
        return Some("has too few different characters to be hard to guess");
    }
    secret_strength::pattern(secret)
}

/// Better Auth's estimate: the length times the logarithm of the number of different characters.
fn entropy(secret: &str) -> f64 {
    let distinct: BTreeSet<char> = secret.chars().collect();
    let count = |length: usize| f64::from(u32::try_from(length).unwrap_or(u32::MAX));
    count(distinct.len()).log2() * count(secret.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_accepts_only_a_random_secret() {
        let judge = |secret: &str| fault(secret, Mode::Production);
        assert_eq!(judge("n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e"), None);
        for known in KNOWN {
            assert_eq!(judge(known), Some("is a published example"));
        }
        assert_eq!(judge("n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4"), Some(TOO_SHORT));
        for repeating in ["a".repeat(64), "ab".repeat(32), "secret".repeat(7)] {
            assert_eq!(
                judge(&repeating),
                Some("has too few different characters to be hard to guess")
            );
        }
    }

    #[test]
    fn development_accepts_any_secret_that_is_not_empty() {
        assert_eq!(fault("short", Mode::Development), None);
        assert_eq!(fault("", Mode::Development), Some("is empty"));
    }
}
