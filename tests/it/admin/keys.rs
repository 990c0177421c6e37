//! API keys of administrators.

use serde_json::{Value, json};

use super::{administrator, post, with_plugin};

/// With `/admin/list-user-sessions`, a key would become a session.
#[tokio::test]
async fn a_key_of_an_administrator_administers_nothing() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    let root = administrator(&server).await;
    let created = post(&root, "/api-key/create", json!({})).await.json();
    let key = created["key"].as_str().unwrap();
    let caller = server.anonymous();
    for (route, body) in super::permissions::ROUTES {
        let call = match route.strip_prefix("GET ") {
            Some(path) => caller.get(path),
            None => caller.post(route, &serde_json::from_str::<Value>(body).unwrap()),
        };
        let answer = call.header("x-api-key", key).send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "KEY_IS_NOT_ACCEPTED"),
            "{route}"
        );
    }
    let asked = json!({ "permissions": { "user": ["ban"] } });
    let call = caller.post("/admin/has-permission", &asked);
    let answer = call.header("x-api-key", key).send().await;
    assert_eq!(answer.json()["success"], true);
}
