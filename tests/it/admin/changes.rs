//! Creation, change and removal of users, their roles and passwords.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

use super::{administrator, code, count, holding, id, post, refused, sign_in, with_plugin};

fn stored(server: &TestServer, columns: &str, name: &str) -> String {
    let statement = format!("select concat_ws('|', {columns}) from \"user\" where name = '{name}'");
    server.shown(&statement).unwrap()
}

#[tokio::test]
async fn an_administrator_creates_users_who_can_sign_in() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    let body = json!({
        "email": "Ada@Example.com", "name": "ada", "password": "password1234", "role": ["user", "editor"],
        "data": { "emailVerified": true, "image": "https://example.com/a.png", "id": "chosen", "unknown": 1 },
    });
    let answer = post(&root, "/admin/create-user", body).await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"user":{"name":"ada","email":"ada@example.com","emailVerified":true,"image":"https://example.com/a.png","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","role":"user,editor","banned":false,"banReason":null,"banExpires":null,"id":"392uZRyGX8oJtewduhdaIfsjfxpekRzB"}}
    "#);
    assert_eq!(sign_in(&server, "ada").await.1.status, 200);
    let without_password = json!({ "email": "bob@example.com", "name": "bob" });
    let answer = post(&root, "/admin/create-user", without_password).await;
    assert_eq!(answer.json()["user"]["role"], "user");
    assert_eq!(
        count(
            &server,
            "account where \"userId\" in (select id from \"user\" where name = 'bob')"
        ),
        0
    );
}

#[tokio::test]
async fn a_user_is_not_created_with_a_bad_address_or_a_bad_password() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    for (body, expected) in [
        (
            json!({ "email": "no", "name": "n" }),
            refused(400, "INVALID_EMAIL"),
        ),
        (
            json!({ "email": "ROOT@example.com", "name": "n" }),
            refused(400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
        ),
        (
            json!({ "email": "n@example.com", "name": "n", "password": "short" }),
            refused(400, "PASSWORD_TOO_SHORT"),
        ),
        (
            json!({ "email": "n@example.com", "name": "n", "role": 1 }),
            refused(400, "VALIDATION_ERROR"),
        ),
        (
            json!({ "email": "n@example.com", "name": "n", "data": { "role": 1 } }),
            refused(400, "INVALID_ROLE_TYPE"),
        ),
        (
            json!({ "email": "n@example.com", "name": "n", "data": { "emailVerified": "yes" } }),
            refused(400, "VALIDATION_ERROR"),
        ),
    ] {
        let answer = post(&root, "/admin/create-user", body).await;
        assert_eq!(code(&answer), expected, "{answer}");
    }
    assert_eq!(count(&server, "\"user\""), 1);
}

/// Better Auth stores whatever `data` contains.
#[tokio::test]
async fn data_grants_nothing_that_the_caller_may_not_do() {
    let file = r#"
        [plugins.admin.roles]
        clerk = { user = ["create", "update"] }
        admin = { user = ["set-role", "ban"] }
        user = {}
    "#;
    let server = TestServer::with().file(file).start();
    let clerk = holding(&server, "clerk", "clerk").await;
    let own = id(&clerk).await;
    let role = refused(403, "YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE");
    let ban = refused(403, "YOU_ARE_NOT_ALLOWED_TO_BAN_USERS");
    for (data, expected) in [
        (json!({ "role": "admin" }), &role),
        (json!({ "role": ["user", "admin"] }), &role),
        (json!({ "role": "user,admin" }), &role),
        (json!({ "banned": true }), &ban),
        (json!({ "banReason": "spam" }), &ban),
        (json!({ "banExpires": "2030-01-01T00:00:00Z" }), &ban),
    ] {
        let body = json!({ "userId": own, "data": data });
        let answer = post(&clerk, "/admin/update-user", body).await;
        assert_eq!(code(&answer).0, expected.0, "{data} {answer}");
        let body = json!({ "email": "n@example.com", "name": "n", "data": data });
        let answer = post(&clerk, "/admin/create-user", body).await;
        assert!(matches!(answer.status, 400 | 403), "{data} {answer}");
    }
    let body = json!({ "email": "n@example.com", "name": "n", "role": "admin" });
    let answer = post(&clerk, "/admin/create-user", body).await;
    assert_eq!(code(&answer), role);
    let data = json!({ "id": "chosen", "createdAt": "2000-01-01T00:00:00Z", "password": "password9999", "name": "c" });
    let body = json!({ "userId": own, "data": data });
    assert_eq!(post(&clerk, "/admin/update-user", body).await.status, 200);
    assert_eq!(id(&clerk).await, own);
    assert_eq!(stored(&server, "role, banned", "c"), "clerk|f");
    assert_eq!(count(&server, "\"user\""), 1);
}

