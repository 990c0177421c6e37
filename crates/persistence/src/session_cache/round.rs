//! The query of a round.

use chrono::{DateTime, Utc};
use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    sql_query,
    sql_types::{Bool, Text, Timestamptz},
};

use super::{
    tables::{SESSIONS, Tables, USERS, found},
    triggers::{TRIGGERS, is_ours},
};

/// What a round finds.
#[derive(Debug, PartialEq, Eq, QueryableByName)]
pub(super) struct State {
    /// Whether the triggers exist and always fire.
    #[diesel(sql_type = Bool)]
    pub(super) has_triggers: bool,
    /// Whether the server accepts writes, and this connection listens.
    #[diesel(sql_type = Bool)]
    pub(super) is_listening: bool,
    /// Whether rows arrive by logical replication, which fires no triggers of statements.
    #[diesel(sql_type = Bool)]
    pub(super) is_replicated: bool,
    /// When the server started, by which it differs from others.
    #[diesel(sql_type = Timestamptz)]
    pub(super) server: DateTime<Utc>,
    /// What must not change: the connection, the tables with the rights to them, the triggers with their functions, and the
    /// views.
    #[diesel(sql_type = Text)]
    pub(super) fingerprint: String,
}

/// The name of the prepared statement of rounds, which would otherwise be planned each time.
const PREPARED: &str = "portcullis_round";

/// Prepares the query of rounds on a connection.
pub(super) fn prepare(connection: &mut PgConnection, tables: Tables) -> QueryResult<()> {
    let list = |oids: &[u32]| {
        let oids: Vec<_> = oids.iter().map(u32::to_string).collect();
        format!("ARRAY[{}]::oid[]", oids.join(", "))
    };
    let (places, seen) = (
        tables.all().map(|table| table.place),
        tables.all().map(|table| table.seen),
    );
    let (all, places, seen) = (list(&[places, seen].concat()), list(&places), list(&seen));
    let (sessions, users) = (found(SESSIONS), found(USERS));
    let (triggers, is_ours) = (2 * TRIGGERS.len(), is_ours());
    // A pooler that shares connections among clients may answer on a connection that does not listen.
    connection.batch_execute(&format!(
        "PREPARE {PREPARED} AS SELECT (SELECT count(*) FROM pg_trigger t, pg_proc p WHERE t.tgrelid = ANY ({places}) \
            AND {is_ours}) = {triggers} AS has_triggers, \
        NOT pg_is_in_recovery() AND (SELECT count(*) FROM pg_listening_channels()) = 2 AS is_listening, \
        EXISTS (SELECT FROM pg_subscription_rel WHERE srrelid = ANY ({places})) AS is_replicated, \
        pg_postmaster_start_time() AS server, \
        concat_ws(' ', pg_backend_pid(), \
            (SELECT string_agg(concat_ws(' ', seen, place), ' ') FROM ({sessions} UNION ALL {users}) AS found), \
            (SELECT string_agg(concat_ws(' ', oid, xmin), ' ' ORDER BY oid) FROM pg_class WHERE oid = ANY ({all})), \
            (SELECT string_agg(concat_ws(' ', t.oid, t.xmin, p.oid, p.xmin), ' ' ORDER BY t.oid) \
                FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid \
                WHERE t.tgrelid = ANY ({places}) AND NOT t.tgisinternal), \
            (SELECT string_agg(concat_ws(' ', oid, xmin), ' ' ORDER BY oid) FROM pg_rewrite \
                WHERE ev_class = ANY ({seen}))) AS fingerprint"
    ))
}

/// Asks for the state. Its answer follows all notifications of commits that PostgreSQL has acknowledged before.
pub(super) fn ask(connection: &mut PgConnection) -> QueryResult<State> {
    sql_query(format!("EXECUTE {PREPARED}")).get_result(connection)
}
