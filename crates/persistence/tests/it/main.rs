//! The store against PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its world fails")]

mod account;
mod known_address;
mod migrations;
mod rate_limit;
mod session;
mod user;
mod world;
