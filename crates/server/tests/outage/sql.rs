//! Direct queries to the database, to observe the program's connections.

use diesel::{
    Connection, PgConnection, RunQueryDsl,
    dsl::sql,
    select,
    sql_types::{BigInt, Integer},
};

/// The program's connections.
pub(crate) const OURS: &str =
    "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'portcullis'";

pub(crate) fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url).unwrap()
}

pub(crate) fn count(connection: &mut PgConnection, query: &str) -> i64 {
    select(sql::<BigInt>(&format!("({query})")))
        .get_result(connection)
        .unwrap()
}

/// Ends every connection of the program, as an administrator would. Returns their number.
pub(crate) fn terminate_all(connection: &mut PgConnection) -> i64 {
    count(
        connection,
        &format!("SELECT count(pg_terminate_backend(pid, 5000)) {OURS}"),
    )
}

/// Returns the backend processes of the program's connections.
pub(crate) fn backends(connection: &mut PgConnection) -> Vec<i32> {
    select(sql::<Integer>(&format!("pid {OURS}")))
        .get_results(connection)
        .unwrap()
}
