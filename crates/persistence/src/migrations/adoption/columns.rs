//! Columns that the application's tables lack.

use std::collections::BTreeMap;

use diesel::{PgConnection, QueryResult, sql_query};

use super::{
    hints::key,
    names::{Names, snake},
    record::{Addition, AdoptedTable},
    sql::quoted,
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        catalog::{Column, Table, is_true},
        declared,
        expected::{self, Kind, TABLES},
    },
};

/// The field of password hashes.
const PASSWORD: &str = "password";

/// A column that the adoption adds to a table of the application.
pub(super) struct Added {
    pub(super) sql: String,
    pub(super) addition: Addition,
    /// Its default, as an expression of its type.
    pub(super) default: Option<String>,
    pub(super) view: String,
    pub(super) shown: String,
    pub(super) column: Column,
    pub(super) is_unique: bool,
}

/// Returns the columns to add, and adds them to the columns of the views. Adds a reason for each that cannot be added.
pub(super) fn missing(
    connection: &mut PgConnection,
    (adopted, theirs): (&mut [AdoptedTable], &BTreeMap<String, Table>),
    (fields, names): (&DeclaredFields, &Names),
    reasons: &mut Vec<String>,
) -> QueryResult<Vec<Added>> {
    let mut added = Vec::new();
    for adopted in adopted {
        let (Some(table), Some(expected)) = (theirs.get(&adopted.view), expected_table(&adopted.view)) else {
            continue;
        };
        let place = adopted.place();
        let lacks = |adopted: &AdoptedTable, field: &str| !adopted.columns.contains_key(field);
        for column in expected
            .columns
            .iter()
            .filter(|column| lacks(adopted, column.name))
            .collect::<Vec<_>>()
        {
            let key = key(names, expected.name);
            if column.name == PASSWORD && has_passwords(connection, adopted, table)? {
                reasons.push(format!(
                    "{place} has no column for \"{PASSWORD}\", although it has accounts of the provider `credential`: \
                     set `{key}.fields.{PASSWORD}`"
                ));
                continue;
            }
            let Some(definition) = definition(column, adopted, table) else {
                reasons.push(format!(
                    "{place} has no column for \"{}\" of type {}, and none can be added; if it has another name, set `{key}.fields.{}`",
                    column.name,
                    column.kind.name(),
                    column.name
                ));
                continue;
            };
            let kind = definition
                .split(" DEFAULT ")
                .next()
                .unwrap_or(&definition)
                .to_owned();
            let name = conventional(column.name, adopted);
            added.push(add(
                adopted,
                (column.name, &name),
                &definition,
                (kind, column.is_required, false),
            ));
        }
        let declared: Vec<_> = declared::all(fields)
            .filter(|declared| declared.table() == expected.name && lacks(adopted, declared.name()))
            .collect();
        for declared in declared {
            let name = conventional(declared.name(), adopted);
            let definition = declared_definition(connection, declared, (&place, table))?;
            let is_required = definition.contains(" NOT NULL");
            let kind = declared.kind().name().to_owned();
            added.push(add(
                adopted,
                (declared.name(), &name),
                &definition,
                (kind, is_required, declared.is_unique()),
            ));
        }
    }
    Ok(added)
}

fn declared_definition(
    connection: &mut PgConnection,
    declared: declared::Declared<'_>,
    (place, table): (&str, &Table),
) -> QueryResult<String> {
    // Without this privilege, the plan has a reason anyway.
    if table.refused.iter().any(|privilege| privilege == "SELECT") {
        Ok(declared.definition(false))
    } else {
        declared.definition_in(connection, place)
    }
}

/// Returns whether accounts must have passwords, so that an empty column cannot be that of passwords.
fn has_passwords(connection: &mut PgConnection, adopted: &AdoptedTable, table: &Table) -> QueryResult<bool> {
    let Some(provider) = adopted
        .columns
        .get("providerId")
        .filter(|_| table.refused.is_empty())
    else {
        return Ok(false);
    };
    is_true(
        connection,
        sql_query(format!(
            "SELECT EXISTS (SELECT FROM {} WHERE {}::text = 'credential') AS is_true",
            adopted.place(),
            quoted(provider)
        )),
    )
}

fn expected_table(view: &str) -> Option<&'static expected::Table> {
    TABLES.iter().find(|expected| expected.name == view)
}

fn add(
    adopted: &mut AdoptedTable,
    (shown, name): (&str, &str),
    definition: &str,
    (kind, is_required, is_unique): (String, bool, bool),
) -> Added {
    adopted.columns.insert(shown.to_owned(), name.to_owned());
    Added {
        sql: format!(
            "ALTER TABLE {} ADD COLUMN {} {definition}",
            adopted.place(),
            quoted(name)
        ),
        addition: Addition::column(adopted, name),
        default: default(definition),
        view: adopted.view.clone(),
        shown: shown.to_owned(),
        column: Column {
            kind,
            is_required,
            has_default: true,
        },
        is_unique,
    }
}

/// Returns the default in the definition of a column, as an expression of its type.
fn default(definition: &str) -> Option<String> {
    let (kind, default) = definition.split_once(" DEFAULT ")?;
    let default = default.strip_suffix(" NOT NULL").unwrap_or(default);
    Some(format!("({default})::{kind}"))
}

/// Returns the name of a new column in the convention of its table.
fn conventional(field: &str, adopted: &AdoptedTable) -> String {
    if adopted.columns.values().any(|name| name.contains('_')) {
        snake(field)
    } else {
        field.to_owned()
    }
}

/// Returns the definition of a column, or `None` if existing rows would have no value for it.
fn definition(column: &expected::Column, adopted: &AdoptedTable, table: &Table) -> Option<String> {
    let time = || {
        let times = adopted
            .columns
            .values()
            .filter_map(|name| table.columns.get(name));
        let mut kinds = times
            .map(|column| &column.kind)
            .filter(|kind| kind.starts_with("timestamp"));
        kinds
            .next()
            .map_or("timestamp with time zone", String::as_str)
            .to_owned()
    };
    match column.kind {
        _ if column.is_unique || column.references_user => None,
        Kind::Time if column.is_required => {
            let kind = time();
            let now = if kind.contains("without") {
                "(now() AT TIME ZONE 'UTC')"
            } else {
                "CURRENT_TIMESTAMP"
            };
            Some(format!("{kind} DEFAULT {now} NOT NULL"))
        }
        Kind::Time => Some(time()),
        Kind::Boolean if column.is_required => Some("boolean DEFAULT false NOT NULL".to_owned()),
        _ if column.is_required => None,
        kind => Some(kind.name().to_owned()),
    }
}
