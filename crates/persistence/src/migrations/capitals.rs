//! Addresses of users that contain capital letters. Sign-in looks for an address in lower case and does not find them.

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};

/// Whether the address of the row `u` contains capital letters. The collation "C" folds only the letters of ASCII, as
/// sign-in does, whatever the locale of the database is.
macro_rules! has_capitals {
    () => {
        r#"u."email" <> lower(u."email" COLLATE "C")"#
    };
}

/// Whether another row has the address of the row `u`, apart from capital letters.
macro_rules! has_twin {
    () => {
        r#"EXISTS (SELECT 1 FROM "user" AS o WHERE o."id" <> u."id" AND lower(o."email" COLLATE "C") = lower(u."email" COLLATE "C"))"#
    };
}

const COUNT: &str = concat!(
    r#"SELECT count(*) FILTER (WHERE NOT "is_taken") AS "free", count(*) FILTER (WHERE "is_taken") AS "taken" FROM (SELECT "#,
    has_twin!(),
    r#" AS "is_taken" FROM "user" AS u WHERE "#,
    has_capitals!(),
    ") AS found"
);

/// Changes the addresses with capital letters to lower case, unless another row then has the same address.
const REPAIR: &str = concat!(
    r#"UPDATE "user" AS u SET "email" = lower(u."email" COLLATE "C") WHERE "#,
    has_capitals!(),
    " AND NOT ",
    has_twin!(),
    ";"
);

/// Returns the rows whose addresses differ only in capital letters.
const SHOW: &str = concat!(
    r#"SELECT u."id", u."email", u."createdAt" FROM "user" AS u WHERE "#,
    has_twin!(),
    r#" ORDER BY lower(u."email" COLLATE "C"), u."createdAt";"#
);

/// How many users have an address with capital letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, QueryableByName)]
pub struct CapitalAddresses {
    /// The number of those whose address in lower case no other user has.
    #[diesel(sql_type = BigInt)]
    pub free: i64,
    /// The number of those whose address in lower case another user has, apart from capital letters.
    #[diesel(sql_type = BigInt)]
    pub taken: i64,
}

impl CapitalAddresses {
    /// A statement that repairs the free addresses, and no others.
    pub const REPAIR: &'static str = REPAIR;
    /// A query for the users with the same address, apart from capital letters.
    pub const SHOW: &'static str = SHOW;
}

pub(super) fn count(connection: &mut PgConnection) -> QueryResult<CapitalAddresses> {
    sql_query(COUNT).get_result(connection)
}
