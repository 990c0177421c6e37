//! Recognition of the application's tables.

use std::collections::BTreeMap;

use super::{
    names::{Names, TableNames, camel, is_table, plain},
    record::AdoptedTable,
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        catalog::Table,
        declared,
        expected::{self, TABLES},
        inspection::OWN,
    },
};

/// Columns by which a table is recognised that has an unusual name. The tables of users, sessions and accounts must all
/// be there.
const FINGERPRINTS: &[(&str, &[&str])] = &[
    ("user", &["email", "emailVerified"]),
    ("session", &["expiresAt", "token", "userId"]),
    ("account", &["accountId", "providerId", "userId"]),
    ("verification", &["expiresAt", "identifier", "value"]),
];
/// The tables without which a schema is none of Better Auth's.
const NECESSARY: [&str; 3] = ["user", "session", "account"];

/// The tables of a schema.
pub(super) type Tables = BTreeMap<String, Table>;

/// Finds Better Auth's tables. `schemas` are the candidates, those in the search path first; `in_path` is their number.
///
/// # Errors
///
/// Returns what is missing or ambiguous, if the tables are in none of the schemas, or in several.
pub(super) fn find(
    schemas: &[(String, Tables)],
    in_path: usize,
    names: &Names,
    fields: &DeclaredFields,
) -> Result<Vec<AdoptedTable>, Vec<String>> {
    let found: Vec<_> = schemas
        .iter()
        .map(|(schema, tables)| (schema, tables, lacking(tables, names)))
        .collect();
    let complete = |(_, _, lacking): &&(&String, &Tables, Vec<String>)| lacking.is_empty();
    let first = found.iter().take(in_path).find(complete);
    let others: Vec<_> = found.iter().skip(in_path).filter(complete).collect();
    match (first, others.as_slice()) {
        (Some((schema, tables, _)), _) | (None, [(schema, tables, _)]) => {
            Ok(adopted(schema, tables, names, fields))
        }
        (None, []) => Err(reasons(&found)),
        (None, several) => {
            let several: Vec<_> = several.iter().map(|(schema, ..)| schema.as_str()).collect();
            Err(vec![format!(
                "the schemas {} all contain tables like Better Auth's: name one of them in the search path of \
                 `database.url` (`?options=-c search_path=NAME`)",
                several.join(", ")
            )])
        }
    }
}

/// Returns what each schema lacks that has at least one of the tables.
fn reasons(found: &[(&String, &Tables, Vec<String>)]) -> Vec<String> {
    let partial = found
        .iter()
        .filter(|(_, _, lacking)| lacking.len() < NECESSARY.len());
    let reasons: Vec<_> = partial
        .flat_map(|(schema, _, lacking)| {
            lacking.iter().map(move |what| {
                format!(
                    "the schema \"{schema}\" {what}; if the table has another name, set `{}.model_name`",
                    what.rsplit('`').nth(1).unwrap_or_default()
                )
            })
        })
        .collect();
    if reasons.is_empty() {
        return vec![
            "no schema has tables like Better Auth's `user`, `session` and `account`; if they have other names, \
             set `user.model_name`, `session.model_name` and `account.model_name`"
                .to_owned(),
        ];
    }
    reasons
}

/// Returns which of the necessary tables are missing.
fn lacking(tables: &Tables, names: &Names) -> Vec<String> {
    let missing = NECESSARY
        .iter()
        .filter(|name| table(tables, name, names).is_none());
    missing.map(|name| format!("has no table for `{name}`")).collect()
}

fn adopted(schema: &str, tables: &Tables, names: &Names, fields: &DeclaredFields) -> Vec<AdoptedTable> {
    let theirs = TABLES.iter().filter(|expected| !expected.name.starts_with(OWN));
    theirs
        .filter_map(|expected| {
            let (name, table) = table(tables, expected.name, names)?;
            Some(AdoptedTable {
                view: expected.name.to_owned(),
                schema: schema.to_owned(),
                table: name.to_owned(),
                columns: columns(expected, table, names.get(expected.name), fields),
            })
        })
        .collect()
}

/// Returns the application's table for Better Auth's table `name`.
fn table<'a>(tables: &'a Tables, name: &str, names: &Names) -> Option<(&'a str, &'a Table)> {
    let pair = |(name, table): (&'a String, &'a Table)| (name.as_str(), table);
    if let Some(theirs) = names.get(name).and_then(|names| names.table.as_ref()) {
        return tables.get_key_value(theirs).map(pair);
    }
    let has_columns = |table: &Table| {
        let wanted = FINGERPRINTS.iter().find(|(fingerprint, _)| *fingerprint == name);
        let wanted = wanted.map_or(&[][..], |(_, columns)| *columns);
        let own = names.get(name);
        wanted
            .iter()
            .all(|column| column_of(table, column, own).is_some())
    };
    let exact = tables.get_key_value(name).filter(|(_, table)| has_columns(table));
    let like = || {
        tables
            .iter()
            .find(|(theirs, table)| is_table(theirs, name) && has_columns(table))
    };
    let other = || {
        let mut others = tables.iter().filter(|(theirs, table)| {
            plain(theirs).contains(&plain(name)) && has_columns(table) && is_fingerprinted(name)
        });
        others.next().filter(|_| others.next().is_none())
    };
    exact.or_else(like).or_else(other).map(pair)
}

fn is_fingerprinted(name: &str) -> bool {
    FINGERPRINTS.iter().any(|(fingerprint, _)| *fingerprint == name)
}

/// Returns the column of the table for each column of the view.
fn columns(
    expected: &expected::Table,
    table: &Table,
    names: Option<&TableNames>,
    fields: &DeclaredFields,
) -> BTreeMap<String, String> {
    let declared = declared::all(fields).filter(|declared| declared.table() == expected.name);
    let known = expected.columns.iter().map(|column| column.name.to_owned());
    let known = known.chain(declared.map(|declared| declared.name().to_owned()));
    let mut columns: BTreeMap<String, String> = known
        .filter_map(|shown| Some((shown.clone(), column_of(table, &shown, names)?.to_owned())))
        .collect();
    for theirs in table.columns.keys() {
        let shown = camel(theirs);
        if !columns.values().any(|known| known == theirs) {
            let shown = if columns.contains_key(&shown) {
                theirs.clone()
            } else {
                shown
            };
            columns.entry(shown).or_insert_with(|| theirs.clone());
        }
    }
    columns
}

/// Returns the table's column for a field.
pub(super) fn column_of<'a>(table: &'a Table, field: &str, names: Option<&TableNames>) -> Option<&'a str> {
    if let Some(theirs) = names.and_then(|names| names.columns.get(field)) {
        return table.columns.get_key_value(theirs).map(|(name, _)| name.as_str());
    }
    let exact = table.columns.get_key_value(field).map(|(name, _)| name);
    let like = || table.columns.keys().find(|theirs| plain(theirs) == plain(field));
    exact.or_else(like).map(String::as_str)
}
