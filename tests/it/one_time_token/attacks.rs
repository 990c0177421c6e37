//! Attacks on the hand-over of sessions.

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn one_of_twenty_parallel_clients_receives_the_session() {
    let server = with_plugin().start();
    let token = generate(&server.signed_up("ada").await).await;
    let clients: Vec<_> = (0..20).map(|_| server.anonymous()).collect();
    let answers = join_all(clients.iter().map(|client| verify(client, &token))).await;
    let (accepted, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(accepted.len(), 1);
    for answer in refused {
        assert_refused(&answer, "INVALID_TOKEN");
    }
    assert_eq!(server.rows("select 1 from verification"), 0);
}

#[tokio::test]
async fn a_token_is_valid_for_no_other_purpose_and_no_other_token_for_this_one() {
    for shared in ["false", "true"] {
        let server = with_plugin()
            .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", shared)
            .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
            .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
            .start();
        let ada = server.signed_up("ada").await;
        let own = generate(&ada).await;
        let body = json!({ "email": "ada@example.com" });
        ada.post("/request-password-reset", &body).send().await;
        let reset = server.mailbox.next("ada@example.com").await.token;
        for token in [&reset, &format!("one-time-token:{own}"), &own[..31], ""] {
            assert_refused(&verify(&server.anonymous(), token).await, "INVALID_TOKEN");
        }
        let body = json!({ "token": own, "newPassword": "password5678" });
        let answer = ada.post("/reset-password", &body).send().await;
        assert_refused(&answer, "INVALID_TOKEN");
        let answer = ada.post("/delete-user", &json!({ "token": own })).send().await;
        assert_eq!(answer.code(), "INVALID_TOKEN", "{answer}");
        assert_eq!(verify(&server.anonymous(), &own).await.status, 200, "{shared}");
    }
}

/// A reader of the table must not be able to present what is stored there.
#[tokio::test]
async fn a_stored_hash_is_no_token() {
    for shared in ["false", "true"] {
        let server = with_plugin()
            .set("PORTCULLIS_COMPATIBILITY__SHARED_DATABASE", shared)
            .set("PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__STORE_TOKEN", "hashed")
            .start();
        generate(&server.signed_up("ada").await).await;
        let identifier = server.shown("select identifier from verification").unwrap();
        let hash = identifier.split_once(':').unwrap().1;
        for token in [hash, &identifier] {
            assert_refused(&verify(&server.anonymous(), token).await, "INVALID_TOKEN");
        }
    }
}

/// Otherwise an attacker could sign visitors of a page in to the attacker's account.
#[tokio::test]
async fn a_foreign_page_makes_no_browser_take_over_a_session() {
    let server = with_plugin().start();
    let token = generate(&server.signed_up("eve").await).await;
    let (ada, stranger) = (server.signed_up("ada").await, server.anonymous());
    let body = json!({ "token": token });
    for victim in [&ada, &stranger] {
        for site in ["", "cross-site", "same-site"] {
            let call = victim.post(VERIFY, &body).header("origin", "https://evil.test");
            let call = if site.is_empty() {
                call
            } else {
                call.header("sec-fetch-site", site)
            };
            let answer = call.send().await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (403, "INVALID_ORIGIN"),
                "{site}"
            );
        }
    }
    assert_eq!(session(&ada).await["user"]["name"], "ada");
    assert_eq!(
        verify(&stranger, &token).await.status,
        200,
        "the token was not consumed"
    );
}

#[tokio::test]
async fn an_impersonated_session_and_a_key_create_no_token() {
    let server = with_headers()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    let (root, ada) = (server.signed_up("root").await, server.signed_up("ada").await);
    server.execute(r#"update "user" set role = 'admin' where name = 'root'"#);
    let key = ada.post("/api-key/create", &json!({})).send().await.json()["key"].clone();
    let call = server.anonymous();
    let answer = call
        .get(GENERATE)
        .header("x-api-key", key.as_str().unwrap())
        .send()
        .await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "KEY_IS_NOT_ACCEPTED")
    );

    let id = session(&ada).await["user"]["id"].clone();
    let acting = root
        .post("/admin/impersonate-user", &json!({ "userId": id }))
        .send()
        .await;
    assert_eq!((acting.status, acting.header("set-ott")), (200, None), "{acting}");
    let answer = root.get(GENERATE).send().await;
    let expected = (403, "NOT_ALLOWED_WHILE_IMPERSONATING");
    assert_eq!((answer.status, answer.code().as_str()), expected);
    let back = root.post("/admin/stop-impersonating", &json!({})).send().await;
    assert!(back.header("set-ott").is_some(), "{back}");
}

#[tokio::test]
async fn a_session_of_a_banned_user_is_not_handed_over() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let token = generate(&server.signed_up("ada").await).await;
    server.execute(r#"update "user" set banned = true"#);
    assert_refused(&verify(&server.anonymous(), &token).await, "SESSION_NOT_FOUND");
    assert_eq!(server.rows("select 1 from session"), 0);
}

#[tokio::test]
async fn a_sign_in_that_waits_for_a_second_step_creates_no_token() {
    let server = with_headers()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let enabling = json!({ "password": "password1234" });
    ada.post("/two-factor/enable", &enabling).send().await;
    server.execute(r#"update "user" set "twoFactorEnabled" = true"#);
    let body = json!({ "email": "ada@example.com", "password": "password1234" });
    let answer = server.anonymous().post("/sign-in/email", &body).send().await;
    assert_eq!(answer.body, r#"{"twoFactorRedirect":true}"#);
    assert_eq!(answer.header("set-ott"), None);
}
