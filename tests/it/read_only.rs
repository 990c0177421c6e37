//! A read-only database: a replica, or a primary during maintenance.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, TestServer};

/// Makes new connections read-only.
const READ_ONLY: &str = "DO $$ BEGIN EXECUTE format(
    'ALTER DATABASE %I SET default_transaction_read_only = on', current_database()
); END $$";
const WRITABLE: &str = "SET transaction_read_only = off; DO $$ BEGIN EXECUTE format(
    'ALTER DATABASE %I RESET default_transaction_read_only', current_database()
); END $$";
/// Makes the server reconnect.
const END_CONNECTIONS: &str = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'portcullis'";

fn set(server: &TestServer, mode: &str) {
    server.execute(mode);
    server.execute(END_CONNECTIONS);
}

/// When the session ends, as a script in a browser reads it.
async fn end(caller: &Caller) -> String {
    let call = caller.get("/get-session").header("sec-fetch-dest", "empty");
    let answer = call.send().await;
    assert_eq!(answer.status, 200, "{answer}");
    let session = answer.json();
    session["session"]["expiresAt"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_that_is_due_for_renewal_is_read_on_a_database_that_cannot_be_written() {
    for cache in ["false", "true"] {
        let server = TestServer::with()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", cache)
            .start();
        let ada = server.signed_up("ada").await;
        server.clock.advance(TimeDelta::days(2));
        set(&server, READ_ONLY);
        for path in ["/get-session", "/list-sessions", "/list-accounts"] {
            let answer = ada.get(path).send().await;
            assert_eq!(
                (answer.status, answer.cookies().count()),
                (200, 0),
                "{path}: {answer}"
            );
        }
        assert_eq!(end(&ada).await, "2026-01-08T00:00:00.000Z");

        set(&server, WRITABLE);
        assert_eq!(
            end(&ada).await,
            "2026-01-10T00:00:00.000Z",
            "the next read renews the session"
        );
    }
}

/// Only the statement of the renewal fails here.
#[tokio::test]
async fn a_session_is_read_if_the_database_refuses_its_renewal() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(2));
    server.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'insufficient_privilege'; END $$;
         CREATE TRIGGER refuse BEFORE UPDATE ON session EXECUTE FUNCTION refuse()",
    );
    assert_eq!(end(&ada).await, "2026-01-08T00:00:00.000Z");
    assert_eq!(ada.get("/list-sessions").send().await.status, 200);
    server.execute("DROP TRIGGER refuse ON session");
    assert_eq!(end(&ada).await, "2026-01-10T00:00:00.000Z");
}
