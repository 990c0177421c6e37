//! Groups of stored password hashes that are alike.

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{BigInt, Text},
};
use portcullis_domain::password::PasswordHash;

/// Limits the query, which reads all accounts, so that it does not load the database for long.
const LIMIT_TIME: &str = "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '30s'";

/// Hashes are alike if they are equally long and differ only in salts and digests: texts of at least eleven letters of
/// base64 or hexadecimal digits. Names and costs contain no such text. All texts without `$` and `:` are one group.
const GROUPS: &str = r#"
    SELECT count(*) AS number, min("password" COLLATE "C") AS sample
    FROM "account"
    WHERE "providerId" = 'credential' AND "password" IS NOT NULL
    GROUP BY CASE WHEN "password" ~ '[$:]'
        THEN length("password") || regexp_replace("password", '[A-Za-z0-9+/.]{11,}', '*', 'g') END"#;

/// Password hashes of one form with the same costs.
#[derive(Clone, Debug)]
pub struct PasswordGroup {
    /// How many credential accounts have such a hash.
    pub number: u64,
    /// One of the hashes.
    pub sample: PasswordHash,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = Text)]
    sample: String,
}

/// Returns the groups of the hashes of credential accounts. The time limit applies to the rest of the transaction.
pub(super) fn find(connection: &mut PgConnection) -> QueryResult<Vec<PasswordGroup>> {
    connection.batch_execute(LIMIT_TIME)?;
    let rows = sql_query(GROUPS).load::<Row>(connection)?.into_iter();
    let groups = rows.map(|row| PasswordGroup {
        number: row.number.unsigned_abs(),
        sample: PasswordHash::new(row.sample),
    });
    Ok(groups.collect())
}
