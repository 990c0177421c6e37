//! What an adoption leaves out of the application's schema, for the operator to check.

use super::{
    candidates::Candidates, hints::Hints, names::is_table, recognition::Tables, record::AdoptedTable,
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        catalog::{Table, USER},
        expected::TABLES,
    },
};

/// Returns a line for the columns of users that the server does not know, which may restrict sign-in, and one for each
/// table that only has the name of one of Better Auth's.
pub(super) fn lines(
    schemas: &[(String, Tables)],
    hints: &Hints<'_>,
    (adopted, fields): (&[AdoptedTable], &DeclaredFields),
) -> Vec<String> {
    let users = adopted.iter().find(|adopted| adopted.view == USER);
    let found = users.and_then(|users| {
        let (schema, tables) = schemas.iter().find(|(schema, _)| *schema == users.schema)?;
        let candidates = Candidates {
            schema,
            tables,
            hints,
        };
        let ignored = ignored(users, tables.get(&users.table)?);
        Some(
            ignored
                .into_iter()
                .chain(others(candidates, (adopted, fields)))
                .collect(),
        )
    });
    found.unwrap_or_default()
}

fn ignored(users: &AdoptedTable, table: &Table) -> Option<String> {
    let columns = table.columns.keys().map(String::as_str);
    let unknown: Vec<_> = columns
        .filter(|column| !users.columns.values().any(|known| known == column))
        .collect();
    let place = format!("{}.{}", users.schema, users.table);
    (!unknown.is_empty()).then(|| {
        format!(
            "the server ignores these columns of {place}: {}",
            unknown.join(", ")
        )
    })
}

fn others(candidates: Candidates<'_>, (adopted, fields): (&[AdoptedTable], &DeclaredFields)) -> Vec<String> {
    let missing = TABLES.iter().filter(|expected| {
        let is_adopted = adopted.iter().any(|adopted| adopted.view == expected.name);
        !is_adopted && !expected.marks.is_empty() && expected.is_used(fields)
    });
    let alike = missing.flat_map(|expected| {
        let tables = candidates.tables.iter();
        let tables = tables.filter(|(theirs, _)| is_table(theirs, expected.name));
        tables.map(move |(theirs, table)| {
            format!(
                "{}.{theirs} is not `{}`, since it has no column for {}; if it is, set `{}.fields`",
                candidates.schema,
                expected.name,
                candidates.unmarked(expected, table, false).join(", "),
                candidates.hints.key(expected.name)
            )
        })
    });
    alike.collect()
}
