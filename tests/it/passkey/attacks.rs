//! Attacks that fail.

use futures_util::future::join_all;

use super::*;

const REQUESTS: usize = 20;
const FAILED: &str = "AUTHENTICATION_FAILED";

#[tokio::test]
async fn of_many_parallel_answers_to_a_challenge_one_signs_in() {
    let server = with_plugin().start();
    let replica = with_plugin().replica_of(&server).start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    for _ in 0..3 {
        let before = server.rows(r#"select 1 from "session""#);
        let browser = server.anonymous();
        let challenge = challenge(&browser, "generate-authenticate-options").await;
        // The authenticator does not count, so that only the challenge distinguishes the answers.
        authenticator.counter = 0;
        let response = authenticator.sign_uncounted(&challenge);
        let callers: Vec<_> = (0..REQUESTS)
            .map(|number| {
                let server = if number % 2 == 0 { &server } else { &replica };
                let caller = server.anonymous();
                for pair in browser.cookies().split("; ") {
                    let (name, value) = pair.split_once('=').unwrap();
                    caller.set_cookie(name, value);
                }
                caller
            })
            .collect();
        let answers = join_all(callers.iter().map(|caller| verify(caller, response.clone()))).await;
        let signed_in = answers.iter().filter(|answer| answer.status == 200).count();
        let sessions = server.rows(r#"select 1 from "session""#) - before;
        assert_eq!((signed_in, sessions), (1, 1));
    }
}

#[tokio::test]
async fn a_challenge_is_used_up_by_a_wrong_answer() {
    let server = with_plugin().start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    let browser = server.anonymous();
    let challenge = challenge(&browser, "generate-authenticate-options").await;
    let right = authenticator.sign(&challenge);
    let mut wrong = right.clone();
    wrong["response"]["signature"] = "AAAA".into();
    let first = verify(&browser, wrong).await;
    assert!(is(&first, 400, FAILED), "{first}");
    let second = verify(&browser, right).await;
    assert!(is(&second, 400, "CHALLENGE_NOT_FOUND"), "{second}");
}

#[tokio::test]
async fn a_recorded_answer_is_not_accepted_for_another_challenge() {
    let server = with_plugin().start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    let browser = server.anonymous();
    let first = challenge(&browser, "generate-authenticate-options").await;
    let recorded = authenticator.sign(&first);
    assert_eq!(verify(&browser, recorded.clone()).await.status, 200);
    let attacker = server.anonymous();
    challenge(&attacker, "generate-authenticate-options").await;
    let replayed = verify(&attacker, recorded).await;
    assert!(is(&replayed, 400, FAILED), "{replayed}");
}

#[tokio::test]
async fn a_copied_authenticator_is_rejected_by_its_count() {
    let server = with_plugin().start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    let mut copied = authenticator.clone();
    for _ in 0..2 {
        let answer = sign_in(&server.anonymous(), &mut authenticator).await;
        assert_eq!(answer.status, 200, "{answer}");
    }
    for counter in [0, 1] {
        // The next count is 1 or 2.
        copied.counter = counter;
        let answer = sign_in(&server.anonymous(), &mut copied).await;
        assert!(is(&answer, 400, FAILED), "{answer}");
    }
    let browser = server.anonymous();
    let challenge = challenge(&browser, "generate-authenticate-options").await;
    copied.counter = 0;
    let reset = verify(&browser, copied.sign_uncounted(&challenge)).await;
    assert!(is(&reset, 400, FAILED), "{reset}");
    assert_eq!(
        server
            .shown(r#"(select "counter"::text from "passkey")"#)
            .as_deref(),
        Some("2")
    );
}

#[tokio::test]
async fn a_count_that_the_database_cannot_store_is_rejected() {
    let server = with_plugin().start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    authenticator.counter = (1 << 31) - 1;
    let answer = sign_in(&server.anonymous(), &mut authenticator).await;
    assert!(is(&answer, 400, FAILED), "{answer}");
}

/// The page of an attacker asks for a passkey, and its server passes the answer on.
#[tokio::test]
async fn an_answer_on_another_page_is_rejected() {
    let server = with_plugin().start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    let attacker = "http://evil.localhost:3000";
    for (signed, named, site) in [
        (attacker, portcullis_testkit::BASE_URL, None),
        (portcullis_testkit::BASE_URL, attacker, Some("same-origin")),
        (attacker, attacker, Some("same-origin")),
        (attacker, attacker, None),
    ] {
        attacker_origin(&mut authenticator, signed);
        let browser = server.anonymous();
        let challenge = challenge(&browser, "generate-authenticate-options").await;
        let body = json!({ "response": authenticator.sign(&challenge) });
        let mut call = browser.post("/passkey/verify-authentication", &body);
        if let Some(site) = site {
            call = call.header("sec-fetch-site", site);
        }
        let answer = call.header("origin", named).send().await;
        let is_rejected = is(&answer, 400, FAILED) || is(&answer, 403, "INVALID_ORIGIN");
        assert!(is_rejected, "{signed} {named} {site:?}: {answer}");

        let mut new = Authenticator::es256();
        attacker_origin(&mut new, signed);
        let challenge = self::challenge(&ada, "generate-register-options").await;
        let body = json!({ "response": new.register(&challenge) });
        let mut call = ada.post("/passkey/verify-registration", &body);
        if let Some(site) = site {
            call = call.header("sec-fetch-site", site);
        }
        let answer = call.header("origin", named).send().await;
        let is_rejected =
            is(&answer, 500, "FAILED_TO_VERIFY_REGISTRATION") || is(&answer, 403, "INVALID_ORIGIN");
        assert!(is_rejected, "{signed} {named} {site:?}: {answer}");
    }
    assert_eq!(server.rows(r#"select 1 from "passkey""#), 1);
}

fn attacker_origin(authenticator: &mut Authenticator, origin: &str) {
    origin.clone_into(&mut authenticator.origin);
}

#[tokio::test]
async fn a_passkey_of_another_relying_party_is_rejected() {
    let server = with_plugin().start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    authenticator.rp_id = "evil.localhost";
    let answer = sign_in(&server.anonymous(), &mut authenticator).await;
    assert!(is(&answer, 400, FAILED), "{answer}");
    let mut new = Authenticator::es256();
    new.rp_id = "evil.localhost";
    let answer = register(&ada, &new).await;
    assert!(is(&answer, 500, "FAILED_TO_VERIFY_REGISTRATION"), "{answer}");
}

#[tokio::test]
async fn a_registration_belongs_to_the_user_who_began_it() {
    let server = with_plugin().start();
    let (ada, eve) = (server.signed_up("ada").await, server.signed_up("eve").await);
    let challenge = challenge(&ada, "generate-register-options").await;
    let cookies = ada.cookies();
    let (_, value) = cookies
        .split("; ")
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "better-auth.better-auth-passkey")
        .unwrap();
    eve.set_cookie("better-auth.better-auth-passkey", value);
    let body = json!({ "response": Authenticator::es256().register(&challenge) });
    let answer = post(&eve, "verify-registration", body).await;
    let not_allowed = "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY";
    assert!(is(&answer, 401, not_allowed), "{answer}");
    assert_eq!(server.rows(r#"select 1 from "passkey""#), 0);
}

/// An attacker knows the id of a passkey, and registers an own key under it.
#[tokio::test]
async fn a_passkey_is_not_registered_under_the_id_of_another_one() {
    let server = with_plugin().start();
    let (_ada, mut authenticator) = registered(&server, "ada").await;
    let eve = server.signed_up("eve").await;
    let mut forged = Authenticator::es256();
    forged.id.clone_from(&authenticator.id);
    let answer = register(&eve, &forged).await;
    assert!(is(&answer, 500, "FAILED_TO_VERIFY_REGISTRATION"), "{answer}");
    let browser = server.anonymous();
    assert_eq!(sign_in(&browser, &mut authenticator).await.status, 200);
    assert_eq!(name(&browser).await, "ada");
}

#[tokio::test]
async fn a_passkey_of_one_user_signs_in_no_other() {
    let server = with_plugin().start();
    let (_ada, authenticator) = registered(&server, "ada").await;
    let (_eve, mut own) = registered(&server, "eve").await;
    let browser = server.anonymous();
    let challenge = challenge(&browser, "generate-authenticate-options").await;
    let mut forged = own.sign(&challenge);
    for member in ["id", "rawId"] {
        forged[member] = authenticator.credential_id().into();
    }
    let answer = verify(&browser, forged).await;
    assert!(is(&answer, 400, FAILED), "{answer}");
}

#[tokio::test]
async fn a_key_or_another_user_who_acts_for_the_user_registers_no_passkey() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    let (ada, root) = (server.signed_up("ada").await, server.signed_up("root").await);
    let key = ada.post("/api-key/create", &json!({})).send().await.json()["key"].clone();
    let call = server.anonymous();
    let call = call.get("/passkey/generate-register-options");
    let by_key = call.header("x-api-key", key.as_str().unwrap()).send().await;
    assert_eq!(by_key.status, 403, "{by_key}");

    server.execute(r#"update "user" set "role" = 'admin' where "name" = 'root'"#);
    let ada = server.shown(r#"(select "id" from "user" where "name" = 'ada')"#);
    let body = json!({ "userId": ada });
    assert_eq!(
        root.post("/admin/impersonate-user", &body).send().await.status,
        200
    );
    for answer in [
        get(&root, "generate-register-options").await,
        post(&root, "verify-registration", json!({ "response": {} })).await,
        post(&root, "delete-passkey", json!({ "id": "x" })).await,
        post(&root, "update-passkey", json!({ "id": "x", "name": "x" })).await,
    ] {
        assert_eq!(answer.status, 403, "{answer}");
    }
}

/// The cookie of a challenge is signed like those of other tokens.
#[tokio::test]
async fn another_signed_cookie_is_no_challenge() {
    let server = with_plugin().start();
    let (ada, authenticator) = registered(&server, "ada").await;
    let cookies = ada.cookies();
    let session = cookies
        .split("; ")
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "better-auth.session_token")
        .unwrap();
    let browser = server.anonymous();
    browser.set_cookie("better-auth.better-auth-passkey", session.1);
    let answer = verify(&browser, authenticator.sign_uncounted("x")).await;
    assert!(is(&answer, 400, "CHALLENGE_NOT_FOUND"), "{answer}");
    let unsigned = server.anonymous();
    unsigned.set_cookie("better-auth.better-auth-passkey", "abc");
    let answer = verify(&unsigned, authenticator.sign_uncounted("x")).await;
    assert!(is(&answer, 400, "CHALLENGE_NOT_FOUND"), "{answer}");
}
