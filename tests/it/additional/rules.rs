//! Fields that are required, have a default, cannot be set by clients, are not returned, or are unique.

use serde_json::json;

use portcullis_testkit::base64url;

use super::{EVERY_TYPE, claims, declared, part, sign_up, update, user};

#[tokio::test]
async fn a_required_field_must_be_sent_and_cannot_be_removed() {
    let server = declared("[user.additional_fields]\nnick = { type = \"string\" }").start();
    let ada = server.anonymous();
    let missing = sign_up(&ada, "ada", &json!({})).await;
    assert_eq!(
        (missing.status, missing.code().as_str()),
        (400, "NICK_IS_REQUIRED")
    );
    assert!(missing.body.contains("nick is required"), "{missing}");
    assert_eq!(sign_up(&ada, "ada", &json!({ "nick": null })).await.status, 400);
    assert_eq!(server.rows(r#"select from "user""#), 0);
    assert_eq!(sign_up(&ada, "ada", &json!({ "nick": "n" })).await.status, 200);
    assert_eq!(update(&ada, &json!({ "nick": null })).await.status, 400);
    assert_eq!(update(&ada, &json!({ "name": "Countess" })).await.status, 200);
    assert_eq!(user(&ada).await["nick"], "n");
    assert_eq!(server.shown("(select is_nullable from information_schema.columns where table_name = 'user' and column_name = 'nick')").unwrap(), "NO");
}

#[tokio::test]
async fn a_default_is_stored_if_no_value_is_sent() {
    let file = r#"
        [user.additional_fields]
        locale = { type = "string", default = "en" }
        limit = { type = "number", default = 0 }
        beta = { type = "boolean", default = false }
        tags = { type = "string[]", default_value = ["new"] }
    "#;
    let server = declared(file).start();
    let (ada, eve) = (server.signed_up("ada").await, server.anonymous());
    let defaults = json!({ "locale": "en", "limit": 0, "beta": false, "tags": ["new"] });
    assert_eq!(part(&user(&ada).await, &defaults), defaults);
    let own = json!({ "locale": "de", "limit": 7, "beta": true, "tags": [] });
    sign_up(&eve, "eve", &own).await;
    assert_eq!(part(&user(&eve).await, &own), own);
}

/// Mass assignment of declared fields: a value is rejected, or at sign-up replaced by the field's default.
#[tokio::test]
async fn clients_cannot_set_fields_with_input_false() {
    let file = r#"
        [user.additional_fields]
        role = { type = "string", required = false, input = false }
        plan = { type = ["free", "paid"], default = "free", input = false }
    "#;
    let server = declared(file).start();
    let refused = sign_up(&server.anonymous(), "eve", &json!({ "role": "admin" })).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (400, "ROLE_IS_NOT_ALLOWED_TO_BE_SET")
    );
    assert_eq!(server.rows(r#"select from "user""#), 0);
    let ada = server.anonymous();
    let signed_up = sign_up(&ada, "ada", &json!({ "plan": "paid", "role": "" })).await;
    assert_eq!(signed_up.status, 200, "{signed_up}");
    let expected = json!({ "role": null, "plan": "free" });
    assert_eq!(part(&user(&ada).await, &expected), expected);
    for body in [
        json!({ "role": "admin" }),
        json!({ "plan": "paid" }),
        json!({ "name": "A", "role": "admin" }),
    ] {
        let answer = update(&ada, &body).await;
        assert!(
            answer.status == 400 && answer.code().ends_with("_IS_NOT_ALLOWED_TO_BE_SET"),
            "{answer}"
        );
    }
    assert_eq!(part(&user(&ada).await, &expected), expected);
    assert_eq!(user(&ada).await["name"], "ada");
    server.execute(r#"update "user" set role = 'admin', plan = 'paid'"#);
    let by_others = json!({ "role": "admin", "plan": "paid" });
    assert_eq!(part(&user(&ada).await, &by_others), by_others);
}

#[tokio::test]
async fn all_invalid_fields_are_reported_at_once_with_the_allowed_values() {
    let server = declared(&format!(
        r#"{EVERY_TYPE}
        locale = {{ type = "string" }}
        role = {{ type = "string", required = false, input = false }}
    "#
    ))
    .start();
    let ada = server.anonymous();
    let wrong = json!({ "age": "36", "plan": "gold", "role": "admin", "motto": "x".repeat(4097) });
    let answer = sign_up(&ada, "ada", &wrong).await;
    let message = "[body.motto] Too big: expected string to have <=4096 characters; \
        [body.age] Invalid input: expected int, received string; \
        [body.plan] Invalid option: expected one of \"free\"|\"paid\"; \
        locale is required; role is not allowed to be set";
    assert_eq!((answer.status, answer.code().as_str()), (400, "VALIDATION_ERROR"));
    assert_eq!(answer.json()["message"], message);

    // One error, and the code of the first of several errors, are Better Auth's.
    let missing = sign_up(&ada, "ada", &json!({})).await;
    assert_eq!(
        missing.body,
        r#"{"code":"LOCALE_IS_REQUIRED","message":"locale is required"}"#
    );
    let several = sign_up(&ada, "ada", &json!({ "role": "admin" })).await;
    assert_eq!(
        several.body,
        r#"{"code":"LOCALE_IS_REQUIRED","message":"locale is required; role is not allowed to be set"}"#
    );
    assert_eq!(server.rows(r#"select from "user""#), 0);

    assert_eq!(sign_up(&ada, "ada", &json!({ "locale": "en" })).await.status, 200);
    let update = update(&ada, &json!({ "locale": null, "plan": "gold" })).await;
    let message = "[body.plan] Invalid option: expected one of \"free\"|\"paid\"; \
        [body.locale] Invalid input: expected string, received null";
    assert_eq!(update.json()["message"], message);
}

/// Mass assignment of names that are not declared, whether there is such a column or not.
#[tokio::test]
async fn undeclared_members_are_ignored() {
    let server = declared(EVERY_TYPE).start();
    server.execute(r#"alter table "user" add column role text, add column "twoFactorEnabled" boolean"#);
    let more = json!({
        "role": "admin", "twoFactorEnabled": true, "emailVerified": true, "id": "chosen", "userId": "chosen",
        "createdAt": "2000-01-01T00:00:00.000Z", "banned": false, "__proto__": { "role": "admin" },
        "constructor": { "prototype": { "role": "admin" } }, "MOTTO": "x", "motto ": "x",
    });
    let ada = server.anonymous();
    let signed_up = sign_up(&ada, "ada", &more).await;
    assert_eq!(signed_up.status, 200, "{signed_up}");
    assert_eq!(update(&ada, &more).await.code(), "NO_FIELDS_TO_UPDATE");
    let mut mixed = more.clone();
    mixed["name"] = json!("Countess");
    assert_eq!(update(&ada, &mixed).await.status, 200);
    let untouched = r#"role is null and "twoFactorEnabled" is null and not "emailVerified" and id <> 'chosen'
        and "createdAt" > '2001-01-01' and motto is null and name = 'Countess'"#;
    assert_eq!(
        server.rows(&format!(r#"select from "user" where {untouched}"#)),
        1
    );
    let shown = user(&ada).await;
    assert!(
        shown.get("role").is_none() && shown.get("twoFactorEnabled").is_none(),
        "{shown}"
    );
}

#[tokio::test]
async fn a_field_with_returned_false_is_in_no_answer() {
    let file = r#"
        [user.additional_fields]
        hidden = { type = "string", returned = false }
        [session.additional_fields]
        trace = { type = "string", default = "a secret trace", returned = false }
    "#;
    for cache in ["false", "true"] {
        let server = declared(file)
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", cache)
            .start();
        let ada = server.anonymous();
        let more = json!({ "hidden": "a secret of ours" });
        let mut answers = vec![
            sign_up(&ada, "ada", &more).await,
            update(&ada, &json!({ "hidden": "a secret again" })).await,
        ];
        for path in [
            "/get-session",
            "/get-session?disableCookieCache=true",
            "/list-sessions",
        ] {
            answers.push(ada.get(path).send().await);
        }
        for answer in &answers {
            let shown = answer.to_string();
            assert!(
                answer.status == 200 && !shown.contains("hidden") && !shown.contains("secret"),
                "{shown}"
            );
            for line in answer.cookies().filter(|line| line.contains("session_data=ey")) {
                let value = line.split(['=', ';']).nth(1).unwrap();
                let copy = String::from_utf8(base64url(value)).unwrap();
                assert!(
                    copy.contains("ada@example.com") && !copy.contains("secret"),
                    "{copy}"
                );
            }
        }
        let claims = claims(&ada).await;
        assert!(
            claims.get("hidden").is_none() && claims.get("email").is_some(),
            "{claims}"
        );
        assert_eq!(
            server.rows(r#"select from "user" where hidden = 'a secret again'"#),
            1
        );
        assert_eq!(
            server.rows("select from session where trace = 'a secret trace'"),
            1
        );
    }
}

#[tokio::test]
async fn a_taken_value_of_a_unique_field_is_rejected() {
    let server = declared("[user.additional_fields]\nnick = { type = \"string\", unique = true }").start();
    let (ada, eve) = (server.anonymous(), server.anonymous());
    assert_eq!(sign_up(&ada, "ada", &json!({ "nick": "n" })).await.status, 200);
    let refused = sign_up(&eve, "eve", &json!({ "nick": "n" })).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (422, "FAILED_TO_CREATE_USER"),
        "{refused}"
    );
    assert_eq!(server.rows("select from account"), 1);
    assert_eq!(sign_up(&eve, "eve", &json!({ "nick": "m" })).await.status, 200);
    let refused = update(&eve, &json!({ "nick": "n", "name": "Mallory" })).await;
    assert_eq!((refused.status, refused.cookies().count()), (422, 0), "{refused}");
    let expected = json!({ "nick": "m", "name": "eve" });
    assert_eq!(part(&user(&eve).await, &expected), expected);
}
