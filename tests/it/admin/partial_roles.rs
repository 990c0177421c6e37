//! Administrators who have only some permissions.

use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

use super::{code, holding, id, post, refused};

const ROLES: &str = r#"
    [plugins.two_factor]
    [plugins.admin.roles]
    admin = { user = ["create", "list", "set-role", "ban", "impersonate", "delete", "set-password", "get", "update"], session = ["list", "revoke"] }
    support = { user = ["list", "get", "impersonate"] }
    moderator = { user = ["ban", "delete", "set-password", "update"], session = ["list"] }
    editor = { article = ["publish"] }
    user = {}
"#;

fn server() -> TestServer {
    TestServer::with().file(ROLES).start()
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

/// The requests by which an administrator could act as a user or shut it out, and the codes of their refusal.
fn takeovers(user: &str) -> Vec<(&'static str, Value, &'static str)> {
    let with = |member: &str, value: Value| {
        let mut body = json!({ "userId": user });
        body[member] = value;
        body
    };
    let update = "YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS";
    let ban = "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS";
    vec![
        (
            "/admin/update-user",
            with("data", json!({ "email": "x@example.com" })),
            update,
        ),
        (
            "/admin/update-user",
            with("data", json!({ "emailVerified": true })),
            update,
        ),
        ("/admin/update-user", with("data", json!({ "banned": true })), ban),
        (
            "/admin/set-user-password",
            with("newPassword", json!("password5678")),
            "YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD",
        ),
        (
            "/admin/list-user-sessions",
            with("x", Value::Null),
            "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS",
        ),
        ("/admin/ban-user", with("x", Value::Null), ban),
        ("/admin/unban-user", with("x", Value::Null), ban),
        (
            "/admin/remove-user",
            with("x", Value::Null),
            "YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS",
        ),
    ]
}

#[tokio::test]
async fn an_administrator_takes_over_no_account_with_more_permissions() {
    let server = server();
    let moderator = holding(&server, "moderator", "moderator").await;
    let root = holding(&server, "root", "admin").await;
    let editor = holding(&server, "editor", "editor").await;
    for target in [&root, &editor] {
        for (path, body, expected) in takeovers(&id(target).await) {
            let answer = post(&moderator, path, body).await;
            assert_eq!(code(&answer), refused(403, expected), "{path}");
        }
        assert_ne!(session(target).await, Value::Null);
    }
    let plain = server.signed_up("ada").await;
    for (path, body, _) in takeovers(&id(&plain).await) {
        let answer = post(&moderator, path, body).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
        server.execute("update \"user\" set banned = false where name = 'ada'");
    }
}

/// An administrator who gives roles could give itself the missing permissions.
#[tokio::test]
async fn an_administrator_who_gives_roles_administers_users_with_other_permissions() {
    let server = server();
    let root = holding(&server, "root", "admin").await;
    let editor = id(&holding(&server, "editor", "editor").await).await;
    for (path, body, _) in takeovers(&editor) {
        let answer = post(&root, path, body).await;
        assert_eq!(answer.status, 200, "{path}: {answer}");
    }
}

#[tokio::test]
async fn an_impersonation_ends_once_the_user_has_more_permissions_than_the_administrator() {
    let server = server();
    let support = holding(&server, "support", "support").await;
    let ada = id(&server.signed_up("ada").await).await;
    let started = post(&support, "/admin/impersonate-user", json!({ "userId": ada })).await;
    assert_eq!(started.status, 200);
    assert_ne!(session(&support).await, Value::Null);
    server.execute("update \"user\" set role = 'editor' where name = 'ada'");
    assert_eq!(session(&support).await, Value::Null);

    let root = holding(&server, "root", "admin").await;
    let bob = id(&holding(&server, "bob", "moderator").await).await;
    post(&root, "/admin/impersonate-user", json!({ "userId": bob })).await;
    assert_ne!(session(&root).await, Value::Null);
    server.execute("update \"user\" set role = 'support' where name = 'root'");
    assert_eq!(session(&root).await, Value::Null);
}

/// A factor without a secret would shut the user out, and a factor that is switched off silently would protect no more.
#[tokio::test]
async fn an_administrator_does_not_switch_second_factors() {
    let server = server();
    let root = holding(&server, "root", "admin").await;
    let ada = id(&server.signed_up("ada").await).await;
    for stored in [false, true] {
        server.execute(&format!(
            "update \"user\" set \"twoFactorEnabled\" = {stored} where name = 'ada'"
        ));
        let data = json!({ "twoFactorEnabled": !stored, "name": "ada" });
        let answer = post(
            &root,
            "/admin/update-user",
            json!({ "userId": ada, "data": data }),
        )
        .await;
        assert_eq!(answer.json()["twoFactorEnabled"], stored);
    }
    let data = json!({ "twoFactorEnabled": true });
    let new = json!({ "email": "new@example.com", "name": "new", "data": data });
    let answer = post(&root, "/admin/create-user", new).await;
    assert_eq!(answer.json()["user"]["twoFactorEnabled"], false);
}
