//! Compatibility with a Node server.

use super::{
    declare::boolean,
    key::{Declaration, Key},
};

/// Whether a Node server uses the same database.
pub(super) const SHARED_DATABASE: Key<bool> = boolean("compatibility.shared_database", "Set this if a Node server with Better Auth uses the same database. Data that it reads is then written in its format; for example, passwords are hashed with scrypt.").or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&SHARED_DATABASE.declaration];
