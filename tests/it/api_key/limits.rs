//! Limits of metadata, digests that are presented as keys, and keys during an impersonation.

use super::*;

#[tokio::test]
async fn long_metadata_and_permissions_of_keys_are_refused() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_METADATA", "true")
        .start();
    let ada = server.signed_up("ada").await;
    // The rest of the JSON is `{"a":""}`.
    let metadata = |length: usize| json!({ "a": "x".repeat(length - 8) });
    let key = create(&ada, json!({ "metadata": metadata(4096) })).await;
    let actions = vec!["x".repeat(1000); 5];
    let owner = server.shown(r#"(select "id" from "user")"#).unwrap();
    for answer in [
        post(&ada, "create", json!({ "metadata": metadata(4097) })).await,
        post(
            &ada,
            "update",
            json!({ "keyId": key.id, "metadata": metadata(4097) }),
        )
        .await,
        manage(
            &server,
            "create",
            json!({ "userId": owner, "metadata": metadata(4097) }),
        )
        .await,
        manage(
            &server,
            "create",
            json!({ "userId": owner, "permissions": { "a": actions } }),
        )
        .await,
        manage(
            &server,
            "update",
            json!({ "keyId": key.id, "permissions": { "a": actions } }),
        )
        .await,
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (400, "VALIDATION_ERROR"));
        assert!(
            answer
                .body
                .contains("Too big: expected JSON to have <=4096 bytes"),
            "{answer}"
        );
    }
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 1);
}

/// Pass the hash: a digest that leaked before hashing was disabled is no key afterwards.
#[tokio::test]
async fn digests_are_no_keys_if_keys_are_no_longer_hashed() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let hashed = create(&ada, json!({})).await;
    let digest = server.shown(r#"(select "key" from "apikey")"#).unwrap();
    let plain = with_sessions()
        .set("PORTCULLIS_PLUGINS__API_KEY__DISABLE_KEY_HASHING", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__DEFAULT_KEY_LENGTH", "44")
        .replica_of(&server)
        .start();
    for text in [digest, hashed.text] {
        let id = hashed.id.clone();
        assert_eq!(refusal(&plain, &Key { id, text }).await, "INVALID_API_KEY");
    }
    assert_eq!(
        server
            .shown(r#"(select "requestCount" from "apikey")"#)
            .as_deref(),
        Some("0")
    );
    let owner = server.shown(r#"(select "id" from "user")"#).unwrap();
    let key = Key::of(&manage(&plain, "create", json!({ "userId": owner })).await);
    assert_eq!(refusal(&plain, &key).await, "");
}

/// The end of an impersonation does not undo the deletion of a key.
#[tokio::test]
async fn an_administrator_who_acts_for_a_user_does_not_change_the_users_keys() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let root = server.signed_up("root").await;
    server.execute(r#"update "user" set "role" = 'admin' where "name" = 'root'"#);
    let owner = server.shown(r#"(select "userId" from "apikey")"#).unwrap();
    let answer = root
        .post("/admin/impersonate-user", &json!({ "userId": owner }))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    for (path, body) in [
        ("create", json!({})),
        ("update", json!({ "keyId": key.id, "enabled": false })),
        ("delete", json!({ "keyId": key.id })),
    ] {
        let answer = post(&root, path, body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "NOT_ALLOWED_WHILE_IMPERSONATING"),
            "{path}"
        );
    }
    let list = root.get("/api-key/list").send().await.json();
    assert_eq!(list[0]["id"], json!(key.id));
}
