//! Proofs of the keys of `database`.

use std::time::Duration;

use futures_util::future::{Either, join, select};
use portcullis_testkit::{Answer, TestDatabase, TestServer, rows};
use serde_json::json;

use super::{
    looks::{ADA, sign_in, sign_up},
    program::Program,
    proof::{Proof, program, server},
};

/// Many times the shortest timeout that can be configured, since a busy machine is slow.
pub(super) const WHILE: Duration = Duration::from_secs(10);

/// Returns once a statement waits for a lock.
pub(super) async fn wait_until_blocked(database: &TestDatabase) {
    const WAITING: &str =
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while rows(database, WAITING) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The status of a request that is sent while another occupies its connection for [`WHILE`] or until the answer.
async fn beside_another(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let sessions = server.open_transaction("lock table session");
    let held = ada.get("/get-session").send();
    let stranger = server.anonymous();
    let other = async {
        wait_until_blocked(&server.database).await;
        let sign_in = Box::pin(sign_in(&stranger, "unknown@example.com", "password1234"));
        let answer: Answer = match select(sign_in, Box::pin(tokio::time::sleep(WHILE))).await {
            Either::Left((answer, _)) => {
                drop(sessions);
                answer
            }
            Either::Right(((), sign_in)) => {
                drop(sessions);
                sign_in.await
            }
        };
        answer.status
    };
    let (_, status) = join(held, other).await;
    status.to_string()
}

/// The statement timeout of the server's connections, as the database reports it.
async fn patience(server: &TestServer) -> String {
    server.execute(
        r#"create function patience() returns trigger language plpgsql as
        $$ begin new.name := current_setting('statement_timeout'); return new; end $$;
        create trigger patience before insert on "user" for each row execute function patience()"#,
    );
    sign_up(server, json!({})).await;
    let select = format!(r#"select name from "user" where email = '{ADA}'"#);
    server.shown(&select).unwrap()
}

/// The output of `check`.
async fn check(program: &Program) -> String {
    program.run(&["check"])
}

pub(super) fn proofs() -> Vec<Proof> {
    let patient = |proof: Proof| {
        proof
            .with("database.operation_timeout", "60")
            .with("limits.request_timeout", "60")
    };
    vec![
        program(
            "database.url",
            "postgres://user@127.0.0.1:1/none",
            check,
            ["database: reachable", "`database.url`"],
        ),
        patient(server("database.pool_size", "1", beside_another, ["401", "503"]))
            .with("database.acquire_timeout", "1"),
        patient(server(
            "database.acquire_timeout",
            "60",
            beside_another,
            ["503", "401"],
        ))
        .instead_of("1")
        .with("database.pool_size", "1"),
        server("database.operation_timeout", "4", patience, ["3s", "4s"]).instead_of("3"),
        program(
            "database.read_url",
            "postgres://user@127.0.0.1:1/none",
            check,
            ["", "the standby did not answer"],
        ),
        program(
            "database.max_read_lag",
            "250",
            check,
            ["at most 100 ms", "at most 250 ms"],
        )
        .with("database.read_url", "postgres://user@127.0.0.1:1/none"),
    ]
}
