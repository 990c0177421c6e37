//! The schema of an adoption: what it contains, and the statements that it lacks.

use std::collections::BTreeSet;

use diesel::{PgConnection, QueryResult, sql_query, sql_types::Text};

use super::{
    change::{Change, Order},
    index::{Found, Wanted},
    objects::Objects,
    recognition::Tables,
    record::{self, AdoptedTable},
    sql::{quoted, text},
    step::{self, Statement},
    view,
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        MigrateError,
        catalog::{self, BOOKKEEPING, Catalog, is_true},
        declared, refused, source, steps,
    },
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
    pub(super) is_recorded: bool,
    versions: BTreeSet<String>,
    pub(super) has_operators: bool,
}

/// The changes and indexes of migrations that the database lacks.
#[derive(Default)]
pub(super) struct Steps<'a> {
    pub(super) changes: Vec<Change>,
    pub(super) indexes: Vec<(Wanted<'a>, Found)>,
    /// Tables of ours that no longer exist although their migration was applied.
    pub(super) lost: Vec<String>,
    /// Whether a table is created that references the users.
    pub(super) references_users: bool,
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
                "the application now has the table {}, but the schema of the adoption has a table \"{}\" of its own: move its rows, if \
                 there are any, and drop it",
                adopted.place(),
                adopted.view
            )
        })
    }

    /// Returns whether the schema has a table or view.
    pub(super) fn has(&self, name: &str) -> bool {
        self.tables.contains_key(name)
    }

    /// Returns the recorded tables that were not found again.
    pub(super) fn lost<'a>(&'a self, adopted: &'a [AdoptedTable]) -> impl Iterator<Item = &'a AdoptedTable> {
        let is_lost = |recorded: &&AdoptedTable| !adopted.iter().any(|found| found.view == recorded.view);
        self.recorded.iter().filter(is_lost)
    }

    pub(super) fn frame(&self, schema: &str) -> Vec<Change> {
        let mut sql = Vec::new();
        if !self.exists {
            sql.push(format!("CREATE SCHEMA {}", quoted(schema)));
        }
        if !self.is_recorded {
            sql.push(record::create(schema));
        }
        if !self.exists {
            sql.push(record::keep_schema(schema));
        }
        if !self.has(BOOKKEEPING) {
            sql.push(format!(
                "CREATE TABLE {}.{BOOKKEEPING} (\n    version varchar(50) PRIMARY KEY NOT NULL,\n    run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP\n)",
                quoted(schema)
            ));
        }
        sql.into_iter()
            .map(|sql| Change::own(Order::Frame, sql))
            .collect()
    }

    /// Returns the statements that bring the views up to date. `catalog` contains what the views show afterwards. Adds
    /// a reason for each object of others that reads a view which must be dropped.
    pub(super) fn views(
        &self,
        connection: &mut PgConnection,
        schema: &str,
        (adopted, catalog): (&[AdoptedTable], &Catalog),
        reasons: &mut Vec<String>,
    ) -> QueryResult<Vec<Change>> {
        let mut changes = Vec::new();
        for adopted in adopted.iter().filter(|adopted| self.is_outdated(adopted)) {
            let Some(table) = catalog.tables.get(&adopted.view) else {
                continue;
            };
            let replacement = view::replacement(connection, schema, (adopted, table))?;
            if replacement.drops {
                let dependents = Objects::view(schema, &adopted.view).dependents(connection, &[])?;
                reasons.extend(dependents.into_iter().map(|name| {
                    format!(
                        "the {name} reads {}.{}, which must be replaced: drop it first, and create it again afterwards",
                        quoted(schema),
                        quoted(&adopted.view)
                    )
                }));
            }
            let keep = record::keep_table(schema, adopted);
            let sql = replacement.sql.into_iter().chain([keep]);
            changes.extend(sql.map(|sql| Change::about(adopted, Order::View, sql)));
        }
        Ok(changes)
    }

    fn is_outdated(&self, adopted: &AdoptedTable) -> bool {
        let view = self.tables.get(&adopted.view);
        let shown = view.map(|view| view.columns.keys().collect::<Vec<_>>());
        !(self.recorded.contains(adopted) && shown == Some(adopted.columns.keys().collect()))
    }

    /// Returns what the database lacks of the migrations. An applied migration lacks tables of ours that no longer
    /// exist, and indexes of a table that was not adopted before.
    pub(super) fn steps<'a>(
        &self,
        connection: &mut PgConnection,
        schema: &str,
        (adopted, has_uuids, fields): (&'a [AdoptedTable], bool, &DeclaredFields),
    ) -> Result<Steps<'a>, MigrateError> {
        let mut found = Steps::default();
        for step in steps()? {
            let (name, version) = (step.name().to_string(), step.name().version().to_string());
            let is_applied = self.versions.contains(&version);
            let mut used = source::STEPS
                .iter()
                .filter(|(step, _)| is_applied || source::is_used(step, fields));
            let Some((_, sql)) = used.find(|(known, _)| *known == name) else {
                continue;
            };
            for statement in step::statements(sql, adopted, has_uuids) {
                match statement {
                    Statement::Own(sql) => self.add_own(sql, (adopted, is_applied), &mut found),
                    Statement::Index(index) => {
                        let wanted =
                            Wanted::by(&index, adopted).filter(|wanted| !is_applied || self.is_new(wanted));
                        if let Some(wanted) = wanted {
                            let state = wanted.find(connection);
                            let state = state.map_err(|error| refused("reading the indexes", &error))?;
                            found.indexes.push((wanted, state));
                        }
                    }
                }
            }
            if !is_applied {
                let note = format!(
                    "INSERT INTO {}.{BOOKKEEPING} (version) VALUES ({})",
                    quoted(schema),
                    text(&version)
                );
                found.changes.push(Change::own(Order::Table, note));
            }
        }
        Ok(found)
    }

    /// Returns the statements that add declared columns to tables of ours.
    pub(super) fn columns(
        &self,
        connection: &mut PgConnection,
        schema: &str,
        (adopted, fields): (&[AdoptedTable], &DeclaredFields),
    ) -> QueryResult<Vec<Change>> {
        let mut changes = Vec::new();
        for declared in declared::all(fields) {
            let table = self.tables.get(declared.table());
            let has_column = table.is_some_and(|table| table.columns.contains_key(declared.name()));
            if has_column || adopted.iter().any(|adopted| adopted.view == declared.table()) {
                continue;
            }
            let place = format!("{}.{}", quoted(schema), quoted(declared.table()));
            let definition = if table.is_some() {
                declared.definition_in(connection, &place)?
            } else {
                declared.definition(true)
            };
            let name = quoted(declared.name());
            let add = format!("ALTER TABLE {place} ADD COLUMN {name} {definition}");
            changes.push(Change::own(Order::Table, add));
        }
        Ok(changes)
    }

    /// Adds a statement about a table of ours.
    fn add_own(&self, sql: String, (adopted, is_applied): (&[AdoptedTable], bool), found: &mut Steps<'_>) {
        let table = step::table_of(&sql);
        let is_missing = table.is_some_and(|table| !self.has(table));
        if is_applied && !is_missing {
            return;
        }
        let is_table = sql.starts_with("CREATE TABLE");
        if let Some(table) = table.filter(|_| is_applied && is_table) {
            found.lost.push(table.to_owned());
        }
        let users = adopted.iter().find(|adopted| adopted.view == "user");
        let users = users.filter(|_| is_missing && is_table && sql.contains(" REFERENCES "));
        found.references_users |= users.is_some();
        let change = Change::own(Order::Table, sql);
        found.changes.push(match users {
            Some(users) => change.locking(users),
            None => change,
        });
    }

    /// Returns whether the table was not adopted before.
    fn is_new(&self, wanted: &Wanted<'_>) -> bool {
        let mut recorded = self.recorded.iter();
        !recorded.any(|recorded| recorded.view == wanted.adopted.view)
    }
}
