//! The codes of administration.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::Produced;

async fn id(caller: &Caller) -> Value {
    let session = caller.get("/get-session").send().await.json();
    session["user"]["id"].clone()
}

async fn refusals(produced: &Produced, server: &TestServer, caller: &Caller, user: &Value) {
    let named = json!({ "userId": user });
    for (path, body) in [
        ("create-user", json!({ "email": "n@example.com", "name": "n" })),
        ("update-user", json!({ "userId": user, "data": { "name": "n" } })),
        ("set-role", json!({ "userId": user, "role": "user" })),
        ("ban-user", named.clone()),
        ("impersonate-user", named.clone()),
        ("remove-user", named.clone()),
        (
            "set-user-password",
            json!({ "userId": user, "newPassword": "password5678" }),
        ),
        ("list-user-sessions", named.clone()),
        ("revoke-user-sessions", named),
        ("stop-impersonating", json!({})),
    ] {
        produced.post(caller, &format!("/admin/{path}"), body).await;
    }
    for path in ["list-users", "get-user?id=x"] {
        produced.note(&caller.get(&format!("/admin/{path}")).send().await);
    }
    let service = server.anonymous();
    let call = service.get("/portcullis/admin/get-user?id=x");
    produced.note(
        &call
            .header("authorization", &basic("api", SERVICE_SECRET))
            .send()
            .await,
    );
    produced.note(&service.get("/portcullis/admin/get-user?id=x").send().await);
}

async fn faults(produced: &Produced, root: &Caller, user: &Value) {
    let own = id(root).await;
    for (path, body) in [
        ("create-user", json!({ "email": "no", "name": "n" })),
        ("create-user", json!({ "email": "root@example.com", "name": "n" })),
        ("update-user", json!({ "userId": user, "data": {} })),
        ("update-user", json!({ "userId": user, "data": { "role": 1 } })),
        ("set-role", json!({ "userId": user, "role": "unknown" })),
        ("set-role", json!({ "userId": own, "role": "user" })),
        ("ban-user", json!({ "userId": own })),
        ("remove-user", json!({ "userId": own })),
        ("unban-user", json!({ "userId": "none" })),
        ("impersonate-user", json!({ "userId": own })),
    ] {
        produced.post(root, &format!("/admin/{path}"), body).await;
    }
}

async fn impersonation(produced: &Produced, server: &TestServer, root: &Caller, user: &Value) {
    let named = json!({ "userId": user });
    produced
        .post(root, "/admin/impersonate-user", named.clone())
        .await;
    produced.post(root, "/revoke-sessions", json!({})).await;
    root.set_cookie("better-auth.admin_session", "forged");
    produced.post(root, "/admin/stop-impersonating", json!({})).await;
    let root = server.signed_in("root").await;
    produced.post(&root, "/admin/ban-user", named).await;
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    produced.post(&server.anonymous(), "/sign-in/email", body).await;
}

pub(super) async fn met(produced: &Produced) {
    let everything =
        r#"["create","list","set-role","ban","impersonate","delete","set-password","get","update"]"#;
    let roles = format!(r#"{{"admin":{{"user":{everything},"session":["list","revoke"]}},"user":{{}}}}"#);
    let server = TestServer::with()
        .set("PORTCULLIS_PLUGINS__ADMIN__ROLES", &roles)
        .set("PORTCULLIS_CLIENTS__API__SECRET", SERVICE_SECRET)
        .start();
    let (root, ada) = (server.signed_up("root").await, server.signed_up("ada").await);
    server.execute("update \"user\" set role = 'admin' where name = 'root'");
    let user = id(&ada).await;
    refusals(produced, &server, &ada, &user).await;
    faults(produced, &root, &user).await;
    impersonation(produced, &server, &root, &user).await;
}
