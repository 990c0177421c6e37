//! Removal of an adoption.

use std::collections::BTreeSet;

use diesel::{PgConnection, QueryResult, connection::SimpleConnection};

use super::{
    addition::State,
    change::locked_or_refused,
    follow,
    objects::{Object, Objects},
    record::{self, Addition, AdoptedTable, Kind},
    sql::quoted,
    trust,
};
use crate::migrations::{MigrateError, catalog::USER, refused};

/// Makes a query fail if row-level security would hide rows, so that hidden rows do not count as missing.
const SHOW_ALL_ROWS: &str = "SET LOCAL row_security = off";

const ACT: &str = "the removal of the adoption";

/// Removes the adoption, and returns what was done.
pub(super) fn run(connection: &mut PgConnection, adopted_schema: &str) -> Result<Vec<String>, MigrateError> {
    let failed = |error| refused(ACT, &error);
    if !record::exists(connection, adopted_schema).map_err(failed)? {
        return Ok(Vec::new());
    }
    connection.batch_execute(SHOW_ALL_ROWS).map_err(failed)?;
    let recorded = follow::read(connection, adopted_schema).map_err(failed)?;
    let objects = Objects::of(adopted_schema, &recorded);
    let additions = with_states(connection, adopted_schema)?;
    let mut obstacles = obstacles(connection, &objects, &additions)?;
    obstacles.extend(trust::untrusted(connection, adopted_schema).map_err(failed)?);
    if !obstacles.is_empty() {
        return Err(MigrateError::CannotUndo(obstacles));
    }
    let has_created = record::has_created(connection, adopted_schema).map_err(failed)?;
    let mut done = drop_own(connection, &objects, &recorded)?;
    done.extend(remove(connection, &additions)?);
    let schema = drop_schema(connection, adopted_schema, (&objects, has_created));
    done.push(schema.map_err(failed)?);
    Ok(done)
}

/// Returns the additions with their states, the newest first.
fn with_states(
    connection: &mut PgConnection,
    adopted_schema: &str,
) -> Result<Vec<(Addition, State)>, MigrateError> {
    let additions = record::additions(connection, adopted_schema);
    let additions = additions.map_err(|error| refused(ACT, &error))?;
    let with_state = |addition: Addition| {
        let state = addition.state(connection);
        let state = state.map_err(|error| locked_or_refused(ACT, &addition.place(), &error))?;
        Ok((addition, state))
    };
    additions.into_iter().rev().map(with_state).collect()
}

/// Returns what forbids the removal.
fn obstacles(
    connection: &mut PgConnection,
    objects: &Objects<'_>,
    additions: &[(Addition, State)],
) -> Result<Vec<String>, MigrateError> {
    let mut obstacles = BTreeSet::new();
    let mut removed = Vec::new();
    for (addition, _) in additions.iter().filter(|(_, state)| *state == State::Same) {
        let failed = |error| locked_or_refused(ACT, &addition.place(), &error);
        let found = addition.obstacles(connection).map_err(failed)?;
        let has_values = found.is_empty()
            && addition.kind == Kind::Column
            && addition.has_values(connection).map_err(failed)?;
        if found.is_empty() && !has_values {
            removed.push(addition);
        }
        obstacles.extend(found);
    }
    let dependents = objects.dependents(connection, &removed);
    let dependents = dependents.map_err(|error| refused(ACT, &error))?;
    let dependents = dependents.iter().map(|name| dependent(name));
    Ok(obstacles.into_iter().chain(dependents).collect())
}

fn dependent(name: &str) -> String {
    // A constraint or an index reads nothing.
    let is_part = name.starts_with("table constraint ") || name.starts_with("index ");
    let way_out = if is_part {
        "drop it"
    } else {
        "drop it, or let it read the application's tables"
    };
    format!("the {name} depends on what the adoption has created: {way_out}")
}

/// Drops the objects in the schema of the adoption.
fn drop_own(
    connection: &mut PgConnection,
    objects: &Objects<'_>,
    recorded: &[AdoptedTable],
) -> Result<Vec<String>, MigrateError> {
    let users = recorded.iter().find(|adopted| adopted.view == USER);
    let own = objects.own(connection).map_err(|error| refused(ACT, &error))?;
    let mut done = Vec::new();
    for Object { kind, name } in own {
        let dropped = connection.batch_execute(&format!("DROP {kind} {name}"));
        dropped.map_err(|error| {
            // The tables reference the users.
            let users = users.filter(|_| kind == "table");
            let locked = users.map_or_else(|| name.clone(), |users| format!("{} or {name}", users.place()));
            locked_or_refused(ACT, &locked, &error)
        })?;
        done.push(format!("dropped the {kind} {name}"));
    }
    Ok(done)
}

/// Removes what was added to the application's tables.
fn remove(
    connection: &mut PgConnection,
    additions: &[(Addition, State)],
) -> Result<Vec<String>, MigrateError> {
    let mut done = Vec::new();
    for (addition, state) in additions {
        done.push(match state {
            State::Same => {
                let removed = addition.remove(connection);
                removed.map_err(|error| locked_or_refused(ACT, &addition.place(), &error))?
            }
            State::Changed => format!(
                "kept {}, since it is not the one that the adoption has created",
                addition.described()
            ),
            State::Gone => format!("skipped {}, which was dropped or renamed", addition.described()),
        });
    }
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
