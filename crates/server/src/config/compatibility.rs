//! Compatibility with a Node server.

use super::{
    declare::boolean,
    key::{Declaration, Key},
};

/// Whether a Node server uses the same database.
pub(super) const SHARED_DATABASE: Key<bool> = boolean("compatibility.shared_database", "Set this if a Node server with Better Auth uses the same database. Portcullis then writes the data that the Node server reads in Better Auth's format; for example, it hashes passwords with scrypt.").or("false");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&SHARED_DATABASE.declaration];
