//! The tables that an adoption has found, by their present names. When a table or column is renamed, PostgreSQL updates
//! the views, but not the adoption's record.

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};

use super::record::{self, AdoptedTable};

/// The column of a table for each column of the views of a schema, from the parsed definitions of the views. A name with a
/// space is left out.
const SHOWN: &str = "
    SELECT v.relname::text AS view, n.nspname::text AS schema, t.relname::text AS place, s.attname::text AS shown,
        a.attname::text AS name
    FROM pg_class v JOIN pg_namespace w ON w.oid = v.relnamespace JOIN pg_rewrite r ON r.ev_class = v.oid
    CROSS JOIN LATERAL regexp_matches(
        r.ev_action::text,
        ':resno ([0-9]+) :resname [^ ]+ :ressortgroupref [0-9]+ :resorigtbl ([0-9]+) :resorigcol ([0-9]+) ', 'g'
    ) AS m (part)
    JOIN pg_attribute s ON s.attrelid = v.oid AND s.attnum = m.part[1]::int
    JOIN pg_class t ON t.oid = m.part[2]::oid JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = m.part[3]::int
    WHERE w.nspname = $1 AND v.relkind = 'v' AND r.ev_type = '1'
    ORDER BY v.relname, s.attnum";

/// A column that a view shows.
#[derive(QueryableByName)]
struct Row {
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

/// Returns the tables that the adoption found, by their present names. Empty: the schema is not an adoption's.
pub(in crate::migrations) fn read(
    connection: &mut PgConnection,
    adopted_schema: &str,
) -> QueryResult<Vec<AdoptedTable>> {
    let mut recorded = record::read(connection, adopted_schema)?;
    if recorded.is_empty() {
        return Ok(recorded);
    }
    let shown = sql_query(SHOWN).bind::<Text, _>(adopted_schema);
    let shown: Vec<Row> = shown.load(connection)?;
    for adopted in &mut recorded {
        let shown: Vec<_> = shown.iter().filter(|shown| shown.view == adopted.view).collect();
        adopted.follow(&shown);
    }
    Ok(recorded)
}

impl AdoptedTable {
    /// Replaces the recorded names with those in the definition of the view, unless the view reads several tables.
    fn follow(&mut self, shown: &[&Row]) {
        let Some(first) = shown.first() else {
            return;
        };
        let is_same = |other: &&Row| (&other.schema, &other.place) == (&first.schema, &first.place);
        if !shown.iter().all(is_same) {
            return;
        }
        self.schema.clone_from(&first.schema);
        self.table.clone_from(&first.place);
        for Row { shown, name, .. } in shown {
            if let Some(recorded) = self.columns.get_mut(shown) {
                recorded.clone_from(name);
            }
        }
    }
}
