//! Sign-in.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::*;

#[tokio::test]
async fn a_user_signs_in_without_an_email_address() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let mut authenticator = Authenticator::eddsa(1);
    register(&ada, &authenticator).await;
    let browser = server.anonymous();
    let options = get(&browser, "generate-authenticate-options").await;
    assert_snapshot!(options, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.better-auth-passkey=crHPDYFP1rbTbv1SuIjNCeW5TNYbEw7R.EA%2BNVnd6xgWr%2Bi0uCLEDAW88lOt94CZITz57Vz0lVX4%3D; Max-Age=300; Path=/; HttpOnly; SameSite=Lax
    {"rpId":"localhost","challenge":"2gGB1zxKdhqsZqJsvxVNvknHLbs4H16ojM2ThJaadVY","timeout":60000,"userVerification":"preferred"}
    "#);
    let challenge = options.json()["challenge"].as_str().unwrap().to_owned();
    assert_snapshot!(verify(&browser, authenticator.sign(&challenge)).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=Sqzshj8fnNEA26Y30viWty19GaI5BVWZ.0jUfknWzmLg4wbMxuHbokVKx%2FODD%2BnzilQr0KAjg%2Blk%3D; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax
    {"session":{"expiresAt":"2026-01-08T00:00:00.000Z","token":"Sqzshj8fnNEA26Y30viWty19GaI5BVWZ","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"dmBVjyQoKK4IVSjO93qHRTHnK4jZN5Ue"}}
    "#);
    assert_eq!(name(&browser).await, "ada");
    let row = r#"(select "counter" || ' ' || "backedUp" from "passkey")"#;
    assert_eq!(server.shown(row).as_deref(), Some("1 false"));
}

#[tokio::test]
async fn a_user_who_is_signed_in_is_asked_for_the_own_passkeys() {
    let server = with_plugin().start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    let options = get(&ada, "generate-authenticate-options").await.json();
    assert_eq!(
        options["allowCredentials"],
        json!([{ "id": authenticator.credential_id(), "transports": ["internal", "hybrid"], "type": "public-key" }])
    );
    let answer = sign_in(&ada, &mut authenticator).await;
    assert_eq!(answer.status, 200, "{answer}");
    // Eve has a passkey of her own, and is not asked for Ada's.
    let (eve, _own) = registered(&server, "eve").await;
    let answer = sign_in(&eve, &mut authenticator).await;
    assert!(is(&answer, 400, "AUTHENTICATION_FAILED"), "{answer}");
    assert_eq!(name(&eve).await, "eve");
}

#[tokio::test]
async fn an_authenticator_that_does_not_count_signs_in_again() {
    let server = with_plugin().start();
    let (_ada, authenticator) = registered(&server, "ada").await;
    for _ in 0..2 {
        let browser = server.anonymous();
        let challenge = challenge(&browser, "generate-authenticate-options").await;
        let answer = verify(&browser, authenticator.sign_uncounted(&challenge)).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
}

#[tokio::test]
async fn the_state_of_the_backup_is_that_of_the_last_sign_in() {
    let server = with_plugin().start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    authenticator.flags = BACKED_UP;
    assert_eq!(sign_in(&server.anonymous(), &mut authenticator).await.status, 200);
    let passkey = get(&ada, "list-user-passkeys").await.json()[0].clone();
    assert_eq!(
        (&passkey["deviceType"], &passkey["backedUp"], &passkey["counter"]),
        (&json!("multiDevice"), &json!(true), &json!(1))
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_in_is_reported_as_by_better_auth() {
    let server = with_plugin().start();
    let (_ada, authenticator) = registered(&server, "ada").await;
    let browser = server.anonymous();
    let without_challenge = verify(&browser, json!({})).await;
    assert!(
        is(&without_challenge, 400, "CHALLENGE_NOT_FOUND"),
        "{without_challenge}"
    );
    let body = json!({ "response": {} });
    let call = browser.post("/passkey/verify-authentication", &body);
    let without_origin = call.without("origin").send().await;
    assert!(is(&without_origin, 400, "ORIGIN_MISSING"), "{without_origin}");
    for body in [json!({}), json!({ "response": "x" }), json!({ "response": null })] {
        let answer = post(&browser, "verify-authentication", body).await;
        assert!(is(&answer, 400, "VALIDATION_ERROR"), "{answer}");
    }
    for (response, status, code) in [
        (json!({}), 401, "PASSKEY_NOT_FOUND"),
        (json!({ "id": 5 }), 401, "PASSKEY_NOT_FOUND"),
        (json!({ "id": "unknown" }), 401, "PASSKEY_NOT_FOUND"),
        (json!({ "id": "\0" }), 401, "PASSKEY_NOT_FOUND"),
        (
            json!({ "id": authenticator.credential_id() }),
            400,
            "AUTHENTICATION_FAILED",
        ),
    ] {
        challenge(&browser, "generate-authenticate-options").await;
        let answer = verify(&browser, response).await;
        assert!(is(&answer, status, code), "{answer}");
    }
}

#[tokio::test]
async fn a_passkey_counts_as_two_factors_only_if_the_authenticator_verifies_its_user() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    let enabled = ada.post("/two-factor/enable", &json!({ "password": "password1234" }));
    let enabled = enabled.send().await;
    let backup_code = enabled.json()["backupCodes"][0].clone();

    let browser = server.anonymous();
    assert_eq!(sign_in(&browser, &mut authenticator).await.status, 200);
    assert_eq!(name(&browser).await, "ada");

    authenticator.flags = PRESENT;
    let browser = server.anonymous();
    let challenged = sign_in(&browser, &mut authenticator).await;
    assert_eq!(challenged.body, r#"{"twoFactorRedirect":true}"#);
    assert_eq!(name(&browser).await, Value::Null);
    let second = json!({ "code": backup_code });
    let second = browser
        .post("/two-factor/verify-backup-code", &second)
        .send()
        .await;
    assert_eq!(second.status, 200, "{second}");
    assert_eq!(name(&browser).await, "ada");
}

#[tokio::test]
async fn a_banned_user_does_not_sign_in() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    server.execute(r#"update "user" set "banned" = true"#);
    let browser = server.anonymous();
    let answer = sign_in(&browser, &mut authenticator).await;
    assert!(is(&answer, 400, "AUTHENTICATION_FAILED"), "{answer}");
    assert_eq!(name(&browser).await, Value::Null);
    assert_eq!(
        server
            .shown(r#"(select "counter"::text from "passkey")"#)
            .as_deref(),
        Some("0")
    );
}

#[tokio::test]
async fn a_challenge_lives_for_five_minutes() {
    let server = with_plugin().start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    for (pause, is_live) in [
        (TimeDelta::minutes(5), true),
        (TimeDelta::minutes(5) + TimeDelta::milliseconds(1), false),
    ] {
        let challenge = challenge(&ada, "generate-authenticate-options").await;
        server.clock.advance(pause);
        let answer = verify(&ada, authenticator.sign(&challenge)).await;
        assert_eq!(answer.status == 200, is_live, "{answer}");
    }
}
