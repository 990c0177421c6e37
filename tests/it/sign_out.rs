//! `POST /sign-out`.

use insta::assert_snapshot;
use portcullis_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn sign_out_ends_the_session_and_clears_its_cookies() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    let cookies = caller.cookies();
    assert_snapshot!(caller.post("/sign-out", &json!({})).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"success":true}
    "#);
    assert_eq!(server.rows("select 1 from session"), 0);
    assert_eq!(
        caller
            .get("/get-session")
            .header("cookie", &cookies)
            .send()
            .await
            .body,
        "null"
    );
}

#[tokio::test]
async fn sign_out_without_a_session_answers_the_same() {
    let server = TestServer::start();
    assert_snapshot!(server.anonymous().post("/sign-out", &json!({})).send().await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    set-cookie: better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    set-cookie: better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax
    {"success":true}
    "#);
}

/// GHSA-wmjr-v86c-m9jj: sign-out trusted an unsigned session cookie.
#[tokio::test]
async fn a_token_without_our_signature_ends_nothing() {
    let server = TestServer::start();
    let victim = server.signed_up("ada").await;
    let token = victim.get("/get-session").send().await.json()["session"]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    for cookie in [
        format!("better-auth.session_token={token}.bad"),
        format!("better-auth.session_token={token}"),
        format!("better-auth.session_token_multi-x={token}.bad"),
    ] {
        let answer = server
            .anonymous()
            .post("/sign-out", &json!({}))
            .header("cookie", &cookie)
            .send()
            .await;
        assert_eq!(answer.status, 200, "{cookie}");
    }
    assert_eq!(server.rows("select 1 from session"), 1);
    assert_ne!(victim.get("/get-session").send().await.body, "null");
}

#[tokio::test]
async fn a_page_on_an_untrusted_origin_cannot_sign_a_user_out() {
    let server = TestServer::start();
    let caller = server.signed_up("ada").await;
    let answer = caller
        .post("/sign-out", &json!({}))
        .header("origin", "https://evil.test")
        .send()
        .await;
    assert_snapshot!(answer, @r#"
    403
    content-type: application/json
    {"code":"INVALID_ORIGIN","message":"Invalid origin"}
    "#);
    assert_eq!(server.rows("select 1 from session"), 1);
}
