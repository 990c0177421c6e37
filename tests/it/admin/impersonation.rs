//! Administrators who act for users.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

use super::{administrator, code, count, holding, id, post, refused, with_plugin};

async fn act(root: &Caller, user: &str) -> Answer {
    post(root, "/admin/impersonate-user", json!({ "userId": user })).await
}

async fn session(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

#[tokio::test]
async fn an_administrator_acts_for_a_user_and_returns() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let (admin, user) = (id(&root).await, id(&ada).await);
    assert_snapshot!(act(&root, &user).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.admin_session=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F%3A.L6fCdPJtIJndEP6jcyZH9euYGZCDrE6ELmEQZk%2BDMsc%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_token=aPpN5cgpPxaK17Bys7sNyTzF52cXD9UT.L7Ro7FbGfD1K9MmLCrKXt75SigL2sSaJyOOx2dtBbu8%3D; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=true.%2BGWyWZdVZ8PROUXIWVoibVIpYog8HtVyZuwoJ6tqQyA%3D; Path=/; HttpOnly; SameSite=Lax
    {"session":{"expiresAt":"2026-01-01T01:00:00.000Z","token":"aPpN5cgpPxaK17Bys7sNyTzF52cXD9UT","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"392uZRyGX8oJtewduhdaIfsjfxpekRzB","impersonatedBy":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"uSjXMe6F3X8bOwH1Wt8pRV3QvqPnycwx"},"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","role":"user","banned":false,"banReason":null,"banExpires":null,"id":"392uZRyGX8oJtewduhdaIfsjfxpekRzB"}}
    "#);
    let acting = session(&root).await;
    assert_eq!(acting["user"]["id"], user);
    assert_eq!(acting["session"]["impersonatedBy"], admin);
    assert_snapshot!(post(&root, "/admin/stop-impersonating", json!({})).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.admin_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","impersonatedBy":null,"id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"},"user":{"name":"root","email":"root@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","role":"admin","banned":false,"banReason":null,"banExpires":null,"id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_eq!(id(&root).await, admin);
    assert_eq!(count(&server, "session where \"impersonatedBy\" is not null"), 0);
    let answer = post(&root, "/admin/stop-impersonating", json!({})).await;
    assert_eq!(code(&answer), refused(400, "YOU_ARE_NOT_IMPERSONATING_ANYONE"));
}

#[tokio::test]
async fn the_session_ends_after_an_hour_and_is_hidden_from_the_user() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    act(&root, &id(&ada).await).await;
    let listed = ada.get("/list-sessions").send().await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    server.clock.advance(TimeDelta::minutes(61));
    assert_eq!(session(&root).await, Value::Null);
}

#[tokio::test]
async fn administrators_banned_users_and_unknown_users_are_not_impersonated() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    let second = holding(&server, "second", "user,admin").await;
    let answer = act(&root, &id(&second).await).await;
    assert_eq!(code(&answer), refused(403, "YOU_CANNOT_IMPERSONATE_ADMINS"));
    let ada = id(&server.signed_up("ada").await).await;
    server.execute("update \"user\" set banned = true where name = 'ada'");
    assert_eq!(code(&act(&root, &ada).await), refused(403, "BANNED_USER"));
    assert_eq!(code(&act(&root, "none").await), refused(404, "USER_NOT_FOUND"));
}

#[tokio::test]
async fn an_impersonation_ends_no_session_of_the_user() {
    let server = with_plugin().set("PORTCULLIS_SESSION__MAX_PER_USER", "1").start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    assert_eq!(act(&root, &id(&ada).await).await.status, 200);
    assert_ne!(session(&ada).await, Value::Null);
}

/// Better Auth compares only the roles of administrators.
#[tokio::test]
async fn a_user_with_other_permissions_is_not_impersonated() {
    let file = r#"
        [plugins.admin]
        allow_impersonating_admins = true
        [plugins.admin.roles]
        admin = { user = ["ban", "impersonate"] }
        support = { user = ["impersonate"] }
        user = {}
    "#;
    let server = TestServer::with().file(file).start();
    let support = holding(&server, "support", "support").await;
    let root = administrator(&server).await;
    let answer = act(&support, &id(&root).await).await;
    assert_eq!(code(&answer), refused(403, "YOU_CANNOT_IMPERSONATE_ADMINS"));
    let user = id(&support).await;
    assert_eq!(act(&root, &user).await.status, 200);
}

#[tokio::test]
async fn an_impersonated_session_cannot_do_what_is_reserved_for_the_user() {
    let server = TestServer::with_all_features();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = id(&ada).await;
    act(&root, &user).await;
    let password = json!({ "password": "password1234" });
    for (path, body) in [
        (
            "/change-password",
            json!({ "currentPassword": "password1234", "newPassword": "password5678" }),
        ),
        ("/change-email", json!({ "newEmail": "x@example.com" })),
        ("/delete-user", password.clone()),
        ("/link-social", json!({ "provider": "google" })),
        (
            "/oauth2/link",
            json!({ "providerId": "name", "callbackURL": "/" }),
        ),
        ("/unlink-account", json!({ "providerId": "credential" })),
        ("/revoke-session", json!({ "token": "x" })),
        ("/revoke-sessions", json!({})),
        ("/revoke-other-sessions", json!({})),
        ("/two-factor/enable", password.clone()),
        ("/two-factor/disable", password.clone()),
        ("/two-factor/get-totp-uri", password.clone()),
        ("/two-factor/generate-backup-codes", password),
        ("/update-user", json!({ "username": "countess" })),
    ] {
        let answer = post(&root, path, body).await;
        assert_eq!(
            code(&answer),
            refused(403, "NOT_ALLOWED_WHILE_IMPERSONATING"),
            "{path}"
        );
    }
    assert_eq!(
        post(&root, "/update-user", json!({ "name": "x" })).await.status,
        200
    );
}

#[tokio::test]
async fn the_session_ends_when_the_administrator_loses_the_right_to_it() {
    for end in [
        "update \"user\" set banned = true where name = 'root'",
        "update \"user\" set role = 'user' where name = 'root'",
        "delete from \"user\" where name = 'root'",
        "delete from session where \"impersonatedBy\" is null",
    ] {
        let server = with_plugin().start();
        let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
        act(&root, &id(&ada).await).await;
        assert_ne!(session(&root).await, Value::Null);
        server.execute(end);
        assert_eq!(session(&root).await, Value::Null, "{end}");
    }
}

#[tokio::test]
async fn a_ban_a_demotion_or_the_removal_of_the_administrator_ends_its_impersonations() {
    for (path, more) in [
        ("/admin/ban-user", json!({})),
        ("/admin/set-role", json!({ "role": "user" })),
        ("/admin/remove-user", json!({})),
        ("/admin/revoke-user-sessions", json!({})),
    ] {
        let server = with_plugin().start();
        let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
        let chief = holding(&server, "chief", "admin").await;
        let admin = id(&root).await;
        act(&root, &id(&ada).await).await;
        let mut body = json!({ "userId": admin });
        for (member, value) in more.as_object().unwrap() {
            body[member] = value.clone();
        }
        assert_eq!(post(&chief, path, body).await.status, 200, "{path}");
        assert_eq!(
            count(&server, "session where \"impersonatedBy\" is not null"),
            0,
            "{path}"
        );
    }
}

#[tokio::test]
async fn only_the_session_of_the_same_administrator_is_restored() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let second = holding(&server, "second", "admin").await;
    let user = id(&ada).await;
    act(&second, &user).await;
    act(&root, &user).await;
    let missing = refused(500, "FAILED_TO_FIND_ADMIN_SESSION");
    let admin_session = |caller: &Caller| {
        let cookies = caller.cookies();
        let cookie = cookies
            .split("; ")
            .find(|cookie| cookie.contains("admin_session="))
            .unwrap();
        cookie.split_once('=').unwrap().1.to_owned()
    };
    let own = admin_session(&root);
    for value in [
        admin_session(&second),
        "forged.x".to_owned(),
        own.replace("%3A", "%3Atrue"),
    ] {
        root.set_cookie("better-auth.admin_session", &value);
        let answer = post(&root, "/admin/stop-impersonating", json!({})).await;
        assert_eq!(code(&answer), missing, "{value}");
    }
    root.set_cookie("better-auth.admin_session", &own);
    assert_eq!(
        post(&root, "/admin/stop-impersonating", json!({})).await.status,
        200
    );
}

#[tokio::test]
async fn an_administrator_who_is_not_remembered_returns_to_a_session_that_is_not() {
    let server = with_plugin().start();
    administrator(&server).await;
    let root = server.anonymous();
    let body = json!({ "email": "root@example.com", "password": "password1234", "rememberMe": false });
    post(&root, "/sign-in/email", body).await;
    let ada = id(&server.signed_up("ada").await).await;
    act(&root, &ada).await;
    let answer = post(&root, "/admin/stop-impersonating", json!({})).await;
    let line = answer
        .cookies()
        .find(|line| line.contains("session_token="))
        .unwrap()
        .to_owned();
    assert!(!line.contains("Max-Age"), "{line}");
}
