//! What authentication is made of: types that cannot be wrong, and pure rules about them.
//!
//! Nothing here does I/O, is async, reads a clock or takes randomness, and nothing here is a trait for
//! others to implement. To add a feature's part, make a file with the feature's name and add its line below.

pub mod account;
pub mod additional;
mod common_password;
pub mod email;
pub mod email_verification;
pub mod glob;
pub mod id;
pub mod jwt;
pub mod message;
pub mod origin;
pub mod password;
pub mod rate_limit;
pub mod secret;
pub mod session;
pub mod token;
pub mod user;
pub mod verification;
