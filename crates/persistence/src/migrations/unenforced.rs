//! Better Auth features that are in use on this database and that this server does not enforce.

use diesel::{PgConnection, QueryResult, sql_query};

use super::catalog::{Catalog, is_true};

/// User columns by which a Better Auth plugin restricts sign-in with a correct password, and the sentence to report.
const REFUSALS: &[(&str, &str)] = &[
    (
        "banned",
        "some users are banned (\"user\".\"banned\") and can sign in here: there is no plugin `admin`",
    ),
    (
        "twoFactorEnabled",
        "some users have a second factor (\"user\".\"twoFactorEnabled\") and can sign in here without it: enable the \
         plugin `two_factor` with `plugins.two_factor.enabled = true`",
    ),
];

/// Returns a sentence for each restriction that applies to at least one user and whose column is not `enforced`.
pub(super) fn find(
    connection: &mut PgConnection,
    catalog: &Catalog,
    enforced: &[&str],
) -> QueryResult<Vec<String>> {
    let mut found = Vec::new();
    let columns = catalog.tables.get("user").map(|table| &table.columns);
    let unenforced = REFUSALS.iter().filter(|(column, _)| !enforced.contains(column));
    for (column, sentence) in unenforced {
        let is_there = columns.is_some_and(|columns| {
            columns
                .get(*column)
                .is_some_and(|column| column.kind == "boolean")
        });
        if is_there && is_asked_for(connection, column)? {
            found.push((*sentence).to_owned());
        }
    }
    Ok(found)
}

fn is_asked_for(connection: &mut PgConnection, column: &str) -> QueryResult<bool> {
    let question = format!("SELECT EXISTS (SELECT 1 FROM \"user\" WHERE \"{column}\") AS is_true");
    is_true(connection, sql_query(question))
}
