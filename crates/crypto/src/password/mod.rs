//! Password hashing with argon2id and Better Auth's scrypt, with a limit on concurrent hashes.

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
use crate::work_queue::WorkQueue;

/// The format of new hashes. Both formats are always verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// argon2id in PHC format.
    Argon2id(Argon2Parameters),
    /// scrypt in Better Auth's format, for a database that is shared with a Node server.
    Scrypt,
}

/// How passwords are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HasherOptions {
    /// The format of new hashes.
    pub scheme: Scheme,
    /// Maximum number of concurrent hashes.
    pub permits: usize,
    /// Maximum number of hashes in the queue.
    pub queue: usize,
}

/// Hashes passwords in one format and verifies them in all known formats.
pub struct Hasher {
    scheme: Scheme,
    random: Arc<dyn Random>,
    work_queue: WorkQueue,
    memory: Arc<Memory>,
}

impl Hasher {
    /// Returns a hasher with these options. `random` is the source of salts.
    #[must_use]
    pub fn new(options: HasherOptions, random: Arc<dyn Random>) -> Self {
        let usual = match options.scheme {
            Scheme::Argon2id(parameters) => parameters.memory_kib,
            Scheme::Scrypt => 0,
        };
        Self {
            scheme: options.scheme,
            random,
            work_queue: WorkQueue::new(options.permits, options.queue),
            memory: Arc::new(Memory::new(usual)),
        }
    }

    async fn hash_with_salt(&self, password: &Password, salt: [u8; 16]) -> Result<PasswordHash, Failure> {
        let normalized = normalize(password);
        let scheme = self.scheme;
        let memory = Arc::clone(&self.memory);
        let outcome = self.work_queue.take(move || match scheme {
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
        self.work_queue
            .take(move || verdict(&normalized, &hash, scheme, &memory))
            .await
    }

    async fn hash_dummy(&self, password: &Password) -> Result<(), Failure> {
        self.hash_with_salt(password, [0; 16]).await.map(drop)
    }
}

/// Verifies a password. A hash of an unknown format or with excessive parameters matches nothing; its user can still
/// reset the password.
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

/// Normalises by NFKC, as Better Auth does: a password may have several encodings, depending on the keyboard.
fn normalize(password: &Password) -> Secret<String> {
    Secret::new(password.expose().nfkc().collect())
}

#[cfg(test)]
mod tests;
