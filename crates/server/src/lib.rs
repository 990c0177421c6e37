//! Portcullis, the program: command line, configuration, composition.
//!
//! The only crate that depends on all other crates of the server. It decides nothing about authentication. Tests build
//! the same server with other ports: see [`compose`].

mod admin;
mod anonymous;
mod api_key;
mod captcha;
mod chore;
pub mod cli;
mod clock_watch;
mod command;
pub mod compose;
pub mod config;
mod delivery;
mod development;
mod email_otp;
mod error;
mod features;
mod foundation;
mod greeting;
mod have_i_been_pwned;
mod housekeeping;
mod instance;
mod introspection;
mod jwt;
mod last_login_method;
mod lifecycle;
mod magic_link;
mod open_files;
mod organization;
mod output;
mod passkey;
mod phone_number;
mod private_database;
mod providers;
mod randomness;
mod reload;
mod schema;
mod seams;
mod service_manager;
mod standard_error;
pub mod system_clock;
mod telemetry;
mod two_factor;
mod username;
mod worker;

pub use config::config_keys;
