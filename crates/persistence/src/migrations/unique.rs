//! The unique keys of users, of sessions and of plugins' tables, by the names of their constraints or indexes.

use std::collections::BTreeMap;

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use portcullis_application::ports::UniqueKey;

use super::{catalog::Catalog, declared};
use crate::additional::DeclaredFields;

const NAMES: &str = "
    SELECT x.relname::text AS name, a.attname::text AS field
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname = $1 AND c.relname = $2 AND i.indisunique AND i.indnkeyatts = 1";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    field: String,
}

/// Reads the keys. `schema` contains the tables, unless the database is adopted.
pub(super) fn read(
    connection: &mut PgConnection,
    schema: &str,
    catalog: &Catalog,
    fields: &DeclaredFields,
) -> QueryResult<BTreeMap<String, UniqueKey>> {
    let mut keys = BTreeMap::new();
    for (view, _) in fields.tables() {
        let adopted = catalog.adopted.iter().find(|adopted| adopted.view == view);
        let (schema, table) = adopted.map_or((schema, view), |adopted| {
            (adopted.schema.as_str(), adopted.table.as_str())
        });
        let rows = sql_query(NAMES).bind::<Text, _>(schema).bind::<Text, _>(table);
        for row in rows.load::<Row>(connection)? {
            let shown = adopted.map_or(Some(row.field.as_str()), |adopted| {
                let mut columns = adopted.columns.iter();
                columns
                    .find(|(_, name)| **name == row.field)
                    .map(|(shown, _)| shown.as_str())
            });
            if let Some(key) = shown.and_then(|shown| key(view, shown, fields)) {
                keys.insert(row.name, key);
            }
        }
    }
    Ok(keys)
}

fn key(table: &str, column: &str, fields: &DeclaredFields) -> Option<UniqueKey> {
    match (table, column) {
        ("user", "email") => Some(UniqueKey::UserEmail),
        ("session", "token") => Some(UniqueKey::SessionToken),
        ("organization", "slug") => Some(UniqueKey::OrganizationSlug),
        _ => declared::is_declared(fields, table, column).then_some(UniqueKey::AdditionalField),
    }
}
