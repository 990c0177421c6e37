//! The tables that are watched.

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Oid};

use super::triggers::CHANNEL;

pub(super) const SESSIONS: &str = "session";
pub(super) const USERS: &str = "user";

/// A table that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, QueryableByName)]
pub(super) struct Table {
    #[diesel(sql_type = Oid)]
    pub(super) seen: u32,
    #[diesel(sql_type = Oid)]
    pub(super) place: u32,
}

impl Table {
    /// Returns the channel of its triggers.
    pub(super) fn channel(self) -> String {
        format!("{CHANNEL}{}", self.place)
    }
}

/// The watched tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tables {
    pub(super) sessions: Table,
    pub(super) users: Table,
}

impl Tables {
    /// Returns the tables that this connection finds. `None`: one of them cannot be watched.
    pub(super) fn find(connection: &mut PgConnection) -> QueryResult<Option<Self>> {
        let [sessions, users] = [SESSIONS, USERS].map(|name| {
            let tables = sql_query(found(name)).load::<Table>(connection);
            tables.map(|tables| tables.first().copied())
        });
        Ok(sessions?
            .zip(users?)
            .map(|(sessions, users)| Self { sessions, users }))
    }

    pub(super) fn all(self) -> [Table; 2] {
        [self.sessions, self.users]
    }
}

/// Returns a query for the table that connections find by this name (`seen`), and the table in which its rows are stored
/// (`place`). They differ if `seen` is a view of one table. The query finds nothing if triggers cannot report every
/// change of what this role reads: a statement on a parent table changes its children, and a policy of row-level
/// security may depend on other tables.
///
/// The rows of a view are read with the rights of its owner, unless the view has `security_invoker`.
pub(super) fn found(name: &str) -> String {
    format!(
        r#"
    SELECT c.oid AS seen, t.oid AS place
    FROM pg_class c
    CROSS JOIN LATERAL (
        SELECT c.oid WHERE c.relkind <> 'v'
        UNION ALL SELECT min(d.refobjid) FROM pg_rewrite r
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        WHERE c.relkind = 'v' AND r.ev_class = c.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
        HAVING count(DISTINCT d.refobjid) = 1
    ) AS base (oid)
    JOIN pg_class t ON t.oid = base.oid
    WHERE c.oid = to_regclass('"{name}"') AND t.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT')
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = t.oid)
        AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = t.oid)
        AND NOT CASE
            WHEN c.relkind = 'v' AND coalesce(array_to_string(c.reloptions, ' '), '') NOT LIKE '%security_invoker%'
            THEN t.relrowsecurity AND (t.relforcerowsecurity OR c.relowner <> t.relowner)
            ELSE row_security_active(t.oid)
        END"#
    )
}
