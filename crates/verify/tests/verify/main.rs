//! Promises of the crate, against a server that counts requests.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics if its setup fails or an expected value is missing"
)]

#[cfg(feature = "actix")]
mod actix;
#[cfg(all(feature = "axum", feature = "tower"))]
mod axum;
mod builders;
mod claims;
mod clock;
mod discovery;
mod introspection;
mod key_cache;
#[cfg(any(feature = "actix", feature = "tower"))]
mod portcullis;
mod published_keys;
mod server;
mod session;
mod signatures;
mod signer;
#[cfg(feature = "tower")]
mod tonic;
