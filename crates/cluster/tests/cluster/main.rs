//! A cluster through its life and its accidents.
#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its world fails")]

mod accidents;
mod holder;
mod life;
mod ordinary_user;
mod place;
mod world;
