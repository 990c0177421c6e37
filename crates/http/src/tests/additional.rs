use actix_web::{http::header, test::TestRequest};
use portcullis_application::{
    ports::{UniqueKey, WriteError},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork,
        fixtures::{a_session, a_user},
    },
};
use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    user::User,
};
use serde_json::{Value, json};

use super::{Answer, OWN, TOKEN, get, options, post, send_with};
use crate::Options;

fn field(name: &str, kind: FieldKind) -> FieldDefinition {
    FieldDefinition {
        name: name.to_owned(),
        kind,
        is_required: false,
        default: None,
        is_input: true,
        is_returned: true,
        is_unique: false,
    }
}

fn declared() -> FieldSchema {
    FieldSchema::new(vec![
        FieldDefinition {
            is_required: true,
            ..field("nick", FieldKind::String)
        },
        FieldDefinition {
            is_input: false,
            ..field("role", FieldKind::String)
        },
        field("tags", FieldKind::Strings),
        FieldDefinition {
            is_returned: false,
            ..field("hidden", FieldKind::Number)
        },
    ])
}

async fn send(store: FakeStore, request: TestRequest) -> Answer {
    let options = Options {
        user_fields: declared(),
        ..options()
    };
    send_with(&FakePorts::with_store(store).ports, options, request).await
}

fn sign_up(fields: &str) -> TestRequest {
    let body = format!(r#"{{"name":"n","email":"a@b.co","password":"password1"{fields}}}"#);
    post("/sign-up/email", body)
}

fn update(body: &str) -> TestRequest {
    post("/update-user", body)
        .insert_header((header::COOKIE, TOKEN))
        .insert_header((header::ORIGIN, OWN))
}

fn unknown() -> FakeUnitOfWork {
    let mut look = FakeUnitOfWork::default();
    look.users.expect_find_by_email().once().return_once(|_| Ok(None));
    look
}

fn present() -> FakeUnitOfWork {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(Some((a_session(), a_user()))));
    read
}

/// Expects a user with these additional fields to be stored.
fn storing(expected: Value) -> FakeUnitOfWork {
    let mut write = FakeUnitOfWork::default();
    write
        .users
        .expect_insert()
        .withf(move |user| Value::Object(user.additional.values().clone()) == expected)
        .once()
        .return_once(|row| Ok(row.clone()));
    write.accounts.expect_insert().once().return_once(|_| Ok(()));
    write
        .sessions
        .expect_insert()
        .once()
        .return_once(|row| Ok(row.clone()));
    write
}

