//! What people, mail servers and webhooks are sent.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod inbox;
mod injection;
mod logs;
mod messages;
mod sample;
mod smtp;
mod templates;
mod webhook;
