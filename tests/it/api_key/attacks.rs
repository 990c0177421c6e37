//! What an attacker cannot do with API keys.

use super::*;

/// GHSA-99h5-pjcv-gr6v: keys were created for any user without a session.
#[tokio::test]
async fn no_client_creates_a_key_of_another_user() {
    let server = with_plugin().start();
    let victim = server.signed_up("ada").await;
    let id = victim.get("/get-session").send().await.json()["user"]["id"].clone();
    let mallory = server.signed_up("mallory").await;
    for caller in [&server.anonymous(), &mallory] {
        for body in [json!({ "userId": id }), json!({ "userId": id, "remaining": 9 })] {
            let answer = post(caller, "create", body).await;
            let found = (answer.status, answer.code());
            assert_eq!(found, (401, "UNAUTHORIZED_OR_INVALID_SESSION".to_owned()));
        }
    }
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 0);
}

#[tokio::test]
async fn no_client_sets_what_only_services_set() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({ "remaining": null })).await;
    let row = r#"(select row("apikey".*) from "apikey")"#;
    let before = server.shown(row);
    for member in [
        json!({ "remaining": 5 }),
        json!({ "refillAmount": 5, "refillInterval": 1000 }),
        json!({ "rateLimitMax": 1000 }),
        json!({ "rateLimitTimeWindow": 1 }),
        json!({ "rateLimitEnabled": false }),
        json!({ "permissions": { "file": ["write"] } }),
    ] {
        for path in ["create", "update"] {
            let mut body = member.clone();
            body["keyId"] = json!(key.id);
            let answer = post(&ada, path, body).await;
            let code = "THE_PROPERTY_YOURE_TRYING_TO_SET_CAN_ONLY_BE_SET_FROM_THE_SERVER_AUTH_INSTANCE_ONLY";
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (400, code),
                "{path} {member}"
            );
        }
    }
    assert_eq!(server.shown(row), before);
}

#[tokio::test]
async fn another_users_key_cannot_be_read_changed_or_deleted() {
    let server = with_plugin().start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let mallory = server.signed_up("mallory").await;
    let answers = [
        mallory.get(&format!("/api-key/get?id={}", key.id)).send().await,
        post(&mallory, "update", json!({ "keyId": key.id, "enabled": false })).await,
        post(&mallory, "delete", json!({ "keyId": key.id })).await,
    ];
    for answer in answers {
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "API_KEY_NOT_FOUND")
        );
    }
    assert_eq!(mallory.get("/api-key/list").send().await.json(), json!([]));
    assert_eq!(refusal(&server, &key).await, "");
}

/// A copy of the session in the client's cookie is not trusted.
#[tokio::test]
async fn a_session_that_has_ended_creates_no_key() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let cookies = ada.cookies();
    ada.post("/sign-out", &json!({})).send().await;
    let anonymous = server.anonymous();
    let call = anonymous
        .post("/api-key/create", &json!({}))
        .header("cookie", &cookies);
    assert_eq!(call.send().await.status, 401);
    assert_eq!(server.rows(r#"select 1 from "apikey""#), 0);
}

/// The digest in the database is no key.
#[tokio::test]
async fn a_reader_of_the_database_gets_no_key() {
    let server = with_sessions().start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let rows = server.shown(r#"(select row("apikey".*) from "apikey")"#).unwrap();
    assert!(!rows.contains(&key.text));
    let digest = server.shown(r#"(select "key" from "apikey")"#).unwrap();
    let stolen = Key {
        id: key.id,
        text: digest,
    };
    assert_eq!(refusal(&server, &stolen).await, "INVALID_API_KEY");
}

#[tokio::test]
async fn keys_are_deleted_with_their_user() {
    let server = with_plugin()
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({})).await;
    let answer = ada
        .post("/delete-user", &json!({ "password": PASSWORD }))
        .send()
        .await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(refusal(&server, &key).await, "INVALID_API_KEY");
}

#[tokio::test]
async fn no_answer_to_an_invalid_key_repeats_it() {
    let server = with_sessions().start();
    let key = "SecretKey".repeat(8);
    let anonymous = server.anonymous();
    let by_header = anonymous
        .get("/get-session")
        .header("x-api-key", &key)
        .send()
        .await;
    let by_service = verify(&server, json!({ "key": key })).await;
    for answer in [by_header, by_service] {
        assert!(!answer.to_string().contains("SecretKey"), "{answer}");
    }
}
