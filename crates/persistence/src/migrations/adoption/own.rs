//! The schema of an adoption: what it contains, and the statements that it lacks.

use std::collections::BTreeSet;

use diesel::{PgConnection, QueryResult, sql_query, sql_types::Text};

use super::{
    index,
    plan::{Change, application, own_change},
    recognition::Tables,
    record::{self, AdoptedTable},
    sql::{quoted, text},
    step::{self, Statement},
    view,
};
use crate::migrations::{
    MigrateError,
    catalog::{self, BOOKKEEPING, is_true},
    refused, source, steps,
};

const SCHEMA_EXISTS: &str = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS is_true";
const FUNCTION_EXISTS: &str = "
    SELECT EXISTS (
        SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = $1 AND p.proname = $2
    ) AS is_true";

/// What the schema of the adoption contains.
pub(super) struct Own {
    exists: bool,
    tables: Tables,
    recorded: Vec<AdoptedTable>,
    is_recorded: bool,
    versions: BTreeSet<String>,
    pub(super) has_operators: bool,
}

impl Own {
    pub(super) fn read(connection: &mut PgConnection, schema: &str) -> QueryResult<Self> {
        let tables = catalog::tables(connection, schema, ("", ""))?;
        let versions = if tables.contains_key(BOOKKEEPING) {
            catalog::versions_in(connection, schema)?
        } else {
            BTreeSet::new()
        };
        Ok(Self {
            exists: is_true(connection, sql_query(SCHEMA_EXISTS).bind::<Text, _>(schema))?,
            has_operators: is_true(
                connection,
                sql_query(FUNCTION_EXISTS)
                    .bind::<Text, _>(schema)
                    .bind::<Text, _>(view::PARSE),
            )?,
            recorded: record::read(connection, schema)?,
            is_recorded: record::exists(connection, schema)?,
            tables,
            versions,
        })
    }

    /// Returns the tables of ours that have the name of a view, since the application did not have them before.
    pub(super) fn in_the_way<'a>(&'a self, adopted: &'a [AdoptedTable]) -> impl Iterator<Item = String> + 'a {
        let is_new = |adopted: &&AdoptedTable| {
            let is_view = self.recorded.iter().any(|recorded| recorded.view == adopted.view);
            self.tables.contains_key(&adopted.view) && !is_view
        };
        adopted.iter().filter(is_new).map(|adopted| {
            format!(
                "the application now has the table {}, but \"{}\" in the schema of the adoption has its rows: move them and drop that table",
                adopted.place(),
                adopted.view
            )
        })
    }

    pub(super) fn frame(&self, schema: &str) -> Vec<Change> {
        let mut changes = Vec::new();
        if !self.exists {
            changes.push(own_change(format!("CREATE SCHEMA {}", quoted(schema))));
        }
        if !self.is_recorded {
            changes.push(own_change(record::create(schema)));
        }
        if !self.tables.contains_key(BOOKKEEPING) {
            changes.push(own_change(format!(
                "CREATE TABLE {}.{BOOKKEEPING} (\n    version varchar(50) PRIMARY KEY NOT NULL,\n    run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP\n)",
                quoted(schema)
            )));
        }
        changes
    }

    pub(super) fn views(&self, schema: &str, adopted: &[AdoptedTable]) -> Vec<Change> {
        let is_outdated = |adopted: &&AdoptedTable| {
            let view = self.tables.get(&adopted.view);
            let shown = view.map(|view| view.columns.keys().collect::<Vec<_>>());
            !(self.recorded.contains(adopted) && shown == Some(adopted.columns.keys().collect()))
        };
        let outdated = adopted.iter().filter(is_outdated);
        outdated
            .flat_map(|adopted| {
                let [drop, create] = view::replace(schema, adopted);
                [drop, create, record::keep_table(schema, adopted)].map(own_change)
            })
            .collect()
    }

    pub(super) fn steps(
        &self,
        connection: &mut PgConnection,
        schema: &str,
        (adopted, has_uuids): (&[AdoptedTable], bool),
    ) -> Result<Vec<Change>, MigrateError> {
        let mut changes = Vec::new();
        for step in steps()? {
            let (name, version) = (step.name().to_string(), step.name().version().to_string());
            let sql = source::STEPS.iter().find(|(known, _)| *known == name);
            let Some((_, sql)) = sql.filter(|_| !self.versions.contains(&version)) else {
                continue;
            };
            for statement in step::statements(sql, adopted, has_uuids) {
                match statement {
                    Statement::Own(sql) => changes.push(own_change(sql)),
                    Statement::Index(wanted) => {
                        let missing = index::missing(connection, adopted, &wanted)
                            .map_err(|error| refused("reading the indexes", &error))?;
                        let Some((sql, addition)) = missing else {
                            continue;
                        };
                        changes.push(application(sql));
                        changes.push(own_change(record::keep_addition(schema, &addition)));
                    }
                }
            }
            changes.push(own_change(format!(
                "INSERT INTO {}.{BOOKKEEPING} (version) VALUES ({})",
                quoted(schema),
                text(&version)
            )));
        }
        Ok(changes)
    }
}
