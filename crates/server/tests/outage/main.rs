//! Tests of the program with a database that is unreachable, hangs or accepts no writes.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world, or gets no answer, has failed"
)]

mod away;
mod client;
mod people;
mod program;
mod read_only;
mod session_cache;
mod shared;
mod sql;
mod standby;
