//! The types of authentication, which cannot hold invalid values, and pure rules about them.
//!
//! This crate does no I/O, has no async code, reads no clock, uses no randomness and defines no traits for other
//! crates to implement. A new feature's part is a file with the feature's name and a line below.

pub mod access;
pub mod account;
pub mod additional;
pub mod admin;
pub mod anonymous;
pub mod api_key;
pub mod captcha;
pub mod code;
mod common_password;
pub mod destination;
pub mod email;
pub mod email_verification;
pub mod expo;
pub mod forward_auth;
pub mod glob;
pub mod id;
pub mod jwt;
pub mod last_login_method;
pub mod listing;
pub mod magic_link;
pub mod message;
mod moment;
pub mod multi_session;
pub mod organization;
pub mod origin;
pub mod passkey;
pub mod password;
pub mod payload_token;
pub mod phone_number;
pub mod rate_limit;
pub mod secret;
pub mod service_client;
pub mod session;
pub mod social;
pub mod token;
pub mod two_factor;
pub mod user;
pub mod username;
pub mod verification;
