//! Tests of the store against PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

mod account;
mod additional;
mod admin;
mod api_key;
mod authorization_state;
mod connect;
mod contract;
mod fixture;
mod jwt;
mod known_address;
mod lookups;
mod message;
mod migrations;
mod organization;
mod passkey;
mod phone_number;
mod rate_limit;
mod session;
mod session_cache;
mod two_factor;
mod user;
mod username;
mod verification;
