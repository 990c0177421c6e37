//! Keys that stand for sessions.

use insta::assert_snapshot;
use portcullis_http::routes;

use super::*;

/// Sends a request with a key.
async fn get(caller: &Caller, path: &str, key: &str) -> Answer {
    caller.get(path).header("x-api-key", key).send().await
}

#[tokio::test]
async fn a_key_stands_for_a_session_of_its_owner() {
    let server = with_sessions().start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let anonymous = server.anonymous();
    assert_snapshot!(get(&anonymous, "/get-session", &key.text).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"},"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"XEANRyDJwZrEkMFuZRyGXoJtewduhdaIfsjfxpekRzBboEDfdMWywcykepwilCLp","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":null,"userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"Y8KzZC3czYlkuFkm89vUDR8Yatfnm5GE"}}
    "#);
    let call = anonymous.post("/update-user", &json!({ "name": "Countess" }));
    assert_snapshot!(call.header("x-api-key", &key.text).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    let list = get(&anonymous, "/api-key/list", &key.text).await.json();
    assert_eq!(list[0]["requestCount"], 3);
    assert_eq!(anonymous.cookies(), "", "the client stores no session");
    assert_eq!(server.rows(r#"select 1 from "session""#), 1);
}

#[tokio::test]
async fn a_key_comes_before_the_session_of_another_user() {
    let server = with_sessions().start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let bob = server.signed_up("bob").await;
    let session = get(&bob, "/get-session", &key.text).await.json();
    assert_eq!(session["user"]["email"], ADA);
    let session = bob.get("/get-session").send().await.json();
    assert_eq!(session["user"]["email"], "bob@example.com");
}

#[tokio::test]
async fn an_invalid_key_is_an_error_at_every_route() {
    let server = with_sessions().start();
    let ada = server.signed_up("ada").await;
    for (key, status) in [("short".to_owned(), 403), ("x".repeat(64), 401)] {
        for path in ["/get-session", "/ok", "/api-key/list"] {
            let answer = get(&ada, path, &key).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (status, "INVALID_API_KEY"),
                "{path}"
            );
        }
    }
    assert_eq!(
        get(&ada, "/get-session", "").await.status,
        200,
        "an empty header is no key"
    );
}

#[tokio::test]
async fn a_refused_key_stands_for_no_session() {
    let server = with_sessions().start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let anonymous = server.anonymous();
    for (change, status, code) in [
        (r#""enabled" = false"#, 401, "KEY_DISABLED"),
        (
            r#""enabled" = true, "remaining" = 0, "refillAmount" = 1"#,
            429,
            "USAGE_EXCEEDED",
        ),
        (
            r#""remaining" = null, "rateLimitMax" = 0, "lastRequest" = '2026-01-01'"#,
            401,
            "RATE_LIMITED",
        ),
        (r#""expiresAt" = '2025-01-01'"#, 401, "KEY_EXPIRED"),
    ] {
        server.execute(&format!(r#"update "apikey" set {change}"#));
        let answer = get(&anonymous, "/get-session", &key.text).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{change}"
        );
    }
}

/// Each of these routes is one of the following. A route that is new in the list needs a decision.
///
/// * It reads or changes what belongs to the owner or to an organization, and neither how the owner signs in nor a
///   session: programs use keys for it. `/get-access-token` and `/refresh-token` return tokens of providers, and
///   `/update-user` may change the name with which the owner signs in, but no secret.
/// * It needs no session, and proves itself by a password, a token or a code: sign-ins, resets, links and callbacks.
/// * It is about the caller's own session, of which a key has none: `/sign-out` and `/admin/stop-impersonating` end
///   nothing, and `/admin/has-permission` only reads.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn the_list_of_routes_that_accept_keys_is_reviewed() {
    let accepting = routes().filter(|route| route.accepts_keys());
    let mut routes: Vec<_> = accepting.map(|route| (route.path, route.method)).collect();
    routes.sort_unstable();
    let lines = routes.iter().map(|(path, method)| format!("{method} {path}"));
    assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
    GET /.well-known/jwks.json
    GET /.well-known/oauth-authorization-server
    GET /.well-known/openid-configuration
    GET /account-info
    POST /admin/has-permission
    POST /admin/stop-impersonating
    GET /api-key/get
    GET /api-key/list
    GET /callback/:id
    POST /callback/:id
    POST /email-otp/check-verification-otp
    POST /email-otp/request-password-reset
    POST /email-otp/reset-password
    POST /email-otp/send-verification-otp
    GET /error
    GET /expo-authorization-proxy
    POST /forget-password/email-otp
    POST /get-access-token
    GET /get-session
    POST /is-username-available
    GET /jwks
    GET /list-accounts
    GET /magic-link/verify
    POST /magic-link/verify
    GET /multi-session/list-device-sessions
    GET /oauth2/callback/:providerId
    POST /oauth2/callback/:providerId
    GET /ok
    POST /one-tap/callback
    POST /one-time-token/verify
    GET /open-api/generate-schema
    POST /organization/accept-invitation
    POST /organization/add-team-member
    POST /organization/cancel-invitation
    POST /organization/check-slug
    POST /organization/create
    POST /organization/create-role
    POST /organization/create-team
    POST /organization/delete
    POST /organization/delete-role
    GET /organization/get-active-member
    GET /organization/get-active-member-role
    GET /organization/get-full-organization
    GET /organization/get-invitation
    GET /organization/get-role
    POST /organization/has-permission
    POST /organization/invite-member
    POST /organization/leave
    GET /organization/list
    GET /organization/list-invitations
    GET /organization/list-members
    GET /organization/list-roles
    GET /organization/list-team-members
    GET /organization/list-teams
    GET /organization/list-user-invitations
    GET /organization/list-user-teams
    POST /organization/reject-invitation
    POST /organization/remove-member
    POST /organization/remove-team
    POST /organization/remove-team-member
    POST /organization/update
    POST /organization/update-member-role
    POST /organization/update-role
    POST /organization/update-team
    GET /passkey/generate-authenticate-options
    GET /passkey/list-user-passkeys
    POST /passkey/verify-authentication
    POST /phone-number/request-password-reset
    POST /phone-number/reset-password
    POST /phone-number/send-otp
    GET /reference
    POST /refresh-token
    POST /request-password-reset
    POST /reset-password
    GET /reset-password/:token
    POST /reset-password/:token
    POST /send-verification-email
    POST /sign-in/anonymous
    POST /sign-in/email
    POST /sign-in/email-otp
    POST /sign-in/magic-link
    POST /sign-in/oauth2
    POST /sign-in/phone-number
    POST /sign-in/social
    POST /sign-in/username
    POST /sign-out
    POST /sign-up/email
    POST /update-user
    GET /verify-email
    ");
}

/// A leaked key must not become a session, a password or another key.
#[tokio::test]
async fn a_key_is_refused_at_routes_by_which_it_could_become_more() {
    let server = with_sessions()
        .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let key = create(&ada, json!({})).await;
    let anonymous = server.anonymous();
    for (path, body) in [
        (
            "change-password",
            json!({ "currentPassword": PASSWORD, "newPassword": "password4321" }),
        ),
        ("change-email", json!({ "newEmail": "eve@example.com" })),
        ("delete-user", json!({ "password": PASSWORD })),
        ("revoke-sessions", json!({})),
        ("two-factor/enable", json!({ "password": PASSWORD })),
        ("api-key/create", json!({})),
        ("api-key/update", json!({ "keyId": key.id, "expiresIn": null })),
        ("api-key/delete", json!({ "keyId": key.id })),
    ] {
        let call = anonymous
            .post(&format!("/{path}"), &body)
            .header("x-api-key", &key.text);
        let answer = call.send().await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "KEY_IS_NOT_ACCEPTED"),
            "{path}"
        );
    }
    for path in ["/list-sessions", "/token"] {
        let answer = get(&anonymous, path, &key.text).await;
        assert_eq!(answer.code(), "KEY_IS_NOT_ACCEPTED", "{path}");
    }
    let uses = server.shown(r#"(select "requestCount" from "apikey")"#);
    assert_eq!(uses.as_deref(), Some("0"), "no use is counted");
    assert_eq!(server.rows(r#"select 1 from "session""#), 1);
}

#[tokio::test]
async fn a_key_is_no_bearer_token_and_no_cookie() {
    let server = with_sessions()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let anonymous = server.anonymous();
    for (header, value) in [
        ("authorization", format!("Bearer {}", key.text)),
        ("cookie", format!("better-auth.session_token={}", key.text)),
    ] {
        let answer = anonymous.get("/get-session").header(header, &value).send().await;
        assert_eq!(answer.body, "null", "{header}");
    }
}

/// Two keys in one header are one text, which is no key: no server chooses one of them.
#[tokio::test]
async fn a_repeated_header_is_no_key() {
    let server = with_sessions().start();
    let key = create(&server.signed_up("ada").await, json!({})).await;
    let request = format!(
        "GET /api/auth/get-session HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {0}\r\nx-api-key: {0}\r\n\r\n",
        key.text
    );
    assert_eq!(server.raw_status(request).await, 401);
}
