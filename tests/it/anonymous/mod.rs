//! The plugin `anonymous`.

mod link;

use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

const PASSWORD: &str = "password1234";

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__ANONYMOUS__ENABLED", "true")
}

async fn sign_in(caller: &Caller) -> Answer {
    caller.post("/sign-in/anonymous", &json!({})).send().await
}

async fn delete(caller: &Caller) -> Answer {
    caller.post("/delete-anonymous-user", &json!({})).send().await
}

async fn guest(server: &TestServer) -> Caller {
    let caller = server.anonymous();
    let answer = sign_in(&caller).await;
    assert_eq!(answer.status, 200, "{answer}");
    caller
}

async fn user(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()["user"].clone()
}

fn users(server: &TestServer) -> i64 {
    server.rows(r#"select from "user""#)
}

fn guests(server: &TestServer) -> i64 {
    server.rows(r#"select from "user" where "isAnonymous""#)
}

#[tokio::test]
async fn a_guest_signs_in_without_an_address_and_a_password() {
    let server = with_plugin().start();
    let caller = server.anonymous();
    assert_snapshot!(sign_in(&caller).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=W6JjgO9mPfAr3Tyf3gDzF0usdirt1pJP.lL54PbeDf1Sn381jLH3Tdblz0KX1h8bPe%2Feo2DdsLJE%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"token":"W6JjgO9mPfAr3Tyf3gDzF0usdirt1pJP","user":{"name":"Anonymous","email":"temp@dkjbq4lmwm2mi4zj9x8dsl2ebfgmtc7b.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","isAnonymous":true,"id":"vss1CcP9gRqxpdKprdGPM0SfeARnAyxE"}}
    "#);
    let session = caller.get("/get-session").send().await.json();
    assert_eq!(session["user"]["isAnonymous"], true);
    assert_eq!(server.rows("select from account"), 0);
}

/// Clients may send no body and no content type.
#[tokio::test]
async fn a_guest_signs_in_without_a_body() {
    let server = with_plugin().start();
    let call = server.anonymous();
    let answer = call.call("POST", "/api/auth/sign-in/anonymous").send().await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn a_guest_does_not_become_another_guest_and_a_user_who_is_no_guest_does() {
    let server = with_plugin().start();
    let caller = guest(&server).await;
    assert_snapshot!(sign_in(&caller).await, @r#"
    400
    content-type: application/json
    {"code":"ANONYMOUS_USERS_CANNOT_SIGN_IN_AGAIN_ANONYMOUSLY","message":"Anonymous users cannot sign in again anonymously"}
    "#);
    assert_eq!(guests(&server), 1);

    let ada = server.signed_up("ada").await;
    assert_eq!(sign_in(&ada).await.status, 200);
    assert_eq!(user(&ada).await["isAnonymous"], true);
    assert_eq!((guests(&server), users(&server)), (2, 3));
}

#[tokio::test]
async fn a_guest_is_deleted_with_all_rows() {
    let server = with_plugin().start();
    let caller = guest(&server).await;
    assert_snapshot!(delete(&caller).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"success":true}
    "#);
    assert_eq!(users(&server) + server.rows("select from session"), 0);
    assert_eq!(delete(&caller).await.status, 401);
}

#[tokio::test]
async fn a_user_who_is_no_guest_is_not_deleted() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(delete(&ada).await, @r#"
    403
    content-type: application/json
    {"code":"USER_IS_NOT_ANONYMOUS","message":"User is not anonymous"}
    "#);
    assert_eq!(users(&server), 1);
}

#[tokio::test]
async fn no_guest_is_deleted_if_deletion_is_disabled() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__ANONYMOUS__DISABLE_DELETE_ANONYMOUS_USER",
            "true",
        )
        .start();
    let caller = guest(&server).await;
    assert_snapshot!(delete(&caller).await, @r#"
    400
    content-type: application/json
    {"code":"DELETING_ANONYMOUS_USERS_IS_DISABLED","message":"Deleting anonymous users is disabled"}
    "#);
    // Better Auth asks for the option first.
    let ada = server.signed_up("ada").await;
    assert_eq!(delete(&ada).await.code(), "DELETING_ANONYMOUS_USERS_IS_DISABLED");
    assert_eq!(users(&server), 2);
}

/// The table of an application refers to the guest.
#[tokio::test]
async fn a_guest_to_whom_other_rows_refer_is_not_deleted_and_stays_signed_in() {
    let server = with_plugin().start();
    let caller = guest(&server).await;
    server.execute(
        r#"create table orders ("user" text references "user" ("id")); insert into orders select "id" from "user""#,
    );
    assert_snapshot!(delete(&caller).await, @r#"
    500
    content-type: application/json
    {"code":"FAILED_TO_DELETE_ANONYMOUS_USER","message":"Failed to delete anonymous user"}
    "#);
    assert_eq!(user(&caller).await["isAnonymous"], true);
}

#[tokio::test]
async fn no_client_can_set_whether_a_user_is_a_guest() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let stranger = server.anonymous();
    let body =
        json!({ "name": "eve", "email": "eve@example.com", "password": PASSWORD, "isAnonymous": true });
    // wire: a sign-up ignores fields with a default that clients cannot set.
    let signed_up = stranger.post("/sign-up/email", &body).send().await;
    assert_eq!(signed_up.json()["user"]["isAnonymous"], false, "{signed_up}");
    let ada = server.signed_up("ada").await;
    let refused = ada
        .post("/update-user", &json!({ "isAnonymous": true }))
        .send()
        .await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "ISANONYMOUS_IS_NOT_ALLOWED_TO_BE_SET")
    );
    let caller = guest(&server).await;
    let refused = caller
        .post("/update-user", &json!({ "isAnonymous": true }))
        .send()
        .await;
    assert_eq!(refused.status, 400, "{refused}");

    server.execute(r#"update "user" set role = 'admin' where name = 'ada'"#);
    let id = user(&caller).await["id"].clone();
    let update = json!({ "userId": id, "data": { "isAnonymous": false } });
    let updated = ada.post("/admin/update-user", &update).send().await;
    assert_eq!(updated.json()["isAnonymous"], true, "{updated}");
    assert_eq!(guests(&server), 1);
}

/// A page of another site that signs its visitor in as a guest would end the visitor's session.
#[tokio::test]
async fn a_page_of_another_site_cannot_sign_a_visitor_in_as_a_guest() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    for caller in [&ada, &server.anonymous()] {
        let call = caller.post("/sign-in/anonymous", &json!({}));
        let answer = call
            .header("origin", "https://evil.test")
            .header("sec-fetch-site", "cross-site")
            .send()
            .await;
        assert_eq!(answer.status, 403, "{answer}");
    }
    assert_eq!(guests(&server), 0);
}

#[tokio::test]
async fn sign_ins_of_guests_are_limited_as_every_sign_in() {
    let server = with_plugin()
        .set("PORTCULLIS_RATE_LIMIT__ENABLED", "true")
        .start();
    for expected in [200, 200, 200, 429] {
        assert_eq!(sign_in(&server.anonymous()).await.status, expected);
    }
    assert_eq!(guests(&server), 3);
}

#[tokio::test]
async fn a_guest_has_the_role_of_new_users() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let caller = guest(&server).await;
    assert_eq!(user(&caller).await["role"], "user");
}

#[tokio::test]
async fn there_are_no_guests_if_the_plugin_is_disabled() {
    let server = TestServer::start();
    assert_eq!(sign_in(&server.anonymous()).await.status, 404);
    let ada = server.signed_up("ada").await;
    assert_eq!(delete(&ada).await.status, 404);
    assert!(user(&ada).await.get("isAnonymous").is_none());
}
