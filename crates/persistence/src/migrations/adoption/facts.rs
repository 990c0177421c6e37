//! Facts about the application's tables, and the role's privileges on them.

use std::collections::BTreeMap;

use diesel::{
    OptionalExtension, PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{Bool, Text},
};

use super::record::AdoptedTable;
use crate::migrations::slow::MANY;

/// Facts about a table.
#[derive(QueryableByName)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub(super) struct Facts {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    pub(super) owner: String,
    #[diesel(sql_type = Bool)]
    pub(super) is_owner: bool,
    /// Whether the role may create objects in the schema of the table.
    #[diesel(sql_type = Bool)]
    pub(super) may_create: bool,
    #[diesel(sql_type = Bool)]
    pub(super) may_reference: bool,
    #[diesel(sql_type = Bool)]
    pub(super) is_big: bool,
}

impl Facts {
    /// Returns whether it is a table, and not a view.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind.as_str(), "r" | "p")
    }

    pub(super) fn is_partitioned(&self) -> bool {
        self.kind == "p"
    }
}

/// Reads the facts about each table, by the name of its view.
pub(super) fn read<'a>(
    connection: &mut PgConnection,
    adopted: &'a [AdoptedTable],
) -> QueryResult<BTreeMap<&'a str, Facts>> {
    let mut facts = BTreeMap::new();
    for adopted in adopted {
        let query = sql_query(format!(
            "SELECT c.relkind::text AS kind, pg_get_userbyid(c.relowner)::text AS owner,
                pg_has_role(c.relowner, 'USAGE') AS is_owner, has_schema_privilege(n.oid, 'CREATE') AS may_create,
                has_table_privilege(c.oid, 'REFERENCES') OR has_any_column_privilege(c.oid, 'REFERENCES')
                    AS may_reference,
                c.reltuples > {MANY} AS is_big
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2"
        ));
        let query = query
            .bind::<Text, _>(&adopted.schema)
            .bind::<Text, _>(&adopted.table);
        if let Some(found) = query.get_result::<Facts>(connection).optional()? {
            facts.insert(adopted.view.as_str(), found);
        }
    }
    Ok(facts)
}
