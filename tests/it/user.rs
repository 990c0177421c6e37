//! `POST /update-user`.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::{Answer, Caller, TestServer};
use serde_json::{Value, json};

async fn update(caller: &Caller, body: Value) -> Answer {
    caller.post("/update-user", &body).send().await
}

async fn user(caller: &Caller) -> Value {
    let answer = caller.get("/get-session").send().await.json();
    answer.get("user").cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_name_and_a_picture_are_changed_and_the_session_cookie_gets_its_full_max_age() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::hours(1));
    let body = json!({ "name": "Ada L.", "image": "https://example.com/ada.png" });
    assert_snapshot!(update(&ada, body).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"status":true}
    "#);
    assert_snapshot!(user(&ada).await, @r#"{"name":"Ada L.","email":"ada@example.com","emailVerified":false,"image":"https://example.com/ada.png","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T01:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}"#);
}

#[tokio::test]
async fn missing_members_are_unchanged_and_null_removes_the_picture() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    update(&ada, json!({ "image": "/ada.png" })).await;
    assert_eq!(user(&ada).await["image"], json!("/ada.png"));
    update(&ada, json!({ "name": "" })).await;
    assert_eq!(user(&ada).await["image"], json!("/ada.png"));
    update(&ada, json!({ "image": null })).await;
    assert_eq!(
        (&user(&ada).await["name"], &user(&ada).await["image"]),
        (&json!(""), &json!(null))
    );
}

#[tokio::test]
async fn update_user_keeps_remember_me_false() {
    let server = TestServer::start();
    let ada = server.anonymous();
    let body =
        json!({ "name": "ada", "email": "ada@example.com", "password": "password1234", "rememberMe": false });
    ada.post("/sign-up/email", &body).send().await;
    let answer = update(&ada, json!({ "name": "Ada" })).await;
    assert_eq!(answer.cookies().count(), 2);
    assert!(answer.cookies().all(|line| !line.contains("Max-Age")));
}

#[tokio::test]
async fn update_user_does_not_change_the_address() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(update(&ada, json!({ "name": "x", "email": "new@example.com" })).await, @r#"
    400
    content-type: application/json
    {"code":"EMAIL_CAN_NOT_BE_UPDATED","message":"Email can not be updated"}
    "#);
    for email in [json!("0"), json!(1), json!(true), json!([]), json!({})] {
        let answer = update(&ada, json!({ "name": "x", "email": email })).await;
        assert_eq!(answer.code(), "EMAIL_CAN_NOT_BE_UPDATED", "{email}");
    }
    assert_eq!(user(&ada).await["name"], json!("ada"));
    for email in [json!(""), json!(0), json!(-0.0), json!(false), json!(null)] {
        let answer = update(&ada, json!({ "name": "x", "email": email })).await;
        assert_eq!(answer.status, 200, "{email}");
    }
    assert_eq!(user(&ada).await["email"], json!("ada@example.com"));
}

#[tokio::test]
async fn an_update_without_fields_is_rejected() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    assert_snapshot!(update(&ada, json!({})).await, @r#"
    400
    content-type: application/json
    {"code":"NO_FIELDS_TO_UPDATE","message":"No fields to update"}
    "#);
    let body = json!({ "emailVerified": true, "id": "mine", "email": "" });
    assert_eq!(update(&ada, body).await.code(), "NO_FIELDS_TO_UPDATE");
    assert_eq!(user(&ada).await["updatedAt"], json!("2026-01-01T00:00:00.000Z"));
}

