//! Implementation of the storage ports on PostgreSQL, with diesel.
//!
//! One type, the unit of work, implements every repository. All access to the database goes through its `run`: it takes
//! a permit and a connection, runs the operation on a blocking thread, and waits only for a limited time. A new
//! repository is a file of rows and queries, a line in `repositories`, and a migration.
//!
//! This crate contains no rules of authentication, and no other crate depends on the tables.

mod account;
mod additional;
mod admin;
mod api_key;
mod authorization_state;
mod connect_error;
mod database_url;
mod error;
mod facts;
mod health;
mod jwt;
mod known_address;
mod manager;
mod message;
pub mod migrations;
mod operation;
mod organization;
mod passkey;
mod phone_number;
mod pool;
mod rate_limit;
mod refused_sign_up;
mod repositories;
mod savepoint;
mod schema;
mod session;
mod session_cache;
mod standby;
mod store;
mod stored_id;
mod text;
mod timestamp;
mod two_factor;
mod unit_of_work;
mod user;
mod username;
mod verification;

pub use additional::DeclaredFields;
pub use database_url::{ADOPTED_SCHEMA, DatabaseUrl, DatabaseUrlError};
pub use facts::SchemaFacts;
pub use pool::PoolOptions;
pub use session_cache::{SessionCacheOptions, check_session_cache};
pub use standby::{StandbyError, StandbyOptions, check_standby};
pub use store::{PgStore, StoreOptions};
