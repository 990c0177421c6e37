//! Enabling and disabling a second factor.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::{Value, json};

use super::{PASSWORD, challenged, cookie, enrol, enrolled, post, protected, session, sign_in, with_plugin};

#[tokio::test]
async fn a_first_code_enables_the_second_factor_and_replaces_the_session() {
    let server = with_plugin().start();
    let ada = enrolled(&server, "ada").await;
    let before = session(&ada.caller).await;
    assert_eq!(before["user"]["twoFactorEnabled"], false);
    let code = ada.code(&server, 0);
    let answer = post(&ada.caller, "verify-totp", json!({ "code": code })).await;
    let after = session(&ada.caller).await;
    assert_eq!(after["user"]["twoFactorEnabled"], true);
    assert_ne!(after["session"]["token"], before["session"]["token"]);
    assert_eq!(answer.json()["token"], after["session"]["token"], "{answer}");
    assert_eq!(answer.json()["user"], after["user"], "{answer}");
    assert_eq!(server.rows("select from session"), 1);
}

/// better-auth#8711: an enrolment that was never verified does not lock its user out.
#[tokio::test]
async fn an_enrolment_without_a_first_code_does_not_change_the_sign_in() {
    let server = with_plugin().start();
    enrolled(&server, "ada").await;
    let client = server.anonymous();
    assert_eq!(sign_in(&client, "ada").await.json()["redirect"], false);
    assert_ne!(session(&client).await, Value::Null);
}

/// As in Better Auth: a second factor that is on stays on, with the new secret and the new backup codes.
#[tokio::test]
async fn another_enrolment_replaces_the_second_factor_at_once_and_ends_the_trust_in_devices() {
    let server = with_plugin().start();
    let old = protected(&server, "ada").await;
    let device = challenged(&server, "ada").await;
    let code = json!({ "code": old.code(&server, 0), "trustDevice": true });
    assert_eq!(post(&device, "verify-totp", code).await.status, 200);

    let new = enrol(old.caller).await;
    assert_eq!(session(&new.caller).await["user"]["twoFactorEnabled"], true);
    assert_ne!(session(&device).await, Value::Null);
    let answer = sign_in(&device, "ada").await;
    assert_eq!(answer.body, r#"{"twoFactorRedirect":true}"#, "{answer}");
    let wrong = json!({ "code": old.backup_codes[0] });
    let answer = post(&device, "verify-backup-code", wrong).await;
    assert_eq!(answer.json()["code"], "INVALID_BACKUP_CODE", "{answer}");
    let right = json!({ "code": new.code(&server, 0) });
    let answer = post(&device, "verify-totp", right).await;
    assert_eq!(answer.status, 200, "{answer}");
}

#[tokio::test]
async fn enrolment_and_its_end_ask_for_the_password() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    for path in ["enable", "disable", "get-totp-uri", "generate-backup-codes"] {
        let wrong = post(&ada.caller, path, json!({ "password": "password9999" })).await;
        assert_eq!(
            (wrong.status, &wrong.json()["code"]),
            (400, &json!("INVALID_PASSWORD")),
            "{path}"
        );
        let long = post(&ada.caller, path, json!({ "password": "x".repeat(129) })).await;
        assert_eq!(
            (long.status, &long.json()["code"]),
            (400, &json!("PASSWORD_TOO_LONG")),
            "{path}"
        );
        let anonymous = post(&server.anonymous(), path, json!({ "password": PASSWORD })).await;
        assert_eq!(anonymous.status, 401, "{path}");
    }
    assert_eq!(session(&ada.caller).await["user"]["twoFactorEnabled"], true);
}

#[tokio::test]
async fn disabling_ends_other_sessions_and_the_trust_in_devices() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let other = challenged(&server, "ada").await;
    let code = ada.code(&server, 0);
    post(
        &other,
        "verify-totp",
        json!({ "code": code, "trustDevice": true }),
    )
    .await;
    assert!(cookie(&other, "trust_device").is_some());

    let answer = post(&ada.caller, "disable", json!({ "password": PASSWORD })).await;
    assert_eq!(answer.body, r#"{"status":true}"#);
    assert_eq!(session(&ada.caller).await["user"]["twoFactorEnabled"], false);
    assert_eq!(session(&other).await, Value::Null);
    for (table, rows) in [("\"twoFactor\"", 0), ("verification", 0), ("session", 1)] {
        assert_eq!(server.rows(&format!("select from {table}")), rows, "{table}");
    }
    let client = server.anonymous();
    assert_eq!(sign_in(&client, "ada").await.json()["redirect"], false);
}