#[tokio::test]
async fn members_of_a_wrong_type_or_length_are_rejected() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let long = "x".repeat(257);
    for (body, message) in [
        (
            json!({ "name": null }),
            "[body.name] Invalid input: expected string, received null",
        ),
        (
            json!({ "name": ["x"], "image": 1 }),
            "[body.name] Invalid input: expected string, received array; [body.image] Invalid input: expected string, received number",
        ),
        (
            json!({ "name": long }),
            "[body.name] Too big: expected string to have <=256 characters",
        ),
        (
            json!({ "name": "a\0" }),
            "[body.name] Invalid string: must not include NUL",
        ),
        (
            json!({ "image": "javascript:alert(1)" }),
            "[body.image] Invalid URL",
        ),
        (json!({ "image": "data:text/html,x" }), "[body.image] Invalid URL"),
        (
            json!(null),
            "[body] Invalid input: expected record, received null",
        ),
        (
            json!("x"),
            "[body] Invalid input: expected record, received string",
        ),
        (json!([]), "[body] Invalid input: expected record, received array"),
    ] {
        let answer = update(&ada, body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json(),
            json!({ "code": "VALIDATION_ERROR", "message": message })
        );
    }
    let call = ada.call("POST", "/api/auth/update-user");
    let none = call.header("origin", "http://localhost:3000").send().await;
    assert_snapshot!(none, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body] Invalid input: expected record, received undefined"}
    "#);
    assert_eq!(user(&ada).await["name"], json!("ada"));
}

/// Bodies with a name, and with attempts to set other columns.
fn bodies_beyond_what_is_declared() -> Vec<String> {
    let columns = [
        "id",
        "emailVerified",
        "createdAt",
        "updatedAt",
        "role",
        "banned",
        "password",
    ];
    let values = [
        "true",
        "1",
        r#""2020-01-01T00:00:00.000Z""#,
        r#"{"set":true}"#,
        r#"["a"]"#,
    ];
    let mut bodies: Vec<String> = Vec::new();
    for column in columns {
        let snake: String = column
            .chars()
            .flat_map(|letter| {
                let upper = letter.is_ascii_uppercase().then_some('_');
                upper.into_iter().chain([letter.to_ascii_lowercase()])
            })
            .collect();
        for value in values {
            bodies.extend([
                format!(r#"{{"name":"x","{column}":{value}}}"#),
                format!(r#"{{"name":"x","{snake}":{value}}}"#),
                format!(r#"{{"name":"x","{column}":{value},"{column}":{value}}}"#),
                format!(r#"{{"name":"x","user":{{"{column}":{value}}},"data":{{"{column}":{value}}}}}"#),
                format!(r#"{{"name":"x","user.{column}":{value},"user[{column}]":{value}}}"#),
                format!(r#"{{"name":"x","__proto__":{{"{column}":{value}}}}}"#),
                format!(r#"{{"name":"x","constructor":{{"prototype":{{"{column}":{value}}}}}}}"#),
                format!(r#"{{"name":"x","{column}\u0000":{value},"\"{column}\" = ":{value}}}"#),
            ]);
        }
    }
    bodies
}

/// Mass assignment: only the name and the picture can change.
#[tokio::test]
async fn no_other_column_can_be_set() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    server.signed_up("bob").await;
    server.execute("create table before as select * from \"user\"");
    for body in bodies_beyond_what_is_declared() {
        let answer = ada
            .post("/update-user", &json!(null))
            .body("application/json", body.clone())
            .send()
            .await;
        assert_eq!(answer.status, 200, "{body}: {answer}");
    }
    let unreachable = "id, email, \"emailVerified\", \"createdAt\"";
    assert_eq!(
        server.rows(&format!(
            "(select {unreachable} from \"user\" except select {unreachable} from before)"
        )),
        0
    );
    assert_eq!(server.rows("(table \"user\" except table before)"), 1);
    assert_eq!(
        server.rows("select 1 from \"user\" where name = 'x' and \"updatedAt\" = '2026-01-01'"),
        1
    );
}

#[tokio::test]
async fn a_duplicate_member_takes_the_last_value() {
    let server = TestServer::start();
    let ada = server.signed_up("ada").await;
    let body = r#"{"name":"one","name":"two"}"#;
    ada.post("/update-user", &json!(null))
        .body("application/json", body)
        .send()
        .await;
    assert_eq!(user(&ada).await["name"], json!("two"));
}
