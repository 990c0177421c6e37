//! The columns of the table of passkeys.

use super::expected::{Kind, Table, column, id, optional, optional_table, user};

/// The table of passkeys, which Better Auth's plugin has.
pub(super) const PASSKEY_TABLE: Table = optional_table(
    "passkey",
    &["publicKey", "userId", "credentialID"],
    &[
        id(),
        optional("name", Kind::Text),
        column("publicKey", Kind::Text),
        user(),
        column("credentialID", Kind::Text),
        column("counter", Kind::Integer),
        column("deviceType", Kind::Text),
        column("backedUp", Kind::Boolean),
        optional("transports", Kind::Text),
        optional("createdAt", Kind::Time),
        optional("aaguid", Kind::Text),
    ],
);
