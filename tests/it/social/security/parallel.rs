//! Twenty requests at once.

use futures_util::future::join_all;
use portcullis_testkit::{Answer, MockProvider};
use serde_json::json;

use super::{STRATEGIES, storing};
use crate::social::{
    ACCOUNTS, SESSIONS, USERS,
    flow::{Flow, error_of, open},
    location, server_with,
};

const TIMES: usize = 20;

fn count(answers: &[Answer], url: &str) -> usize {
    answers.iter().filter(|answer| location(answer) == url).count()
}

#[tokio::test]
async fn twenty_parallel_callbacks_with_one_state_start_one_session() {
    for strategy in STRATEGIES {
        let mock = MockProvider::for_provider("google");
        let server = storing(strategy, &mock).start();
        let replica = storing(strategy, &mock).replica_of(&server).start();
        let flow = Flow::start(&server, "google").await;
        let cookies = flow.browser.cookies();
        let redirect = mock.authorize(&flow.url);
        let path = redirect.strip_prefix("http://localhost:3000").unwrap();
        let answers = join_all((0..TIMES).map(async |number| {
            let server = if number % 2 == 0 { &server } else { &replica };
            let browser = server.anonymous();
            browser.call("GET", path).header("cookie", &cookies).send().await
        }))
        .await;
        assert_eq!(count(&answers, "/welcome"), 1, "{strategy}: {answers:#?}");
        let refused = answers
            .iter()
            .filter(|answer| error_of(answer) == "please_restart_the_process");
        assert_eq!(refused.count(), TIMES - 1, "{strategy}: {answers:#?}");
        for statement in [USERS, ACCOUNTS, SESSIONS] {
            assert_eq!(server.rows(statement), 1, "{strategy}: {statement}");
        }
        assert_eq!(mock.token_requests().len(), 1, "{strategy}");
    }
}

#[tokio::test]
async fn twenty_parallel_sign_ins_of_a_new_user_create_one_user() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let replica = server_with("google", &mock).replica_of(&server).start();
    let mut flows = Vec::new();
    for number in 0..TIMES {
        let server = if number % 2 == 0 { &server } else { &replica };
        let flow = Flow::start(server, "google").await;
        let redirect = mock.authorize(&flow.url);
        flows.push((flow.browser, redirect));
    }
    let answers = join_all(flows.iter().map(|(browser, redirect)| open(browser, redirect))).await;
    assert_eq!(count(&answers, "/welcome"), 1, "{answers:#?}");
    assert_eq!(count(&answers, "/done"), TIMES - 1, "{answers:#?}");
    assert_eq!(server.rows(USERS), 1);
    assert_eq!(server.rows(ACCOUNTS), 1);
    assert_eq!(server.rows(SESSIONS), i64::try_from(TIMES).unwrap());
}

/// The refresh token is valid once: a second request with it would end the user's access.
#[tokio::test]
async fn twenty_parallel_requests_for_an_expired_token_refresh_it_once() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let replica = server_with("google", &mock).replica_of(&server).start();
    let flow = Flow::start(&server, "google").await;
    assert_eq!(location(&flow.finish(&mock).await), "/welcome");
    let cookies = flow.browser.cookies();
    server.execute(r#"update account set "accessTokenExpiresAt" = '2025-12-31T00:00:00Z'"#);
    let body = json!({ "providerId": "google" });
    let answers = join_all((0..TIMES).map(async |number| {
        let server = if number % 2 == 0 { &server } else { &replica };
        let browser = server.anonymous();
        browser
            .post("/get-access-token", &body)
            .header("cookie", &cookies)
            .send()
            .await
    }))
    .await;
    let stored = server.shown(r#"select "accessToken" from account"#);
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answer}");
        assert_eq!(
            answer.json()["accessToken"].as_str(),
            stored.as_deref(),
            "{answer}"
        );
    }
    assert_eq!(mock.refreshes(), 1);
}

/// A refresh token that the provider does not accept is an error, and changes nothing.
#[tokio::test]
async fn a_rejected_refresh_token_is_an_error() {
    let mock = MockProvider::for_provider("google");
    let server = server_with("google", &mock).start();
    let flow = Flow::start(&server, "google").await;
    assert_eq!(location(&flow.finish(&mock).await), "/welcome");
    server.execute(
        r#"update account set "refreshToken" = 'gone', "accessTokenExpiresAt" = '2025-12-31T00:00:00Z'"#,
    );
    let before = server.shown("select to_jsonb(account) from account");
    let body = json!({ "providerId": "google" });
    let answer = flow.browser.post("/get-access-token", &body).send().await;
    let code = "FAILED_TO_GET_A_VALID_ACCESS_TOKEN";
    assert_eq!((answer.status, answer.code().as_str()), (400, code), "{answer}");
    assert_eq!(server.shown("select to_jsonb(account) from account"), before);
    assert_eq!(mock.refreshes(), 1);
}
