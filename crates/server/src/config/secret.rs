//! The secrets with which cookies are signed.

use std::collections::BTreeSet;

use portcullis_crypto::Secrets;
use portcullis_domain::secret::Secret;

use super::{mode::Mode, secret_strength, settings::Settings};

/// The fewest characters of a secret in production.
const SHORTEST: usize = 32;
/// The least entropy of a secret in production, in bits, by the reference's estimate.
const LEAST_ENTROPY: f64 = 120.0;
/// What stands in Better Auth's source, documentation and tests, and so is known to everybody.
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
const MENDING: &str = "`portcullis secret` prints a good one for BETTER_AUTH_SECRET or `secret`";

/// The secrets that are given, the one of today first. Production must have good ones.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Option<Secrets> {
    let secret = settings.secret("secret");
    let secrets = settings.secrets("secrets");
    let is_given = settings.is_given("secret") || settings.is_given("secrets");
    if mode == Mode::Production && !is_given {
        settings.refuse("secret", format!("`secret` is required in production: {MENDING}"));
    }
    if settings.is_given("secrets") {
        return read_all(settings, mode, secret.as_ref(), secrets?);
    }
    let secret = secret?;
    if let Some(fault) = fault(secret.expose(), mode) {
        settings.refuse("secret", format!("`secret` {fault}: {MENDING}"));
    }
    Some(Secrets::new(secret, Vec::new()))
}

fn read_all(
    settings: &mut Settings,
    mode: Mode,
    secret: Option<&Secret<String>>,
    mut secrets: Vec<Secret<String>>,
) -> Option<Secrets> {
    for (place, secret) in secrets.iter().enumerate() {
        if let Some(fault) = fault(secret.expose(), mode) {
            let place = place + 1;
            settings.refuse("secrets", format!("`secrets`: number {place} {fault}: {MENDING}"));
        }
    }
    if secrets.is_empty() {
        settings.refuse("secrets", "`secrets` must name at least the secret of today");
        return None;
    }
    let first = secrets.remove(0);
    if secret.is_some_and(|secret| secret.expose() != first.expose()) {
        settings.refuse(
            "secret",
            "`secret` and the first of `secrets` are two: which is the one of today? Leave out `secret`",
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
        return Some("is a known example, which is no secret");
    }
    if secret.chars().count() < SHORTEST {
        return Some("must have at least 32 characters in production");
    }
    if entropy(secret) < LEAST_ENTROPY {
        return Some("repeats too few characters to be hard to guess");
    }
    secret_strength::pattern(secret)
}

/// The reference's estimate: each character is worth the logarithm of how many different ones there are.
fn entropy(secret: &str) -> f64 {
    let distinct: BTreeSet<char> = secret.chars().collect();
    let count = |length: usize| f64::from(u32::try_from(length).unwrap_or(u32::MAX));
    count(distinct.len()).log2() * count(secret.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_takes_a_random_secret_only() {
        let judge = |secret: &str| fault(secret, Mode::Production);
        assert_eq!(judge("n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e"), None);
        for known in KNOWN {
            assert_eq!(judge(known), Some("is a known example, which is no secret"));
        }
        assert_eq!(
            judge("n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4"),
            Some("must have at least 32 characters in production")
        );
        for repeating in ["a".repeat(64), "ab".repeat(32), "secret".repeat(7)] {
            assert_eq!(
                judge(&repeating),
                Some("repeats too few characters to be hard to guess")
            );
        }
    }

    #[test]
    fn development_takes_any_secret_but_none() {
        assert_eq!(fault("short", Mode::Development), None);
        assert_eq!(fault("", Mode::Development), Some("is empty"));
    }
}
