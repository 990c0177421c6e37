//! What an adoption has added to the application's tables, as it is now.

use diesel::{PgConnection, QueryResult, connection::SimpleConnection, sql_query, sql_types::Text};

use super::{
    record::{Addition, Kind},
    sql::{lines, quoted},
};
use crate::migrations::{catalog::is_true, inspection::OWN};

const COLUMN: &str = "
    SELECT '' AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND a.attname = $3 AND NOT a.attisdropped";

const INDEX: &str = "
    SELECT pg_get_indexdef(i.indexrelid) AS line
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = x.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND x.relname = $3";

/// Why the values of a column cannot be read, or the column not be dropped.
const OBSTACLES: &str = "
    SELECT w.what AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        LATERAL (VALUES
            (row_security_active(c.oid), 'has row-level security, which may hide rows from the role of `database.url`'),
            (NOT pg_has_role(c.relowner, 'USAGE'), 'belongs to another role')
        ) AS w (applies, what)
    WHERE n.nspname = $1 AND c.relname = $2 AND w.applies";

/// The state of an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It is unchanged.
    Same,
    /// It was replaced by another of the same name.
    Changed,
    /// It was dropped or renamed, or its table was.
    Gone,
}

impl Addition {
    /// Returns whether `other` is for the same column or index.
    pub(super) fn is(&self, other: &Self) -> bool {
        let key = |addition: &Self| {
            (
                addition.kind,
                addition.schema.clone(),
                addition.table.clone(),
                addition.name.clone(),
            )
        };
        key(self) == key(other)
    }

    /// Returns the state of the addition.
    pub(super) fn state(&self, connection: &mut PgConnection) -> QueryResult<State> {
        let query = match self.kind {
            Kind::Column => COLUMN,
            Kind::Index => INDEX,
        };
        let query = sql_query(query)
            .bind::<Text, _>(&self.schema)
            .bind::<Text, _>(&self.table)
            .bind::<Text, _>(&self.name);
        let found = lines(connection, query)?;
        Ok(match (found.first(), self.kind) {
            (None, _) => State::Gone,
            (Some(definition), Kind::Index) if *definition != self.definition || !self.has_own_name() => {
                State::Changed
            }
            _ => State::Same,
        })
    }

    /// Returns whether the index has a name that the adoption gives to indexes.
    fn has_own_name(&self) -> bool {
        self.name.starts_with(OWN)
    }

    /// Returns why the addition cannot be removed.
    pub(super) fn obstacles(&self, connection: &mut PgConnection) -> QueryResult<Vec<String>> {
        let query = sql_query(OBSTACLES)
            .bind::<Text, _>(&self.schema)
            .bind::<Text, _>(&self.table);
        let found = lines(connection, query)?.into_iter();
        let table = self.place();
        let found = found.map(|what| {
            format!("{table} {what}: run the command as the owner of the table or as a superuser")
        });
        Ok(found.collect())
    }

    /// Returns whether a row has another value in the column than NULL and the default with which it was added.
    pub(super) fn has_values(&self, connection: &mut PgConnection) -> QueryResult<bool> {
        let (table, column) = (self.place(), quoted(&self.name));
        let values = format!(
            "SELECT EXISTS (SELECT FROM {table} WHERE {column} IS NOT NULL AND quote_literal({column}::text) <> $1) AS is_true"
        );
        is_true(connection, sql_query(values).bind::<Text, _>(&self.definition))
    }

    /// Removes the addition, unless it is a column with values. Returns what was done.
    pub(super) fn remove(&self, connection: &mut PgConnection) -> QueryResult<String> {
        let (table, name) = (self.place(), quoted(&self.name));
        if self.kind == Kind::Index {
            connection.batch_execute(&format!("DROP INDEX {}.{name}", quoted(&self.schema)))?;
            return Ok(format!("dropped the index {name} of {table}"));
        }
        // So that no value is written between the check and the removal.
        connection.batch_execute(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))?;
        if self.has_values(connection)? {
            return Ok(format!(
                "kept the column {name} of {table}, since it contains values: drop it if you do not need them"
            ));
        }
        connection.batch_execute(&format!("ALTER TABLE {table} DROP COLUMN {name}"))?;
        Ok(format!("dropped the column {name} of {table}"))
    }

    /// Returns the quoted name of its table.
    pub(super) fn place(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }

    /// Returns a description of the addition: its kind, its name and its table.
    pub(super) fn described(&self) -> String {
        let kind = match self.kind {
            Kind::Column => "column",
            Kind::Index => "index",
        };
        format!("the {kind} {} of {}", quoted(&self.name), self.place())
    }
}
