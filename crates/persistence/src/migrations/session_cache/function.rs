//! The function of the triggers.

use crate::{migrations::adoption::sql::quoted, session_cache::triggers::source};

/// Returns the statement that creates the function, or replaces that of another version.
pub(super) fn definition(name: &str, id: &str) -> String {
    format!(
        "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $body${}$body$",
        body(id)
    )
}

/// Returns the source of the function for this column.
pub(super) fn body(id: &str) -> String {
    let [before, after] = source();
    format!("{before}{}{after}", quoted(id))
}
