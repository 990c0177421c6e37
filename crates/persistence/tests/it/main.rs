//! The store against PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its world fails")]

mod account;
mod migrations;
mod session;
mod user;
mod world;
