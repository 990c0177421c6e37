//! Adapters for the application's ports: hashing, signatures, encryption and randomness.
//!
//! The deployment has a list of secrets: the first one signs and encrypts, all of them verify and decrypt. This crate
//! does not decide what a valid signature permits. A new algorithm is a new file with the algorithm's name.

mod account_cookie;
mod aead;
mod api_key;
mod claims;
mod code;
mod hex;
mod hmac;
mod hs256;
mod jwe;
mod jwt;
mod keys;
mod link;
mod os_random;
mod passkey;
mod password;
mod secrets;
#[cfg(test)]
mod separation;
mod session;
#[cfg(test)]
mod testing;
mod two_factor;
mod webhook;
mod work_queue;

pub use account_cookie::AccountCookies;
pub use aead::Aead;
pub use api_key::Sha256Digests;
pub use code::Sha256Codes;
pub use hmac::Hmac;
pub use jwt::{Jose, JoseVerifier};
pub use link::LinkTokens;
pub use os_random::OsRandom;
pub use passkey::AuthenticatorSignatures;
pub use password::{
    Argon2Parameters, FirebaseParameterError, FirebaseParameters, Hasher, HasherOptions, PasswordForm, Scheme,
};
pub use secrets::Secrets;
pub use session::SessionCookies;
pub use two_factor::SecondFactorCodes;
