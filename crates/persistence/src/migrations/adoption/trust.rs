//! The roles that may change the record of an adoption.

use diesel::{PgConnection, QueryResult, sql_query, sql_types::Text};

use super::sql::{lines, quoted};
use crate::database_url::ADOPTION;

/// The roles other than the owner that may write to a table, or attach a trigger to it.
const WRITERS: &str = "
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL (
        SELECT grantee, privilege_type FROM aclexplode(c.relacl)
        UNION ALL SELECT e.grantee, e.privilege_type
        FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) e WHERE t.attrelid = c.oid
    ) a
    WHERE n.nspname = $1 AND c.relname = $2 AND a.privilege_type IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
        AND (a.grantee = 0 OR NOT pg_has_role(a.grantee, c.relowner, 'MEMBER'))
    ORDER BY line";

/// Returns a reason for each role other than the owner that may change the record. An adoption and its removal replace
/// and drop what the record names, with the owner's privileges.
pub(super) fn untrusted(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Vec<String>> {
    let writers = sql_query(WRITERS)
        .bind::<Text, _>(adopted_schema)
        .bind::<Text, _>(ADOPTION);
    let record = format!("{}.{}", quoted(adopted_schema), quoted(ADOPTION));
    let writers = lines(connection, writers)?.into_iter();
    let reasons = writers.map(|role| {
        format!(
            "the role {role} may change {record}, by which `adopt` knows what it may replace or drop: run REVOKE ALL ON \
             {record} FROM {role}; GRANT SELECT ON {record} TO {role};"
        )
    });
    Ok(reasons.collect())
}
