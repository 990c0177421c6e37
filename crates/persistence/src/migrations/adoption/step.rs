//! Migrations, changed for a schema whose tables of Better Auth are views.

use super::{record::AdoptedTable, sql::quoted};
use crate::migrations::source;

/// How migrations reference users.
const REFERENCE: &str = " REFERENCES \"user\" (\"id\") ON DELETE CASCADE";
/// The column that references a user whose id is of the type `uuid`, beside the text in `userId`.
pub(in crate::migrations) const UUID_REFERENCE: &str = "userUuid";

/// A statement of a migration.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// It changes the adopted schema.
    Own(String),
    /// An index on a table of the application: the view, the columns of the view, and the method.
    Index(Index),
}

/// An index of a migration.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) view: String,
    pub(super) columns: Vec<String>,
    pub(super) method: String,
}

/// Returns the statements of a migration. Tables of the application are not created.
pub(super) fn statements(sql: &str, adopted: &[AdoptedTable], has_uuids: bool) -> Vec<Statement> {
    let statements = source::statements(sql).into_iter();
    statements
        .flat_map(|statement| changed(statement, adopted, has_uuids))
        .collect()
}

fn changed(statement: String, adopted: &[AdoptedTable], has_uuids: bool) -> Vec<Statement> {
    let names: Vec<_> = statement.split('"').skip(1).step_by(2).collect();
    let find = |name: &str| adopted.iter().find(|adopted| adopted.view == name);
    if statement.starts_with("CREATE TABLE") {
        let name = names.first().copied().unwrap_or_default();
        if find(name).is_some() {
            return Vec::new();
        }
        let users = find("user").map(ids).unwrap_or_default();
        return table(name, &statement, &users, has_uuids);
    }
    match names.as_slice() {
        [index, table, columns @ ..] if statement.contains(" INDEX ") && find(table).is_some() => {
            vec![Statement::Index(Index {
                name: (*index).to_owned(),
                view: (*table).to_owned(),
                columns: columns.iter().map(|&column| column.to_owned()).collect(),
                method: method(&statement).to_owned(),
            })]
        }
        _ => vec![Statement::Own(statement)],
    }
}

/// Returns the table of users and its column of ids, as in a foreign key.
fn ids(users: &AdoptedTable) -> String {
    let id = users.columns.get("id").map_or("id", String::as_str);
    format!("{} ({})", users.place(), quoted(id))
}

/// Returns a table of ours, which references the application's users.
fn table(name: &str, statement: &str, users: &str, has_uuids: bool) -> Vec<Statement> {
    if !statement.contains(REFERENCE) {
        return vec![Statement::Own(statement.to_owned())];
    }
    let reference = format!(" REFERENCES {users} ON DELETE CASCADE");
    if !has_uuids {
        return vec![Statement::Own(statement.replace(REFERENCE, &reference))];
    }
    let plain = statement.replace(REFERENCE, "");
    let body = plain.strip_suffix(')').unwrap_or(&plain).trim_end();
    let column = quoted(UUID_REFERENCE);
    vec![
        Statement::Own(format!(
            "{body},\n    {column} uuid GENERATED ALWAYS AS (\"userId\"::uuid) STORED{reference}\n)"
        )),
        Statement::Own(format!("CREATE INDEX ON {} ({column})", quoted(name))),
    ]
}

/// Returns the table of ours that a statement is about.
pub(super) fn table_of(statement: &str) -> Option<&str> {
    let rest = if statement.starts_with("CREATE TABLE") {
        statement
    } else {
        statement.split_once(" ON ")?.1
    };
    rest.split('"').nth(1)
}

fn method(statement: &str) -> &str {
    statement
        .split_once(" USING ")
        .and_then(|(_, rest)| rest.split(' ').next())
        .unwrap_or("btree")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn users() -> AdoptedTable {
        AdoptedTable {
            view: "user".to_owned(),
            schema: "public".to_owned(),
            table: "users".to_owned(),
            columns: BTreeMap::from([("id".to_owned(), "uid".to_owned())]),
        }
    }

    #[test]
    fn tables_of_the_application_are_not_created_and_their_indexes_are_told_apart() {
        let sql = "CREATE TABLE IF NOT EXISTS \"user\" (\n    \"id\" text\n);\n\
                   CREATE INDEX IF NOT EXISTS \"i\" ON \"user\" USING hash (\"value\");\n\
                   CREATE INDEX IF NOT EXISTS \"j\" ON \"own\" (\"a\", \"b\");";
        let index = Index {
            name: "i".to_owned(),
            view: "user".to_owned(),
            columns: vec!["value".to_owned()],
            method: "hash".to_owned(),
        };
        assert_eq!(
            statements(sql, &[users()], false),
            [
                Statement::Index(index),
                Statement::Own("CREATE INDEX IF NOT EXISTS \"j\" ON \"own\" (\"a\", \"b\")".to_owned()),
            ]
        );
    }

    #[test]
    fn the_table_of_a_statement_is_found() {
        for sql in [
            "CREATE TABLE IF NOT EXISTS \"own\" (\n    \"a\" text REFERENCES x ON DELETE CASCADE\n)",
            "CREATE INDEX IF NOT EXISTS \"i\"\n    ON \"own\" (\"a\")",
            "CREATE INDEX ON \"own\" (\"a\")",
        ] {
            assert_eq!(table_of(sql), Some("own"), "{sql}");
        }
    }

    #[test]
    fn own_tables_reference_the_table_of_users() {
        let sql =
            format!("CREATE TABLE IF NOT EXISTS \"own\" (\n    \"userId\" text NOT NULL{REFERENCE}\n);");
        let reference = "REFERENCES \"public\".\"users\" (\"uid\") ON DELETE CASCADE";
        let own = |sql: &str| Statement::Own(sql.to_owned());
        assert_eq!(
            statements(&sql, &[users()], false),
            [own(&format!(
                "CREATE TABLE IF NOT EXISTS \"own\" (\n    \"userId\" text NOT NULL {reference}\n)"
            ))]
        );
        assert_eq!(
            statements(&sql, &[users()], true),
            [
                own(&format!(
                    "CREATE TABLE IF NOT EXISTS \"own\" (\n    \"userId\" text NOT NULL,\n    \"userUuid\" uuid \
                     GENERATED ALWAYS AS (\"userId\"::uuid) STORED {reference}\n)"
                )),
                own("CREATE INDEX ON \"own\" (\"userUuid\")"),
            ]
        );
    }
}
