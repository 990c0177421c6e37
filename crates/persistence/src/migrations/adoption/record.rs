//! What an adoption found and added, as the database records it.

use std::collections::BTreeMap;

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use super::sql::{quoted, text};
use crate::{
    database_url::ADOPTION,
    migrations::catalog::{Table, is_true},
};

/// A table of the application, and the view through which it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::migrations) struct AdoptedTable {
    /// The view, which has Better Auth's name.
    pub(in crate::migrations) view: String,
    /// The schema of the table.
    pub(in crate::migrations) schema: String,
    /// The table.
    pub(in crate::migrations) table: String,
    /// The column of the table for each column of the view.
    pub(in crate::migrations) columns: BTreeMap<String, String>,
}

/// Something that an adoption has added to the application's tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Addition {
    pub(super) kind: Kind,
    pub(super) schema: String,
    pub(super) table: String,
    /// The column or the index.
    pub(super) name: String,
    /// The default of the column as a quoted text (empty: none), or the definition of the index, in PostgreSQL's words. It is
    /// read when the addition is recorded. It is never part of a statement.
    pub(super) definition: String,
}

/// The kind of an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Column,
    Index,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    view: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    shown: String,
    #[diesel(sql_type = Text)]
    name: String,
}

const SEEN: &str = "view";
const COLUMN: &str = "added column";
const INDEX: &str = "added index";
const SCHEMA: &str = "created schema";

/// Returns the statement that creates the record.
pub(super) fn create(adopted_schema: &str) -> String {
    let record = place(adopted_schema);
    format!(
        "CREATE TABLE {record} (\n    \"kind\" text NOT NULL,\n    \"view\" text NOT NULL,\n    \
         \"schema\" text NOT NULL,\n    \"place\" text NOT NULL,\n    \"shown\" text NOT NULL,\n    \
         \"name\" text NOT NULL\n)"
    )
}

/// Returns the statement that records the table of a view, which replaces an older record of the view.
pub(super) fn keep_table(adopted_schema: &str, adopted: &AdoptedTable) -> String {
    let record = place(adopted_schema);
    let (view, schema, table) = (text(&adopted.view), text(&adopted.schema), text(&adopted.table));
    let rows = adopted.columns.iter().map(|(shown, name)| {
        let (shown, name) = (text(shown), text(name));
        format!("    ('{SEEN}', {view}, {schema}, {table}, {shown}, {name})")
    });
    let rows = rows.collect::<Vec<_>>().join(",\n");
    format!(
        "WITH older AS (DELETE FROM {record} WHERE \"kind\" = '{SEEN}' AND \"view\" = {view})\n\
         INSERT INTO {record} (\"kind\", \"view\", \"schema\", \"place\", \"shown\", \"name\") VALUES\n{rows}"
    )
}

/// Returns the statement that records a column, with the value of its default, which is an SQL expression of its type.
pub(super) fn keep_column(adopted_schema: &str, addition: &Addition, default: Option<&str>) -> String {
    let value = default.map_or_else(
        || "''".to_owned(),
        |default| format!("quote_literal(({default})::text)"),
    );
    keep(adopted_schema, addition, (COLUMN, &value))
}

/// Returns the statement that records an index, with the definition that it has in the database.
pub(super) fn keep_index(adopted_schema: &str, addition: &Addition) -> String {
    let index = format!("{}.{}", quoted(&addition.schema), quoted(&addition.name));
    let definition = format!("pg_get_indexdef({}::regclass)", text(&index));
    keep(adopted_schema, addition, (INDEX, &definition))
}

fn keep(adopted_schema: &str, addition: &Addition, (kind, definition): (&str, &str)) -> String {
    let name = text(&addition.name);
    format!(
        "INSERT INTO {} (\"kind\", \"view\", \"schema\", \"place\", \"shown\", \"name\")\n\
         VALUES ('{kind}', '', {}, {}, {definition}, {name})",
        place(adopted_schema),
        text(&addition.schema),
        text(&addition.table),
    )
}

/// Returns the statement that records that the adoption has created its schema.
pub(super) fn keep_schema(adopted_schema: &str) -> String {
    format!(
        "INSERT INTO {} (\"kind\", \"view\", \"schema\", \"place\", \"shown\", \"name\") \
         VALUES ('{SCHEMA}', '', {}, '', '', '')",
        place(adopted_schema),
        text(adopted_schema)
    )
}

