//! Introspection of session tokens.

use chrono::{DateTime, TimeDelta};
use portcullis_testkit::signed;

use super::*;

#[tokio::test]
async fn a_session_token_stands_for_its_user_and_its_session() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    let answer = ask(&server, INTROSPECT, &cookie(&ada)).await;
    assert_eq!(answer.status, 200, "{answer}");
    let session = ada.get("/get-session").send().await.json();
    let seconds = |name: &str| {
        let text = session["session"][name].as_str().unwrap();
        DateTime::parse_from_rfc3339(text).unwrap().timestamp()
    };
    let expected = json!({
        "active": true,
        "token_type": "session",
        "iss": "http://localhost:3000",
        "iat": seconds("createdAt"),
        "exp": seconds("expiresAt"),
        "sub": session["user"]["id"],
        "sid": session["session"]["id"],
        "username": "ada@example.com",
        "user": session["user"],
    });
    assert_eq!(answer.json(), expected);
    assert!(
        !answer.body.contains(raw(&cookie(&ada))),
        "the answer contains the token"
    );
}

#[tokio::test]
async fn a_session_token_is_accepted_with_its_signature_plain_and_percent_encoded() {
    for plugins in [&[][..], &["BEARER"]] {
        let server = with(plugins).start();
        let ada = server.signed_up("ada").await;
        let token = cookie(&ada);
        assert!(token.contains('%'));
        assert!(is_active(&server, &token).await);
        assert!(is_active(&server, &decoded(&token)).await);
        // Many clients send the value of a cookie as it is.
        let anonymous = server.anonymous();
        let as_is = call(&anonymous, INTROSPECT, format!("token={token}"));
        assert_eq!(as_is.send().await.json()["active"], true);
        for hint in ["access_token", "refresh_token", "session", "any"] {
            let with_hint = format!("{}&token_type_hint={hint}", form(&token));
            let call = call(&anonymous, INTROSPECT, with_hint);
            assert_eq!(call.send().await.json()["active"], true);
        }
    }
}

#[tokio::test]
async fn a_token_without_a_signature_is_accepted_only_if_callers_may_present_it() {
    for (plugins, requires_signature, expected) in [
        (&[][..], "false", false),
        (&["BEARER"], "false", true),
        (&["BEARER"], "true", false),
    ] {
        let server = with(plugins)
            .set(
                "PORTCULLIS_PLUGINS__BEARER__REQUIRE_SIGNATURE",
                requires_signature,
            )
            .set(
                "PORTCULLIS_PLUGINS__BEARER__ENABLED",
                if plugins.is_empty() { "false" } else { "true" },
            )
            .start();
        let ada = server.signed_up("ada").await;
        let token = cookie(&ada);
        assert_eq!(is_active(&server, raw(&token)).await, expected, "{plugins:?}");
        assert_eq!(ask(&server, REVOKE, raw(&token)).await.status, 200);
        assert_eq!(is_active(&server, &token).await, !expected, "{plugins:?}");
    }
}

#[tokio::test]
async fn forged_and_foreign_tokens_are_inactive() {
    let server = with(&["BEARER"]).start();
    let ada = server.signed_up("ada").await;
    let token = decoded(&cookie(&ada));
    let (value, signature) = token.split_once('.').unwrap();
    let bob = server.signed_up("bob").await;
    let of_bob = decoded(&cookie(&bob));
    let other = with(&[])
        .replica_of(&server)
        .set("BETTER_AUTH_SECRET", "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE")
        .start();
    let carol = other.signed_up("carol").await;
    let of_other = decoded(&cookie(&carol));
    for forged in [
        "x".to_owned(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        "\0".repeat(3).replace('\0', "%00"),
        format!("{value}."),
        format!("{value}.{}", signature.to_lowercase()),
        format!("{value}.{}", of_bob.split_once('.').unwrap().1),
        format!("{value}x.{signature}"),
        signed("no-such-token"),
        // A session of another deployment on the same database: its signature is not ours.
        of_other.clone(),
        session_id(&ada).await,
        user_id(&ada).await,
    ] {
        assert!(!is_active(&server, &forged).await, "{forged}");
        assert_eq!(ask(&server, REVOKE, &forged).await.status, 200, "{forged}");
    }
    assert!(is_active(&server, &token).await);
    assert!(is_active(&other, &of_other).await);
    assert!(!is_active(&other, &token).await);
}

async fn session_id(caller: &Caller) -> String {
    let session = caller.get("/get-session").send().await.json();
    session["session"]["id"].as_str().unwrap().to_owned()
}

async fn user_id(caller: &Caller) -> String {
    let session = caller.get("/get-session").send().await.json();
    session["user"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn introspection_never_renews_a_session() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    let (token, before) = (cookie(&ada), row(&server));
    server.clock.advance(TimeDelta::days(6));
    for _ in 0..3 {
        assert!(is_active(&server, &token).await);
    }
    // The service forwards the user's cookies by accident.
    let with_cookies = call(&ada, INTROSPECT, form(&token)).header("sec-fetch-dest", "empty");
    assert_eq!(with_cookies.send().await.cookies().count(), 0);
    assert_eq!(row(&server), before);
    server.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    assert!(!is_active(&server, &token).await);
}

#[tokio::test]
async fn introspection_reads_the_row_and_not_the_session_cookie_cache() {
    let server = with(&[])
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let token = cookie(&ada);
    server.execute(r#"update "user" set "name" = 'changed'"#);
    assert_eq!(introspect(&server, &token).await["user"]["name"], "changed");
    server.execute(r#"delete from "session""#);
    assert_eq!(ada.get("/get-session").send().await.json()["user"]["name"], "ada");
    assert!(!is_active(&server, &token).await);
}

#[tokio::test]
async fn the_tokens_of_ended_sessions_and_deleted_users_are_inactive() {
    let server = with(&[]).start();
    let ada = server.signed_up("ada").await;
    let (first, second) = (cookie(&ada), cookie(&server.signed_in("ada").await));
    ada.post("/sign-out", &json!({})).send().await;
    assert!(!is_active(&server, &first).await);
    assert!(is_active(&server, &second).await);
    server.execute(r#"delete from "user""#);
    assert!(!is_active(&server, &second).await);
}
