//! Removal of an adoption.

use std::collections::BTreeSet;

use diesel::{PgConnection, QueryResult, connection::SimpleConnection};

use super::{
    addition::State,
    objects::Objects,
    record::{self, Addition, Kind},
    sql::quoted,
};
use crate::migrations::{MigrateError, refused};

/// Rows that row-level security hides make a query fail, so that they do not count as missing.
const SHOW_ALL_ROWS: &str = "SET LOCAL row_security = off";

/// Removes the adoption, and returns what was done.
pub(super) fn run(connection: &mut PgConnection, adopted_schema: &str) -> Result<Vec<String>, MigrateError> {
    let failed = |error| refused("the removal of the adoption", &error);
    if !record::exists(connection, adopted_schema).map_err(failed)? {
        return Ok(Vec::new());
    }
    connection.batch_execute(SHOW_ALL_ROWS).map_err(failed)?;
    let recorded = record::read(connection, adopted_schema).map_err(failed)?;
    let objects = Objects::of(adopted_schema, &recorded);
    let additions = with_states(connection, adopted_schema).map_err(failed)?;
    let obstacles = obstacles(connection, &objects, &additions).map_err(failed)?;
    if !obstacles.is_empty() {
        return Err(MigrateError::CannotUndo(obstacles));
    }
    remove(connection, adopted_schema, (&objects, &additions)).map_err(failed)
}

/// Returns what was added, the newest first, and what became of it.
fn with_states(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Vec<(Addition, State)>> {
    let additions = record::additions(connection, adopted_schema)?.into_iter().rev();
    additions
        .map(|addition| addition.state(connection).map(|state| (addition, state)))
        .collect()
}

/// Returns what forbids the removal.
fn obstacles(
    connection: &mut PgConnection,
    objects: &Objects<'_>,
    additions: &[(Addition, State)],
) -> QueryResult<Vec<String>> {
    let mut obstacles = BTreeSet::new();
    let mut removed = Vec::new();
    for (addition, _) in additions.iter().filter(|(_, state)| *state == State::Same) {
        let found = addition.obstacles(connection)?;
        if found.is_empty() && (addition.kind == Kind::Index || !addition.has_values(connection)?) {
            removed.push(addition);
        }
        obstacles.extend(found);
    }
    let dependents = objects.dependents(connection, &removed)?.into_iter();
    let dependents = dependents.map(|name| {
        format!("the {name} depends on what the adoption has created: drop it, or let it read the application's tables")
    });
    Ok(obstacles.into_iter().chain(dependents).collect())
}

fn remove(
    connection: &mut PgConnection,
    adopted_schema: &str,
    (objects, additions): (&Objects<'_>, &[(Addition, State)]),
) -> QueryResult<Vec<String>> {
    let has_created = record::has_created(connection, adopted_schema)?;
    let mut done = Vec::new();
    for object in objects.own(connection)? {
        let (kind, name) = (object.kind, object.name);
        connection.batch_execute(&format!("DROP {kind} {name}"))?;
        done.push(format!("dropped the {kind} {name}"));
    }
    for (addition, state) in additions {
        done.push(match state {
            State::Same => addition.remove(connection)?,
            State::Changed => format!(
                "kept {}, since it is not the one that the adoption has created",
                addition.described()
            ),
            State::Gone => format!("skipped {}, which was dropped or renamed", addition.described()),
        });
    }
    done.push(drop_schema(connection, adopted_schema, (objects, has_created))?);
    Ok(done)
}

/// Drops the schema if the adoption has created it, and it is empty.
fn drop_schema(
    connection: &mut PgConnection,
    adopted_schema: &str,
    (objects, has_created): (&Objects<'_>, bool),
) -> QueryResult<String> {
    let schema = quoted(adopted_schema);
    let foreign = objects.foreign(connection)?;
    if !foreign.is_empty() {
        return Ok(format!(
            "kept the schema {schema}, since it contains other objects: {}",
            foreign.join(", ")
        ));
    }
    if !has_created {
        return Ok(format!(
            "kept the schema {schema}, since it existed before the adoption"
        ));
    }
    connection.batch_execute(&format!("DROP SCHEMA {schema}"))?;
    Ok(format!("dropped the schema {schema}"))
}
