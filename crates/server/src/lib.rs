//! Portcullis, the program: command line, configuration, composition.
//!
//! The only crate that depends on all others. It decides nothing about authentication. Tests build the same server
//! with other ports: see [`compose`].

mod admin;
mod api_key;
mod chore;
pub mod cli;
mod clock_watch;
mod command;
pub mod compose;
pub mod config;
mod delivery;
mod development;
mod error;
mod features;
mod foundation;
mod greeting;
mod housekeeping;
mod instance;
mod introspection;
mod jwt;
mod lifecycle;
mod open_files;
mod organization;
mod output;
mod passkey;
mod private_database;
mod providers;
mod randomness;
mod reload;
mod schema;
mod service_manager;
mod standard_error;
pub mod system_clock;
mod telemetry;
mod two_factor;
mod username;
mod worker;

pub use config::config_keys;
