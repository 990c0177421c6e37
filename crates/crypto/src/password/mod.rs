//! Password hashing with argon2id and Better Auth's scrypt, with a limit on concurrent hashes. Hashes in the forms of
//! other programs are only verified.

mod argon2;
mod base64;
mod bcrypt;
mod firebase;
mod firebase_parameters;
mod form;
mod memory;
mod pbkdf2;
mod scrypt;
mod stored;

use std::sync::Arc;

use async_trait::async_trait;
use portcullis_application::ports::{Failure, PasswordHasher, Random, Unverifiable, Verdict};
use portcullis_domain::{
    password::{Password, PasswordHash},
    secret::Secret,
};
use unicode_normalization::UnicodeNormalization;

pub use self::{
    argon2::Argon2Parameters,
    firebase_parameters::{FirebaseParameterError, FirebaseParameters},
    form::PasswordForm,
};
use self::{memory::Memory, stored::Stored};
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
#[derive(Clone, Debug)]
pub struct HasherOptions {
    /// The format of new hashes.
    pub scheme: Scheme,
    /// Maximum number of concurrent hashes.
    pub permits: usize,
    /// Maximum number of hashes in the queue.
    pub queue: usize,
    /// The parameters of hashes from Firebase. `None`: no password matches such a hash.
    pub firebase: Option<FirebaseParameters>,
}

impl HasherOptions {
    /// Returns the form of a stored hash.
    ///
    /// # Errors
    ///
    /// If no password matches the hash.
    pub fn form_of(&self, hash: &PasswordHash) -> Result<PasswordForm, Unverifiable> {
        Stored::parse(hash.expose(), self.firebase.as_ref()).map(|stored| stored.form())
    }
}

/// Hashes passwords in one format and verifies them in all known formats.
pub struct Hasher {
    scheme: Scheme,
    random: Arc<dyn Random>,
    work_queue: WorkQueue,
    memory: Arc<Memory>,
    firebase: Option<FirebaseParameters>,
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
            firebase: options.firebase,
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
        let (password, hash) = (password.clone(), hash.clone());
        let scheme = self.scheme;
        let (memory, firebase) = (Arc::clone(&self.memory), self.firebase.clone());
        self.work_queue
            .take(move || match Stored::parse(hash.expose(), firebase.as_ref()) {
                Ok(stored) => verdict(&password, &stored, scheme, &memory),
                Err(reason) => Verdict::Unverifiable(reason),
            })
            .await
    }

    async fn hash_dummy(&self, password: &Password) -> Result<(), Failure> {
        self.hash_with_salt(password, [0; 16]).await.map(drop)
    }
}

fn verdict(password: &Password, stored: &Stored, scheme: Scheme, memory: &Memory) -> Verdict {
    match (
        stored.matches(password, scheme, memory),
        stored.is_current(scheme),
    ) {
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