#[tokio::test]
async fn an_administrator_changes_users() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    server.execute("update \"user\" set \"emailVerified\" = true where name = 'ada'");
    let user = id(&ada).await;
    let data = json!({ "name": "countess", "email": "Countess@Example.com" });
    let answer = post(
        &root,
        "/admin/update-user",
        json!({ "userId": user, "data": data }),
    )
    .await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"countess","email":"countess@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","role":"user","banned":false,"banReason":null,"banExpires":null,"id":"392uZRyGX8oJtewduhdaIfsjfxpekRzB"}
    "#);
    let data = json!({ "emailVerified": true, "image": null });
    post(
        &root,
        "/admin/update-user",
        json!({ "userId": user, "data": data }),
    )
    .await;
    assert_eq!(
        stored(&server, "email, \"emailVerified\"", "countess"),
        "countess@example.com|t"
    );
    for (body, expected) in [
        (
            json!({ "userId": user, "data": {} }),
            refused(400, "NO_DATA_TO_UPDATE"),
        ),
        (
            json!({ "userId": user, "data": { "email": "ROOT@example.com" } }),
            refused(400, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"),
        ),
        (
            json!({ "userId": user, "data": { "email": "no" } }),
            refused(400, "INVALID_EMAIL"),
        ),
        (
            json!({ "userId": user, "data": { "role": [1] } }),
            refused(400, "INVALID_ROLE_TYPE"),
        ),
        (
            json!({ "userId": "none", "data": { "name": "n" } }),
            refused(404, "USER_NOT_FOUND"),
        ),
        (
            json!({ "userId": id(&root).await, "data": { "banned": true } }),
            refused(400, "YOU_CANNOT_BAN_YOURSELF"),
        ),
    ] {
        let answer = post(&root, "/admin/update-user", body).await;
        assert_eq!(code(&answer), expected, "{answer}");
    }
}

#[tokio::test]
async fn roles_are_set_as_one_text_or_several() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = id(&ada).await;
    for (role, expected) in [
        (json!("editor"), "editor"),
        (json!(["editor", "user"]), "editor,user"),
        (json!("editor,admin"), "editor,admin"),
    ] {
        let body = json!({ "userId": user, "role": role });
        let answer = post(&root, "/admin/set-role", body).await;
        assert_eq!(answer.json()["user"]["role"], expected);
    }
    let answer = post(
        &root,
        "/admin/set-role",
        json!({ "userId": "none", "role": "user" }),
    )
    .await;
    assert_eq!(code(&answer), refused(404, "USER_NOT_FOUND"));
}

