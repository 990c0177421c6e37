//! The columns of the table of API keys.

use super::expected::{Kind, Table, column, id, optional, optional_table, user};

/// The table of API keys, which Better Auth's plugin has.
pub(super) const KEY_TABLE: Table = optional_table(
    "apikey",
    &["key", "userId", "refillInterval"],
    &[
        id(),
        optional("name", Kind::Text),
        optional("start", Kind::Text),
        optional("prefix", Kind::Text),
        column("key", Kind::Text),
        user(),
        optional("refillInterval", Kind::Integer),
        optional("refillAmount", Kind::Integer),
        optional("lastRefillAt", Kind::Time),
        optional("enabled", Kind::Boolean),
        optional("rateLimitEnabled", Kind::Boolean),
        optional("rateLimitTimeWindow", Kind::Integer),
        optional("rateLimitMax", Kind::Integer),
        optional("requestCount", Kind::Integer),
        optional("remaining", Kind::Integer),
        optional("lastRequest", Kind::Time),
        optional("expiresAt", Kind::Time),
        column("createdAt", Kind::Time),
        column("updatedAt", Kind::Time),
        optional("permissions", Kind::Text),
        optional("metadata", Kind::Text),
    ],
);
