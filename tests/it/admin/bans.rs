//! Bans.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

use super::{administrator, code, count, holding, id, post, refused, sign_in, with_plugin};

const MESSAGE: &str =
    "You have been banned from this application. Please contact support if you believe this is an error.";

async fn session(caller: &portcullis_testkit::Caller) -> Value {
    caller.get("/get-session").send().await.json()
}

#[tokio::test]
async fn a_banned_user_loses_all_sessions_at_once_and_cannot_sign_in() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let other = server.signed_in("ada").await;
    let body = json!({ "userId": id(&ada).await, "banReason": "spam", "banExpiresIn": 3600 });
    let answer = post(&root, "/admin/ban-user", body).await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","role":"user","banned":true,"banReason":"spam","banExpires":"2026-01-01T01:00:00.000Z","id":"392uZRyGX8oJtewduhdaIfsjfxpekRzB"}}
    "#);
    assert_eq!(session(&ada).await, Value::Null);
    assert_eq!(session(&other).await, Value::Null);
    let (_, answer) = sign_in(&server, "ada").await;
    assert_eq!(code(&answer), refused(403, "BANNED_USER"));
    assert_eq!(answer.json()["message"], MESSAGE);
    assert_eq!(count(&server, "session"), 1);
}

#[tokio::test]
async fn a_ban_that_has_ended_is_lifted_at_sign_in() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let body = json!({ "userId": id(&ada).await, "banExpiresIn": 60 });
    post(&root, "/admin/ban-user", body).await;
    server.clock.advance(TimeDelta::seconds(61));
    let (_, answer) = sign_in(&server, "ada").await;
    assert_eq!(answer.status, 200, "{answer}");
    let user = &answer.json()["user"];
    assert_eq!(
        json!([user["banned"], user["banReason"], user["banExpires"]]),
        json!([false, null, null])
    );
    let stored =
        server.shown("select concat(banned, \"banReason\", \"banExpires\") from \"user\" where name = 'ada'");
    assert_eq!(stored.as_deref(), Some("f"));
}

#[tokio::test]
async fn a_ban_without_a_length_replaces_the_end_of_an_earlier_one() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = id(&ada).await;
    post(
        &root,
        "/admin/ban-user",
        json!({ "userId": user, "banExpiresIn": 1 }),
    )
    .await;
    server.clock.advance(TimeDelta::seconds(2));
    let answer = post(&root, "/admin/ban-user", json!({ "userId": user })).await;
    assert_eq!(answer.json()["user"]["banExpires"], Value::Null);
    assert_eq!(answer.json()["user"]["banReason"], "No reason");
    let (_, answer) = sign_in(&server, "ada").await;
    assert_eq!(code(&answer), refused(403, "BANNED_USER"));
}

/// Another program, such as a Node server, bans the user in the shared database.
#[tokio::test]
async fn a_user_whom_another_program_bans_has_no_session_any_more() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let token = session(&ada).await["session"]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    server.execute("update \"user\" set banned = true");
    assert_eq!(session(&ada).await, Value::Null);
    let bearer = server.anonymous();
    let call = bearer
        .get("/list-sessions")
        .header("authorization", &format!("Bearer {token}"));
    assert_eq!(call.send().await.status, 401);
    assert_eq!(count(&server, "session"), 0);
}

/// With the cookie of the cache, which was valid when the user was banned.
#[tokio::test]
async fn a_cached_session_of_a_banned_user_is_not_shown() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let (user, cookies) = (id(&ada).await, ada.cookies());
    assert!(cookies.contains("session_data"), "{cookies}");
    post(&root, "/admin/ban-user", json!({ "userId": user })).await;
    let call = server.anonymous();
    let call = call.get("/get-session").header("cookie", &cookies);
    assert_eq!(call.send().await.json(), Value::Null);
}

