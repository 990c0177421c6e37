//! Sessions of users.

use chrono::TimeDelta;
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{administrator, count, id, post, with_plugin};

#[tokio::test]
async fn an_administrator_lists_and_ends_the_sessions_of_a_user() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    server.clock.advance(TimeDelta::seconds(1));
    let other = server.signed_in("ada").await;
    let user = json!({ "userId": id(&ada).await });
    let answer = post(&root, "/admin/list-user-sessions", user.clone()).await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"sessions":[{"expiresAt":"2026-01-08T00:00:00.000Z","token":"i8aYMLP3r6BQWDeHuf1DHFys8b0aNQOw","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"392uZRyGX8oJtewduhdaIfsjfxpekRzB","impersonatedBy":null,"id":"89vUDR8Yatfnm5GEaKamRmjUVMgDuvcB"},{"expiresAt":"2026-01-08T00:00:01.000Z","token":"qFGa4A2b8nfd6ylAbbx8k2ASMISvnjhT","createdAt":"2026-01-01T00:00:01.000Z","updatedAt":"2026-01-01T00:00:01.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"392uZRyGX8oJtewduhdaIfsjfxpekRzB","impersonatedBy":null,"id":"1cGxGKnrZtyg9G83NUtTIR4fMm2dQd2s"}]}
    "#);
    let token = answer.json()["sessions"][0]["token"].clone();
    let answer = post(
        &root,
        "/admin/revoke-user-session",
        json!({ "sessionToken": token }),
    )
    .await;
    assert_eq!(answer.json(), json!({ "success": true }));
    let session = ada.get("/get-session").send().await.json();
    assert_eq!(session, Value::Null);
    let answer = post(
        &root,
        "/admin/revoke-user-session",
        json!({ "sessionToken": "none" }),
    )
    .await;
    assert_eq!(answer.json(), json!({ "success": true }));
    let answer = post(&root, "/admin/revoke-user-sessions", user).await;
    assert_eq!(answer.json(), json!({ "success": true }));
    let session = other.get("/get-session").send().await.json();
    assert_eq!(session, Value::Null);
    assert_eq!(count(&server, "session"), 1);
}

#[tokio::test]
async fn expired_sessions_and_sessions_of_administrators_are_listed() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = json!({ "userId": id(&ada).await });
    server.execute("update session set \"expiresAt\" = '2020-01-01' where \"userId\" in (select id from \"user\" where name = 'ada')");
    let acting = server.signed_in("root").await;
    post(&acting, "/admin/impersonate-user", user.clone()).await;
    let answer = post(&root, "/admin/list-user-sessions", user).await;
    assert_eq!(answer.json()["sessions"].as_array().unwrap().len(), 2);
}
