//! The promises about a database that is not well, against the program itself.

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
mod shared;
mod sql;
