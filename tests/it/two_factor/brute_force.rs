//! The limit on wrong second factors of a user. Better Auth has one from 1.7 on.

use chrono::TimeDelta;
use portcullis_testkit::Answer;
use serde_json::json;

use super::{challenged, post, protected, with_plugin};

/// Wrong codes of all kinds are counted together, and a new challenge gives no new attempts.
#[tokio::test]
async fn ten_wrong_codes_block_the_second_factor_across_challenges_and_kinds() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    for attempt in 0..10 {
        let client = challenged(&server, "ada").await;
        let answer: Answer = match attempt % 3 {
            0 => post(&client, "verify-totp", json!({ "code": "000000" })).await,
            1 => post(&client, "verify-backup-code", json!({ "code": "aaaaa-aaaaa" })).await,
            _ => {
                post(&client, "send-otp", json!({})).await;
                post(&client, "verify-otp", json!({ "code": "x" })).await
            }
        };
        assert_eq!(answer.status, 401, "{attempt}: {answer}");
    }
    let client = challenged(&server, "ada").await;
    let code = ada.code(&server, 0);
    let right = post(&client, "verify-totp", json!({ "code": code })).await;
    assert_eq!(right.status, 429, "{right}");
    let backup = post(
        &client,
        "verify-backup-code",
        json!({ "code": ada.backup_codes[0] }),
    )
    .await;
    assert_eq!(backup.status, 429, "{backup}");

    server.clock.advance(TimeDelta::minutes(16));
    let client = challenged(&server, "ada").await;
    let code = ada.code(&server, 0);
    assert_eq!(
        post(&client, "verify-totp", json!({ "code": code })).await.status,
        200
    );
}

#[tokio::test]
async fn a_right_code_resets_the_count() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    for steps in [0, 1] {
        for _ in 0..9 {
            let client = challenged(&server, "ada").await;
            let answer = post(&client, "verify-totp", json!({ "code": "000000" })).await;
            assert_eq!(answer.status, 401, "{answer}");
        }
        let client = challenged(&server, "ada").await;
        let code = ada.code(&server, steps);
        assert_eq!(
            post(&client, "verify-totp", json!({ "code": code })).await.status,
            200
        );
    }
}
