//! Better Auth features that are in use on this database and that this server does not enforce.

use diesel::{PgConnection, QueryResult, sql_query};

use super::{
    adoption::plain,
    catalog::{Catalog, Table, USER, is_true},
};

/// User columns by which a Better Auth plugin restricts sign-in with a correct password: what holds for such a user, and
/// why the restriction has no effect here.
const RESTRICTIONS: &[(&str, &str, &str)] = &[
    (
        "banned",
        "some users are banned",
        "and can sign in here: enable the plugin `admin` with `plugins.admin.enabled = true`",
    ),
    (
        "twoFactorEnabled",
        "some users have a second factor",
        "and can sign in here without it: enable the plugin `two_factor` with `plugins.two_factor.enabled = true`",
    ),
];

/// Returns the columns of a table that an adoption must show, since they may restrict sign-in.
pub(super) fn restrictions(table: &str) -> impl Iterator<Item = &'static str> {
    let columns = RESTRICTIONS.iter().filter(move |_| table == USER);
    columns.map(|(column, ..)| *column)
}

/// Returns a sentence for each restriction that applies to at least one user and whose column is not `enforced`.
pub(super) fn find(
    connection: &mut PgConnection,
    catalog: &Catalog,
    enforced: &[&str],
) -> QueryResult<Vec<String>> {
    let mut found = Vec::new();
    let Some(users) = catalog.tables.get(USER) else {
        return Ok(found);
    };
    let unenforced = RESTRICTIONS
        .iter()
        .filter(|(column, ..)| !enforced.contains(column));
    for (column, state, effect) in unenforced {
        let is_boolean = users.columns.get(*column).map(|column| column.kind == "boolean");
        match is_boolean {
            Some(true) if is_asked_for(connection, column)? => {
                found.push(format!("{state} ({}) {effect}", catalog.column(USER, column)));
            }
            None => {
                found.extend(unseen(users, column).map(hidden));
                found.extend(gone(catalog, column));
            }
            Some(_) => {}
        }
    }
    Ok(found)
}

/// Returns the application's columns that an adoption does not show although they may restrict sign-in.
fn unseen<'a>(users: &'a Table, column: &str) -> impl Iterator<Item = &'a String> {
    let unseen = users.unseen.keys();
    unseen.filter(move |theirs| plain(theirs) == plain(column))
}

fn hidden(column: &String) -> String {
    format!(
        "the column \"{column}\" of the application's users may restrict sign-in, and the adoption does not show it: run \
         `portcullis adopt --apply`"
    )
}

/// Returns that the adoption has recorded a column which neither the table nor the view has any more.
fn gone(catalog: &Catalog, column: &str) -> Option<String> {
    let users = catalog.adopted.iter().find(|adopted| adopted.view == USER)?;
    users.columns.contains_key(column).then(|| {
        format!(
            "the column {}, which may restrict sign-in, is gone: if it was renamed, name it as `user.fields.{column}`; then \
             run `portcullis adopt --apply`",
            catalog.column(USER, column)
        )
    })
}

fn is_asked_for(connection: &mut PgConnection, column: &str) -> QueryResult<bool> {
    let question = format!("SELECT EXISTS (SELECT 1 FROM \"user\" WHERE \"{column}\") AS is_true");
    is_true(connection, sql_query(question))
}
