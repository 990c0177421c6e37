//! The columns that our tables must have: Better Auth 1.4's core tables, and our own.
//!
//! Only tables that exist are compared. Indexes are not listed: migrations add missing ones.

use super::key_table::KEY_TABLE;

/// A table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Columns by which the application's table is recognised, in addition to its name. Empty: it is a table of ours.
    pub(super) marks: &'static [&'static str],
    pub(super) columns: &'static [Column],
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

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// The id of a row, or of the user that a row belongs to.
    Id,
    Boolean,
    Integer,
    BigInteger,
    BigIntegers,
    /// An integer of a declared field. The column may also be a `bigint`.
    Number,
    Time,
    Json,
}

impl Kind {
    /// Returns whether a column of this PostgreSQL type can hold every value.
    pub(super) fn accepts(self, kind: &str) -> bool {
        match self {
            Self::Text | Self::Id => kind == "text" || kind == "character varying",
            Self::Boolean => kind == "boolean",
            Self::Integer => kind == "integer",
            Self::BigInteger => kind == "bigint",
            Self::BigIntegers => kind == "bigint[]",
            Self::Number => kind == "integer" || kind == "bigint",
            Self::Json => kind == "jsonb" || kind == "json",
            // A lower precision than milliseconds is not enough.
            Self::Time => matches!(
                kind,
                "timestamp without time zone"
                    | "timestamp(3) without time zone"
                    | "timestamp(4) without time zone"
                    | "timestamp(5) without time zone"
                    | "timestamp(6) without time zone"
                    | "timestamp with time zone"
                    | "timestamp(3) with time zone"
                    | "timestamp(4) with time zone"
                    | "timestamp(5) with time zone"
                    | "timestamp(6) with time zone"
            ),
        }
    }

    /// Says that a column of another type does not fit.
    pub(super) fn difference(self, kind: &str) -> String {
        let or = if matches!(self, Self::Text | Self::Id) && kind.starts_with("character") {
            " or character varying without a length"
        } else {
            ""
        };
        format!("is {kind} and must be {}{or}", self.name())
    }

    /// Returns the name of the PostgreSQL type that the column should have.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Id => "text",
            Self::Boolean => "boolean",
            Self::Integer | Self::Number => "integer",
            Self::BigInteger => "bigint",
            Self::BigIntegers => "bigint[]",
            Self::Time => "timestamp with time zone",
            Self::Json => "jsonb",
        }
    }
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

const fn unique(name: &'static str) -> Column {
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
    Column {
        references_user: true,
        ..column("userId", Kind::Id)
    }
}

/// The tables, in the order in which they are created.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "user",
        marks: &["email", "emailVerified"],
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
        columns: &[
            user(),
            column("ipAddress", Kind::Text),
            column("lastSignIn", Kind::Time),
        ],
    },
    Table {
        name: "portcullis_refused_sign_up",
        marks: &[],
        columns: &[
            user(),
            column("password", Kind::Text),
            column("createdAt", Kind::Time),
        ],
    },
    Table {
        name: "portcullis_message",
        marks: &[],
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
        columns: &[user(), column("lastStep", Kind::BigInteger)],
    },
    KEY_TABLE,
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
