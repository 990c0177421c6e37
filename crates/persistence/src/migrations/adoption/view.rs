//! The views through which the application's tables are read, and what queries on them need.

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{Array, Text},
};

use super::{
    record::AdoptedTable,
    sql::{lines, quoted},
};
use crate::migrations::catalog::Table;

const SHOWN: &str = "
    SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS kind
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind = 'v' AND a.attnum > 0
    ORDER BY a.attnum";

/// Statements that give a new view the owner and the privileges of the old one, on the columns `$3`.
const ACCESS: &str = "
    WITH old AS (
        SELECT c.oid, c.relowner, c.relacl, format('%I.%I', n.nspname, c.relname) AS name
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
    ), granted AS (
        SELECT a.*, '' AS part FROM old, aclexplode(old.relacl) a
        UNION ALL SELECT a.*, format(' (%I)', t.attname) FROM old JOIN pg_attribute t ON t.attrelid = old.oid,
            aclexplode(t.attacl) a
        WHERE t.attname::text = ANY ($3)
    )
    SELECT format('GRANT %s%s ON %s TO %s%s', g.privilege_type, g.part, old.name,
            CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
            CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS line, 1 AS step
    FROM old, granted g WHERE g.grantee <> old.relowner
    UNION ALL SELECT format('ALTER VIEW %s OWNER TO %I', old.name, pg_get_userbyid(old.relowner)), 2
    FROM old WHERE pg_get_userbyid(old.relowner) <> current_user
    ORDER BY step, line";

/// The functions that [`uuid_operators`] creates.
pub(super) const FUNCTIONS: [&str; 4] = [
    PARSE,
    "portcullis_uuid_is",
    "portcullis_is_uuid",
    "portcullis_uuid_is_not",
];

/// A column of a view, in its place.
#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// The statements that bring a view up to date.
pub(super) struct Replacement {
    pub(super) sql: Vec<String>,
    /// Whether the old view is dropped.
    pub(super) drops: bool,
}

/// Returns how the view of a table is created or replaced. `table` is the application's, by the names of the view. A view
/// is only dropped if a column of it goes or changes its type.
pub(super) fn replacement(
    connection: &mut PgConnection,
    adopted_schema: &str,
    (adopted, table): (&AdoptedTable, &Table),
) -> QueryResult<Replacement> {
    let shown = sql_query(SHOWN)
        .bind::<Text, _>(adopted_schema)
        .bind::<Text, _>(&adopted.view);
    let shown: Vec<Shown> = shown.load(connection)?;
    let is_kept = |shown: &Shown| {
        let column = table.columns.get(&shown.name);
        column.is_some_and(|column| column.kind == shown.kind)
    };
    let drops = !shown.iter().all(is_kept);
    let first = shown.into_iter().filter(|_| !drops).map(|shown| shown.name);
    let order = first.collect::<Vec<_>>();
    let create = create(adopted_schema, adopted, &order);
    if !drops {
        return Ok(Replacement {
            sql: vec![create],
            drops,
        });
    }
    let columns: Vec<_> = adopted.columns.keys().collect();
    let access = sql_query(ACCESS)
        .bind::<Text, _>(adopted_schema)
        .bind::<Text, _>(&adopted.view)
        .bind::<Array<Text>, _>(columns);
    let drop = format!("DROP VIEW {}", place(adopted_schema, &adopted.view));
    let sql = [drop, create].into_iter().chain(lines(connection, access)?);
    Ok(Replacement {
        sql: sql.collect(),
        drops,
    })
}

/// Returns the statement that creates the view, or replaces one that has the columns `order`, in this order.
fn create(adopted_schema: &str, adopted: &AdoptedTable, order: &[String]) -> String {
    let first = order
        .iter()
        .filter_map(|shown| adopted.columns.get_key_value(shown));
    let others = adopted.columns.iter().filter(|(shown, _)| !order.contains(shown));
    let columns = first
        .chain(others)
        .map(|(shown, name)| format!("    {} AS {}", quoted(name), quoted(shown)));
    let columns = columns.collect::<Vec<_>>().join(",\n");
    let create = if order.is_empty() {
        "CREATE VIEW"
    } else {
        "CREATE OR REPLACE VIEW"
    };
    let view = place(adopted_schema, &adopted.view);
    format!("{create} {view} AS SELECT\n{columns}\nFROM {}", adopted.place())
}

fn place(adopted_schema: &str, view: &str) -> String {
    format!("{}.{}", quoted(adopted_schema), quoted(view))
}

/// Returns the statements that make ids of the type `uuid` comparable with texts. PostgreSQL replaces each comparison by
/// one of two values of the type `uuid`, so that indexes are used. A text that is no UUID equals no id.
pub(super) fn uuid_operators(adopted_schema: &str) -> Vec<String> {
    let schema = quoted(adopted_schema);
    let function = |name: &str, arguments: &str, result: &str, body: &str| {
        format!(
            "CREATE FUNCTION {schema}.{name}({arguments}) RETURNS {result} LANGUAGE sql IMMUTABLE PARALLEL SAFE\n\
             AS 'SELECT {body}'"
        )
    };
    let operator = |name: &str, left: &str, right: &str, function: &str| {
        format!(
            "CREATE OPERATOR {schema}.{name} (LEFTARG = {left}, RIGHTARG = {right}, FUNCTION = {schema}.{function})"
        )
    };
    let pattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
    let parse = format!("CASE WHEN $1 OPERATOR(pg_catalog.~) ''{pattern}'' THEN $1::pg_catalog.uuid END");
    let equal = |one: &str, other: &str| format!("{one} OPERATOR(pg_catalog.=) {other}");
    let parsed = |argument: &str| format!("{schema}.{PARSE}({argument})");
    vec![
        function(PARSE, "text", "uuid", &parse),
        function(
            "portcullis_uuid_is",
            "uuid, text",
            "boolean",
            &equal("$1", &parsed("$2")),
        ),
        function(
            "portcullis_is_uuid",
            "text, uuid",
            "boolean",
            &equal(&parsed("$1"), "$2"),
        ),
        function(
            "portcullis_uuid_is_not",
            "uuid, text",
            "boolean",
            &format!("$1 IS DISTINCT FROM {}", parsed("$2")),
        ),
        operator("=", "uuid", "text", "portcullis_uuid_is"),
        operator("=", "text", "uuid", "portcullis_is_uuid"),
        operator("<>", "uuid", "text", "portcullis_uuid_is_not"),
    ]
}

/// The function that reads a text as a UUID.
pub(super) const PARSE: &str = "portcullis_uuid";
