//! Guesses of codes.

use futures_util::future::join_all;

use super::*;

#[tokio::test]
async fn after_three_wrong_guesses_the_right_code_is_rejected() {
    let server = with_plugin().start();
    let code = code(&server, SIGN_IN).await;
    let client = server.anonymous();
    for _ in 0..3 {
        let answer = sign_in(&client, ADA, &wrong(&code)).await;
        assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
    }
    for expected in [rejected(403, "TOO_MANY_ATTEMPTS"), rejected(400, "INVALID_OTP")] {
        assert_eq!(outcome(&sign_in(&client, ADA, &code).await), expected);
    }
}

#[tokio::test]
async fn of_sixty_parallel_guesses_three_are_compared() {
    let server = with_plugin().start();
    let code = wrong(&code(&server, SIGN_IN).await);
    let clients: Vec<_> = (0..60).map(|_| server.anonymous()).collect();
    let answers = join_all(clients.iter().map(|client| sign_in(client, ADA, &code))).await;
    assert!(answers.iter().all(|answer| answer.status != 200));
    let counted = "select 1 from portcullis_rate_limit where key like 'failed-code|%'";
    assert!(server.rows(counted) <= 1);
    let answer = sign_in(&server.anonymous(), ADA, &code).await;
    assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"));
}

#[tokio::test]
async fn newer_codes_and_other_purposes_do_not_reset_the_wrong_guesses_of_an_address() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    for round in 0..10 {
        let kind = [SIGN_IN, VERIFICATION, RESET][round % 3];
        let code = code(&server, kind).await;
        let answer = check(&server, kind, ADA, &wrong(&code)).await;
        assert_eq!(outcome(&answer), rejected(400, "INVALID_OTP"), "{round}");
    }
    let code = code(&server, SIGN_IN).await;
    let answer = sign_in(&server.anonymous(), ADA, &code).await;
    assert_eq!(answer.status, 429, "{answer}");
    server.clock.advance(TimeDelta::minutes(16));
    let code = super::code(&server, SIGN_IN).await;
    assert_eq!(sign_in(&server.anonymous(), ADA, &code).await.status, 200);
}
