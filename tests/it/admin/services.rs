//! Administration of users by services.

use portcullis_testkit::{Answer, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::{code, count, id, refused, sign_in, with_plugin};

fn server() -> TestServer {
    with_plugin()
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .set("PORTCULLIS_CLIENTS__API__ADMINISTRATOR", "true")
        .start()
}

async fn ask(server: &TestServer, path: &str, body: Option<Value>) -> Answer {
    let (caller, path) = (server.anonymous(), format!("/portcullis/admin/{path}"));
    let call = match &body {
        Some(body) => caller.post(&path, body),
        None => caller.get(&path),
    };
    call.header("authorization", &basic("api", SERVICE_SECRET))
        .send()
        .await
}

#[tokio::test]
async fn a_service_manages_users_without_a_session() {
    let server = server();
    let body =
        json!({ "email": "ada@example.com", "name": "ada", "password": "password1234", "role": "admin" });
    let created = ask(&server, "create-user", Some(body)).await;
    assert_eq!(created.status, 200, "{created}");
    let user = created.json()["user"]["id"].clone();
    let (ada, _) = sign_in(&server, "ada").await;
    let answer = ask(&server, "get-user?email=ADA@example.com", None).await;
    let state = answer.json();
    assert_eq!(state["user"]["id"], user);
    assert_eq!(
        json!([state["providers"], state["sessions"], state["isBanned"]]),
        json!([["credential"], 1, false])
    );
    let named = json!({ "userId": user });
    let answer = ask(&server, "revoke-user-sessions", Some(named.clone())).await;
    assert_eq!(answer.json(), json!({ "success": true }));
    assert_eq!(ada.get("/get-session").send().await.json(), Value::Null);
    let body = json!({ "userId": user, "newPassword": "password5678" });
    assert_eq!(ask(&server, "set-user-password", Some(body)).await.status, 200);
    let last = refused(400, "LAST_ADMINISTRATOR");
    for path in ["ban-user", "remove-user"] {
        assert_eq!(
            code(&ask(&server, path, Some(named.clone())).await),
            last,
            "{path}"
        );
    }
    let role = json!({ "userId": user, "role": "user" });
    assert_eq!(code(&ask(&server, "set-role", Some(role)).await), last);
}

#[tokio::test]
async fn a_service_bans_and_removes_users() {
    let server = server();
    let user = json!({ "userId": id(&server.signed_up("ada").await).await });
    let answer = ask(&server, "ban-user", Some(user.clone())).await;
    assert_eq!(answer.json()["user"]["banned"], true);
    let answer = ask(&server, "get-user?email=ada@example.com", None).await;
    assert_eq!(answer.json()["isBanned"], true);
    let answer = ask(&server, "unban-user", Some(user.clone())).await;
    assert_eq!(answer.json()["user"]["banned"], false);
    let answer = ask(&server, "remove-user", Some(user)).await;
    assert_eq!(answer.json(), json!({ "success": true }));
    assert_eq!(count(&server, "\"user\""), 0);
}

#[tokio::test]
async fn a_service_names_one_user_in_one_way() {
    let server = server();
    for (query, expected) in [
        ("", refused(400, "VALIDATION_ERROR")),
        ("?id=x&email=ada@example.com", refused(400, "VALIDATION_ERROR")),
        ("?email=no", refused(400, "INVALID_EMAIL")),
        ("?id=none", refused(404, "USER_NOT_FOUND")),
    ] {
        let answer = ask(&server, &format!("get-user{query}"), None).await;
        assert_eq!(code(&answer), expected, "{query}");
    }
}

#[tokio::test]
async fn a_service_that_is_no_administrator_is_rejected() {
    let server = with_plugin()
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .start();
    let answer = ask(&server, "get-user?id=x", None).await;
    assert_eq!(code(&answer), refused(403, "SERVICE_IS_NOT_AN_ADMINISTRATOR"));
    let caller = server.anonymous();
    let answer = caller.get("/portcullis/admin/get-user?id=x").send().await;
    assert_eq!(code(&answer), refused(401, "INVALID_CLIENT_CREDENTIALS"));
}

#[tokio::test]
async fn every_route_rejects_an_administrator_with_a_session_only() {
    let server = server();
    let root = super::administrator(&server).await;
    let body = json!({ "userId": id(&root).await, "email": "n@example.com", "name": "n", "role": "user", "newPassword": "password5678" });
    for path in [
        "create-user",
        "set-user-password",
        "set-role",
        "ban-user",
        "unban-user",
        "revoke-user-sessions",
        "remove-user",
    ] {
        let call = root.post(&format!("/portcullis/admin/{path}"), &body);
        let answer = call.header("origin", "http://localhost:3000").send().await;
        assert_eq!(
            code(&answer),
            refused(401, "INVALID_CLIENT_CREDENTIALS"),
            "{path}"
        );
    }
    assert_eq!(count(&server, "\"user\""), 1);
}