#[tokio::test]
async fn the_uri_names_the_issuer_and_the_account() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ISSUER", "My App & Co")
        .start();
    let ada = enrolled(&server, "ada").await;
    let answer = post(&ada.caller, "get-totp-uri", json!({ "password": PASSWORD })).await;
    let expected = format!(
        "otpauth://totp/My%20App%20%26%20Co:ada%40example.com?secret={}&issuer=My+App+%26+Co&digits=6&period=30",
        ada.secret
    );
    assert_eq!(answer.json(), json!({ "totpURI": expected }));
}

/// The last used step belongs to the secret: that of another secret may be in the same period, or be smaller.
#[tokio::test]
async fn the_first_code_of_a_new_secret_is_accepted_in_the_period_of_a_used_code_and_after_a_longer_period() {
    let server = with_plugin().start();
    let ada = enrolled(&server, "ada").await;
    let used = json!({ "code": ada.code(&server, 0) });
    assert_eq!(post(&ada.caller, "verify-totp", used.clone()).await.status, 200);
    let ada = enrol(ada.caller).await;
    let old = post(&ada.caller, "verify-totp", used).await;
    assert_eq!(old.json()["code"], "INVALID_CODE", "{old}");
    let code = json!({ "code": ada.code(&server, 0) });
    let answer = post(&ada.caller, "verify-totp", code).await;
    assert_eq!(answer.status, 200, "{answer}");

    let longer = "PORTCULLIS_PLUGINS__TWO_FACTOR__TOTP_OPTIONS__PERIOD";
    let server = with_plugin().set(longer, "60").replica_of(&server).start();
    let client = server.anonymous();
    sign_in(&client, "ada").await;
    let backup = json!({ "code": ada.backup_codes[0] });
    assert_eq!(post(&client, "verify-backup-code", backup).await.status, 200);
    let ada = enrol(client).await;
    let code = json!({ "code": ada.code_of_period(&server, 0, 60) });
    for status in [200, 401] {
        let answer = post(&ada.caller, "verify-totp", code.clone()).await;
        assert_eq!(answer.status, status, "{answer}");
    }
}

#[tokio::test]
async fn a_deployment_may_enable_the_second_factor_without_a_first_code() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let ada = enrolled(&server, "ada").await;
    assert_eq!(session(&ada.caller).await["user"]["twoFactorEnabled"], true);
    assert_eq!(server.rows("select from session"), 1);
    challenged(&server, "ada").await;
}

/// Secrets are stored as Better Auth stores them, so that a Node server can read them.
#[tokio::test]
async fn secrets_are_stored_encrypted() {
    let server = with_plugin().start();
    let ada = enrolled(&server, "ada").await;
    assert_eq!(
        server.rows(r#"select from "twoFactor" where secret ~ '^[0-9a-f]+$' and length(secret) in (144) and "backupCodes" ~ '^[0-9a-f]+$' and length("backupCodes") = 362"#),
        1
    );
    let readable = server.rows(&format!(
        "select from \"twoFactor\" where \"backupCodes\" like '%{}%'",
        ada.backup_codes[0]
    ));
    assert_eq!(readable, 0);
}

#[tokio::test]
async fn members_of_wrong_types_are_rejected_before_the_session_is_read() {
    let server: TestServer = with_plugin().start();
    let anonymous = server.anonymous();
    assert_snapshot!(post(&anonymous, "enable", json!({ "issuer": 1 })).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.password] Invalid input: expected string, received undefined; [body.issuer] Invalid input: expected string, received number"}
    "#);
    assert_snapshot!(post(&anonymous, "verify-totp", json!({ "trustDevice": "yes" })).await, @r#"
    400
    content-type: application/json
    {"code":"VALIDATION_ERROR","message":"[body.code] Invalid input: expected string, received undefined; [body.trustDevice] Invalid input: expected boolean, received string"}
    "#);
}