/// Returns whether the adoption has created its schema.
pub(super) fn has_created(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<bool> {
    Ok(rows(connection, adopted_schema)?
        .iter()
        .any(|row| row.kind == SCHEMA))
}

/// Returns the statement that removes the record of a view.
pub(super) fn forget_table(adopted_schema: &str, view: &str) -> String {
    format!(
        "DELETE FROM {} WHERE \"kind\" = '{SEEN}' AND \"view\" = {}",
        place(adopted_schema),
        text(view)
    )
}

/// Returns the statement that removes the record of an addition.
pub(super) fn forget_addition(adopted_schema: &str, addition: &Addition) -> String {
    let kind = match addition.kind {
        Kind::Column => COLUMN,
        Kind::Index => INDEX,
    };
    format!(
        "DELETE FROM {} WHERE \"kind\" = '{kind}' AND \"schema\" = {} AND \"place\" = {} AND \"name\" = {}",
        place(adopted_schema),
        text(&addition.schema),
        text(&addition.table),
        text(&addition.name)
    )
}

/// Returns the tables that the adoption found. Empty: the schema is not an adoption's.
pub(in crate::migrations) fn read(
    connection: &mut PgConnection,
    adopted_schema: &str,
) -> QueryResult<Vec<AdoptedTable>> {
    let mut tables: Vec<AdoptedTable> = Vec::new();
    for row in rows(connection, adopted_schema)? {
        if row.kind != SEEN {
            continue;
        }
        let known = tables.iter().position(|adopted| adopted.view == row.view);
        let place = known.unwrap_or_else(|| {
            tables.push(AdoptedTable {
                view: row.view,
                schema: row.schema,
                table: row.place,
                columns: BTreeMap::new(),
            });
            tables.len() - 1
        });
        if let Some(adopted) = tables.get_mut(place) {
            adopted.columns.insert(row.shown, row.name);
        }
    }
    Ok(tables)
}

/// Returns what was added to the application's tables.
pub(super) fn additions(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Vec<Addition>> {
    let rows = rows(connection, adopted_schema)?.into_iter();
    let additions = rows.filter_map(|row| {
        let kind = match row.kind.as_str() {
            COLUMN => Kind::Column,
            INDEX => Kind::Index,
            _ => return None,
        };
        Some(Addition {
            kind,
            schema: row.schema,
            table: row.place,
            name: row.name,
            definition: row.shown,
        })
    });
    Ok(additions.collect())
}

/// Returns whether the schema is that of an adoption.
pub(in crate::migrations) fn exists(
    connection: &mut PgConnection,
    adopted_schema: &str,
) -> QueryResult<bool> {
    let record = sql_query(
        "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relname = $2) AS is_true",
    );
    is_true(
        connection,
        record.bind::<Text, _>(adopted_schema).bind::<Text, _>(ADOPTION),
    )
}

fn rows(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Vec<Row>> {
    if !exists(connection, adopted_schema)? {
        return Ok(Vec::new());
    }
    sql_query(format!(
        "SELECT \"kind\", \"view\", \"schema\", \"place\", \"shown\", \"name\" FROM {} ORDER BY 1, 2, 3, 4, 5, 6",
        place(adopted_schema)
    ))
    .load(connection)
}

fn place(adopted_schema: &str) -> String {
    format!("{}.{}", quoted(adopted_schema), quoted(ADOPTION))
}

impl AdoptedTable {
    /// Returns the table by the names of the view. Columns that the view lacks are left out, so that they are missing.
    pub(in crate::migrations) fn seen_through(&self, view: &Table, table: &Table) -> Table {
        let mut seen = self.seen_through_every_column(table);
        seen.columns.retain(|shown, _| view.columns.contains_key(shown));
        seen.refused.clone_from(&view.refused);
        seen
    }

    /// Returns the table by the names of a view that shows all of its columns.
    pub(super) fn seen_through_every_column(&self, table: &Table) -> Table {
        let columns = self.columns.iter();
        let columns =
            columns.filter_map(|(shown, name)| Some((shown.clone(), table.columns.get(name)?.clone())));
        let shown = |column: &String| {
            let mut names = self.columns.iter().filter(move |(_, name)| *name == column);
            names.next().map(|(shown, _)| shown.clone())
        };
        let is_seen = |column: &str| self.columns.values().any(|name| name == column);
        let unseen = table.columns.iter().filter(|(column, _)| !is_seen(column));
        Table {
            columns: columns.collect(),
            unseen: unseen
                .map(|(name, column)| (name.clone(), column.clone()))
                .collect(),
            references: table.references.clone(),
            unique: table.unique.iter().filter_map(shown).collect(),
            cascades: table.cascades.iter().filter_map(shown).collect(),
            refused: table.refused.clone(),
            is_row_secured: table.is_row_secured,
        }
    }

    /// Returns the quoted name of the table with its schema.
    pub(in crate::migrations) fn place(&self) -> String {
        format!("{}.{}", quoted(&self.schema), quoted(&self.table))
    }
}
