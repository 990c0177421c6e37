//! PostgreSQL behind the ports of storage, over diesel.
//!
//! Every repository is implemented by one type, the unit of work, whose `run` is the only road to the database:
//! it takes a permit and a connection, makes one hop to a blocking thread, and never waits for ever. A new
//! repository is a file of rows and queries, a line in `repositories`, and a migration.
//!
//! Nothing here knows a rule of authentication, and nothing outside knows a table.

mod account;
mod additional;
mod database_url;
mod error;
mod health;
mod jwt;
mod known_address;
mod manager;
mod message;
pub mod migrations;
mod moment;
mod operation;
mod pool;
mod rate_limit;
mod refused_sign_up;
mod repositories;
mod schema;
mod session;
mod store;
mod text;
mod unit_of_work;
mod user;
mod verification;

pub use additional::DeclaredFields;
pub use database_url::{DatabaseUrl, DatabaseUrlError};
pub use pool::PoolOptions;
pub use store::{PgStore, StoreOptions};
