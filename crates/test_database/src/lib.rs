//! A separate PostgreSQL database for every test.
//!
//! [`TestDatabase`] is a copy of a template database with our migrations applied. Its server is the one in
//! `TEST_DATABASE_URL`, or else a private one that all test processes of this user and checkout share. The first process
//! creates the private server; a watchdog stops and deletes it a few seconds after the last process has ended, even if
//! that was killed. [`Server`] is a private server of a single test, which can freeze and stop it.
//!
//! Functions panic with the reason if they fail: the crate is only for tests.

mod database;
mod error;
mod place;
mod server;
mod shared;
mod template;
mod watched;

pub use database::TestDatabase;
pub use server::Server;
