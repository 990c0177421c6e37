//! Tokens that clients choose, and what the server stores and decrypts of them.

use portcullis_testkit::{Caller, MockProvider, TestServer, TestServerBuilder};
use serde_json::{Value, json};

use crate::social::server_with;

fn encrypting(is_encrypted: bool, mock: &MockProvider) -> TestServerBuilder {
    server_with("google", mock)
        .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
        .set(
            "PORTCULLIS_ACCOUNT__ENCRYPT_OAUTH_TOKENS",
            &is_encrypted.to_string(),
        )
}

/// Returns the ciphertext of the key that signs JWTs.
async fn stolen_key(server: &TestServer) -> String {
    let answer = server.anonymous().get("/jwks").send().await;
    assert_eq!(answer.status, 200, "{answer}");
    let stored = server.shown(r#"select "privateKey" from jwks"#).unwrap();
    stored.trim_matches('"').to_owned()
}

/// Signs a user in with an id token, and with another text as its access and refresh token.
async fn signed_in_with(server: &TestServer, mock: &MockProvider, text: &str) -> Caller {
    let token = mock.id_token(&json!({ "sub": "4711", "email": "ada@example.com" }));
    let id_token = json!({ "token": token, "accessToken": text, "refreshToken": text });
    let body = json!({ "provider": "google", "idToken": id_token });
    let caller = server.anonymous();
    let answer = caller.post("/sign-in/social", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    caller
}

/// Returns the access token that the server shows to the user of these cookies. Other requests of tests reject a response
/// that contains so long a ciphertext.
async fn shown_token(server: &TestServer, cookies: &str) -> Value {
    let body = r#"{"providerId":"google"}"#;
    let head = format!(
        "POST /api/auth/get-access-token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncookie: {cookies}\r\ncontent-length: {}",
        body.len()
    );
    let answer = server.raw(format!("{head}\r\n\r\n{body}")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    body["accessToken"].clone()
}

/// Private keys, second factors and tokens are encrypted with the same key, as in Better Auth.
#[tokio::test]
async fn a_ciphertext_of_the_database_is_not_decrypted_as_an_access_token() {
    for (before, after) in [(false, false), (true, true), (false, true), (true, false)] {
        let mock = MockProvider::for_provider("google");
        let server = encrypting(before, &mock).start();
        let key = stolen_key(&server).await;
        assert!(key.len() > 80, "{key}");
        let cookies = signed_in_with(&server, &mock, &key).await.cookies();
        let stored = server.shown(r#"select "accessToken" from account"#);
        assert_eq!(stored.is_some(), before, "{before}: {stored:?}");
        assert_ne!(stored.as_ref(), Some(&key), "{before}");

        let then = encrypting(after, &mock).replica_of(&server).start();
        let shown = shown_token(&then, &cookies).await;
        let expected = match (before, after) {
            (true, true) => key,
            (true, false) => stored.unwrap(),
            (false, _) => String::new(),
        };
        assert_eq!(shown, json!(expected), "{before}, {after}");
    }
}

/// Another program that shares the database may have stored it.
#[tokio::test]
async fn a_ciphertext_that_is_stored_as_a_token_is_not_decrypted_without_encryption() {
    let mock = MockProvider::for_provider("google");
    let server = encrypting(false, &mock).start();
    let key = stolen_key(&server).await;
    let cookies = signed_in_with(&server, &mock, "access").await.cookies();
    assert_eq!(shown_token(&server, &cookies).await, "access");
    server.execute(&format!(r#"update account set "accessToken" = '{key}'"#));
    assert_eq!(shown_token(&server, &cookies).await, json!(key));
}