#[tokio::test]
async fn administrators_cannot_ban_themselves_or_strangers() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    let own = json!({ "userId": id(&root).await });
    let answer = post(&root, "/admin/ban-user", own).await;
    assert_eq!(code(&answer), refused(400, "YOU_CANNOT_BAN_YOURSELF"));
    for path in ["/admin/ban-user", "/admin/unban-user"] {
        let answer = post(&root, path, json!({ "userId": "none" })).await;
        assert_eq!(code(&answer), refused(404, "USER_NOT_FOUND"), "{path}");
    }
    let endless = json!({ "userId": id(&server.signed_up("ada").await).await, "banExpiresIn": 1e300 });
    let answer = post(&root, "/admin/ban-user", endless).await;
    assert_eq!(code(&answer), refused(400, "VALIDATION_ERROR"));
}

#[tokio::test]
async fn a_ban_is_lifted() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = json!({ "userId": id(&ada).await });
    post(&root, "/admin/ban-user", user.clone()).await;
    let answer = post(&root, "/admin/unban-user", user).await;
    assert_eq!(answer.json()["user"]["banned"], false);
    assert_eq!(sign_in(&server, "ada").await.1.status, 200);
}

/// A role that may ban is no role of administrators.
#[tokio::test]
async fn the_last_administrator_cannot_be_banned_removed_or_demoted() {
    let file = r#"
        [plugins.admin.roles]
        admin = { user = ["set-role", "update"] }
        guard = { user = ["ban", "delete", "set-role", "update"] }
        user = {}
    "#;
    let server = TestServer::with().file(file).start();
    let root = administrator(&server).await;
    let guard = holding(&server, "guard", "guard").await;
    let user = id(&root).await;
    let last = refused(400, "LAST_ADMINISTRATOR");
    for (path, body) in [
        ("/admin/ban-user", json!({ "userId": user })),
        ("/admin/remove-user", json!({ "userId": user })),
        ("/admin/set-role", json!({ "userId": user, "role": "user" })),
        (
            "/admin/update-user",
            json!({ "userId": user, "data": { "role": "user" } }),
        ),
        (
            "/admin/update-user",
            json!({ "userId": user, "data": { "banned": true } }),
        ),
    ] {
        let answer = post(&guard, path, body).await;
        assert_eq!(code(&answer), last, "{path}");
    }
    let own = json!({ "userId": user, "role": "user" });
    assert_eq!(code(&post(&root, "/admin/set-role", own.clone()).await), last);
    holding(&server, "second", "admin").await;
    assert_eq!(post(&root, "/admin/set-role", own).await.status, 200);
    assert_eq!(count(&server, "\"user\" where role = 'admin'"), 1);
}

/// The deletion of the own account, too, must leave an administrator.
#[tokio::test]
async fn the_last_administrator_cannot_delete_itself() {
    let server = with_plugin()
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start();
    let root = administrator(&server).await;
    let password = json!({ "password": "password1234" });
    let answer = post(&root, "/delete-user", password.clone()).await;
    assert_eq!(code(&answer), refused(400, "LAST_ADMINISTRATOR"));
    holding(&server, "second", "admin").await;
    assert_eq!(post(&root, "/delete-user", password).await.status, 200);
}

#[tokio::test]
async fn of_administrators_who_ban_each_other_at_the_same_time_one_remains() {
    let server = with_plugin().start();
    let (one, other) = (
        holding(&server, "one", "admin").await,
        holding(&server, "other", "admin").await,
    );
    let bodies = (
        json!({ "userId": id(&other).await }),
        json!({ "userId": id(&one).await }),
    );
    let (first, second) = tokio::join!(
        post(&one, "/admin/ban-user", bodies.0),
        post(&other, "/admin/ban-user", bodies.1)
    );
    let done = [first.status, second.status]
        .into_iter()
        .filter(|status| *status == 200);
    assert_eq!(done.count(), 1, "{first} {second}");
    assert_eq!(count(&server, "\"user\" where banned = 'true'"), 1);
}
