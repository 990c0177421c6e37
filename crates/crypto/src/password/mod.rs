//! Passwords: argon2id and Better Auth's scrypt, a few at a time.

mod argon2;
mod memory;
mod scrypt;

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_application::ports::{Failure, PasswordHasher, Random, Verdict};
use portcullis_domain::{
    password::{Password, PasswordHash},
    secret::Secret,
};
use unicode_normalization::UnicodeNormalization;

pub use self::argon2::Argon2Parameters;
use self::memory::Memory;
use crate::turns::Turns;

/// The form of new hashes. Both forms are always verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// argon2id in PHC form.
    Argon2id(Argon2Parameters),
    /// scrypt as Better Auth writes it, for a database that a Node server shares.
    Scrypt,
}

/// How passwords are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasherOptions {
    /// The form of new hashes.
    pub scheme: Scheme,
    /// How many passwords are hashed at once.
    pub permits: usize,
    /// How many more may wait.
    pub queue: usize,
}

/// Hashes passwords in one form and verifies them in every known one.
pub struct Hasher {
    scheme: Scheme,
    random: Arc<dyn Random>,
    turns: Turns,
    memory: Arc<Memory>,
}

impl Hasher {
    /// Hashes by these options, with salts from this source.
    #[must_use]
    pub fn new(options: HasherOptions, random: Arc<dyn Random>) -> Self {
        let usual = match options.scheme {
            Scheme::Argon2id(parameters) => parameters.memory_kib,
            Scheme::Scrypt => 0,
        };
        Self {
            scheme: options.scheme,
            random,
            turns: Turns::new(options.permits, options.queue),
            memory: Arc::new(Memory::new(usual)),
        }
    }

    async fn hash_with_salt(&self, password: &Password, salt: [u8; 16]) -> Result<PasswordHash, Failure> {
        let normalized = normalize(password);
        let scheme = self.scheme;
        let memory = Arc::clone(&self.memory);
        let outcome = self.turns.take(move || match scheme {
            Scheme::Argon2id(parameters) => argon2::hash(&normalized, &salt, parameters, &memory),
            Scheme::Scrypt => scrypt::hash(&normalized, salt),
        });
        outcome.await?
    }
}

#[async_trait]
impl PasswordHasher for Hasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, Failure> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        self.hash_with_salt(password, salt).await
    }

    async fn verify(&self, password: &Password, hash: &PasswordHash) -> Result<Verdict, Failure> {
        let normalized = normalize(password);
        let hash = hash.clone();
        let scheme = self.scheme;
        let memory = Arc::clone(&self.memory);
        self.turns
            .take(move || verdict(&normalized, &hash, scheme, &memory))
            .await
    }

    async fn burn(&self, password: &Password) -> Result<(), Failure> {
        self.hash_with_salt(password, [0; 16]).await.map(drop)
    }
}

/// A hash in no known form, or one that asks for absurd work, matches nothing: its owner can still reset it.
fn verdict(normalized: &Secret<String>, hash: &PasswordHash, scheme: Scheme, memory: &Memory) -> Verdict {
    let (matches, is_current) = if hash.expose().starts_with("$argon2") {
        let is_current = matches!(scheme, Scheme::Argon2id(wanted) if argon2::is_of(hash, wanted));
        (argon2::verify(normalized, hash, memory), is_current)
    } else {
        (scrypt::verify(normalized, hash), scheme == Scheme::Scrypt)
    };
    match (matches, is_current) {
        (true, true) => Verdict::Match,
        (true, false) => Verdict::MatchButStale,
        (false, _) => Verdict::Mismatch,
    }
}

/// NFKC, so that one password typed on two keyboards is one (as the reference does).
fn normalize(password: &Password) -> Secret<String> {
    Secret::new(password.expose().nfkc().collect())
}

#[cfg(test)]
mod tests;
