//! The columns that our tables must have: Better Auth 1.4's core tables, and our own.
//!
//! Only tables that exist are compared. Indexes are not listed: migrations add missing ones.

pub(super) use super::kind::Kind;
use super::{key_table::KEY_TABLE, of_organizations, passkey_table::PASSKEY_TABLE};
use crate::additional::DeclaredFields;

/// A table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Columns by which the application's table is recognised, in addition to its name. Empty: it is a table of ours.
    pub(super) marks: &'static [&'static str],
    /// Whether it is one of an optional plugin, so that a table of this name may be one of the application's own if the
    /// plugin is disabled.
    pub(super) is_optional: bool,
    pub(super) columns: &'static [Column],
}

impl Table {
    /// Returns whether the server uses the table.
    pub(super) fn is_used(&self, fields: &DeclaredFields) -> bool {
        !self.is_optional || fields.tables.contains_key(self.name)
    }
}

/// A column.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) is_required: bool,
    pub(super) is_unique: bool,
    /// Whether it may allow NULL although it is always written.
    pub(super) may_be_null: bool,
    /// Whether it must reference a user, with ON DELETE CASCADE.
    pub(super) references_user: bool,
}

pub(super) const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        is_required: true,
        is_unique: false,
        may_be_null: false,
        references_user: false,
    }
}

pub(super) const fn optional(name: &'static str, kind: Kind) -> Column {
    Column {
        is_required: false,
        ..column(name, kind)
    }
}

/// A column that versions of Better Auth before 1.3 create without NOT NULL.
const fn lenient(name: &'static str, kind: Kind) -> Column {
    Column {
        may_be_null: true,
        ..column(name, kind)
    }
}

pub(super) const fn unique(name: &'static str) -> Column {
    Column {
        is_unique: true,
        ..column(name, Kind::Text)
    }
}

pub(super) const fn id() -> Column {
    Column {
        is_unique: true,
        ..column("id", Kind::Id)
    }
}

pub(super) const fn user() -> Column {
    reference("userId")
}

pub(super) const fn reference(name: &'static str) -> Column {
    Column {
        references_user: true,
        ..column(name, Kind::Id)
    }
}

pub(super) const fn optional_table(
    name: &'static str,
    marks: &'static [&'static str],
    columns: &'static [Column],
) -> Table {
    Table {
        name,
        marks,
        is_optional: true,
        columns,
    }
}

/// The tables, in the order in which they are created.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "user",
        marks: &["email", "emailVerified"],
        is_optional: false,
        columns: &[
            id(),
            column("name", Kind::Text),
            unique("email"),
            column("emailVerified", Kind::Boolean),
            optional("image", Kind::Text),
            column("createdAt", Kind::Time),
            column("updatedAt", Kind::Time),
        ],
    },
    Table {
        name: "session",
        marks: &["expiresAt", "token", "userId"],
        is_optional: false,
        columns: &[
            id(),
            column("expiresAt", Kind::Time),
            unique("token"),
            column("createdAt", Kind::Time),
            column("updatedAt", Kind::Time),
            optional("ipAddress", Kind::Text),
            optional("userAgent", Kind::Text),
            user(),
        ],
    },
    Table {
        name: "account",
        marks: &["accountId", "providerId", "userId"],
        is_optional: false,
        columns: &[
            id(),
            column("accountId", Kind::Text),
            column("providerId", Kind::Text),
            user(),
            optional("accessToken", Kind::Text),
            optional("refreshToken", Kind::Text),
            optional("idToken", Kind::Text),
            optional("accessTokenExpiresAt", Kind::Time),
            optional("refreshTokenExpiresAt", Kind::Time),
            optional("scope", Kind::Text),
            optional("password", Kind::Text),
            column("createdAt", Kind::Time),
            column("updatedAt", Kind::Time),
        ],
    },
    Table {
        name: "verification",
        marks: &["expiresAt", "identifier", "value"],
        is_optional: false,
        columns: &[
            id(),
            column("identifier", Kind::Text),
            column("value", Kind::Text),
            column("expiresAt", Kind::Time),
            lenient("createdAt", Kind::Time),
            lenient("updatedAt", Kind::Time),
        ],
    },
    Table {
        name: "rateLimit",
        marks: &["key", "count", "lastRequest"],
        is_optional: false,
        columns: &[
            id(),
            unique("key"),
            column("count", Kind::Integer),
            column("lastRequest", Kind::BigInteger),
        ],
    },
    Table {
        name: "portcullis_rate_limit",
        marks: &[],
        is_optional: false,
        columns: &[
            unique("key"),
            column("hits", Kind::BigIntegers),
            column("lastHit", Kind::BigInteger),
            optional("nodeCount", Kind::Integer),
            optional("nodeLastRequest", Kind::BigInteger),
        ],
    },
    Table {
        name: "portcullis_known_address",
        marks: &[],
        is_optional: false,
        columns: &[
            user(),
            column("ipAddress", Kind::Text),
            column("lastSignIn", Kind::Time),
        ],
    },
    Table {
        name: "portcullis_refused_sign_up",
        marks: &[],
        is_optional: false,
        columns: &[
            user(),
            column("password", Kind::Text),
            column("createdAt", Kind::Time),
        ],
    },
    Table {
        name: "portcullis_message",
        marks: &[],
        is_optional: false,
        columns: &[
            id(),
            optional("sealed", Kind::Text),
            column("attempts", Kind::Integer),
            column("queuedAt", Kind::Time),
            column("nextAttemptAt", Kind::Time),
            optional("diedAt", Kind::Time),
        ],
    },
    Table {
        name: "jwks",
        marks: &["publicKey", "privateKey"],
        is_optional: false,
        columns: &[
            id(),
            column("publicKey", Kind::Text),
            column("privateKey", Kind::Text),
            column("createdAt", Kind::Time),
            optional("expiresAt", Kind::Time),
        ],
    },
    Table {
        name: "twoFactor",
        marks: &["secret", "backupCodes", "userId"],
        is_optional: false,
        columns: &[
            id(),
            column("secret", Kind::Text),
            column("backupCodes", Kind::Text),
            user(),
        ],
    },
    Table {
        name: "portcullis_totp_step",
        marks: &[],
        is_optional: false,
        columns: &[user(), column("lastStep", Kind::BigInteger)],
    },
    of_organizations::ORGANIZATION,
    of_organizations::MEMBER,
    of_organizations::INVITATION,
    of_organizations::TEAM,
    of_organizations::TEAM_MEMBER,
    of_organizations::ORGANIZATION_ROLE,
    KEY_TABLE,
    PASSKEY_TABLE,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use portcullis_domain::{session::Session, user::User};

    use super::TABLES;

    fn columns(table: &str) -> BTreeSet<&'static str> {
        let table = TABLES.iter().find(|expected| expected.name == table).unwrap();
        table.columns.iter().map(|column| column.name).collect()
    }

    #[test]
    fn users_and_sessions_have_a_column_for_each_member() {
        assert_eq!(columns("user"), BTreeSet::from(User::MEMBERS));
        assert_eq!(columns("session"), BTreeSet::from(Session::MEMBERS));
    }
}
