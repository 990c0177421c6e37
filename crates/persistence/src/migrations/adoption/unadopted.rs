//! Databases that need no adoption, and those that need one without a sign of it in the current schema.

use diesel::PgConnection;

use super::{
    hints::Hints,
    names::Names,
    plan::candidates,
    recognition,
    record::{self, AdoptedTable},
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        MigrateError, SchemaState,
        catalog::{self, Catalog},
        inspection::OWN,
        read, refused, schema_state,
    },
};

/// The tables that a schema must contain to be recognised as Better Auth's.
const NECESSARY: [&str; 3] = ["user", "session", "account"];

/// Returns whether the current schema is one that Better Auth's own migration has made, or ours: migrations serve it, and
/// tables of ours in it would be left behind by an adoption.
pub(super) fn is_better_auths(
    connection: &mut PgConnection,
    adopted_schema: &str,
    (fields, names): (&DeclaredFields, &Names),
) -> Result<bool, MigrateError> {
    let is_adopted = record::exists(connection, adopted_schema);
    let current = catalog::current_schema(connection);
    let has_names = names
        .values()
        .any(|names| names.table.is_some() || !names.columns.is_empty());
    let reading = |error| refused("reading the schema", &error);
    if has_names || is_adopted.map_err(reading)? || current.map_err(reading)?.is_none() {
        return Ok(false);
    }
    let catalog = read(connection)?;
    let state = schema_state(connection, fields)?;
    let is_right = matches!(state, SchemaState::Current | SchemaState::Behind(_));
    Ok(is_right && has_tables(&catalog) && (is_migrated(&catalog) || has_zones(&catalog)))
}

fn has_tables(catalog: &Catalog) -> bool {
    NECESSARY.iter().all(|table| catalog.tables.contains_key(*table))
}

fn is_migrated(catalog: &Catalog) -> bool {
    catalog.tables.keys().any(|table| table.starts_with(OWN))
}

/// Only Better Auth's own migration makes times with a zone.
fn has_zones(catalog: &Catalog) -> bool {
    let tables = NECESSARY.iter().filter_map(|table| catalog.tables.get(*table));
    let mut columns = tables.flat_map(|table| table.columns.values());
    !columns.any(|column| column.kind.contains("without time zone"))
}

/// Returns the schema that contains the application's tables, if it is not the current one, which lacks them.
pub(super) fn elsewhere(
    connection: &mut PgConnection,
    adopted_schema: &str,
    (fields, names): (&DeclaredFields, &Names),
) -> Result<Option<String>, MigrateError> {
    let reading = |error| refused("reading the schema", &error);
    if record::exists(connection, adopted_schema).map_err(reading)? || has_tables(&read(connection)?) {
        return Ok(None);
    }
    let current = catalog::current_schema(connection).map_err(reading)?;
    let (schemas, in_path) = candidates(connection, adopted_schema).map_err(reading)?;
    let hints = Hints::new(names, Vec::new(), &schemas);
    let found = recognition::find(&schemas, in_path, &hints, fields).unwrap_or_default();
    let schema = found.into_iter().next().map(|AdoptedTable { schema, .. }| schema);
    Ok(schema.filter(|schema| Some(schema) != current.as_ref()))
}
