//! `GET /get-session`.

use chrono::TimeDelta;
use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn get_session_returns_null_without_a_session() {
    let server = TestServer::start();
    assert_snapshot!(server.anonymous().get("/get-session").send().await, @"
    200
    cache-control: no-store
    content-type: application/json
    null
    ");
}

#[tokio::test]
async fn a_session_younger_than_update_age_is_not_renewed() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::hours(23));
    let answer = caller.get("/get-session").send().await;
    assert_eq!(answer.cookies().count(), 0);
    assert_eq!(
        answer.json()["session"]["expiresAt"],
        json!("2026-01-08T00:00:00.000Z")
    );
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_session_is_renewed_after_a_day() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(1));
    let by_browser = caller.get("/get-session").header("sec-fetch-dest", "empty");
    assert_snapshot!(by_browser.send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D; Max-Age=604799; Path=/; HttpOnly; SameSite=Lax
    {"session":{"expiresAt":"2026-01-09T00:00:00.000Z","token":"3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F","createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-02T00:00:00.000Z","ipAddress":"127.0.0.1","userAgent":"","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","id":"aZJs8U4PqvH91EsawJC0RDWIY4np6DsU"},"user":{"name":"ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}}
    "#);
    assert_eq!(
        server.rows(
            "select 1 from session where \"expiresAt\" = '2026-01-09' and \"updatedAt\" = '2026-01-02'"
        ),
        1
    );
}

#[tokio::test]
async fn disable_refresh_prevents_the_renewal_and_is_truthy_as_in_javascript() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(2));
    for query in [
        "disableRefresh=true",
        "disableRefresh=false",
        "disableRefresh=0",
        "disableRefresh=&disableRefresh=",
    ] {
        let answer = caller.get(&format!("/get-session?{query}")).send().await;
        assert_eq!(answer.cookies().count(), 0, "{query}");
        assert_eq!(
            answer.json()["session"]["expiresAt"],
            json!("2026-01-08T00:00:00.000Z"),
            "{query}"
        );
    }
    let answer = caller
        .get("/get-session?disableRefresh=&disableCookieCache=true")
        .header("sec-fetch-dest", "empty")
        .send()
        .await;
    assert_eq!(
        answer.json()["session"]["expiresAt"],
        json!("2026-01-10T00:00:00.000Z")
    );
}

#[tokio::test]
async fn a_session_that_is_not_remembered_is_never_renewed() {
    let server = TestServer::start();
    let caller = server.anonymous();
    let body =
        json!({ "name": "n", "email": "n@example.com", "password": "password1234", "rememberMe": false });
    caller.post("/sign-up/email", &body).send().await;
    server.clock.advance(TimeDelta::hours(23));
    let answer = caller.get("/get-session").send().await;
    assert_eq!(answer.cookies().count(), 0);
    assert_eq!(
        answer.json()["session"]["expiresAt"],
        json!("2026-01-02T00:00:00.000Z")
    );
}

#[tokio::test]
async fn an_expired_session_is_deleted_and_its_cookies_are_cleared() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    server.clock.advance(TimeDelta::days(8));
    assert_snapshot!(caller.get("/get-session").send().await, @"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    null
    ");
    assert_eq!(server.rows("select 1 from session"), 0);
}

#[tokio::test]
async fn a_session_of_a_deleted_user_is_rejected() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    server.execute("delete from \"user\"");
    assert_eq!(caller.get("/get-session").send().await.body, "null");
}

/// Any value of the cookie gives a session or `null`, never an error.
#[tokio::test]
async fn an_invalid_session_cookie_is_ignored() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    let cookies = caller.cookies();
    let (_, good) = cookies.split_once('=').unwrap();
    let read = async |cookie: String| {
        server
            .anonymous()
            .get("/get-session")
            .header("cookie", &cookie)
            .send()
            .await
    };
    let name = "better-auth.session_token";
    for bad in [
        format!("{name}="),
        format!("{name}=abc"),
        format!("{name}={}", good.replace('.', "x.")),
        format!("{name}=%ZZ"),
        format!("{name}=%00"),
        format!("{name}={}", "x".repeat(7000)),
        format!("__Secure-{name}={good}"),
        format!("better-auth.dont_remember={good}"),
    ] {
        let answer = read(bad.clone()).await;
        assert_eq!(
            (answer.status, answer.body.as_str(), answer.cookies().count()),
            (200, "null", 0),
            "{bad}"
        );
    }
    for fine in [
        format!("{name}={good}"),
        format!("a=b;{name}={good}"),
        format!("{name}=\"{good}\""),
        format!("{name}={good}; {name}=bad"),
        format!("{name}=bad; {name}={good}"),
    ] {
        assert_ne!(read(fine.clone()).await.body, "null", "{fine}");
    }
}

#[tokio::test]
async fn the_same_requests_get_byte_identical_answers() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let server = TestServer::start();
        let caller = server.signed_up("ada").await;
        let answer = caller.get("/get-session").send().await;
        runs.push((
            answer
                .headers
                .iter()
                .filter(|(name, _)| name != "date")
                .cloned()
                .collect::<Vec<_>>(),
            answer.body,
        ));
    }
    assert_eq!(runs[0], runs[1]);
}
