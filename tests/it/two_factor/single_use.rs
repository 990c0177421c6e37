//! Codes and challenges that are used once, also by concurrent requests.

use futures_util::future::join_all;
use portcullis_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::{ADA, challenged, post, protected, session, with_plugin};

const PARALLEL: usize = 20;

/// How many of these answers are successes; every other one is a client error.
fn successes(answers: &[Answer]) -> usize {
    for answer in answers {
        assert!(
            answer.status == 200 || (400..500).contains(&answer.status),
            "{answer}"
        );
    }
    answers.iter().filter(|answer| answer.status == 200).count()
}

/// One code for many challenges, and for one, sent at once.
#[tokio::test]
async fn a_code_of_an_authenticator_app_is_accepted_once() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let mut clients = Vec::new();
    for _ in 0..9 {
        clients.push(challenged(&server, "ada").await);
    }
    let code = ada.code(&server, 0);
    let requests = clients
        .iter()
        .map(|client| post(client, "verify-totp", json!({ "code": code })));
    assert_eq!(successes(&join_all(requests).await), 1);
    let late = challenged(&server, "ada").await;
    let answer = post(&late, "verify-totp", json!({ "code": code })).await;
    assert_eq!(answer.json()["code"], "INVALID_CODE", "{answer}");
}

#[tokio::test]
async fn a_code_that_is_older_than_a_used_one_is_rejected() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let [current, next] = [0, 1].map(|steps| ada.code(&server, steps));
    let client = challenged(&server, "ada").await;
    assert_eq!(
        post(&client, "verify-totp", json!({ "code": next })).await.status,
        200
    );
    let client = challenged(&server, "ada").await;
    let answer = post(&client, "verify-totp", json!({ "code": current })).await;
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (401, &json!("INVALID_CODE"))
    );
}

#[tokio::test]
async fn a_challenge_is_answered_once() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let client = challenged(&server, "ada").await;
    let cookies = client.cookies();
    let requests = ada.backup_codes.iter().map(|code| {
        let request = client.post("/two-factor/verify-backup-code", &json!({ "code": code }));
        request.header("cookie", &cookies).send()
    });
    assert_eq!(successes(&join_all(requests).await), 1);
    assert_eq!(server.rows("select from session"), 2);
}

/// GHSA-class of single-use races: twenty clients present one backup code.
#[tokio::test]
async fn a_backup_code_is_used_once_under_twenty_parallel_requests() {
    let server: TestServer = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let code = ada.backup_codes[3].clone();
    let body = json!({ "code": code });
    // A caller with a session uses codes up as well, and needs no challenge.
    let requests = (0..PARALLEL).map(|_| post(&ada.caller, "verify-backup-code", body.clone()));
    let answers = join_all(requests).await;
    assert_eq!(successes(&answers), 1);
    let client = challenged(&server, "ada").await;
    assert_ne!(post(&client, "verify-backup-code", body).await.status, 200);
    assert_eq!(session(&client).await, Value::Null);
}

#[tokio::test]
async fn new_backup_codes_replace_the_old_ones() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let answer = post(
        &ada.caller,
        "generate-backup-codes",
        json!({ "password": super::PASSWORD }),
    )
    .await;
    let new = answer.json()["backupCodes"][0].as_str().unwrap().to_owned();
    let client = challenged(&server, "ada").await;
    let old = post(
        &client,
        "verify-backup-code",
        json!({ "code": ada.backup_codes[0] }),
    )
    .await;
    assert_eq!(
        (old.status, &old.json()["code"]),
        (401, &json!("INVALID_BACKUP_CODE"))
    );
    assert_eq!(
        post(&client, "verify-backup-code", json!({ "code": new }))
            .await
            .status,
        200
    );
    assert_eq!(session(&client).await["user"]["email"], ADA);
}

const STORAGE: &str = "PORTCULLIS_PLUGINS__TWO_FACTOR__BACKUP_CODE_OPTIONS__STORE_BACKUP_CODES";

async fn sign_in_by(server: &TestServer, code: &str) {
    let client = challenged(server, "ada").await;
    let answer = post(&client, "verify-backup-code", json!({ "code": code })).await;
    assert_eq!(answer.status, 200, "{answer}");
}

/// Plain storage: Better Auth re-stores the other codes encrypted, so that they can never be used.
#[tokio::test]
async fn backup_codes_stay_in_the_form_that_is_configured() {
    let server = with_plugin().set(STORAGE, "plain").start();
    let ada = protected(&server, "ada").await;
    for code in &ada.backup_codes[..2] {
        sign_in_by(&server, code).await;
    }
}

#[tokio::test]
async fn backup_codes_stay_valid_when_the_configured_form_changes() {
    const PLAIN: &str = r#"select from "twoFactor" where "backupCodes" like '["%'"#;
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    for (form, plain, code) in [("plain", 1, 0), ("encrypted", 0, 1), ("plain", 1, 2)] {
        let server = with_plugin().set(STORAGE, form).replica_of(&server).start();
        sign_in_by(&server, &ada.backup_codes[code]).await;
        assert_eq!(server.rows(PLAIN), plain, "{form}");
    }
}
