//! The tables in the database, from PostgreSQL's catalogue.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{
    OptionalExtension, PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{Bool, Nullable, Text},
};

const COLUMNS: &str = "
    SELECT c.relname::text AS place, a.attname::text AS name,
        format_type(a.atttypid, a.atttypmod) AS kind, a.attnotnull AS is_required,
        a.atthasdef OR a.attidentity <> '' AS has_default
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped";

const UNIQUE: &str = "
    SELECT c.relname::text AS place, a.attname::text AS name
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname = $1 AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indnkeyatts = 1
        AND i.indpred IS NULL AND i.indexprs IS NULL";

const CASCADES: &str = "
    SELECT c.relname::text AS place, a.attname::text AS name
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
    JOIN pg_class r ON r.oid = k.confrelid AND r.relnamespace = n.oid AND r.relname = 'user'
    JOIN pg_attribute f ON f.attrelid = r.oid AND f.attnum = k.confkey[1] AND f.attname = 'id'
    WHERE n.nspname = $1 AND k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.confdeltype = 'c'";

/// The privileges on tables that the role lacks. A grant on columns is sufficient.
const REFUSED: &str = "
    SELECT c.relname::text AS place, w.what AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS w (what)
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT has_table_privilege(c.oid, w.what)
        AND (w.what = 'DELETE' OR NOT has_any_column_privilege(c.oid, w.what))
    ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], w.what)";

const HIDDEN: &str = "
    SELECT c.relname::text AS place, '' AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)";

/// The table in which diesel records the versions of applied migrations.
const BOOKKEEPING: &str = "__diesel_schema_migrations";

/// The tables of one schema, and the versions of the migrations that were applied to it.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) versions: BTreeSet<String>,
    /// The encoding of the database, if it is not UTF-8.
    pub(super) foreign_encoding: Option<String>,
}

/// One table or view.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) columns: BTreeMap<String, Column>,
    /// Columns with a unique index on only that column.
    pub(super) unique: BTreeSet<String>,
    /// Columns that reference a user, with ON DELETE CASCADE.
    pub(super) cascades: BTreeSet<String>,
    /// Privileges that the role lacks.
    pub(super) refused: Vec<String>,
    /// Whether row-level security applies to the role.
    pub(super) is_row_secured: bool,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// PostgreSQL's name of the type.
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) has_default: bool,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_required: bool,
    #[diesel(sql_type = Bool)]
    has_default: bool,
}

#[derive(QueryableByName)]
struct KeyRow {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

type Note = fn(&mut Table, String);

/// The queries about tables, and what to do with each row of the result.
const NOTES: [(&str, Note); 4] = [
    (UNIQUE, |table, column| {
        table.unique.insert(column);
    }),
    (CASCADES, |table, column| {
        table.cascades.insert(column);
    }),
    (REFUSED, |table, privilege| table.refused.push(privilege)),
    (HIDDEN, |table, _| table.is_row_secured = true),
];

/// Returns the schema in which new tables are created, or `None` if there is none.
pub(super) fn current_schema(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    sql_query("SELECT current_schema()::text AS value")
        .get_result::<TextRow>(connection)
        .optional()
        .map(|row| row.and_then(|row| row.value))
}

/// Reads the catalogue of a schema.
pub(super) fn read(connection: &mut PgConnection, schema: &str) -> QueryResult<Catalog> {
    let mut catalog = Catalog::default();
    for row in sql_query(COLUMNS)
        .bind::<Text, _>(schema)
        .load::<ColumnRow>(connection)?
    {
        let column = Column {
            kind: row.kind,
            is_required: row.is_required,
            has_default: row.has_default,
        };
        let table = catalog.tables.entry(row.place).or_default();
        table.columns.insert(row.name, column);
    }
    for (query, note) in NOTES {
        for row in sql_query(query)
            .bind::<Text, _>(schema)
            .load::<KeyRow>(connection)?
        {
            note(catalog.tables.entry(row.place).or_default(), row.name);
        }
    }
    catalog.foreign_encoding = foreign_encoding(connection)?;
    if catalog.tables.contains_key(BOOKKEEPING) {
        let versions = sql_query(format!("SELECT version::text AS value FROM {BOOKKEEPING}"));
        let versions = versions.load::<TextRow>(connection)?;
        catalog.versions = versions.into_iter().filter_map(|row| row.value).collect();
    }
    Ok(catalog)
}

fn foreign_encoding(connection: &mut PgConnection) -> QueryResult<Option<String>> {
    let encoding = sql_query("SELECT current_setting('server_encoding') AS value");
    let encoding = encoding.get_result::<TextRow>(connection)?.value;
    Ok(encoding.filter(|encoding| encoding != "UTF8"))
}
