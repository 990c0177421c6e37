//! Additional fields of sessions, fields in JWTs, and invalid declarations.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{EVERY_TYPE, claims, declared, first, part, sign_up, update};

#[tokio::test]
async fn sessions_have_additional_fields_that_no_client_can_set() {
    let file = r#"
        [session.additional_fields]
        device = { type = "string", required = false }
        level = { type = "number", default = 1 }
        seen = { type = "date", required = false }
    "#;
    let server = declared(file).start();
    let ada = server.anonymous();
    let more = json!({ "device": "chosen", "level": 9, "session": { "level": 9 } });
    assert_eq!(sign_up(&ada, "ada", &more).await.status, 200);
    assert_eq!(update(&ada, &more).await.code(), "NO_FIELDS_TO_UPDATE");
    let expected = json!({ "device": null, "level": 1, "seen": null });
    let session = ada.get("/get-session").send().await.json()["session"].clone();
    assert_eq!(part(&session, &expected), expected);

    server.execute("update session set device = 'telephone', seen = '2026-01-01T00:00:00.000Z'");
    let expected = json!({ "device": "telephone", "level": 1, "seen": "2026-01-01T00:00:00.000Z" });
    let listed = ada.get("/list-sessions").send().await.json()[0].clone();
    assert_eq!(part(&listed, &expected), expected);
    for (column, kind) in [
        ("device", "text"),
        ("level", "integer"),
        ("seen", "timestamp with time zone"),
    ] {
        let select = format!(
            "(select data_type from information_schema.columns where table_name = 'session' and column_name = '{column}')"
        );
        assert_eq!(server.shown(&select).as_deref(), Some(kind), "{column}");
    }
    let body = json!({ "currentPassword": "password1234", "newPassword": "password5678", "revokeOtherSessions": true });
    assert_eq!(ada.post("/change-password", &body).send().await.status, 200);
    let renewed = ada.get("/get-session").send().await.json()["session"].clone();
    let expected = json!({ "device": null, "level": 1, "seen": null });
    assert_eq!(part(&renewed, &expected), expected);
}

#[tokio::test]
async fn a_jwt_holds_only_the_chosen_fields() {
    let server = declared(EVERY_TYPE)
        .set("PORTCULLIS_PLUGINS__JWT__JWT__PAYLOAD", "email,plan")
        .start();
    let ada = server.anonymous();
    sign_up(&ada, "ada", &first()).await;
    let claims = claims(&ada).await;
    assert_eq!(
        (&claims["plan"], &claims["email"]),
        (&json!("paid"), &json!("ada@example.com"))
    );
    assert!(
        claims.get("motto").is_none() && claims.get("name").is_none(),
        "{claims}"
    );
}

#[test]
fn invalid_declarations_are_errors_that_name_the_field() {
    for (declaration, reason) in [
        (
            "user.additional_fields.email = { type = \"string\" }",
            "`user.additional_fields.email` has the name of a built-in field",
        ),
        (
            "user.additional_fields.sub = { type = \"string\" }",
            "registered claim",
        ),
        (
            "user.additional_fields.x = { type = \"object\" }",
            "must have a `type`",
        ),
        (
            "user.additional_fields.x = { type = \"string\", default = 1 }",
            "has a default that is not string",
        ),
        (
            "user.additional_fields.x = { type = [\"a\"], default = \"b\" }",
            "has a default that is not one of its values",
        ),
        (
            "user.additional_fields.x = { type = \"string\", input = false }",
            "is required, but clients may not set it",
        ),
        (
            "user.additional_fields.x = { type = \"string\", validator = \"x\" }",
            "has `validator`, which is not supported yet",
        ),
        (
            "user.additional_fields.x = { type = \"string\", requird = true }",
            "has an unknown member `requird`",
        ),
        (
            "session.additional_fields.x = { type = \"string\" }",
            "is required, so no session could be created",
        ),
        (
            "session.additional_fields.token = { type = \"string\" }",
            "has the name of a built-in field",
        ),
    ] {
        let message = TestServer::with().file(declaration).refusal();
        let message = message.unwrap_or_else(|| panic!("{declaration} is accepted"));
        assert!(message.contains(reason), "{declaration}: {message}");
    }
}
