//! The views through which the application's tables are read, and what queries on them need.

use super::{record::AdoptedTable, sql::quoted};

/// Returns the statements that replace the view of a table.
pub(super) fn replace(adopted_schema: &str, adopted: &AdoptedTable) -> [String; 2] {
    let view = format!("{}.{}", quoted(adopted_schema), quoted(&adopted.view));
    let columns = adopted.columns.iter();
    let columns = columns.map(|(shown, name)| format!("    {} AS {}", quoted(name), quoted(shown)));
    [
        format!("DROP VIEW IF EXISTS {view}"),
        format!(
            "CREATE VIEW {view} AS SELECT\n{}\nFROM {}",
            columns.collect::<Vec<_>>().join(",\n"),
            adopted.place()
        ),
    ]
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
