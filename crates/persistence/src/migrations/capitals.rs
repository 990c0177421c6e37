//! Addresses of users that contain capital letters. Sign-in looks for an address in lower case and does not find them.

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};

use super::{adoption::sql::quoted, catalog};

/// Whether the address of the row `u` contains capital letters. The collation "C" folds only the letters of ASCII, as
/// sign-in does, whatever the locale of the database is.
const HAS_CAPITALS: &str = r#"u."email" <> lower(u."email" COLLATE "C")"#;

/// How many users have an address with capital letters, and statements about them. The statements name the schema, so
/// that they run in each database session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapitalAddresses {
    /// The number of those whose address in lower case no other user has.
    pub free: i64,
    /// The number of those whose address in lower case another user has, apart from capital letters.
    pub taken: i64,
    /// A statement that repairs the free addresses, and no others.
    pub repair: String,
    /// A query for the users with the same address, apart from capital letters.
    pub show: String,
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    free: i64,
    #[diesel(sql_type = BigInt)]
    taken: i64,
}

pub(super) fn count(connection: &mut PgConnection) -> QueryResult<CapitalAddresses> {
    let schema = catalog::current_schema(connection)?;
    let users = schema.map_or_else(String::new, |schema| quoted(&schema) + ".") + r#""user""#;
    let has_twin = has_twin(&users);
    let counts: Counts = sql_query(format!(
        r#"SELECT count(*) FILTER (WHERE NOT "is_taken") AS "free", count(*) FILTER (WHERE "is_taken") AS "taken"
        FROM (SELECT {has_twin} AS "is_taken" FROM {users} AS u WHERE {HAS_CAPITALS}) AS found"#
    ))
    .get_result(connection)?;
    Ok(CapitalAddresses {
        free: counts.free,
        taken: counts.taken,
        repair: format!(
            r#"UPDATE {users} AS u SET "email" = lower(u."email" COLLATE "C") WHERE {HAS_CAPITALS} AND NOT {has_twin};"#
        ),
        show: format!(
            r#"SELECT u."id", u."email", u."createdAt" FROM {users} AS u WHERE {has_twin} ORDER BY lower(u."email" COLLATE "C"), u."createdAt";"#
        ),
    })
}

/// Returns the condition that another row has the address of the row `u`, apart from capital letters.
fn has_twin(users: &str) -> String {
    format!(
        r#"EXISTS (SELECT 1 FROM {users} AS o WHERE o."id" <> u."id" AND lower(o."email" COLLATE "C") = lower(u."email" COLLATE "C"))"#
    )
}
