//! Indexes that take long to create, while writes to their tables wait.

use diesel::{
    OptionalExtension, PgConnection, QueryResult, RunQueryDsl, sql_query,
    sql_types::{Bool, Text},
};

/// A table with more rows is big.
const MANY: u32 = 1_000_000;
const BEGIN: &str = "CREATE INDEX IF NOT EXISTS ";

/// The migrations that create indexes on tables that may already have rows.
const STEPS: [(&str, &str); 6] = [
    (
        "portcullis-0002_session",
        include_str!("../../../../migrations/portcullis-0002_session/up.sql"),
    ),
    (
        "portcullis-0003_account",
        include_str!("../../../../migrations/portcullis-0003_account/up.sql"),
    ),
    (
        "portcullis-0004_verification",
        include_str!("../../../../migrations/portcullis-0004_verification/up.sql"),
    ),
    (
        "portcullis-0007_housekeeping",
        include_str!("../../../../migrations/portcullis-0007_housekeeping/up.sql"),
    ),
    (
        "portcullis-0010_verification_indexes",
        include_str!("../../../../migrations/portcullis-0010_verification_indexes/up.sql"),
    ),
    (
        "portcullis-0012_session_list",
        include_str!("../../../../migrations/portcullis-0012_session_list/up.sql"),
    ),
];

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    is_slow: bool,
}

/// Returns statements that create the missing indexes of these steps on big tables without blocking writes.
pub(super) fn find(connection: &mut PgConnection, missing: &[String]) -> QueryResult<Vec<String>> {
    let steps = STEPS
        .iter()
        .filter(|(name, _)| missing.iter().any(|step| step == name));
    let mut statements = Vec::new();
    for statement in steps.flat_map(|(_, sql)| sql.lines()) {
        if let Some(rest) = statement.strip_prefix(BEGIN)
            && is_slow(connection, rest)?
        {
            statements.push(format!("CREATE INDEX CONCURRENTLY {rest}"));
        }
    }
    Ok(statements)
}

/// Returns whether the index is missing and its table is big. `rest` is the statement without [`BEGIN`].
fn is_slow(connection: &mut PgConnection, rest: &str) -> QueryResult<bool> {
    let mut names = rest.split('"').skip(1).step_by(2);
    let (Some(index), Some(table)) = (names.next(), names.next()) else {
        return Ok(false);
    };
    let found = sql_query(format!(
        "SELECT reltuples > {MANY} AND to_regclass(format('%I.%I', relnamespace::regnamespace::text, $1)) IS NULL
            AS is_slow
         FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = $2"
    ));
    let found: Option<Found> = found
        .bind::<Text, _>(index)
        .bind::<Text, _>(table)
        .get_result(connection)
        .optional()?;
    Ok(found.is_some_and(|found| found.is_slow))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// A table that a migration creates is empty, unless it existed before.
    #[test]
    fn every_migration_with_an_index_on_a_table_of_better_auth_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(sql) = fs::read_to_string(path.join("up.sql")) else {
                continue;
            };
            let name = path.file_name().unwrap().to_str().unwrap();
            let is_known = STEPS.iter().any(|(step, _)| *step == name);
            let is_ours = sql.contains("CREATE TABLE IF NOT EXISTS \"portcullis_");
            assert_eq!(is_known, sql.contains("INDEX") && !is_ours, "{name}");
            let whole = sql
                .lines()
                .filter(|line| line.starts_with(BEGIN) && line.ends_with(';'));
            assert!(
                !is_known || whole.count() == sql.matches("INDEX").count(),
                "{name}"
            );
        }
    }
}