#[tokio::test]
async fn only_declared_roles_are_set_if_the_deployment_declares_roles() {
    let file = r#"
        [plugins.admin.roles]
        admin = { user = ["set-role", "create"] }
        user = {}
    "#;
    let server = TestServer::with().file(file).start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = id(&ada).await;
    let unknown = refused(400, "YOU_ARE_NOT_ALLOWED_TO_SET_A_NONEXISTENT_ROLE_VALUE");
    for role in [
        json!("editor"),
        json!("user,admin"),
        json!(["user", "editor"]),
        json!("__proto__"),
        json!(""),
    ] {
        let answer = post(&root, "/admin/set-role", json!({ "userId": user, "role": role })).await;
        assert_eq!(code(&answer), unknown, "{role}");
        let body = json!({ "email": "n@example.com", "name": "n", "role": role });
        let answer = post(&root, "/admin/create-user", body).await;
        assert_eq!(code(&answer), unknown, "{role}");
    }
    let body = json!({ "userId": user, "role": ["user", "admin"] });
    assert_eq!(post(&root, "/admin/set-role", body).await.status, 200);
}

#[tokio::test]
async fn an_administrator_sets_passwords() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let user = id(&ada).await;
    let set = async |password: &str| {
        let body = json!({ "userId": user, "newPassword": password });
        post(&root, "/admin/set-user-password", body).await
    };
    assert_eq!(code(&set("short").await), refused(400, "PASSWORD_TOO_SHORT"));
    assert_eq!(
        code(&set(&"x".repeat(129)).await),
        refused(400, "PASSWORD_TOO_LONG")
    );
    assert_eq!(code(&set("").await), refused(400, "VALIDATION_ERROR"));
    server.execute("delete from account");
    assert_eq!(set("password5678").await.json(), json!({ "status": true }));
    let session = ada.get("/get-session").send().await.json();
    assert_eq!(session, Value::Null, "the sessions of the user have ended");
    let body = json!({ "email": "ada@example.com", "password": "password5678" });
    let signed_in = server.anonymous().post("/sign-in/email", &body).send().await;
    assert_eq!(signed_in.status, 200);
    let body = json!({ "userId": "none", "newPassword": "password5678" });
    let answer = post(&root, "/admin/set-user-password", body).await;
    assert_eq!(code(&answer), refused(404, "USER_NOT_FOUND"));
}

#[tokio::test]
async fn an_administrator_removes_users() {
    let server = with_plugin().start();
    let (root, ada) = (administrator(&server).await, server.signed_up("ada").await);
    let body = json!({ "userId": id(&ada).await });
    let answer = post(&root, "/admin/remove-user", body.clone()).await;
    assert_eq!(answer.json(), json!({ "success": true }));
    let answer = post(&root, "/admin/remove-user", body).await;
    assert_eq!(code(&answer), refused(404, "USER_NOT_FOUND"));
    let own = json!({ "userId": id(&root).await });
    let answer = post(&root, "/admin/remove-user", own).await;
    assert_eq!(code(&answer), refused(400, "YOU_CANNOT_REMOVE_YOURSELF"));
    for table in ["account", "session", "\"user\""] {
        assert_eq!(count(&server, table), 1, "{table}");
    }
}

/// wire: as in Better Auth, false values are ignored and others are rejected.
#[tokio::test]
async fn clients_cannot_set_roles_or_bans_of_their_own() {
    let server = with_plugin().start();
    for (member, value, status) in [
        ("role", json!("admin"), 400),
        ("banReason", json!("x"), 400),
        ("banExpires", json!("2030-01-01T00:00:00Z"), 400),
        ("banned", json!(true), 200),
        ("role", json!(""), 200),
    ] {
        let name = format!("u{status}{member}{}", value.as_str().map_or(0, str::len));
        let mut body =
            json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
        body[member] = value.clone();
        let answer = server.anonymous().post("/sign-up/email", &body).send().await;
        assert_eq!(answer.status, status, "{member}");
    }
    let kinds = server.shown("select string_agg(distinct concat(role, banned), ',') from \"user\"");
    assert_eq!(kinds.as_deref(), Some("userf"));
    let ada = server.signed_up("ada").await;
    let answer = post(&ada, "/update-user", json!({ "role": "admin" })).await;
    assert_eq!(code(&answer), refused(400, "ROLE_IS_NOT_ALLOWED_TO_BE_SET"));
}
