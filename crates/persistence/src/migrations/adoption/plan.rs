//! The plan of an adoption: what it has found, and the statements that are missing.

use std::collections::BTreeMap;

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{Bool, Text},
};

use super::{
    assembly::{self, Parts},
    change::Change,
    columns, follow,
    hints::{self, Hints},
    index, left_out,
    names::Names,
    recognition::{self, Tables},
    record::{Addition, AdoptedTable, Kind},
    unadopted,
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        MigrateError,
        catalog::{self, Catalog, Column, Table},
        expected::TABLES,
        inspection, refused,
    },
};

/// What an adoption does.
#[derive(Debug, Default)]
pub struct Plan {
    /// The tables that were found, each as a line. Empty: the schema is Better Auth's own, and is not adopted.
    pub found: Vec<String>,
    /// What has changed since the last adoption, each as a sentence.
    pub notes: Vec<String>,
    /// Statements that create indexes on large tables. They must be executed before the adoption, one by one: an adoption
    /// would block writes to these tables meanwhile.
    pub by_hand: Vec<String>,
    /// The statements that are missing, in order. Empty: the adoption is up to date.
    pub changes: Vec<Change>,
}

/// Makes the plan of an adoption from the tables that are recognised.
pub(super) fn make(
    connection: &mut PgConnection,
    adopted_schema: &str,
    fields: &DeclaredFields,
    names: &Names,
) -> Result<Plan, MigrateError> {
    let reading = |error| refused("reading the schema", &error);
    if unadopted::is_better_auths(connection, adopted_schema, (fields, names))? {
        return Ok(Plan::default());
    }
    let (schemas, in_path) = candidates(connection, adopted_schema).map_err(reading)?;
    let recorded = follow::read(connection, adopted_schema).map_err(reading)?;
    let gone = hints::gone(&recorded, &schemas);
    let hints = Hints::new(names, recorded, &schemas);
    let adopted = recognition::find(&schemas, in_path, &hints, fields).map_err(MigrateError::Unrecognised)?;
    let left_out = left_out::lines(&schemas, &hints, (&adopted, fields));
    let mut plan = complete(connection, adopted_schema, adopted, (fields, names))?;
    plan.found.extend(left_out);
    plan.notes.extend(gone);
    Ok(plan)
}

/// Makes the plan of an adoption from the tables that it has recorded.
pub(super) fn update(
    connection: &mut PgConnection,
    adopted_schema: &str,
    fields: &DeclaredFields,
) -> Result<Plan, MigrateError> {
    let adopted =
        follow::read(connection, adopted_schema).map_err(|error| refused("reading the schema", &error))?;
    complete(connection, adopted_schema, adopted, (fields, &Names::new()))
}

fn complete(
    connection: &mut PgConnection,
    adopted_schema: &str,
    mut adopted: Vec<AdoptedTable>,
    (fields, names): (&DeclaredFields, &Names),
) -> Result<Plan, MigrateError> {
    let reading = |error| refused("reading the schema", &error);
    let mut theirs = catalog::of_application(connection, &adopted).map_err(reading)?;
    let mut reasons = Vec::new();
    let added = columns::missing(connection, (&mut adopted, &theirs), (fields, names), &mut reasons)
        .map_err(reading)?;
    let unique = index::unique(connection, &adopted, &mut theirs).map_err(reading)?;
    let catalog = catalog_of(&adopted, &theirs, &added);
    reasons.extend(inspection::reasons(&catalog, &[], fields));
    let parts = Parts {
        adopted: &adopted,
        added: &added,
        catalog: &catalog,
        fields,
    };
    let plan = assembly::assemble(connection, adopted_schema, (&parts, unique), &mut reasons)?;
    if !reasons.is_empty() {
        return Err(MigrateError::Unfit(reasons));
    }
    Ok(Plan {
        found: adopted.iter().map(described).collect(),
        ..plan
    })
}

/// Returns the tables of the schemas of the application, those in the search path first, and the number of these.
pub(super) fn candidates(
    connection: &mut PgConnection,
    adopted_schema: &str,
) -> QueryResult<(Vec<(String, Tables)>, usize)> {
    #[derive(QueryableByName)]
    struct Schema {
        #[diesel(sql_type = Text)]
        name: String,
        #[diesel(sql_type = Bool)]
        is_in_path: bool,
    }
    let schemas = sql_query(
        "SELECT nspname::text AS name, nspname = ANY (current_schemas(false)) AS is_in_path FROM pg_namespace
         WHERE nspname <> $1 AND nspname <> 'information_schema' AND nspname !~ '^pg_'
         ORDER BY array_position(current_schemas(false), nspname), nspname",
    );
    let schemas: Vec<Schema> = schemas.bind::<Text, _>(adopted_schema).load(connection)?;
    let in_path = schemas.iter().filter(|schema| schema.is_in_path).count();
    let mut candidates = Vec::new();
    for Schema { name, .. } in schemas {
        let tables = catalog::tables(connection, &name, ("", ""))?;
        candidates.push((name, tables));
    }
    Ok((candidates, in_path))
}

/// Returns the catalogue as it is after the adoption, without our own tables.
fn catalog_of(
    adopted: &[AdoptedTable],
    theirs: &BTreeMap<String, Table>,
    added: &[columns::Added],
) -> Catalog {
    let mut tables = BTreeMap::new();
    for adopted in adopted {
        let Some(table) = theirs.get(&adopted.view) else {
            continue;
        };
        let mut seen = adopted.seen_through_every_column(table);
        for column in added.iter().filter(|column| column.view == adopted.view) {
            seen.columns.insert(column.shown.clone(), column.column.clone());
            if column.is_unique {
                seen.unique.insert(column.shown.clone());
            }
        }
        assume_reported(adopted, &mut seen);
        tables.insert(adopted.view.clone(), seen);
    }
    Catalog {
        tables,
        adopted: adopted.to_vec(),
        ..Catalog::default()
    }
}

/// Adds the columns that cannot be added: each of them has a reason already.
fn assume_reported(adopted: &AdoptedTable, seen: &mut Table) {
    let expected = TABLES.iter().find(|expected| expected.name == adopted.view);
    let columns = expected.into_iter().flat_map(|expected| expected.columns);
    for column in columns.filter(|column| !adopted.columns.contains_key(column.name)) {
        let name = column.name.to_owned();
        if column.is_unique {
            seen.unique.insert(name.clone());
        }
        let column = Column {
            kind: column.kind.name().to_owned(),
            is_required: column.is_required,
            has_default: true,
        };
        seen.columns.insert(name, column);
    }
}

/// Describes a table in a line: its names, and those of its columns that differ.
fn described(adopted: &AdoptedTable) -> String {
    let differing = adopted.columns.iter().filter(|(shown, name)| shown != name);
    let differing: Vec<_> = differing
        .map(|(shown, name)| format!("{name} is {shown}"))
        .collect();
    let place = format!("{}.{}", adopted.schema, adopted.table);
    if differing.is_empty() {
        return format!("{place} is `{}`", adopted.view);
    }
    format!("{place} is `{}` ({})", adopted.view, differing.join(", "))
}

impl Addition {
    pub(super) fn column(adopted: &AdoptedTable, name: &str) -> Self {
        Self {
            kind: Kind::Column,
            schema: adopted.schema.clone(),
            table: adopted.table.clone(),
            name: name.to_owned(),
            definition: String::new(),
        }
    }
}
