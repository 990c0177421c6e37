//! Tests of a cluster's life cycle, and of starts after crashes.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its fixtures fails")]

mod accidents;
mod dying;
mod fixture;
mod holder;
mod life;
mod ordinary_user;
mod place;
