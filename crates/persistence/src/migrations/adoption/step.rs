//! Translation of migrations for an adopted database, in which Better Auth's tables are views.

use super::{record::AdoptedTable, sql::quoted};
use crate::migrations::source;

/// The text before and after the name of a table in a reference to its rows.
const REFERENCE: (&str, &str) = (" REFERENCES \"", "\" (\"id\") ON DELETE CASCADE");
/// The end of the name of a column that references a row whose id is of the type `uuid`. The id as text is in a column whose
/// name ends in [`ID`] instead.
pub(in crate::migrations) const UUID: &str = "Uuid";
/// The end of the name of a column that contains the id of another row.
pub(in crate::migrations) const ID: &str = "Id";

/// A statement of a migration.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// A statement that changes the schema of the adoption.
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
        return table(name, &statement, adopted, has_uuids);
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

/// Returns a table of ours, which may reference the application's tables.
fn table(name: &str, statement: &str, adopted: &[AdoptedTable], has_uuids: bool) -> Vec<Statement> {
    let (mut lines, mut columns, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    for line in statement.lines() {
        let Some((before, reference, after)) = referencing(line, adopted) else {
            lines.push(line.to_owned());
            continue;
        };
        if !has_uuids {
            lines.push(format!("{before}{reference}{after}"));
            continue;
        }
        lines.push(format!("{before}{after}"));
        let text = line.split('"').nth(1).unwrap_or_default();
        let column = quoted(&format!("{}{UUID}", text.trim_end_matches(ID)));
        columns.push(format!(
            "    {column} uuid GENERATED ALWAYS AS ({}::uuid) STORED{reference}",
            quoted(text)
        ));
        indexes.push(Statement::Own(format!(
            "CREATE INDEX ON {} ({column})",
            quoted(name)
        )));
    }
    let body = lines.join("\n");
    let body = match columns.as_slice() {
        [] => body,
        columns => {
            let body = body.strip_suffix(')').unwrap_or(&body).trim_end();
            format!("{body},\n{}\n)", columns.join(",\n"))
        }
    };
    [Statement::Own(body)].into_iter().chain(indexes).collect()
}

/// Returns the name of the application's table that a line references, with the text before and after the reference.
fn referencing<'a>(line: &'a str, adopted: &[AdoptedTable]) -> Option<(&'a str, String, &'a str)> {
    let (before, rest) = line.split_once(REFERENCE.0)?;
    let (name, after) = rest.split_once(REFERENCE.1)?;
    let table = adopted.iter().find(|adopted| adopted.view == name)?;
    let id = table.columns.get("id").map_or("id", String::as_str);
    let reference = format!(" REFERENCES {} ({}) ON DELETE CASCADE", table.place(), quoted(id));
    Some((before, reference, after))
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
    fn tables_of_the_application_are_not_created_and_their_indexes_are_returned_separately() {
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
        let sql = "CREATE TABLE IF NOT EXISTS \"own\" (\n    \"userId\" text NOT NULL REFERENCES \"user\" (\"id\") ON DELETE CASCADE\n);";
        let reference = "REFERENCES \"public\".\"users\" (\"uid\") ON DELETE CASCADE";
        let own = |sql: &str| Statement::Own(sql.to_owned());
        assert_eq!(
            statements(sql, &[users()], false),
            [own(&format!(
                "CREATE TABLE IF NOT EXISTS \"own\" (\n    \"userId\" text NOT NULL {reference}\n)"
            ))]
        );
        assert_eq!(
            statements(sql, &[users()], true),
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
