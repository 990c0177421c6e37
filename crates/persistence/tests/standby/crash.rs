//! A standby of which a process crashes.

use std::time::Duration;

use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::time::{sleep, timeout};

use super::{Count, Fixture, LAG, PATIENCE, connect, execute, is_found, jane, sign_in};

/// Kills a process of the standby, and waits until it answers again.
async fn crash(world: &Fixture) {
    let mut victim = PgConnection::establish(&world.standby.url("postgres")).unwrap();
    let process: Count = sql_query("SELECT pg_backend_pid()::bigint AS count")
        .get_result(&mut victim)
        .unwrap();
    let process = Pid::from_raw(process.count.try_into().unwrap());
    kill(process, Signal::SIGKILL).unwrap();
    while victim.batch_execute("SELECT 1").is_ok() {}
    let recovered = async {
        while PgConnection::establish(&world.standby.url("postgres")).is_err() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, recovered).await.unwrap();
}

/// After a crash, a standby opens at an earlier position than before, and its start time stays the same.
pub(crate) async fn a_standby_that_has_crashed_returns_no_dead_session(world: &Fixture) {
    const LONG: Duration = Duration::from_secs(3);
    let store = connect(&world.primary, &world.standby, LONG);
    sign_in(&world.store, "revoked-before-crash", &jane()).await;
    world
        .until_the_standby_answers_to(&store, "revoked-before-crash")
        .await;
    // Recovery begins here.
    execute(&world.primary, "CHECKPOINT");
    sleep(LAG).await;
    execute(&world.standby, "CHECKPOINT");
    let delete = "DELETE FROM session WHERE token = 'revoked-before-crash'";
    execute(&world.primary, delete);
    sleep(LONG).await;
    // Once it has opened, recovery waits before the next commit, as it does for a moment before millions of them.
    execute(&world.standby, "ALTER SYSTEM SET recovery_min_apply_delay = '1h'");
    execute(&world.standby, "SELECT pg_reload_conf()");
    sleep(LAG).await;
    crash(world).await;
    for _ in 0..20 {
        assert!(!is_found(&store, "revoked-before-crash").await);
    }
    // It is restarted next.
    execute(&world.standby, "ALTER SYSTEM RESET recovery_min_apply_delay");
}
