//! Requests of a user who is deleted at the same moment are rejected, never answered with 500: no write assumes a row
//! that another request deletes.

use std::time::Duration;

use futures_util::future::{join, join_all};
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

const ROUNDS: usize = 8;

/// Requests of a signed-in user.
fn requests() -> Vec<(&'static str, Value)> {
    let password = "password1234";
    vec![
        ("/delete-user", json!({ "password": password })),
        ("/delete-user", json!({ "password": password })),
        ("/verify-password", json!({ "password": password })),
        (
            "/change-password",
            json!({ "currentPassword": password, "newPassword": "password5678", "revokeOtherSessions": true }),
        ),
        ("/update-user", json!({ "name": "another" })),
        ("/change-email", json!({ "newEmail": "countess@example.com" })),
        ("/send-verification-email", json!({ "email": "ada@example.com" })),
        ("/revoke-other-sessions", json!({})),
        (
            "/sign-in/email",
            json!({ "email": "ada@example.com", "password": password }),
        ),
        ("/request-password-reset", json!({ "email": "ada@example.com" })),
        ("/sign-out", json!({})),
    ]
}

async fn send(caller: &Caller, path: &str, body: &Value) {
    let answer = caller.post(path, body).send().await;
    assert!(answer.status < 500, "{path}: {answer}");
}

#[tokio::test]
async fn requests_of_a_user_who_is_deleted_at_the_same_moment_are_refused() {
    let server = TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .set("PORTCULLIS_RATE_LIMIT__CUSTOM_RULES", "/** off")
        .start();
    for _ in 0..ROUNDS {
        let caller = server.signed_up("ada").await;
        let all = requests();
        join_all(all.iter().map(|(path, body)| send(&caller, path, body))).await;
        server.execute("delete from \"user\"; delete from portcullis_rate_limit");
    }
}

/// The deletion has locked the user's row when the write starts, and has deleted it when the write continues.
#[tokio::test]
async fn a_password_check_during_the_deletion_of_its_user_is_no_server_error() {
    let server = TestServer::with()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .start();
    let caller = server.signed_up("ada").await;
    let body = json!({ "password": "password1234" });
    let deletion = server.open_transaction("delete from account; delete from \"user\"");
    let commit = async {
        let waiting =
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        for _ in 0..6000 {
            if server.rows(waiting) > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        deletion.commit();
    };
    let (answer, ()) = join(caller.post("/verify-password", &body).send(), commit).await;
    assert!(answer.status < 500, "{answer}");
    assert_eq!(server.rows("select from portcullis_known_address"), 0);
}