#[actix_web::test]
async fn additional_fields_are_stored_and_shown_before_the_id() {
    let stored = json!({ "nick": "N", "tags": ["a"], "hidden": 7 });
    let store = FakeStore::new(vec![unknown()], vec![storing(stored)]);
    let answer = send(
        store,
        sign_up(r#","nick":"N","role":"","tags":["a"],"hidden":7,"other":1"#),
    )
    .await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .body
            .contains(r#"000Z","nick":"N","role":null,"tags":["a"],"id":""#),
        "{}",
        answer.body
    );
}

#[actix_web::test]
async fn invalid_additional_fields_are_rejected_by_name() {
    for (fields, code, message) in [
        ("", "NICK_IS_REQUIRED", "nick is required"),
        (
            r#","nick":"n","role":"admin""#,
            "ROLE_IS_NOT_ALLOWED_TO_BE_SET",
            "role is not allowed to be set",
        ),
        (
            r#","nick":1"#,
            "VALIDATION_ERROR",
            "[body.nick] Invalid input: expected string, received number",
        ),
        (
            r#","nick":null"#,
            "VALIDATION_ERROR",
            "[body.nick] Invalid input: expected string, received null",
        ),
        (
            r#","nick":"\u0000""#,
            "VALIDATION_ERROR",
            "[body.nick] Invalid string: must not include NUL",
        ),
        (
            r#","nick":"n","tags":["a","\u0000"]"#,
            "VALIDATION_ERROR",
            "[body.tags] Invalid string: must not include NUL",
        ),
    ] {
        // The store expects no call.
        let answer = send(FakeStore::default(), sign_up(fields)).await;
        let expected = json!({ "code": code, "message": message }).to_string();
        assert_eq!(answer.status_and_body(), (400, expected.as_str()), "{fields}");
        assert!(answer.cookies().is_empty());
    }
}

#[actix_web::test]
async fn a_unique_field_of_another_user_is_rejected() {
    let mut taken = FakeUnitOfWork::default();
    taken
        .users
        .expect_insert()
        .once()
        .return_once(|_| Err(WriteError::Taken(UniqueKey::AdditionalField)));
    let store = FakeStore::new(vec![unknown()], vec![taken]);
    let answer = send(store, sign_up(r#","nick":"n""#)).await;
    let expected = r#"{"code":"FAILED_TO_CREATE_USER","message":"Failed to create user"}"#;
    assert_eq!(answer.status_and_body(), (422, expected));

    let mut taken = FakeUnitOfWork::default();
    taken
        .users
        .expect_update()
        .once()
        .return_once(|_, _, _| Err(WriteError::Taken(UniqueKey::AdditionalField)));
    let store = FakeStore::new(vec![present(), taken], Vec::new());
    let answer = send(store, update(r#"{"nick":"n"}"#)).await;
    let expected = r#"{"code":"FAILED_TO_UPDATE_USER","message":"Failed to update user"}"#;
    assert_eq!(answer.status_and_body(), (422, expected));
}

#[actix_web::test]
async fn users_change_only_fields_that_clients_may_set() {
    let mut write = FakeUnitOfWork::default();
    write
        .users
        .expect_update()
        .withf(|_, patch, _| {
            let fields = Value::Object(patch.additional.values().clone());
            patch.name.is_none() && fields == json!({ "nick": "M", "hidden": 8 })
        })
        .once()
        .return_once(|_, _, _| Ok(Some(a_user())));
    let store = FakeStore::new(vec![present(), write], Vec::new());
    let answer = send(store, update(r#"{"hidden":8,"nick":"M","role":0}"#)).await;
    assert_eq!(answer.status_and_body(), (200, r#"{"status":true}"#));

    let refused = send(
        FakeStore::new(vec![present()], Vec::new()),
        update(r#"{"role":"admin"}"#),
    )
    .await;
    let expected = r#"{"code":"ROLE_IS_NOT_ALLOWED_TO_BE_SET","message":"role is not allowed to be set"}"#;
    assert_eq!(refused.status_and_body(), (400, expected));
}

/// `__proto__` and `constructor` are names like any other here (GHSA-737v-mqg7-c878).
#[actix_web::test]
async fn names_that_are_special_in_javascript_are_ignored() {
    let special = r#""__proto__":{"nick":"x","role":"admin"},"constructor":{"prototype":{"role":"admin"}}"#;
    let answer = send(FakeStore::default(), sign_up(&format!(",{special}"))).await;
    assert!(answer.body.contains("NICK_IS_REQUIRED"), "{}", answer.body);

    let stored = json!({ "nick": "N" });
    let store = FakeStore::new(vec![unknown()], vec![storing(stored)]);
    let answer = send(store, sign_up(&format!(r#","nick":"N",{special}"#))).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("proto"), "{}", answer.body);

    let answer = send(
        FakeStore::new(vec![present()], Vec::new()),
        update(&format!("{{{special}}}")),
    )
    .await;
    let expected = r#"{"code":"NO_FIELDS_TO_UPDATE","message":"No fields to update"}"#;
    assert_eq!(answer.status_and_body(), (400, expected));
}

#[actix_web::test]
async fn a_session_is_shown_with_the_additional_fields_of_session_and_user() {
    let fields = FieldSchema::new(vec![FieldDefinition {
        default: Some(json!("web")),
        ..field("device", FieldKind::String)
    }]);
    let user = User {
        additional: declared().defaults(),
        ..a_user()
    };
    let mut session = a_session();
    session.additional = fields.defaults();
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Ok(Some((session, user))));
    let options = Options {
        user_fields: declared(),
        session_fields: fields,
        ..options()
    };
    let ports = FakePorts::with_store(FakeStore::new(vec![read], Vec::new())).ports;
    let request = get("/api/auth/get-session").insert_header((header::COOKIE, TOKEN));
    let answer = send_with(&ports, options, request).await;
    for part in [
        r#""userId":"user-1","device":"web","id":"session-1"}"#,
        r#""nick":null,"role":null,"tags":null,"id":"user-1"}"#,
    ] {
        assert!(answer.body.contains(part), "{}", answer.body);
    }
}
