//! Several cookies of the session cookie's name, as browsers send them if the cookie was set for several paths or
//! domains.

use chrono::TimeDelta;
use portcullis_testkit::{Answer, TestServer};
use serde_json::json;

const NAME: &str = "better-auth.session_token";

/// The session cookies of Ada's sessions: the first `ended` sessions have ended, and the last two are live.
async fn sessions(server: &TestServer, ended: usize) -> Vec<String> {
    let mut cookies = vec![server.signed_up("ada").await.cookies()];
    for _ in 0..=ended {
        cookies.push(server.signed_in("ada").await.cookies());
    }
    for cookie in &cookies[..ended] {
        let caller = server.anonymous();
        let call = caller.post("/sign-out", &json!({}));
        assert_eq!(call.header("cookie", cookie).send().await.status, 200);
    }
    cookies
}

async fn get(server: &TestServer, path: &str, cookies: &[&str]) -> Answer {
    let caller = server.anonymous();
    caller
        .get(path)
        .header("cookie", &cookies.join("; "))
        .send()
        .await
}

fn is_of(answer: &Answer, cookie: &str) -> bool {
    let answer = answer.json();
    let token = answer["session"]["token"].as_str().unwrap_or("none");
    cookie.contains(token)
}

#[tokio::test]
async fn an_unsigned_cookie_does_not_hide_a_later_session() {
    let server = TestServer::start();
    let cookies = sessions(&server, 0).await;
    let (garbage, empty) = (format!("{NAME}=garbage"), format!("{NAME}="));
    let forged = cookies[1].replace('.', "x.");
    for before in [&garbage, &empty, &forged] {
        let sent = [before.as_str(), before, before, before, &cookies[0]];
        let answer = get(&server, "/get-session", &sent).await;
        assert!(is_of(&answer, &cookies[0]), "{before}: {answer}");
        assert_eq!(answer.cookies().count(), 0, "{before}: {answer}");
        assert_eq!(
            get(&server, "/list-sessions", &sent).await.status,
            200,
            "{before}"
        );
    }
}

#[tokio::test]
async fn an_ended_session_does_not_hide_a_later_live_one() {
    for cache in ["false", "true"] {
        let server = TestServer::with()
            .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", cache)
            .start();
        let cookies = sessions(&server, 2).await;
        let token = |cookies: &str| {
            let mut pairs = cookies.split("; ");
            pairs.find(|pair| pair.starts_with(NAME)).unwrap().to_owned()
        };
        let cookies: Vec<String> = cookies.iter().map(|cookies| token(cookies)).collect();
        let sent = [&*cookies[0], &cookies[1], &cookies[2]];
        let answer = get(&server, "/get-session", &sent).await;
        assert!(is_of(&answer, &cookies[2]), "{answer}");
        assert!(answer.cookies().all(|line| !line.starts_with(NAME)), "{answer}");
        assert_eq!(get(&server, "/list-sessions", &sent).await.status, 200);
        let caller = server.anonymous();
        let change = caller.post("/update-user", &json!({ "name": "Ada" }));
        let changed = change.header("cookie", &sent.join("; ")).send().await;
        assert_eq!(changed.status, 200, "{changed}");
    }
}

#[tokio::test]
async fn an_expired_session_does_not_hide_a_later_live_one() {
    let server = TestServer::start();
    let expired = server.signed_up("ada").await.cookies();
    server.clock.advance(TimeDelta::days(8));
    let live = server.signed_in("ada").await.cookies();
    let answer = get(&server, "/get-session", &[&expired, &live]).await;
    assert!(is_of(&answer, &live) && answer.cookies().count() == 0, "{answer}");
}

#[tokio::test]
async fn the_first_of_two_live_sessions_is_used() {
    let server = TestServer::start();
    let cookies = sessions(&server, 0).await;
    for [first, second] in [[0, 1], [1, 0]] {
        let answer = get(&server, "/get-session", &[&cookies[first], &cookies[second]]).await;
        assert!(is_of(&answer, &cookies[first]), "{answer}");
    }
}

#[tokio::test]
async fn three_sessions_are_looked_up_and_the_cookie_is_cleared_if_none_is_live() {
    let server = TestServer::start();
    let cookies = sessions(&server, 3).await;
    let sent: Vec<&str> = cookies.iter().map(String::as_str).collect();
    let answer = get(&server, "/get-session", &sent).await;
    assert_eq!(
        (answer.body.as_str(), answer.cookies().count()),
        ("null", 3),
        "{answer}"
    );
    assert_eq!(get(&server, "/list-sessions", &sent).await.status, 401);
    // A session that is presented twice is looked up once.
    let twice = [sent[0], sent[0], sent[0], sent[3]];
    assert!(is_of(&get(&server, "/get-session", &twice).await, sent[3]));
}

#[tokio::test]
async fn sign_out_ends_every_session_that_is_presented() {
    let server = TestServer::start();
    let cookies = sessions(&server, 3).await;
    server.signed_up("bob").await;
    assert_eq!(server.rows("select 1 from session"), 3);
    let caller = server.anonymous();
    let call = caller.post("/sign-out", &json!({}));
    let answer = call.header("cookie", &cookies.join("; ")).send().await;
    assert_eq!((answer.status, answer.cookies().count()), (200, 3), "{answer}");
    assert_eq!(
        server.rows("select 1 from session"),
        1,
        "the session of another user"
    );
}
