//! The tests that every store must pass.

use crate::fixture::Fixture;

portcullis_application::store_contract!(world in Fixture::new() => &world.store);
