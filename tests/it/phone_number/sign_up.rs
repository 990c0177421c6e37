//! Sign-up by the proof of a phone number.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{
    ADAS, BOBS, claiming, code, code_for, number, owning, prove, user, verify, with_plugin, with_sign_up,
};

#[tokio::test]
async fn the_owner_of_an_unknown_number_signs_up_by_a_code() {
    let server = with_sign_up().start();
    let client = server.anonymous();
    assert_snapshot!(prove(&server, &client, ADAS).await);
    assert_eq!(number(&client).await, json!([ADAS, true]));
    // The second code signs the same user in.
    let again = server.anonymous();
    assert_eq!(prove(&server, &again, ADAS).await.status, 200);
    assert_eq!(user(&again).await["id"], user(&client).await["id"]);
}

#[tokio::test]
async fn a_new_user_has_the_fields_that_the_client_sends() {
    let server = with_sign_up()
        .file(
            r#"
            [user.additional_fields.plan]
            type = "string"
            [user.additional_fields.secret]
            type = "string"
            required = false
            input = false
            "#,
        )
        .start();
    let code = code_for(&server, ADAS).await;
    let client = server.anonymous();
    for (more, expected) in [
        (json!({}), "PLAN_IS_REQUIRED"),
        (json!({ "plan": 1 }), "VALIDATION_ERROR"),
        (
            json!({ "plan": "pro", "secret": "x" }),
            "SECRET_IS_NOT_ALLOWED_TO_BE_SET",
        ),
        (
            json!({ "plan": "pro", "phoneNumberVerified": true }),
            "PHONENUMBERVERIFIED_IS_NOT_ALLOWED_TO_BE_SET",
        ),
    ] {
        let answer = verify(&client, ADAS, &code, more).await;
        assert_eq!(self::code(&answer), (400, json!(expected)), "{answer}");
    }
    let more = json!({ "plan": "pro", "name": "Mallory", "email": "m@example.com", "emailVerified": true });
    assert_eq!(verify(&client, ADAS, &code, more).await.status, 200);
    let user = user(&client).await;
    assert_eq!(user["plan"], "pro");
    assert_eq!(user["name"], ADAS);
    assert_eq!(
        (&user["email"], &user["emailVerified"]),
        (&json!("+4915112345678@phone.example.com"), &json!(false))
    );
}

#[tokio::test]
async fn a_number_that_gives_no_address_creates_no_user() {
    let server = with_sign_up().start();
    let answer = prove(&server, &server.anonymous(), "a b").await;
    assert_eq!(code(&answer), (400, json!("INVALID_PHONE_NUMBER")));
    assert_eq!(server.rows(r#"select from "user""#), 0);
}

#[tokio::test]
async fn a_taken_temporary_address_creates_no_user() {
    let server = with_sign_up().start();
    server.signed_up("ada").await;
    server.execute(r#"update "user" set email = '+4915112345678@phone.example.com'"#);
    let answer = prove(&server, &server.anonymous(), ADAS).await;
    assert_eq!(code(&answer), (422, json!("FAILED_TO_CREATE_USER")));
}

#[tokio::test]
async fn a_claimed_number_becomes_the_number_of_the_caller_who_proves_it() {
    let server = with_plugin().start();
    let eve = claiming(&server, "eve", ADAS).await;
    let ada = owning(&server, "ada", ADAS).await;
    assert_eq!(number(&ada).await, json!([ADAS, true]));
    assert_eq!(number(&eve).await, json!([Value::Null, false]));
    // And in the other order of ids.
    let mallory = claiming(&server, "mallory", BOBS).await;
    assert_eq!(super::change(&server, &eve, BOBS).await.status, 200);
    assert_eq!(number(&mallory).await, json!([Value::Null, false]));
}
