//! Indexes that the application's tables lack.

use std::collections::BTreeMap;

use diesel::{
    PgConnection, QueryResult, sql_query,
    sql_types::{Array, Text},
};

use super::{
    record::{Addition, AdoptedTable, Kind},
    sql::quoted,
    step::Index,
};
use crate::migrations::{
    catalog::{Table, is_true},
    expected::TABLES,
    inspection::OWN,
};

/// Whether an index of this method begins with these columns, for all rows.
const EXISTS: &str = "
    SELECT EXISTS (
        SELECT FROM pg_index i
        JOIN pg_class x ON x.oid = i.indexrelid
        JOIN pg_am m ON m.oid = x.relam
        JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2 AND m.amname = $3 AND i.indisvalid
            AND i.indpred IS NULL AND i.indexprs IS NULL
            AND (SELECT array_agg(a.attname::text ORDER BY k.place)
                FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                WHERE k.place <= cardinality($4)) = $4
    ) AS is_true";

/// Returns the statements that make columns unique which must be, and what they add. The columns count as unique in
/// `theirs` afterwards.
pub(super) fn missing_unique(
    adopted: &[AdoptedTable],
    theirs: &mut BTreeMap<String, Table>,
) -> Vec<(String, Addition)> {
    let mut missing = Vec::new();
    for adopted in adopted {
        let expected = TABLES.iter().find(|expected| expected.name == adopted.view);
        let (Some(expected), Some(table)) = (expected, theirs.get_mut(&adopted.view)) else {
            continue;
        };
        for column in expected.columns.iter().filter(|column| column.is_unique) {
            let Some(theirs) = adopted.columns.get(column.name) else {
                continue;
            };
            if table.unique.insert(theirs.clone()) {
                let name = format!("{OWN}{}_{}_key", adopted.view, column.name);
                let sql = format!(
                    "CREATE UNIQUE INDEX {} ON {} ({})",
                    quoted(&name),
                    adopted.place(),
                    quoted(theirs)
                );
                missing.push((sql, addition(adopted, name)));
            }
        }
    }
    missing
}

fn addition(adopted: &AdoptedTable, name: String) -> Addition {
    Addition {
        kind: Kind::Index,
        schema: adopted.schema.clone(),
        table: adopted.table.clone(),
        name,
    }
}

/// Returns the statement that creates the index on the application's table, and what it adds; `None` if the table has
/// such an index, or the adoption has no such table.
pub(super) fn missing(
    connection: &mut PgConnection,
    adopted: &[AdoptedTable],
    wanted: &Index,
) -> QueryResult<Option<(String, Addition)>> {
    let Some(table) = adopted.iter().find(|adopted| adopted.view == wanted.view) else {
        return Ok(None);
    };
    let columns = wanted.columns.iter();
    let columns: Vec<&String> = columns.filter_map(|shown| table.columns.get(shown)).collect();
    let like = sql_query(EXISTS)
        .bind::<Text, _>(&table.schema)
        .bind::<Text, _>(&table.table)
        .bind::<Text, _>(&wanted.method)
        .bind::<Array<Text>, _>(&columns);
    if is_true(connection, like)? {
        return Ok(None);
    }
    // The application's own migrations may create an index with Better Auth's name later.
    let name = format!("{OWN}{}", wanted.name.trim_start_matches(OWN));
    let sql = format!(
        "CREATE INDEX {} ON {} USING {} ({})",
        quoted(&name),
        table.place(),
        wanted.method,
        columns
            .iter()
            .map(|column| quoted(column))
            .collect::<Vec<_>>()
            .join(", ")
    );
    Ok(Some((sql, addition(table, name))))
}
