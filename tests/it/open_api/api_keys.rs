//! The routes of API keys.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::answers::Checked;

pub(super) async fn api_keys(checked: &Checked, server: &TestServer) {
    let caller = server.signed_up("keys").await;
    let created = created(checked, &caller).await;
    let (id, user) = (created["id"].clone(), created["userId"].as_str().unwrap());
    let query = format!("?id={}", id.as_str().unwrap());
    checked.get(&caller, "/api-key/get", &query).await;
    checked.get(&caller, "/api-key/list", "").await;
    let key = created["key"].as_str().unwrap();
    for path in ["/get-session", "/list-sessions"] {
        let call = caller.get(path).header("x-api-key", key);
        checked.send("get", path, call).await;
    }
    for key in [key, "unknown"] {
        let body = json!({ "key": key });
        service(checked, &caller, "/portcullis/api-key/verify", body).await;
    }
    let admin = "/portcullis/admin/api-keys";
    let privileged = json!({ "userId": user, "remaining": 5, "permissions": { "file": ["read"] } });
    service(checked, &caller, &format!("{admin}/create"), privileged).await;
    for (path, query) in [("get", &query), ("list", &format!("?userId={user}"))] {
        let path = format!("{admin}/{path}");
        let call = caller.get(&format!("{path}{query}"));
        let call = call.header("authorization", &basic("api", SERVICE_SECRET));
        checked.send("get", &path, call).await;
    }
    let change = json!({ "keyId": id, "remaining": 3 });
    service(checked, &caller, &format!("{admin}/update"), change).await;
    let change = json!({ "keyId": id, "name": "other" });
    checked.post(&caller, "/api-key/update", change).await;
    checked
        .post(&caller, "/api-key/delete", json!({ "keyId": id }))
        .await;
    service(
        checked,
        &caller,
        &format!("{admin}/delete"),
        json!({ "keyId": other(&caller).await }),
    )
    .await;
}

/// Creates a key.
async fn created(checked: &Checked, caller: &Caller) -> Value {
    checked
        .post(caller, "/api-key/create", json!({ "metadata": {} }))
        .await;
    let body = json!({ "name": "ci", "expiresIn": 86_400 });
    checked.post(caller, "/api-key/create", body).await.json()
}

/// Returns the id of another key of the caller.
async fn other(caller: &Caller) -> Value {
    let list = caller.get("/api-key/list").send().await.json();
    list[0]["id"].clone()
}

/// Sends a request of the service `api`.
async fn service(checked: &Checked, caller: &Caller, path: &str, body: Value) {
    let call = caller.post(path, &body);
    let call = call.header("authorization", &basic("api", SERVICE_SECRET));
    checked.send("post", path, call).await;
}
