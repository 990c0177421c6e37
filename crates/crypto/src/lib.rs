//! Hashing, signatures, encryption and randomness behind the application's ports.
//!
//! Everything here works with a list of secrets: the first signs and encrypts, all of them verify and decrypt.
//! Nothing here decides what a signature is worth; a new algorithm is a new file, named after it.

mod aead;
mod hex;
mod hmac;
mod hs256;
mod jwt;
mod keys;
mod link;
mod os_random;
mod password;
mod secrets;
#[cfg(test)]
mod separation;
mod session;
#[cfg(test)]
mod testing;
mod turns;
mod webhook;

pub use aead::Aead;
pub use hmac::Hmac;
pub use jwt::Jose;
pub use link::LinkTokens;
pub use os_random::OsRandom;
pub use password::{Argon2Parameters, Hasher, HasherOptions, Scheme};
pub use secrets::Secrets;
pub use session::SessionCookies;
