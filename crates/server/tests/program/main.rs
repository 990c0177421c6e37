//! Tests of the program as a process: commands, console output, log and signals.
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its world fails")]
#![expect(clippy::panic, reason = "a test that waits in vain fails")]

mod adopt;
mod adopt_reach;
mod adopt_recognition;
mod check;
mod check_clients;
mod check_data;
mod check_delivery;
mod check_passwords;
mod check_symptoms;
mod closed_pipe;
mod crowd;
mod fake;
mod files;
mod first_five_minutes;
mod keys;
mod listen;
mod memory;
mod messages;
mod migrate;
mod moving_in;
mod private_database;
mod private_listener;
mod psql;
mod reload;
mod secret;
mod serve;
mod service_manager;
mod services;
mod stop;
mod support;
mod unreachable;
mod unread;
mod users;
