//! A database of its own for every test.
//!
//! [`TestDatabase`] is a copy of a template with our migrations applied. The server behind it is the one that
//! `TEST_DATABASE_URL` names, or else a private one that all test processes of this user share: the first makes
//! it, a watchdog stops and deletes it a few seconds after the last is gone, also where that was killed.
//! [`Server`] is a private server for a single test, that it may freeze and stop.
//!
//! Where something is missing everything here panics and says what: it is for tests alone.

mod database;
mod error;
mod server;
mod shared;
mod template;
mod watched;

pub use database::TestDatabase;
pub use server::Server;
