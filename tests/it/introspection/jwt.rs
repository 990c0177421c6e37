//! Introspection and revocation of JWTs.

use chrono::TimeDelta;
use portcullis_testkit::base64url;

use super::*;

/// A server with an audience of its own, whose tokens name their session.
fn with_audience() -> TestServerBuilder {
    with(&["JWT"]).file("[plugins.jwt.audiences.api]\naudience = \"https://api.example.com\"\n")
}

async fn token(caller: &Caller, query: &str) -> String {
    let answer = caller.get(&format!("/token{query}")).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    answer.json()["token"].as_str().unwrap().to_owned()
}

const OF_API: &str = "?audience=https%3A%2F%2Fapi.example.com";

#[tokio::test]
async fn a_jwt_of_a_session_stands_for_its_user_and_its_session() {
    let server = with_audience().start();
    let ada = server.signed_up("ada").await;
    let jwt = token(&ada, OF_API).await;
    let session = ada.get("/get-session").send().await.json();
    let claims: Value = serde_json::from_slice(&base64url(jwt.split('.').nth(1).unwrap())).unwrap();
    let expected = json!({
        "active": true,
        "token_type": "Bearer",
        "iss": "http://localhost:3000",
        "aud": "https://api.example.com",
        "jti": claims["jti"],
        "iat": claims["iat"],
        "exp": claims["exp"],
        "sub": session["user"]["id"],
        "sid": session["session"]["id"],
        "username": "ada@example.com",
        "user": session["user"],
    });
    assert_eq!(introspect(&server, &jwt).await, expected);
}

#[tokio::test]
async fn a_jwt_without_a_session_is_active_while_its_user_exists() {
    let server = with_audience().start();
    let ada = server.signed_up("ada").await;
    let jwt = token(&ada, "").await;
    let found = introspect(&server, &jwt).await;
    assert_eq!((&found["active"], &found["sid"]), (&json!(true), &Value::Null));
    assert_eq!(
        (&found["username"], &found["token_type"]),
        (&json!("ada@example.com"), &json!("Bearer"))
    );
    ada.post("/sign-out", &json!({})).send().await;
    assert!(is_active(&server, &jwt).await);
    server.execute(r#"delete from "user""#);
    assert!(!is_active(&server, &jwt).await);
}

#[tokio::test]
async fn a_jwt_of_a_session_is_inactive_after_its_session() {
    for end in ["sign-out", "revoke", "expiry", "user"] {
        let server = with_audience().start();
        let ada = server.signed_up("ada").await;
        let (jwt, session) = (token(&ada, OF_API).await, cookie(&ada));
        assert!(is_active(&server, &jwt).await);
        match end {
            "sign-out" => {
                ada.post("/sign-out", &json!({})).send().await;
            }
            "revoke" => {
                assert_eq!(ask(&server, REVOKE, &jwt).await.status, 200);
                assert_eq!(ask(&server, REVOKE, &jwt).await.status, 200);
            }
            "expiry" => server.execute(r#"update "session" set "expiresAt" = '2020-01-01'"#),
            _ => server.execute(r#"delete from "user""#),
        }
        assert!(!is_active(&server, &jwt).await, "{end}");
        assert!(!is_active(&server, &session).await, "{end}");
    }
}

#[tokio::test]
async fn expired_forged_and_foreign_jwts_are_inactive() {
    let server = with_audience().start();
    let ada = server.signed_up("ada").await;
    let other = with_audience().start();
    let of_other = token(&other.signed_up("ada").await, OF_API).await;
    for query in ["", OF_API] {
        let jwt = token(&ada, query).await;
        let (signed, _) = jwt.rsplit_once('.').unwrap();
        for forged in [
            format!("{signed}."),
            signed.to_owned(),
            format!("{jwt}x"),
            of_other.clone(),
        ] {
            assert!(!is_active(&server, &forged).await, "{forged}");
            assert_eq!(ask(&server, REVOKE, &forged).await.status, 200);
        }
        assert!(is_active(&server, &jwt).await);
        server.clock.advance(TimeDelta::minutes(16));
        assert!(!is_active(&server, &jwt).await);
        assert!(is_active(&server, &cookie(&ada)).await);
    }
}

#[tokio::test]
async fn a_jwt_of_another_issuer_or_audience_is_inactive() {
    let server = with_audience().start();
    let jwt = token(&server.signed_up("ada").await, OF_API).await;
    let replica =
        |variable: &str, value: &str| with_audience().replica_of(&server).set(variable, value).start();
    let issuer = replica(
        "PORTCULLIS_PLUGINS__JWT__JWT__ISSUER",
        "https://other.example.com",
    );
    assert!(!is_active(&issuer, &jwt).await);
    let audience = with(&["JWT"]).replica_of(&server).start();
    assert!(!is_active(&audience, &jwt).await);
    assert!(is_active(&server, &jwt).await);
}

#[tokio::test]
async fn a_jwt_without_a_session_cannot_be_revoked() {
    let server = with_audience().start();
    let ada = server.signed_up("ada").await;
    let jwt = token(&ada, "").await;
    let answer = ask(&server, REVOKE, &jwt).await;
    assert_eq!(
        answer.to_string(),
        "400\ncache-control: no-store\ncontent-type: application/json\n{\"error\":\"unsupported_token_type\",\"error_description\":\"The token belongs to no session; it stays valid until it expires\"}"
    );
    assert!(is_active(&server, &jwt).await);
    assert!(is_active(&server, &cookie(&ada)).await);
}

#[tokio::test]
async fn introspection_of_a_jwt_never_renews_its_session() {
    let server = with_audience()
        .set("PORTCULLIS_PLUGINS__JWT__JWT__EXPIRATION_TIME", "6d")
        .start();
    let ada = server.signed_up("ada").await;
    let (jwt, before) = (token(&ada, OF_API).await, row(&server));
    server.clock.advance(TimeDelta::days(5));
    assert!(is_active(&server, &jwt).await);
    assert_eq!(row(&server), before);
}

#[tokio::test]
async fn no_jwt_of_a_banned_user_is_active() {
    let server = with_audience()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let tokens = [token(&ada, "").await, token(&ada, OF_API).await];
    for jwt in &tokens {
        assert!(is_active(&server, jwt).await);
    }
    server.execute(r#"update "user" set banned = true"#);
    for jwt in &tokens {
        assert!(!is_active(&server, jwt).await);
    }
}
