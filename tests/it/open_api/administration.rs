//! Answers of administration.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::answers::Checked;

async fn id(caller: &Caller) -> Value {
    let session = caller.get("/get-session").send().await.json();
    session["user"]["id"].clone()
}

/// Sends a request for each answer of administrators.
pub(super) async fn administration(checked: &Checked, server: &TestServer) {
    let (root, zoe) = (server.signed_up("root").await, server.signed_up("zoe").await);
    server.execute("update \"user\" set role = 'admin' where name = 'root'");
    let user = id(&zoe).await;
    let named = json!({ "userId": user });
    let session = zoe.get("/get-session").send().await.json();
    let new = json!({ "email": "new@example.com", "name": "n", "data": { "plan": "pro" } });
    for (path, body) in [
        ("/admin/create-user", new),
        ("/admin/create-user", json!({ "email": "no", "name": "n" })),
        (
            "/admin/update-user",
            json!({ "userId": user, "data": { "name": "zo" } }),
        ),
        ("/admin/set-role", json!({ "userId": user, "role": "user" })),
        ("/admin/list-user-sessions", named.clone()),
        (
            "/admin/set-user-password",
            json!({ "userId": user, "newPassword": "password5678" }),
        ),
        (
            "/admin/has-permission",
            json!({ "permissions": { "user": ["list"] } }),
        ),
        (
            "/admin/revoke-user-session",
            json!({ "sessionToken": session["session"]["token"] }),
        ),
        ("/admin/revoke-user-sessions", named.clone()),
        ("/admin/impersonate-user", named.clone()),
        ("/admin/impersonate-user", named.clone()),
        ("/admin/stop-impersonating", json!({})),
        ("/admin/ban-user", named.clone()),
        ("/admin/impersonate-user", named.clone()),
        ("/admin/unban-user", named.clone()),
        ("/admin/remove-user", named.clone()),
        ("/admin/remove-user", named),
    ] {
        checked.post(&root, path, body).await;
    }
    checked.get(&root, "/admin/list-users", "?limit=1&offset=1").await;
    let own = id(&root).await;
    let query = format!("?id={}", own.as_str().unwrap());
    checked.get(&root, "/admin/get-user", &query).await;
    services(checked, server, &query).await;
    let last = json!({ "userId": own, "role": "user" });
    checked.post(&root, "/admin/set-role", last).await;
}

/// Sends a request for each answer of services.
async fn services(checked: &Checked, server: &TestServer, query: &str) {
    let service = server.anonymous();
    let ask = async |path: &str, body: Value| {
        let path = format!("/portcullis/admin/{path}");
        let call = service.post(&path, &body);
        let call = call.header("authorization", &basic("api", SERVICE_SECRET));
        checked.send("post", &path, call).await.json()
    };
    let new = json!({ "email": "made@example.com", "name": "n", "data": { "plan": "pro" } });
    let user = ask("create-user", new).await["user"]["id"].clone();
    let named = json!({ "userId": user });
    for (path, body) in [
        ("create-user", json!({ "email": "no", "name": "n" })),
        (
            "set-user-password",
            json!({ "userId": user, "newPassword": "password5678" }),
        ),
        ("set-role", json!({ "userId": user, "role": "user" })),
        ("ban-user", named.clone()),
        ("unban-user", named.clone()),
        ("revoke-user-sessions", named.clone()),
        ("remove-user", named.clone()),
        ("remove-user", named),
    ] {
        ask(path, body).await;
    }
    let path = "/portcullis/admin/get-user";
    let asked = format!("{path}{query}");
    let call = service.get(&asked);
    let call = call.header("authorization", &basic("api", SERVICE_SECRET));
    checked.send("get", path, call).await;
}
