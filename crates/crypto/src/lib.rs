//! Hashing, signatures and randomness behind the application's ports.
//!
//! Nothing here knows what is hashed or signed for; a new algorithm is a new file, named after it.

mod hmac;
mod os_random;
mod password;
mod turns;

pub use hmac::Hmac;
pub use os_random::OsRandom;
pub use password::{Argon2Parameters, Hasher, HasherOptions, Scheme};
