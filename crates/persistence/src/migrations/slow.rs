//! Indexes that take long to create, while writes to their tables wait.

use diesel::{
    OptionalExtension, PgConnection, QueryResult, RunQueryDsl, sql_query,
    sql_types::{Bool, Text},
};

use super::source::STEPS;

/// A table with more rows is big.
pub(super) const MANY: u32 = 1_000_000;
/// How a migration creates an index, and how an operator does.
const CREATIONS: [(&str, &str); 2] = [
    ("CREATE INDEX IF NOT EXISTS ", "CREATE INDEX CONCURRENTLY "),
    (
        "CREATE UNIQUE INDEX IF NOT EXISTS ",
        "CREATE UNIQUE INDEX CONCURRENTLY ",
    ),
];

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    is_slow: bool,
}

/// Returns statements that create the missing indexes of these steps on big tables without blocking writes.
pub(super) fn find(connection: &mut PgConnection, missing: &[String]) -> QueryResult<Vec<String>> {
    // A table of ours that is missing is empty when its migration has made it, so the table is not found.
    let steps = STEPS
        .iter()
        .filter(|(name, _)| missing.iter().any(|step| step == name));
    let mut statements = Vec::new();
    for statement in steps.flat_map(|(_, sql)| sql.lines()) {
        let mut creations = CREATIONS.iter();
        let found = creations.find_map(|(begin, by_hand)| Some((statement.strip_prefix(begin)?, by_hand)));
        if let Some((rest, by_hand)) = found
            && is_slow(connection, rest)?
        {
            statements.push(format!("{by_hand}{rest}"));
        }
    }
    Ok(statements)
}

/// Returns whether the index is missing and its table is big. `rest` is the statement without its beginning.
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
    use super::*;

    /// So that the search finds it, and the statement is whole.
    #[test]
    fn every_index_on_a_table_of_better_auth_is_created_in_one_line() {
        for (name, sql) in STEPS {
            let is_ours = sql.contains("CREATE TABLE IF NOT EXISTS \"portcullis_");
            let begins = |line: &&str| CREATIONS.iter().any(|(begin, _)| line.starts_with(begin));
            let whole = sql.lines().filter(begins).filter(|line| line.ends_with(';'));
            assert!(is_ours || whole.count() == sql.matches("INDEX").count(), "{name}");
        }
    }
}
