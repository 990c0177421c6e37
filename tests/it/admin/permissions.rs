//! What callers may do.

use insta::assert_snapshot;
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

use super::{administrator, holding, id, post, with_plugin};

/// Every route that needs a permission, with a request that changes nothing.
pub(super) const ROUTES: &[(&str, &str)] = &[
    ("/admin/create-user", r#"{"email":"no","name":"n"}"#),
    ("/admin/update-user", r#"{"userId":"none","data":{"name":"n"}}"#),
    ("/admin/set-role", r#"{"userId":"none","role":"user"}"#),
    ("/admin/ban-user", r#"{"userId":"none"}"#),
    ("/admin/unban-user", r#"{"userId":"none"}"#),
    ("/admin/impersonate-user", r#"{"userId":"none"}"#),
    ("/admin/remove-user", r#"{"userId":"none"}"#),
    (
        "/admin/set-user-password",
        r#"{"userId":"none","newPassword":"password5678"}"#,
    ),
    ("/admin/list-user-sessions", r#"{"userId":"none"}"#),
    ("/admin/revoke-user-session", r#"{"sessionToken":"none"}"#),
    ("/admin/revoke-user-sessions", r#"{"userId":"none"}"#),
    ("GET /admin/list-users", ""),
    ("GET /admin/get-user?id=none", ""),
];

async fn ask(caller: &Caller, (path, body): (&str, &str)) -> String {
    let answer = if let Some(path) = path.strip_prefix("GET ") {
        caller.get(path).send().await
    } else {
        let body: Value = serde_json::from_str(body).unwrap();
        post(caller, path, body).await
    };
    format!("{} {}", answer.status, answer.code())
        .trim_end()
        .to_owned()
}

/// Every route for every kind of caller.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn every_route_permits_what_the_role_permits() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    let user = server.signed_up("ada").await;
    let banned = server.signed_up("bob").await;
    server.execute("update \"user\" set banned = true where name = 'bob'");
    let demoted = holding(&server, "eve", "user").await;
    let acting = server.signed_in("root").await;
    let target = json!({ "userId": id(&user).await });
    post(&acting, "/admin/impersonate-user", target).await;
    let mut table = String::new();
    for route in ROUTES {
        table.push_str(route.0);
        for (kind, caller) in [
            ("anonymous", &server.anonymous()),
            ("user", &user),
            ("banned", &banned),
            ("demoted", &demoted),
            ("acting for a user", &acting),
            ("administrator", &root),
        ] {
            let answer = ask(caller, *route).await;
            table.extend(["\n  ", kind, ": ", &answer]);
        }
        table.push('\n');
    }
    assert_snapshot!(table, @"
    /admin/create-user
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS
      administrator: 400 INVALID_EMAIL
    /admin/update-user
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS
      administrator: 404 USER_NOT_FOUND
    /admin/set-role
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE
      administrator: 404 USER_NOT_FOUND
    /admin/ban-user
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
      administrator: 404 USER_NOT_FOUND
    /admin/unban-user
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_BAN_USERS
      administrator: 404 USER_NOT_FOUND
    /admin/impersonate-user
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS
      administrator: 404 USER_NOT_FOUND
    /admin/remove-user
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS
      administrator: 404 USER_NOT_FOUND
    /admin/set-user-password
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD
      administrator: 404 USER_NOT_FOUND
    /admin/list-user-sessions
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS
      administrator: 200
    /admin/revoke-user-session
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
      administrator: 200
    /admin/revoke-user-sessions
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS
      administrator: 200
    GET /admin/list-users
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_LIST_USERS
      administrator: 200
    GET /admin/get-user?id=none
      anonymous: 401
      user: 403 YOU_ARE_NOT_ALLOWED_TO_GET_USER
      banned: 401
      demoted: 403 YOU_ARE_NOT_ALLOWED_TO_GET_USER
      acting for a user: 403 YOU_ARE_NOT_ALLOWED_TO_GET_USER
      administrator: 404 USER_NOT_FOUND
    ");
}

/// The session cookie cache still shows the role of an administrator who was demoted.
#[tokio::test]
async fn a_demoted_administrator_with_a_cached_session_may_do_nothing() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    let root = administrator(&server).await;
    root.get("/get-session").send().await;
    server.execute("update \"user\" set role = 'user'");
    for route in ROUTES {
        assert!(ask(&root, *route).await.starts_with("403 "), "{}", route.0);
    }
}

#[tokio::test]
async fn the_caller_is_asked_about_whatever_the_body_names() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let ban = json!({ "user": ["ban"] });
    for (caller, body, expected) in [
        (&root, json!({ "permissions": ban }), true),
        (&root, json!({ "permission": ban }), true),
        (&root, json!({ "permissions": { "user": ["ban", "fly"] } }), false),
        (&root, json!({ "permissions": { "invoice": ["void"] } }), false),
        (&root, json!({ "permissions": {} }), false),
        (&ada, json!({ "permissions": ban, "role": "admin" }), false),
        (
            &ada,
            json!({ "permissions": ban, "userId": id(&root).await }),
            false,
        ),
        (&root, json!({ "permissions": ban, "role": "user" }), true),
    ] {
        let answer = post(caller, "/admin/has-permission", body.clone()).await;
        assert_eq!(
            answer.json(),
            json!({ "error": null, "success": expected }),
            "{body}"
        );
    }
    for (body, message) in [
        (json!({}), "[body] Invalid input"),
        (
            json!({ "permissions": ban, "permission": ban }),
            "[body] Invalid input",
        ),
        (
            json!({ "permissions": { "user": "ban" } }),
            "[body] Invalid input",
        ),
        (
            json!({ "role": 1, "permissions": ban }),
            "[body.role] Invalid input: expected string, received number",
        ),
    ] {
        let answer = post(&root, "/admin/has-permission", body).await;
        assert_eq!(answer.json()["message"], message);
    }
}

#[tokio::test]
async fn listed_users_may_do_everything() {
    let first = TestServer::with().start();
    let ada = first.signed_up("ada").await;
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ADMIN_USER_IDS", &id(&ada).await)
        .replica_of(&first)
        .start();
    let ada = server.signed_in("ada").await;
    assert_eq!(ask(&ada, ("GET /admin/list-users", "")).await, "200");
    let other = server.signed_up("bob").await;
    assert!(
        ask(&other, ("GET /admin/list-users", ""))
            .await
            .starts_with("403 ")
    );
}
