//! Proofs of the keys of `plugins.admin`.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

use super::{
    looks::{ADA, PASSWORD, sign_in, sign_up},
    proof::{Proof, refused, server},
};

const ENABLED: &str = "plugins.admin.enabled";
const ROLES: &str = "plugins.admin.roles";
/// The id of the first user of every test server.
const FIRST: &str = "j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn";

/// Signs up an administrator, and Ada.
async fn both(server: &TestServer) -> (Caller, String) {
    let root = server.signed_up("root").await;
    server.execute("update \"user\" set role = 'admin'");
    let (_, answer) = sign_up(server, json!({})).await;
    let id = answer.json()["user"]["id"].as_str().unwrap().to_owned();
    (root, id)
}

async fn ask(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(&format!("/admin/{path}"), &body).send().await
}

async fn listing(server: &TestServer) -> String {
    server
        .signed_up("root")
        .await
        .get("/admin/list-users")
        .send()
        .await
        .to_string()
}

async fn ban(server: &TestServer) -> String {
    let (root, id) = both(server).await;
    ask(&root, "ban-user", json!({ "userId": id })).await.to_string()
}

async fn banned_sign_in(server: &TestServer) -> String {
    ban(server).await;
    sign_in(&server.anonymous(), ADA, PASSWORD).await.to_string()
}

async fn role_of_ada(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    server.execute("update \"user\" set \"emailVerified\" = true");
    let answer = sign_in(&server.anonymous(), ADA, PASSWORD).await;
    answer.json()["user"]["role"].to_string()
}

async fn impersonation_of_an_administrator(server: &TestServer) -> String {
    let (root, id) = both(server).await;
    server.execute("update \"user\" set role = 'admin'");
    ask(&root, "impersonate-user", json!({ "userId": id }))
        .await
        .to_string()
}

async fn impersonation_of_an_editor(server: &TestServer) -> String {
    let (root, id) = both(server).await;
    server.execute("update \"user\" set role = 'editor' where name = 'Ada'");
    ask(&root, "impersonate-user", json!({ "userId": id }))
        .await
        .to_string()
}

async fn session_after_half_an_hour(server: &TestServer) -> String {
    let (root, id) = both(server).await;
    ask(&root, "impersonate-user", json!({ "userId": id })).await;
    server.clock.advance(TimeDelta::minutes(30));
    root.get("/get-session").send().await.body
}

async fn list_of_the_first_user(server: &TestServer) -> String {
    let (ada, answer) = sign_up(server, json!({})).await;
    assert_eq!(answer.json()["user"]["id"], FIRST);
    ada.get("/admin/list-users").send().await.to_string()
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
pub(super) fn proofs() -> Vec<Proof> {
    let options = [
        server(
            "plugins.admin.first_admin_email",
            ADA,
            role_of_ada,
            ["\"user\"", "\"admin\""],
        ),
        server(
            "plugins.admin.default_role",
            "member",
            role_of_ada,
            ["\"user\"", "\"member\""],
        ),
        server(
            "plugins.admin.admin_roles",
            "admin,editor",
            impersonation_of_an_editor,
            ["200", "YOU_CANNOT_IMPERSONATE_ADMINS"],
        )
        .with(ROLES, r#"{"admin":{"user":["impersonate"]},"editor":{}}"#),
        server(
            "plugins.admin.admin_user_ids",
            FIRST,
            list_of_the_first_user,
            ["403\n", "200\n"],
        ),
        refused(ROLES, r#"{"admin":{"user":"ban"}}"#, "must be a list of texts"),
        refused(
            "plugins.admin.ac",
            r#"{"user":["list"]}"#,
            "does not list the action \"ban\"",
        )
        .with(ROLES, r#"{"admin":{"user":["ban"]}}"#),
        server(
            "plugins.admin.default_ban_reason",
            "Spam",
            ban,
            ["No reason", "Spam"],
        ),
        server(
            "plugins.admin.default_ban_expires_in",
            "60",
            ban,
            [
                "\"banExpires\":null",
                "\"banExpires\":\"2026-01-01T00:01:00.000Z\"",
            ],
        ),
        server(
            "plugins.admin.banned_user_message",
            "Go away",
            banned_sign_in,
            ["Please contact support", "Go away"],
        ),
        server(
            "plugins.admin.impersonation_session_duration",
            "60",
            session_after_half_an_hour,
            ["impersonatedBy", ""],
        ),
        server(
            "plugins.admin.allow_impersonating_admins",
            "true",
            impersonation_of_an_administrator,
            ["YOU_CANNOT_IMPERSONATE_ADMINS", "200"],
        ),
    ];
    let mut proofs = vec![server(ENABLED, "true", listing, ["404\n", "403\n"])];
    proofs.extend(options.map(|proof| proof.with(ENABLED, "true")));
    proofs
}
