//! Registration.

use chrono::TimeDelta;
use insta::assert_snapshot;

use super::*;

#[tokio::test]
async fn a_user_registers_a_passkey() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let options = get(&ada, "generate-register-options").await;
    assert_snapshot!(options, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.better-auth-passkey=uhda8fsjfxpekHz1bo43fdCMywXcykep.iAg8s6IXVUkzpIhxzwvRvjS3Qc%2FtKX6AsviqNmkF45g%3D; Max-Age=300; Path=/; HttpOnly; SameSite=Lax
    {"challenge":"sV4ap2vY3eNWM1G23oom33d9NtRz65ggcTzOI1OE1gM","rp":{"name":"Better Auth","id":"localhost"},"user":{"id":"MDBjYzk2dGtsMnIzMzJkczZuMXVoNWxlZjV2Nmw1MTI","name":"ada@example.com","displayName":"ada@example.com"},"pubKeyCredParams":[{"alg":-8,"type":"public-key"},{"alg":-7,"type":"public-key"},{"alg":-257,"type":"public-key"}],"timeout":60000,"attestation":"none","excludeCredentials":[],"authenticatorSelection":{"residentKey":"preferred","userVerification":"preferred","requireResidentKey":false},"extensions":{"credProps":true},"hints":[]}
    "#);
    let challenge = options.json()["challenge"].as_str().unwrap().to_owned();
    let response = Authenticator::eddsa(1).register(&challenge);
    let body = json!({ "response": response, "name": "laptop" });
    assert_snapshot!(post(&ada, "verify-registration", body).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"name":"laptop","publicKey":"pAEBAycgBiFYIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","credentialID":"P_BNtnzock3rRvPycU3aaQ","counter":0,"deviceType":"singleDevice","backedUp":false,"transports":"internal,hybrid","createdAt":"2026-01-01T00:00:00.000Z","aaguid":"00000000-0000-0000-0000-000000000000","id":"kClRlU5goct0TVnsTmJfcz4BO1YMtrga"}
    "#);
    let row = r#"(select concat_ws(' ', "name", "publicKey", "credentialID", "counter", "deviceType", "backedUp", "transports", "createdAt" = '2026-01-01', "aaguid") from "passkey")"#;
    assert_snapshot!(server.shown(row).unwrap(), @r#"laptop pAEBAycgBiFYIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c P_BNtnzock3rRvPycU3aaQ 0 singleDevice f internal,hybrid t 00000000-0000-0000-0000-000000000000"#);
}

#[tokio::test]
async fn a_browser_is_not_asked_for_a_passkey_that_the_user_has() {
    let server = with_plugin().start();
    let (ada, authenticator) = registered(&server, "ada").await;
    let options = "generate-register-options?authenticatorAttachment=cross-platform&name=work";
    let options = get(&ada, options).await.json();
    assert_eq!(
        options["excludeCredentials"],
        json!([{ "id": authenticator.credential_id(), "transports": ["internal", "hybrid"], "type": "public-key" }])
    );
    assert_eq!(
        options["authenticatorSelection"]["authenticatorAttachment"],
        "cross-platform"
    );
    assert_eq!(
        (&options["user"]["name"], &options["user"]["displayName"]),
        (&json!("work"), &json!("ada@example.com"))
    );
    let wrong = get(&ada, "generate-register-options?authenticatorAttachment=usb").await;
    assert!(is(&wrong, 400, "VALIDATION_ERROR"), "{wrong}");
}

#[tokio::test]
async fn each_algorithm_registers_and_signs_in() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    for mut authenticator in [
        Authenticator::es256(),
        Authenticator::eddsa(1),
        Authenticator::rs256(),
    ] {
        let registered = register(&ada, &authenticator).await;
        assert_eq!(registered.status, 200, "{registered}");
        let browser = server.anonymous();
        let signed_in = sign_in(&browser, &mut authenticator).await;
        assert_eq!(signed_in.status, 200, "{signed_in}");
        assert_eq!(name(&browser).await, "ada");
    }
    assert_eq!(
        get(&ada, "list-user-passkeys")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test]
async fn a_passkey_that_is_stored_elsewhere_is_of_several_devices() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let mut authenticator = Authenticator::es256();
    authenticator.flags = BACKED_UP;
    let passkey = register(&ada, &authenticator).await.json();
    assert_eq!(
        (&passkey["deviceType"], &passkey["backedUp"]),
        (&json!("multiDevice"), &json!(true))
    );
    // It is stored elsewhere, but cannot be.
    authenticator.flags = BACKED_UP & !0b1000;
    authenticator.id.push(1);
    let rejected = register(&ada, &authenticator).await;
    assert!(is(&rejected, 500, "FAILED_TO_VERIFY_REGISTRATION"), "{rejected}");
}

#[tokio::test]
async fn a_malformed_response_is_rejected() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let authenticator = Authenticator::es256();
    for (pointer, wrong) in [
        ("", json!(null)),
        ("", json!("x")),
        ("/id", json!("other")),
        ("/type", json!("password")),
        ("/response", json!({})),
        ("/response/clientDataJSON", json!("e30")),
        ("/response/attestationObject", json!("oA")),
        ("/response/transports", json!("usb")),
    ] {
        let challenge = challenge(&ada, "generate-register-options").await;
        let mut response = authenticator.register(&challenge);
        *response.pointer_mut(pointer).unwrap() = wrong;
        let answer = post(&ada, "verify-registration", json!({ "response": response })).await;
        assert!(
            is(&answer, 500, "FAILED_TO_VERIFY_REGISTRATION"),
            "{pointer}: {answer}"
        );
    }
    let without = post(&ada, "verify-registration", json!({})).await;
    assert_eq!(without.body, "null", "the challenge is used up: {without}");
    let wrong_name = post(&ada, "verify-registration", json!({ "name": 1 })).await;
    assert!(is(&wrong_name, 400, "VALIDATION_ERROR"), "{wrong_name}");
    assert_eq!(server.rows(r#"select 1 from "passkey""#), 0);
}

#[tokio::test]
async fn a_registration_needs_an_origin_and_a_challenge() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let body = json!({ "response": {} });
    let without_challenge = post(&ada, "verify-registration", body.clone()).await;
    assert!(
        is(&without_challenge, 400, "CHALLENGE_NOT_FOUND"),
        "{without_challenge}"
    );
    let call = ada.post("/passkey/verify-registration", &body).without("origin");
    let without_origin = call.send().await;
    assert_eq!(
        (without_origin.status, without_origin.body.as_str()),
        (200, "null")
    );
}

#[tokio::test]
async fn a_registration_needs_a_fresh_session_in_person() {
    let server = with_plugin().set("PORTCULLIS_SESSION__FRESH_AGE", "60").start();
    let (ada, authenticator) = (server.signed_up("ada").await, Authenticator::es256());
    server.clock.advance(TimeDelta::seconds(61));
    for answer in [
        get(&ada, "generate-register-options").await,
        post(&ada, "verify-registration", json!({ "response": {} })).await,
    ] {
        assert!(is(&answer, 403, "SESSION_IS_NOT_FRESH"), "{answer}");
    }
    let ada = server.signed_in("ada").await;
    assert_eq!(register(&ada, &authenticator).await.status, 200);
}
