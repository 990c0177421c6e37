//! Tests of rendered messages, and of delivery to mail servers and webhooks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod inbox;
mod injection;
mod logs;
mod messages;
mod sample;
mod smtp;
mod templates;
mod webhook;
